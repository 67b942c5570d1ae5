import { type Properties, type Value, hasUnknown, isObject, unknown } from "../values";
import { type Api, ApiError, UnknownKind } from "./api";
import { apply, wantsForce } from "./apply";
import { type KubeObject, at, withMetadata, without } from "./objects";
import { Unreachable } from "./transport";

/** What a dry run says: the object as it would become, or that it cannot tell, with a word about it if that is worth one. */
export type Outcome = { live: KubeObject } | { cannotTell: string | undefined };

/** What only a real creation decides. A dry run makes something up, which a program must not take for real. */
const decidedLater = ["uid", "resourceVersion", "creationTimestamp", "generation", "managedFields"];
const addresses = ["clusterIP", "clusterIPs"];

function withoutGuesses(live: KubeObject, inputs: KubeObject): KubeObject {
    const later = Object.fromEntries(decidedLater.map((field): [string, Value] => [field, unknown]));
    const object = withMetadata(without(live, "status"), later);
    const spec = object.spec;
    if (live.kind !== "Service" || !isObject(spec) || at(inputs, "spec.clusterIP") !== undefined) {
        return object;
    }
    return { ...object, spec: { ...spec, ...Object.fromEntries(addresses.map((field): [string, Value] => [field, unknown])) } };
}

/**
 * Only what the API server finds wrong with the object itself may fail a preview. That something is not there, exists already or
 * is not allowed yet may be the work of resources that the same program has yet to make or delete.
 */
function judge(error: unknown): Outcome {
    if (error instanceof UnknownKind || error instanceof Unreachable) {
        return silent;
    }
    if (!(error instanceof ApiError) || isVerdict(error)) {
        throw error;
    }
    return isTheProgramsBusiness(error) ? silent : { cannotTell: error.message };
}

const silent: Outcome = { cannotTell: undefined };

/** The object itself is wrong. */
function isVerdict({ code, message }: ApiError): boolean {
    return code === 422 || (code === 400 && !message.includes("dry run"));
}

/** What is missing or in the way may be made or deleted by the same program. */
function isTheProgramsBusiness({ code, message }: ApiError): boolean {
    return [400, 404, 409].includes(code) || (code === 403 && /not found|being terminated/.test(message));
}

async function tried(attempt: () => Promise<KubeObject>, inputs: KubeObject): Promise<Outcome> {
    try {
        return { live: withoutGuesses(await attempt(), inputs) };
    } catch (error) {
        return judge(error);
    }
}

export async function previewCreate(api: Api, inputs: KubeObject, fieldManager: string): Promise<Outcome> {
    return hasUnknown(inputs) ? { cannotTell: undefined } : tried(() => api.tryCreate(inputs, fieldManager), inputs);
}

export async function previewUpdate(api: Api, inputs: KubeObject, fieldManager: string, force: boolean): Promise<Outcome> {
    return hasUnknown(inputs)
        ? { cannotTell: undefined }
        : tried(() => apply(api, inputs, { fieldManager, force: wantsForce(inputs, force), dryRun: true }), inputs);
}

const immutable =
    /is immutable|may not be (changed|modified)|cannot be (changed|modified|updated)|updates to .* are forbidden|forbidden: updates to/i;

/** The fields that the API server says can never change, when an update is refused for that. */
export async function immutableFields(api: Api, inputs: Properties, fieldManager: string): Promise<string[]> {
    try {
        await api.apply(inputs, { fieldManager, force: true, dryRun: true });
        return [];
    } catch (error) {
        const causes = error instanceof ApiError && error.code === 422 ? error.causes : [];
        return causes.filter(({ message = "" }) => immutable.test(message)).map(({ field = "" }) => field);
    }
}
