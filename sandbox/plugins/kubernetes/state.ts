import { type Properties, Secret, type Value, hasSecret, isObject } from "../values";
import { type KubeObject, forPrograms, forServer, text, without } from "./objects";

// The form of the official provider's state, so that a stack can move between the two without a change.
const inputsKey = "__inputs";
const apiVersionKey = "__initialApiVersion";
const fieldManagerKey = "__fieldManager";

function hideSecretData(object: Properties): Properties {
    if (object.kind !== "Secret") {
        return object;
    }
    const hide = (key: string): Properties => (object[key] === undefined ? {} : { [key]: concealed(object[key]) });
    return { ...object, ...hide("data"), ...hide("stringData") };
}

function concealed(value: Value): Value {
    return value instanceof Secret ? value : new Secret(value);
}

/**
 * Makes secret in one tree what is secret in another one of the same shape. Objects are compared member by member, so that one
 * secret does not hide its neighbours; a list with a secret in it becomes secret as a whole, since the API server may reorder it.
 */
export function withSecretsOf(value: Properties, model: Properties): Properties {
    const marked = Object.entries(value).map(([key, item]): [string, Value] => {
        const twin = model[key];
        if (twin === undefined) {
            return [key, item];
        }
        if (isObject(item) && isObject(twin)) {
            return [key, withSecretsOf(item, twin)];
        }
        return [key, hasSecret(twin) ? concealed(item) : item];
    });
    return hideSecretData(Object.fromEntries(marked));
}

/** What is kept in state: the object as the API server has it, what the program asked for, and who applied it. */
export function toState(live: KubeObject, inputs: KubeObject, model: Properties, fieldManager: string): Properties {
    return {
        ...withSecretsOf(forPrograms(live), model),
        [inputsKey]: withSecretsOf(forPrograms(inputs), model),
        [apiVersionKey]: text(inputs, "apiVersion"),
        [fieldManagerKey]: fieldManager,
    };
}

export interface KnownState {
    live: KubeObject;
    inputs: KubeObject;
    fieldManager: string;
}

/** Reads state whose secrets are open already. */
export function fromState(state: Properties): KnownState {
    const { [inputsKey]: inputs, [fieldManagerKey]: fieldManager, ...live } = without(state, apiVersionKey);
    return {
        live: forServer(live),
        inputs: forServer(isObject(inputs) ? inputs : {}),
        fieldManager: typeof fieldManager === "string" ? fieldManager : "",
    };
}
