import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join, resolve } from "node:path";

import { parse } from "yaml";

import { listed, nearest, shown, type Finding } from "./problem";

/** Which cluster the stack file names. */
export interface ClusterChoice {
    context?: string;
    kubeconfig?: string;
}

interface Kubeconfig {
    "current-context"?: string;
    contexts?: { name: string }[];
}

/** Relative paths start at the project, wherever the program runs. */
export function kubeconfigPath({ kubeconfig }: ClusterChoice): string | undefined {
    return kubeconfig === undefined ? undefined : resolve(__dirname, "..", kubeconfig.replace(/^~(?=\/|$)/, homedir()));
}

/**
 * What is wrong with the choice of a cluster, found before anything talks to one: the provider would report the first
 * of these problems only, once for every resource.
 */
export function clusterProblems(choice: ClusterChoice, env: NodeJS.ProcessEnv): Finding[] {
    const files = kubeconfigFiles(choice, env).filter((file) => existsSync(file));
    if (files.length === 0) {
        return inCluster(choice, env) ? [] : [noKubeconfig(choice, env)];
    }
    try {
        return contextProblems(choice, files);
    } catch (error) {
        const reason = (error instanceof Error ? error.message : String(error)).split("\n", 1)[0]?.replace(/:$/, "") ?? "";
        return [{ field: "cluster.kubeconfig", found: listed(files), expected: `a kubeconfig, which this is not: ${reason}` }];
    }
}

function kubeconfigFiles(choice: ClusterChoice, env: NodeJS.ProcessEnv): string[] {
    const given = kubeconfigPath(choice);
    if (given !== undefined) {
        return [given];
    }
    const ambient = (env.KUBECONFIG ?? "").split(delimiter).filter((file) => file !== "");
    return ambient.length > 0 ? ambient : [join(env.HOME ?? homedir(), ".kube", "config")];
}

const inCluster = ({ context, kubeconfig }: ClusterChoice, env: NodeJS.ProcessEnv) =>
    context === undefined && kubeconfig === undefined && env.KUBERNETES_SERVICE_HOST !== undefined;

function noKubeconfig(choice: ClusterChoice, env: NodeJS.ProcessEnv): Finding {
    const files = kubeconfigFiles(choice, env).join(" or ");
    const expected =
        choice.context === undefined
            ? `a kubeconfig, but there is no file ${files}; set KUBECONFIG or this key, or take the sandbox: make up, then ". .sandbox/env"`
            : `a kubeconfig with the context "${choice.context}", but there is no file ${files}; set KUBECONFIG or this key`;
    return { field: "cluster.kubeconfig", found: shown(choice.kubeconfig), expected };
}

function contextProblems({ context }: ClusterChoice, files: string[]): Finding[] {
    const configs = files.map((file) => (parse(readFileSync(file, "utf8")) ?? {}) as Kubeconfig);
    const contexts = configs.flatMap((config) => (config.contexts ?? []).map(({ name }) => name));
    const wanted = context ?? configs.map((config) => config["current-context"]).find((current) => current);
    if (wanted !== undefined && contexts.includes(wanted)) {
        return [];
    }
    const found = context === undefined ? `nothing, and ${listed(files)} has no current context` : shown(context);
    const expected =
        contexts.length === 0 ? `a context, but ${listed(files)} has none` : `a context of ${listed(files)}: ${listed(contexts)}`;
    return [{ field: "cluster.context", found, expected, nearest: nearest(wanted ?? "", contexts) }];
}
