import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { parse } from "yaml";

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

/** Text or path: a provider's `kubeconfig` may be either. */
function source(given: string | undefined): { text: string; directory: string } {
    if (given !== undefined && /[\n{]/.test(given)) {
        return { text: given, directory: process.cwd() };
    }
    // KUBECONFIG may list several files; the first that holds the wanted context would need all of them merged, which is rare enough.
    const [first] = (process.env.KUBECONFIG ?? "").split(":").filter((path) => path !== "");
    const path = expand(given ?? first ?? "~/.kube/config");
    return { text: read(path), directory: dirname(path) };
}

function named<Entry extends { name: string }>(entries: Entry[] | undefined, name: string, kind: string): Entry {
    const found = entries?.find((entry) => entry.name === name);
    if (found === undefined) {
        const known = (entries ?? []).map((entry) => entry.name).join(", ");
        throw new Error(`the kubeconfig has no ${kind} "${name}" (it has: ${known === "" ? "none" : known})`);
    }
    return found;
}

const files = ["certificate-authority", "client-certificate", "client-key", "tokenFile"] as const;

function absolute<Entry extends object>(entry: Entry, directory: string): Entry {
    const paths = Object.entries(entry).filter(([key]) => (files as readonly string[]).includes(key));
    return { ...entry, ...Object.fromEntries(paths.map(([key, path]) => [key, resolve(directory, String(path))])) };
}

export function readAccess(given: string | undefined, wanted: { context?: string | undefined; cluster?: string | undefined }): Access {
    const { text, directory } = source(given);
    const config = parse(text) as Kubeconfig | null;
    if (typeof config !== "object" || config === null) {
        throw new Error("the kubeconfig is neither a file that exists nor a YAML document");
    }
    const name = wanted.context ?? config["current-context"] ?? "";
    if (name === "") {
        throw new Error("the kubeconfig has no current context, and none was given");
    }
    const { context } = named(config.contexts, name, "context");
    const { cluster } = named(config.clusters, wanted.cluster ?? context.cluster, "cluster");
    const { user } = named(config.users, context.user, "user");
    return {
        cluster: absolute(cluster, directory),
        user: absolute(user, directory),
        namespace: context.namespace ?? "default",
        text,
        context: name,
    };
}
