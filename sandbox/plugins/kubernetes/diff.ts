import type { Change } from "../provider";
import { type Properties, Unknown, type Value, isObject, same } from "../values";

type Step = string | number;

export interface PathChange {
    path: Step[];
    kind: Change["kind"];
}

/** A property path as the engine writes it: `spec.containers[0].env`, `metadata.labels["app.kubernetes.io/name"]`. */
export function pathText(path: Step[]): string {
    return path.reduce<string>((written, step) => {
        if (typeof step === "number") {
            return `${written}[${step}]`;
        }
        if (/[."[\]]/.test(step)) {
            return `${written}["${step.replaceAll('"', '\\"')}"]`;
        }
        return written === "" ? step : `${written}.${step}`;
    }, "");
}

function pairs(before: Value, after: Value): [Step, Value | undefined, Value | undefined][] | undefined {
    if (isObject(before) && isObject(after)) {
        const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
        return keys.map((key) => [key, before[key], after[key]]);
    }
    if (Array.isArray(before) && Array.isArray(after)) {
        return Array.from({ length: Math.max(before.length, after.length) }, (_, index) => [index, before[index], after[index]]);
    }
    return undefined;
}

function compare(path: Step[], before: Value | undefined, after: Value | undefined): PathChange[] {
    if (before === undefined || after === undefined) {
        return [{ path, kind: before === undefined ? "add" : "delete" }];
    }
    if (after instanceof Unknown) {
        return [{ path, kind: "update" }];
    }
    const inner = pairs(before, after);
    if (inner !== undefined) {
        return inner.flatMap(([step, old, now]) => (old === undefined && now === undefined ? [] : compare([...path, step], old, now)));
    }
    return same(before, after) ? [] : [{ path, kind: "update" }];
}

/** Where two objects differ, leaf by leaf. */
export function differences(before: Properties, after: Properties): PathChange[] {
    return compare([], before, after);
}

function segments(pattern: string): string[] {
    return pattern.split(".");
}

/** Whether a path is at or below a pattern such as `spec.containers.*.image` (or above it, when all of it changed). */
export function covers(pattern: string, path: Step[]): boolean {
    const wanted = segments(pattern);
    return wanted.slice(0, path.length).every((segment, index) => segment === "*" || segment === String(path[index]));
}
