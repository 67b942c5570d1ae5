import { randomBytes } from "node:crypto";
import type { Value } from "../values";
import { type Api, ApiError, UnknownKind, isNotFound } from "./api";
import { type KubeObject, annotation, annotations, at, child, idOf, list, nameOf, namespaceOf, text, without } from "./objects";
import { until } from "./wait";

/** Time that an object's kind or namespace, made a moment ago by the same program, may take to be served. */
const prerequisiteSeconds = 30;

export function newFieldManager(object: KubeObject): string {
    const wished = annotation(object, annotations.patchFieldManager);
    return wished === "" ? `pulumi-kubernetes-${randomBytes(4).toString("hex")}` : wished;
}

export function wantsForce(object: KubeObject, enabled: boolean): boolean {
    return enabled || annotation(object, annotations.patchForce) === "true";
}

/** The manager named in `conflict with "kubectl" using apps/v1`. */
function managerOf(message: string): string {
    return /conflict with "([^"]+)"/.exec(message)?.[1] ?? "";
}

// Whoever used these tools before has handed the object over by putting it into a Pulumi program.
const predecessors = /^(pulumi-kubernetes|pulumi-resource-kubernetes|kubectl|before-first-apply)/;

function isConflict(error: unknown): error is ApiError {
    return error instanceof ApiError && error.code === 409 && error.causes.some(({ reason }) => reason === "FieldManagerConflict");
}

function conflictError(object: KubeObject, error: ApiError): Error {
    const fields = error.causes.map(({ field = "?", message = "" }) => `  ${field}: managed by ${managerOf(message)}`);
    return new Error(
        [
            `${text(object, "kind")} ${idOf(object)}: other field managers own fields that this program sets:`,
            ...fields,
            `Leave the fields out of the program, or take them over with the annotation ${annotations.patchForce}: "true".`,
        ].join("\n"),
    );
}

export interface ApplyWish {
    fieldManager: string;
    force: boolean;
    dryRun: boolean;
}

/** Server-side apply, with conflicts in words. */
export async function apply(api: Api, object: KubeObject, wish: ApplyWish): Promise<KubeObject> {
    try {
        return await api.apply(object, wish);
    } catch (error) {
        if (!isConflict(error)) {
            throw error;
        }
        if (error.causes.every(({ message = "" }) => predecessors.test(managerOf(message)))) {
            return api.apply(object, { ...wish, force: true });
        }
        throw conflictError(object, error);
    }
}

const gvk = (object: KubeObject): { apiVersion: string; kind: string } => ({
    apiVersion: text(object, "apiVersion"),
    kind: text(object, "kind"),
});

export async function find(api: Api, object: KubeObject): Promise<KubeObject | undefined> {
    try {
        return await api.get(gvk(object), namespaceOf(object), nameOf(object));
    } catch (error) {
        if (isNotFound(error)) {
            return undefined;
        }
        throw error;
    }
}

/** Whether an error says that the object's surroundings are missing, rather than the object. */
export function lacksPrerequisite(error: unknown): error is Error {
    return error instanceof UnknownKind || (error instanceof ApiError && error.code === 404);
}

/** Tries again while the object's kind or namespace is not served yet. */
async function withPrerequisites<Result>(
    attempt: () => Promise<Result>,
    signal: AbortSignal,
    report: (line: string) => void,
): Promise<Result> {
    let last: Error | undefined;
    const result = await until(
        async () => {
            try {
                return { value: await attempt() };
            } catch (error) {
                if (!lacksPrerequisite(error)) {
                    throw error;
                }
                last = error;
                report(error.message);
                return undefined;
            }
        },
        prerequisiteSeconds,
        signal,
    );
    if (result === undefined) {
        throw last ?? new Error("not found");
    }
    return result.value;
}

export interface CreateWish {
    fieldManager: string;
    force: boolean;
    /** Take over what is there already. */
    upsert: boolean;
    signal: AbortSignal;
    report: (line: string) => void;
}

async function ensureAbsent(api: Api, object: KubeObject, { signal, report }: CreateWish): Promise<void> {
    const free = await until(
        async () => {
            const present = await find(api, object);
            if (present === undefined) {
                return true;
            }
            if (text(present, "metadata.deletionTimestamp") === "") {
                throw new Error(
                    `${text(object, "kind")} ${idOf(object)} already exists. If it belongs to this program, import it (\`pulumi import\`) or, after a renaming, ` +
                        `give the resource an alias; to take it over, set the annotation ${annotations.patchForce}: "true" or the provider's upsertExistingObjects.`,
                );
            }
            report("waiting for an object of the same name to go");
            return undefined;
        },
        prerequisiteSeconds,
        signal,
    );
    if (free === undefined) {
        throw new Error(`${text(object, "kind")} ${idOf(object)} is being deleted, and still there after ${prerequisiteSeconds} s`);
    }
}

export async function create(api: Api, object: KubeObject, wish: CreateWish): Promise<KubeObject> {
    return withPrerequisites(
        async () => {
            await api.kind(gvk(object));
            if (!wish.upsert && !wish.force) {
                await ensureAbsent(api, object, wish);
            }
            return apply(api, object, { fieldManager: wish.fieldManager, force: wish.force, dryRun: false });
        },
        wish.signal,
        wish.report,
    );
}

// --- Fields that the user told Pulumi to ignore -------------------------------------------------------------------------

function owns(fields: Value | undefined, path: string[]): boolean {
    const found = path.reduce<Value | undefined>((node, step) => child(node, `f:${step}`), fields);
    return found !== undefined;
}

function withValue(object: KubeObject, [step = "", ...rest]: string[], value: Value | undefined): KubeObject {
    const inner = child(object, step);
    if (rest.length > 0) {
        return { ...object, [step]: withValue((inner ?? {}) as KubeObject, rest, value) };
    }
    const others = without(object, step);
    return value === undefined ? others : { ...others, [step]: value };
}

/**
 * A field under `ignoreChanges` keeps its live value: it is left out if somebody else alone manages it (an autoscaler the
 * replicas, say), and sent as it is otherwise, since leaving it out would remove it.
 */
export function keepIgnored(object: KubeObject, live: KubeObject, paths: string[], fieldManager: string): KubeObject {
    return paths
        .filter((path) => /^[\w.]+$/.test(path))
        .reduce((result, path) => {
            const steps = path.split(".");
            const current = at(live, path);
            if (current === undefined) {
                return result;
            }
            const managers = list(live, "metadata.managedFields").filter((entry) => owns(child(entry, "fieldsV1"), steps));
            const ours = managers.some((entry) => text(entry, "manager") === fieldManager);
            return withValue(result, steps, managers.length > 0 && !ours ? undefined : current);
        }, object);
}
