import { type Properties, type Value, isObject, same } from "../values";
import { type KubeObject, withMetadata, withoutServerFields } from "./objects";

function drifted(input: Value, before: Value | undefined, now: Value | undefined): Value | undefined {
    if (before === undefined && now === undefined) {
        return input;
    }
    if (now === undefined) {
        return undefined;
    }
    if (before !== undefined && same(before, now)) {
        // The server may spell a value in its own way ("1000m" is "1"): what has not moved is still what was asked for.
        return input;
    }
    if (isObject(input) && isObject(now)) {
        return merged(input, isObject(before) ? before : {}, now);
    }
    if (Array.isArray(input) && Array.isArray(now) && Array.isArray(before) && input.length === now.length && before.length === now.length) {
        return input.map((item, index) => drifted(item, before[index], now[index]) ?? null);
    }
    return now;
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
    const { status: _, ...rest } = withoutServerFields(live);
    const present = isObject(rest.metadata) ? rest.metadata.annotations : undefined;
    if (!isObject(present)) {
        return rest;
    }
    const kept = Object.fromEntries(Object.entries(present).filter(([key]) => !written.includes(key)));
    return withMetadata(rest, { annotations: kept });
}
