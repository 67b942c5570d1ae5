import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { parse, stringify } from "yaml";

export interface Cluster {
    server: string;
    "certificate-authority"?: string;
    "certificate-authority-data"?: string;
    "insecure-skip-tls-verify"?: boolean;
    "tls-server-name"?: string;
    "proxy-url"?: string;
}

export interface User {
    "client-certificate"?: string;
    "client-certificate-data"?: string;
    "client-key"?: string;
    "client-key-data"?: string;
    token?: string;
    tokenFile?: string;
    username?: string;
    password?: string;
    exec?: unknown;
    "auth-provider"?: unknown;
}

interface Context {
    cluster: string;
    user: string;
    namespace?: string;
}

interface Kubeconfig {
    clusters?: { name: string; cluster: Cluster }[];
    users?: { name: string; user: User }[];
    contexts?: { name: string; context: Context }[];
    "current-context"?: string;
}

/** One entry of a kubeconfig, files made absolute. */
export interface Access {
    cluster: Cluster;
    user: User;
    namespace: string;
    /** The whole of it, for the library that handles logins by helper programs. */
    text: string;
    context: string;
}

function read(path: string): string {
    try {
        return readFileSync(path, "utf8");
    } catch {
        throw new Error(`the kubeconfig ${path} cannot be read`);
    }
}

function expand(path: string): string {
    return path.startsWith("~/") ? join(homedir(), path.slice(2)) : resolve(path);
}

/** Text or path: a provider's `kubeconfig` may be either; else `KUBECONFIG`, which may list several files. */
function sources(given: string | undefined): { text: string; directory: string }[] {
    if (given !== undefined && /[\n{]/.test(given)) {
        return [{ text: given, directory: process.cwd() }];
    }
    const listed = (process.env.KUBECONFIG ?? "").split(":").filter((path) => path !== "");
    const paths = given !== undefined ? [given] : listed.length > 0 ? listed : ["~/.kube/config"];
    return paths.map(expand).map((path) => ({ text: read(path), directory: dirname(path) }));
}

const files = ["certificate-authority", "client-certificate", "client-key", "tokenFile"] as const;

function absolute<Entry extends object>(entry: Entry, directory: string): Entry {
    const paths = Object.entries(entry).filter(([key]) => (files as readonly string[]).includes(key));
    return { ...entry, ...Object.fromEntries(paths.map(([key, path]) => [key, resolve(directory, String(path))])) };
}

function parsed({ text, directory }: { text: string; directory: string }): Kubeconfig {
    const config = parse(text) as Kubeconfig | string | null;
    if (typeof config !== "object" || config === null) {
        throw new Error("the kubeconfig is neither a file that exists nor a YAML document");
    }
    return {
        ...config,
        clusters: config.clusters?.map((entry) => ({ ...entry, cluster: absolute(entry.cluster, directory) })),
        users: config.users?.map((entry) => ({ ...entry, user: absolute(entry.user, directory) })),
    };
}

/** Several files count as one, the first to name something winning, as for kubectl. */
function merged(configs: Kubeconfig[]): Kubeconfig {
    return {
        clusters: configs.flatMap(({ clusters }) => clusters ?? []),
        users: configs.flatMap(({ users }) => users ?? []),
        contexts: configs.flatMap(({ contexts }) => contexts ?? []),
        "current-context": configs.map((config) => config["current-context"]).find((name) => name !== undefined && name !== ""),
    };
}

function named<Entry extends { name: string }>(entries: Entry[] | undefined, name: string, kind: string): Entry {
    const found = entries?.find((entry) => entry.name === name);
    if (found === undefined) {
        const known = (entries ?? []).map((entry) => entry.name).join(", ");
        throw new Error(`the kubeconfig has no ${kind} "${name}" (it has: ${known === "" ? "none" : known})`);
    }
    return found;
}

export function readAccess(given: string | undefined, wanted: { context?: string | undefined; cluster?: string | undefined }): Access {
    const config = merged(sources(given).map(parsed));
    const name = wanted.context ?? config["current-context"] ?? "";
    if (name === "") {
        throw new Error("the kubeconfig has no current context, and none was given");
    }
    const { context } = named(config.contexts, name, "context");
    const { cluster } = named(config.clusters, wanted.cluster ?? context.cluster, "cluster");
    const { user } = named(config.users, context.user, "user");
    return { cluster, user, namespace: context.namespace ?? "default", text: stringify(config), context: name };
}
