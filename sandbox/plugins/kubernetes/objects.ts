import { Unknown, type Plain, type PlainObject, type Properties, type Value, isObject } from "../values";

/** A Kubernetes object; in a preview some of it may be unknown. */
export type KubeObject = Properties;

export const annotations = {
    autonamed: "pulumi.com/autonamed",
    skipAwait: "pulumi.com/skipAwait",
    waitFor: "pulumi.com/waitFor",
    timeoutSeconds: "pulumi.com/timeoutSeconds",
    replaceUnready: "pulumi.com/replaceUnready",
    patchForce: "pulumi.com/patchForce",
    patchFieldManager: "pulumi.com/patchFieldManager",
    deletionPropagation: "pulumi.com/deletionPropagationPolicy",
};

export interface Gvk {
    apiVersion: string;
    kind: string;
}

/** `kubernetes:core/v1:ConfigMap` and the like; a `…Patch` type stands for the kind that it patches. */
export function gvkOf(type: string): Gvk & { patch: boolean } {
    const [, group = "", kind = ""] = type.split(":");
    const patch = kind.endsWith("Patch") && kind !== "Patch";
    return { apiVersion: group.replace(/^core\//, ""), kind: patch ? kind.slice(0, -"Patch".length) : kind, patch };
}

const clusterWide = new Set(
    `APIService CSIDriver CSINode CertificateSigningRequest ClusterRole ClusterRoleBinding CustomResourceDefinition DeviceClass FlowSchema
    IngressClass MutatingAdmissionPolicy MutatingAdmissionPolicyBinding MutatingWebhookConfiguration Namespace Node PersistentVolume PriorityClass
    PriorityLevelConfiguration RuntimeClass StorageClass ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding
    ValidatingWebhookConfiguration VolumeAttachment VolumeAttributesClass`.split(/\s+/),
);

/** Whether a kind is taken to live in namespaces while no API server can be asked. */
export function presumedNamespaced(kind: string): boolean {
    return !clusterWide.has(kind);
}

export function child(value: Value | undefined, key: string): Value | undefined {
    return isObject(value) ? value[key] : undefined;
}

/** The value at a dotted path of plain keys. */
export function at(object: Value | undefined, path: string): Value | undefined {
    return path.split(".").reduce<Value | undefined>(child, object);
}

export function text(object: Value | undefined, path: string): string {
    const found = at(object, path);
    return typeof found === "string" ? found : "";
}

export function number(object: Value | undefined, path: string, otherwise = 0): number {
    const found = at(object, path);
    return typeof found === "number" ? found : otherwise;
}

export function list(object: Value | undefined, path: string): Value[] {
    const found = at(object, path);
    return Array.isArray(found) ? found : [];
}

export function annotation(object: KubeObject, name: string): string {
    const found = child(at(object, "metadata.annotations"), name);
    return typeof found === "string" ? found : "";
}

export function nameOf(object: KubeObject): string {
    return text(object, "metadata.name");
}

export function namespaceOf(object: KubeObject): string {
    return text(object, "metadata.namespace");
}

/** The id of an object in Pulumi's state. */
export function idOf(object: KubeObject): string {
    const namespace = namespaceOf(object);
    return namespace === "" ? nameOf(object) : `${namespace}/${nameOf(object)}`;
}

export function parseId(id: string): { namespace: string; name: string } {
    const parts = id.split("/");
    return parts.length > 1 ? { namespace: parts[0] ?? "", name: parts.slice(1).join("/") } : { namespace: "", name: id };
}

/** "apps/v1/Deployment": the key of tables by kind. */
export function kindKey(object: KubeObject): string {
    return `${text(object, "apiVersion")}/${text(object, "kind")}`;
}

/** A copy without one of its fields. */
export function without(object: Properties, key: string): Properties {
    return Object.fromEntries(Object.entries(object).filter(([name]) => name !== key));
}

/** The texts in a list; whatever else is in it does not count. */
export function texts(object: Value | undefined, path: string): string[] {
    return list(object, path).filter((item) => typeof item === "string");
}

/** A copy with some metadata set; metadata that is not known yet is left alone. */
export function withMetadata(object: KubeObject, changes: Properties): KubeObject {
    const metadata = object.metadata ?? {};
    return isObject(metadata) ? { ...object, metadata: { ...metadata, ...changes } } : object;
}

export function withAnnotation(object: KubeObject, name: string, value: string): KubeObject {
    const present = at(object, "metadata.annotations") ?? {};
    return isObject(present) ? withMetadata(object, { annotations: { ...present, [name]: value } }) : object;
}

const serverFields = [
    "creationTimestamp",
    "deletionGracePeriodSeconds",
    "deletionTimestamp",
    "generation",
    "managedFields",
    "resourceVersion",
    "uid",
    "selfLink",
];

/** Without what only the API server may set. */
export function withoutServerFields(object: KubeObject): KubeObject {
    const { metadata } = object;
    return isObject(metadata)
        ? { ...object, metadata: Object.fromEntries(Object.entries(metadata).filter(([key]) => !serverFields.includes(key))) }
        : object;
}

// The languages' typed CustomResourceDefinitions cannot have dashes in property names.
const dashed = [
    "embedded-resource",
    "int-or-string",
    "list-map-keys",
    "list-type",
    "map-type",
    "preserve-unknown-fields",
    "validations",
].map((suffix) => `x-kubernetes-${suffix}`);
const toDashed = new Map(dashed.map((name) => [name.replaceAll("-", "_"), name]));
const toUnderscored = new Map(dashed.map((name) => [name, name.replaceAll("-", "_")]));

function renameKeys(value: Value, names: Map<string, string>): Value {
    if (Array.isArray(value)) {
        return value.map((item) => renameKeys(item, names));
    }
    return isObject(value)
        ? Object.fromEntries(Object.entries(value).map(([key, item]) => [names.get(key) ?? key, renameKeys(item, names)]))
        : value;
}

/** As the API server spells it. */
export function forServer(object: KubeObject): KubeObject {
    return renameKeys(object, toDashed) as KubeObject;
}

/** As the languages' types spell it. */
export function forPrograms(object: KubeObject): KubeObject {
    return renameKeys(object, toUnderscored) as KubeObject;
}

/** Programs may leave a field `undefined` or `null`; neither is meant to reach the API server. */
export function withoutNulls(value: Value): Value {
    if (Array.isArray(value)) {
        return value.map(withoutNulls);
    }
    return isObject(value)
        ? Object.fromEntries(
              Object.entries(value)
                  .filter(([, item]) => item !== null)
                  .map(([key, item]) => [key, withoutNulls(item)]),
          )
        : value;
}

/** For values that are known to be known. */
export function plain(value: Value): Plain {
    if (value instanceof Unknown) {
        throw new Error("a value that is not known yet cannot be sent to the API server");
    }
    return value as Plain;
}

export type { PlainObject };
