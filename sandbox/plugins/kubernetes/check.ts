import { createHash } from "node:crypto";
import type { CheckCall, Failure } from "../provider";
import { type Properties, Unknown, isObject, reveal } from "../values";
import {
    annotation,
    annotations,
    at,
    child,
    forPrograms,
    gvkOf,
    nameOf,
    namespaceOf,
    text,
    withAnnotation,
    withMetadata,
    without,
    withoutNulls,
    withoutServerFields,
} from "./objects";
import { withSecretsOf } from "./state";

export interface CheckContext {
    /** Where objects go that name no namespace. */
    defaultNamespace: string;
    /** Whether objects of a kind live in namespaces; kinds that nobody knows yet are taken to do so. */
    namespaced: (apiVersion: string, kind: string) => Promise<boolean>;
}

/** The engine draws a seed for each resource, so that a preview and the update that follows can agree. */
function suffix(seed: Uint8Array): string {
    return createHash("sha256").update(seed).digest("hex").slice(0, 8);
}

function isSet(object: Properties, field: string): boolean {
    const found = child(object.metadata, field);
    return found instanceof Unknown || (typeof found === "string" && found !== "");
}

function named(inputs: Properties, olds: Properties, call: CheckCall): { inputs: Properties; failures: Failure[] } {
    if (isSet(inputs, "name") || object(inputs.metadata) === undefined) {
        return { inputs, failures: [] };
    }
    if (annotation(olds, annotations.autonamed) === "true") {
        return { inputs: autonamed(inputs, nameOf(olds)), failures: [] };
    }
    if (call.namingDisabled) {
        return {
            inputs,
            failures: [{ property: "metadata.name", reason: "automatic names are switched off for this stack, so a name is required" }],
        };
    }
    const proposed = call.proposedName === undefined || call.proposedName === "" ? undefined : call.proposedName;
    return { inputs: autonamed(inputs, proposed ?? `${call.name}-${suffix(call.seed)}`), failures: [] };
}

function object(metadata: Properties[string] | undefined): Properties | undefined {
    return metadata === undefined ? {} : isObject(metadata) ? metadata : undefined;
}

function autonamed(inputs: Properties, name: string): Properties {
    return withAnnotation(withMetadata(inputs, { name }), annotations.autonamed, "true");
}

async function inNamespace(inputs: Properties, context: CheckContext): Promise<Properties> {
    const metadata = object(inputs.metadata);
    if (metadata === undefined || metadata.namespace instanceof Unknown) {
        return inputs;
    }
    if (!(await context.namespaced(text(inputs, "apiVersion"), text(inputs, "kind")))) {
        return { ...inputs, metadata: without(metadata, "namespace") };
    }
    return namespaceOf(inputs) === "" ? withMetadata(inputs, { namespace: context.defaultNamespace }) : inputs;
}

function problems(type: string, inputs: Properties): Failure[] {
    const { kind, patch } = gvkOf(type);
    const refused: [boolean, string, string][] = [
        [kind.endsWith("List") && at(inputs, "items") !== undefined, "kind", "a list cannot be created; create the objects in it"],
        [
            isSet(inputs, "generateName"),
            "metadata.generateName",
            "not possible with server-side apply: leave the name out, and one is made",
        ],
        [patch && !isSet(inputs, "name"), "metadata.name", "a patch names the object that it patches"],
    ];
    return refused.filter(([wrong]) => wrong).map(([, property, reason]) => ({ property, reason }));
}

/** Completes what a program gave: kind, name, namespace. */
export async function check(call: CheckCall, context: CheckContext): Promise<{ inputs: Properties; failures: Failure[] }> {
    const { apiVersion, kind } = gvkOf(call.type);
    const given = withoutNulls(reveal(call.news)) as Properties;
    const cleaned = withoutServerFields({ apiVersion, kind, metadata: {}, ...given });
    const refused = problems(call.type, cleaned);
    if (refused.length > 0) {
        return { inputs: call.news, failures: refused };
    }
    const { inputs, failures } = named(cleaned, reveal(call.olds) as Properties, call);
    return { inputs: withSecretsOf(forPrograms(await inNamespace(inputs, context)), call.news), failures };
}
