import type { Api } from "./api";
import { isNotFound } from "./api";
import { explain } from "./explain";
import { Unreachable } from "./transport";
import { type KubeObject, annotation, annotations, list, nameOf, namespaceOf, text, texts } from "./objects";
import { readinessOf } from "./ready";
import type { Verdict } from "./verdict";

const defaultSeconds = 600;
const firstPauseMs = 100;
const longestPauseMs = 1000;

/** An object that is there and not ready. */
export class NotReady extends Error {
    public constructor(
        message: string,
        public readonly live: KubeObject,
        public readonly reasons: string[],
    ) {
        super(message);
    }
}

export interface WaitOptions {
    /** The user's `customTimeouts`; 0 for none. */
    seconds: number;
    signal: AbortSignal;
    report: (line: string) => void;
}

export function timeoutSeconds(object: KubeObject, given: number): number {
    const annotated = Number.parseInt(annotation(object, annotations.timeoutSeconds), 10);
    return given > 0 ? given : annotated > 0 ? annotated : defaultSeconds;
}

/** Sleeps, but not through a cancellation. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
        const stop = (): void => {
            clearTimeout(timer);
            reject(new Error("cancelled"));
        };
        const timer = setTimeout(() => {
            signal.removeEventListener("abort", stop);
            resolve();
        }, milliseconds);
        signal.addEventListener("abort", stop, { once: true });
    });
}

/** Looks again and again, at first often, until something is found or time is up. */
export async function until<Found>(
    look: () => Promise<Found | undefined>,
    seconds: number,
    signal: AbortSignal,
): Promise<Found | undefined> {
    const deadline = Date.now() + seconds * 1000;
    for (let wait = firstPauseMs; ; wait = Math.min(wait * 1.5, longestPauseMs)) {
        const found = await look();
        if (found !== undefined || Date.now() >= deadline) {
            return found;
        }
        await pause(Math.min(wait, Math.max(0, deadline - Date.now())), signal);
    }
}

function describe(object: KubeObject): string {
    return `${text(object, "kind")} ${namespaceOf(object) === "" ? "" : `${namespaceOf(object)}/`}${nameOf(object)}`;
}

async function look(api: Api, object: KubeObject): Promise<KubeObject> {
    return api.get({ apiVersion: text(object, "apiVersion"), kind: text(object, "kind") }, namespaceOf(object), nameOf(object));
}

interface Watch {
    live: KubeObject;
    verdict: Verdict;
}

const patienceMs = 15_000;
const hintEveryMs = 10_000;

/** The likely reason of a wait that has become long: nobody should have to wait for the time limit to read of a missing Secret. */
function hints(api: Api): (live: KubeObject) => Promise<string> {
    let next = Date.now() + patienceMs;
    let last = "";
    return async (live) => {
        if (Date.now() >= next) {
            const [reason = ""] = await explain(api, live);
            last = reason.split("\n")[0] ?? "";
            next = Date.now() + hintEveryMs;
        }
        return last;
    };
}

/** Waits until an object that was just applied is ready; says why when it does not become so. */
export async function waitUntilReady(api: Api, applied: KubeObject, { seconds, signal, report }: WaitOptions): Promise<KubeObject> {
    const rule = readinessOf(applied);
    if (rule === undefined) {
        return applied;
    }
    const limit = timeoutSeconds(applied, seconds);
    const state: Watch = { live: applied, verdict: await rule({ object: applied, api }) };
    const hint = hints(api);
    const settled = (): true | undefined => (state.verdict.ready || state.verdict.hopeless === true ? true : undefined);
    if (settled() === undefined) {
        await until(
            async () => {
                try {
                    state.live = await look(api, applied);
                    state.verdict = await rule({ object: state.live, api });
                } catch (error) {
                    if (isNotFound(error)) {
                        state.verdict = { ready: false, why: "it was deleted while it was waited for", hopeless: true };
                    } else if (!(error instanceof Unreachable)) {
                        throw error;
                    }
                }
                if (!state.verdict.ready) {
                    report([state.verdict.why, await hint(state.live)].filter((part) => part !== "").join("; "));
                }
                return settled();
            },
            limit,
            signal,
        ).catch((error: unknown) => {
            if (!signal.aborted) {
                throw error;
            }
            state.verdict = { ready: false, why: "the wait was cancelled", hopeless: true };
        });
    }
    if (state.verdict.ready) {
        return state.live;
    }
    const { why, hopeless } = state.verdict;
    const first = `${describe(applied)} is not ready${hopeless === true ? "" : ` after ${limit} s`}: ${why}`;
    const explanations = signal.aborted ? [] : await explain(api, state.live);
    const reasons = explanations.filter((reason) => !reason.endsWith(why) && !why.endsWith(reason.split(": ").at(-1) ?? reason));
    throw new NotReady([first, ...reasons].join("\n"), state.live, [first, ...reasons]);
}

/** Waits until a deleted object is gone. A new one under its name counts as gone. */
export async function waitUntilGone(api: Api, object: KubeObject, { seconds, signal, report }: WaitOptions): Promise<void> {
    const limit = timeoutSeconds(object, seconds);
    const uid = text(object, "metadata.uid");
    let last: KubeObject = object;
    const gone = await until(
        async () => {
            try {
                last = await look(api, object);
                const finalizers = texts(last, "metadata.finalizers").join(", ");
                report(`deleting${finalizers === "" ? "" : `, held by ${finalizers}`}`);
                return uid !== "" && text(last, "metadata.uid") !== uid ? true : undefined;
            } catch (error) {
                if (isNotFound(error)) {
                    return true;
                }
                throw error;
            }
        },
        limit,
        signal,
    );
    if (gone === undefined) {
        const finalizers = texts(last, "metadata.finalizers").join(", ");
        const conditions = list(last, "status.conditions").map((entry) => text(entry, "message"));
        const details = [
            ...(finalizers === "" ? [] : [`it is held by the finalizers ${finalizers}`]),
            ...conditions.filter((line) => line !== ""),
        ];
        throw new Error([`${describe(object)} is still there ${limit} s after its deletion`, ...details].join("\n"));
    }
}
