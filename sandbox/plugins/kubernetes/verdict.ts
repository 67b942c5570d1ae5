import type { Value } from "../values";
import { child, list, text } from "./objects";

/** What one look at an object says. */
export type Verdict = { ready: true } | { ready: false; why: string; hopeless?: boolean };

export const ready: Verdict = { ready: true };

export function waiting(why: string): Verdict {
    return { ready: false, why };
}

export function failed(why: string): Verdict {
    return { ready: false, why, hopeless: true };
}

export interface Condition {
    status: string;
    reason: string;
    message: string;
}

export function condition(object: Value, type: string): Condition | undefined {
    const found = list(object, "status.conditions").find((entry) => child(entry, "type") === type);
    return found === undefined
        ? undefined
        : { status: text(found, "status"), reason: text(found, "reason"), message: text(found, "message") };
}
