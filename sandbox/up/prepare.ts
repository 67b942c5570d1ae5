import { existsSync } from "node:fs";

import { clusterDown, clusterIsRunning, clusterUp, preflightForPeople } from "../cluster";
import { installPlugins, pluginEnvironment } from "../plugins/install";
import type { KubeAccess } from "../support/kubectl";
import { cluster } from "../support/paths";
import { ensureTools, sandboxTools, type ToolName, type Tools } from "../toolchain";
import { devImages, provideImages } from "./images";
import { checkContext, findKubectl, ownContext } from "./own-cluster";

/** A machine on which the stacks can be deployed. */
export interface Prepared {
    access: KubeAccess;
    /** What `pulumi`, `kubectl` and the tests need in their environment; this process has it already. */
    env: Record<string, string>;
    /** Stops the sandbox cluster if this call started it, and deletes its data if this call made them. */
    release: () => Promise<void>;
}

/** Tools, a cluster and images, each found or made; says which it chose. */
export async function prepare({ images = devImages, tools = sandboxTools } = {}): Promise<Prepared> {
    const context = ownContext();
    return context === undefined ? prepareSandbox(images, tools) : prepareOwnCluster(context);
}

async function prepareSandbox(images: string[], tools: readonly ToolName[]): Promise<Prepared> {
    // First, so that nobody waits for a tool chain to be built and is refused then.
    await preflightForPeople();
    const env = { ...pulumiEnvironment(await ensureTools(tools)), KUBECONFIG: cluster.kubeconfig };
    Object.assign(process.env, env);
    const wasRunning = await clusterIsRunning();
    const hadData = existsSync(cluster.data);
    await clusterUp();
    await provideImages(images);
    return {
        access: { kubectl: "kubectl", kubeconfig: cluster.kubeconfig },
        env,
        release: () => (wasRunning ? Promise.resolve() : clusterDown({ purge: !hadData })),
    };
}

async function prepareOwnCluster(context: string): Promise<Prepared> {
    const kubectl = await findKubectl();
    await checkContext(context);
    const env = pulumiEnvironment(await ensureTools(["pulumi"]));
    Object.assign(process.env, env);
    return { access: { kubectl, context }, env, release: () => Promise.resolve() };
}

/** The tools first on the PATH, with stand-ins for the plugins that cannot be had; an official plugin wins over its stand-in at every start. */
function pulumiEnvironment({ path, pulumi, standIns }: Tools): Record<string, string> {
    installPlugins(pulumi?.origin === "built" ? pulumi.path : undefined);
    return {
        ...pluginEnvironment({ ...process.env, PATH: [...path, process.env.PATH ?? ""].join(":") }),
        // For tests that are about the stand-ins themselves.
        SPARK_PLATFORM_STAND_INS: standIns.join(","),
    };
}
