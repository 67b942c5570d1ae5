import { ConstructResponse, type ConstructRequest } from "@pulumi/pulumi/proto/provider_pb";
import { type Properties, Secret, type Value, fromStruct, hasUnknown, isObject, reveal, toStruct } from "../values";
import type { Api } from "./api";
import { template } from "./helm";
import type { Access } from "./kubeconfig";
import { expandPattern, normalized, parseManifests, prerequisites, readManifests, withoutAwait } from "./manifests";
import { Monitor, type Registered } from "./monitor";
import { type KubeObject, annotation, forPrograms, nameOf, namespaceOf, text } from "./objects";

export interface ConstructContext {
    version: string;
    defaultNamespace: string;
    /** Why there is no cluster, when one is needed. */
    unreachable: string | undefined;
    cluster: { api: Api; access: Access } | undefined;
    namespaced: (apiVersion: string, kind: string) => Promise<boolean>;
    warn: (urn: string, message: string) => void;
}

function word(value: Value | undefined): string {
    return typeof value === "string" ? value : "";
}

function words(value: Value | undefined): string[] {
    return (Array.isArray(value) ? value : [value]).map(word).filter((entry) => entry !== "");
}

type Source = (name: string, args: Properties, context: ConstructContext) => Promise<KubeObject[]>;

async function chart(name: string, args: Properties, context: ConstructContext): Promise<KubeObject[]> {
    const { cluster, defaultNamespace } = context;
    const rendered = await template({
        release: word(args.name) || name,
        namespace: word(args.namespace),
        args,
        access: cluster?.access,
        capabilities: cluster === undefined ? undefined : await cluster.api.capabilities(),
    });
    return normalized(parseManifests(rendered), word(args.namespace) || defaultNamespace, context.namespaced);
}

async function fromFiles(files: string[]): Promise<KubeObject[]> {
    const texts = await Promise.all(files.flatMap(expandPattern).map(readManifests));
    return texts.flatMap(parseManifests);
}

const sources: Record<string, Source> = {
    "kubernetes:helm.sh/v4:Chart": chart,
    "kubernetes:yaml/v2:ConfigFile": async (_, args, context) =>
        normalized(await fromFiles(words(args.file)), context.defaultNamespace, context.namespaced),
    "kubernetes:yaml/v2:ConfigGroup": async (_, args, context) => {
        const inline = (Array.isArray(args.objs) ? args.objs : []).filter(isObject);
        const texts = words(args.yaml).flatMap(parseManifests);
        return normalized([...inline, ...(await fromFiles(words(args.files))), ...texts], context.defaultNamespace, context.namespaced);
    },
};

function typeOf(object: KubeObject): string {
    const apiVersion = text(object, "apiVersion");
    return `kubernetes:${apiVersion.includes("/") ? apiVersion : `core/${apiVersion}`}:${text(object, "kind")}`;
}

function childName(object: KubeObject, prefix: string): string {
    const place = namespaceOf(object) === "" ? nameOf(object) : `${namespaceOf(object)}/${nameOf(object)}`;
    return prefix === "" ? place : `${prefix}:${place}`;
}

function inputsOf(object: KubeObject): Properties {
    const hidden = ["data", "stringData"].filter((key) => text(object, "kind") === "Secret" && object[key] !== undefined);
    return { ...forPrograms(object), ...Object.fromEntries(hidden.map((key): [string, Value] => [key, new Secret(object[key] ?? null)])) };
}

/** Registers objects as children, each after those it needs; the others side by side. */
async function register(monitor: Monitor, parent: string, objects: KubeObject[], prefix: string, version: string): Promise<Registered[]> {
    const started = new Map<KubeObject, Promise<Registered>>();
    const start = (object: KubeObject): Promise<Registered> => {
        const running = started.get(object);
        if (running !== undefined) {
            return running;
        }
        const registration = (async () => {
            const needed = await Promise.all(prerequisites(object, objects).map(start));
            const child = {
                type: typeOf(object),
                name: childName(object, prefix),
                inputs: inputsOf(object),
                dependencies: needed.map(({ urn }) => urn),
                retainOnDelete: annotation(object, "helm.sh/resource-policy") === "keep",
            };
            return monitor.child(parent, child, version);
        })();
        started.set(object, registration);
        return registration;
    };
    const outcomes = await Promise.allSettled(objects.map(start));
    const failures = outcomes.filter((outcome) => outcome.status === "rejected").map(({ reason }) => (reason as Error).message);
    if (failures.length > 0) {
        throw new Error([...new Set(failures)].join("\n"));
    }
    return outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []));
}

/** The engine's way to write "this resource" as a value. */
function referenceTo({ urn, id }: Registered, version: string): Properties {
    return { "4dabf18193072939515e22adb298388d": "5cf8f73096256a8f31e491e813e4eb8e", urn, id, packageVersion: version };
}

function respond(urn: string, state: Properties): ConstructResponse {
    const response = new ConstructResponse();
    response.setUrn(urn);
    response.setState(toStruct(state));
    return response;
}

/** Components that bring other people's manifests: each object becomes a child resource like any other. */
export async function construct(request: ConstructRequest, context: ConstructContext): Promise<ConstructResponse> {
    const [type, name] = [request.getType(), request.getName()];
    const source = sources[type];
    if (source === undefined) {
        throw new Error(`${type} needs the official kubernetes plugin: the stand-in offers ${Object.keys(sources).join(", ")}`);
    }
    if (context.unreachable !== undefined) {
        throw new Error(`${type} needs a cluster, and the cluster cannot be reached: ${context.unreachable}`);
    }
    const inputs = fromStruct(request.getInputs());
    const monitor = new Monitor(request);
    const urn = await monitor.component(inputs);
    if (hasUnknown(inputs)) {
        context.warn(urn, "Input properties have unknown values. Preview is incomplete.");
        return respond(urn, {});
    }
    const args = reveal(inputs) as Properties;
    const objects = await source(name, args, context);
    const prefix = typeof args.resourcePrefix === "string" ? args.resourcePrefix : name;
    const children = await register(monitor, urn, args.skipAwait === true ? objects.map(withoutAwait) : objects, prefix, context.version);
    const state = { resources: children.map((child) => referenceTo(child, context.version)) };
    await monitor.outputs(urn, state);
    return respond(urn, state);
}

/** Functions for programs: those of the older YAML components. */
export function invoke(token: string, args: Properties): Promise<Properties> {
    if (token !== "kubernetes:yaml:decode") {
        return Promise.reject(new Error(`${token} needs the official kubernetes plugin: the stand-in offers kubernetes:yaml:decode`));
    }
    return Promise.resolve({ result: parseManifests(word(args.text)) });
}
