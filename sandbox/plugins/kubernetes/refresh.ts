import { type Properties, type Value, isObject, same } from "../values";
import { type KubeObject, withMetadata, without, withoutServerFields } from "./objects";

/** What became of one input: what has not moved on the server is still what was asked for, even if the server spells it otherwise. */
function drifted(input: Value, before: Value | undefined, now: Value | undefined): Value | undefined {
    if (now === undefined) {
        return before === undefined ? input : undefined;
    }
    return before !== undefined && same(before, now) ? input : moved(input, before, now);
}

function moved(input: Value, before: Value | undefined, now: Value): Value {
    if (isObject(input) && isObject(now)) {
        return merged(input, isObject(before) ? before : {}, now);
    }
    const lists = [input, before, now];
    if (
        !Array.isArray(input) ||
        !Array.isArray(now) ||
        !Array.isArray(before) ||
        lists.some((list) => (list as Value[]).length !== input.length)
    ) {
        return now;
    }
    return input.map((item, index) => drifted(item, before[index], now[index]) ?? null);
}

function merged(inputs: Properties, before: Properties, now: Properties): Properties {
    const kept = Object.entries(inputs).map(([key, input]): [string, Value | undefined] => [key, drifted(input, before[key], now[key])]);
    return Object.fromEntries(kept.filter((entry): entry is [string, Value] => entry[1] !== undefined));
}

/** The inputs that would give the object as it is now: what the program set, with what others have since changed of it. */
export function liveInputs(inputs: KubeObject, before: KubeObject, now: KubeObject): KubeObject {
    return merged(inputs, before, now);
}

const written = ["kubectl.kubernetes.io/last-applied-configuration", "deployment.kubernetes.io/revision"];

/** The inputs of an object that no program has described yet. */
export function importedInputs(live: KubeObject): KubeObject {
    const rest = without(withoutServerFields(live), "status");
    const present = isObject(rest.metadata) ? rest.metadata.annotations : undefined;
    if (!isObject(present)) {
        return rest;
    }
    const kept = Object.fromEntries(Object.entries(present).filter(([key]) => !written.includes(key)));
    return withMetadata(rest, { annotations: kept });
}
