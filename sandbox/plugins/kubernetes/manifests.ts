import { readFileSync, readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { type ParseOptions, type SchemaOptions, type Tags, parseAllDocuments } from "yaml";
import { type Properties, type Value, isObject } from "../values";
import { type KubeObject, annotation, at, list, nameOf, namespaceOf, text, withAnnotation, withMetadata } from "./objects";

/**
 * Kubernetes' tools read YAML 1.1 (`0644` is octal, `on` is true), but without its dates and its base-60 numbers.
 */
const dialect: ParseOptions & SchemaOptions & { version: "1.1" } = {
    version: "1.1",
    customTags: (tags: Tags): Tags =>
        tags.filter(
            (tag) =>
                typeof tag === "string" || (tag.tag !== "tag:yaml.org,2002:timestamp" && (tag as { format?: string }).format !== "TIME"),
        ),
};

export function parseManifests(source: string): KubeObject[] {
    const documents = parseAllDocuments(source, dialect);
    if (!Array.isArray(documents)) {
        return [];
    }
    return documents.flatMap((document) => {
        const [error] = document.errors;
        if (error !== undefined) {
            throw new Error(`not valid YAML: ${error.message}`);
        }
        const parsed = document.toJS() as Value;
        return isObject(parsed) && Object.keys(parsed).length > 0 ? expanded(parsed) : [];
    });
}

/** A list is what is in it. */
function expanded(object: Properties): KubeObject[] {
    return text(object, "kind").endsWith("List") && Array.isArray(object.items)
        ? object.items.filter(isObject).flatMap(expanded)
        : [object];
}

/** The files that a pattern such as `manifests/*.yaml` names, in order; the pattern stands in the last part of the path. */
export function expandPattern(pattern: string): string[] {
    if (!pattern.includes("*") || /^https?:/.test(pattern)) {
        return [pattern];
    }
    const directory = dirname(pattern);
    const expression = new RegExp(
        `^${basename(pattern)
            .replaceAll(/[.+^${}()|[\]\\?]/g, "\\$&")
            .replaceAll("*", "[^/]*")}$`,
    );
    return readdirSync(directory)
        .filter((name) => expression.test(name))
        .sort()
        .map((name) => join(directory, name));
}

export async function readManifests(file: string): Promise<string> {
    if (!/^https?:/.test(file)) {
        return readFileSync(file, "utf8");
    }
    const response = await fetch(file);
    if (!response.ok) {
        throw new Error(`${file}: HTTP ${response.status}`);
    }
    return response.text();
}

/** Checks what every object needs, and puts those without a namespace into one. */
export async function normalized(
    objects: KubeObject[],
    namespace: string,
    namespaced: (apiVersion: string, kind: string) => Promise<boolean>,
): Promise<KubeObject[]> {
    const scopes = definedScopes(objects);
    return Promise.all(
        objects.map(async (object) => {
            const [apiVersion, kind] = [text(object, "apiVersion").replace(/^core\//, ""), text(object, "kind")];
            if (apiVersion === "" || kind === "" || nameOf(object) === "") {
                throw new Error(`an object needs apiVersion, kind and metadata.name: ${JSON.stringify(object).slice(0, 200)}`);
            }
            const inNamespace = scopes.get(`${apiVersion}/${kind}`) ?? (await namespaced(apiVersion, kind));
            const placed = inNamespace && namespaceOf(object) === "" ? withMetadata(object, { namespace }) : object;
            return { ...placed, apiVersion };
        }),
    );
}

/** Whether the kinds that come along are namespaced. */
function definedScopes(objects: KubeObject[]): Map<string, boolean> {
    const definitions = objects.filter((object) => text(object, "kind") === "CustomResourceDefinition");
    return new Map(
        definitions.flatMap((object) =>
            list(object, "spec.versions").map((version): [string, boolean] => [
                `${text(object, "spec.group")}/${text(version, "name")}/${text(object, "spec.names.kind")}`,
                text(object, "spec.scope") !== "Cluster",
            ]),
        ),
    );
}

export function withoutAwait(object: KubeObject): KubeObject {
    const cleaned = at(object, "metadata.annotations") === null ? withMetadata(object, { annotations: {} }) : object;
    return withAnnotation(cleaned, "pulumi.com/skipAwait", "true");
}

function reference(object: KubeObject): string {
    const [group] = text(object, "apiVersion").includes("/") ? text(object, "apiVersion").split("/") : [""];
    const namespace = namespaceOf(object);
    return [group, ...(namespace === "" ? [] : ["namespaces", namespace]), text(object, "kind"), nameOf(object)].join("/");
}

/** What an object must wait for: its namespace, the definition of its kind, and what it names in `config.kubernetes.io/depends-on`. */
export function prerequisites(object: KubeObject, all: KubeObject[]): KubeObject[] {
    const wished = annotation(object, "config.kubernetes.io/depends-on")
        .split(",")
        .map((entry) => entry.trim());
    const group = text(object, "apiVersion").split("/")[0];
    return all.filter((other) => {
        if (other === object) {
            return false;
        }
        switch (text(other, "kind")) {
            case "Namespace":
                return nameOf(other) === namespaceOf(object);
            case "CustomResourceDefinition":
                return text(other, "spec.group") === group && text(other, "spec.names.kind") === text(object, "kind");
            default:
                return wished.includes(reference(other));
        }
    });
}
