import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { execa } from "execa";

import type { KubeAccess, Pod } from "../../sandbox/support/kubectl";
import { kubectl, list, serviceOf } from "../../sandbox/support/kubectl";
import { backend, copyStackFile, ensureStack, pulumi, type OpenStack } from "../../sandbox/support/pulumi";
import { deploy, endpointsOf, recover } from "../../sandbox/up/deploy";

/** The cluster of the tests, as `make test` prepared it. */
export const access: KubeAccess = { kubectl: "kubectl" };

/** A platform like the dev stack's, in a namespace and with a Pulumi state of its own. */
export interface TestPlatform {
    stack: OpenStack;
    endpoints: Awaited<ReturnType<typeof endpointsOf>>;
    /** Destroys everything, the state too. */
    remove: () => Promise<void>;
}

/** A stack of its own, from one of the tracked stack files, in a namespace of its own. */
export async function openTestStack(
    name: string,
    { from = "Pulumi.dev.yaml" } = {},
): Promise<{ stack: OpenStack; remove: () => Promise<void> }> {
    // A run that was killed took its state along, but not what it had made.
    await kubectl(access, ["delete", "namespace", name, "--ignore-not-found", "--wait"]);
    const directory = await mkdtemp(join(tmpdir(), "spark-platform-stack-"));
    const { env } = await backend(directory, { own: false });
    const file = await copyStackFile(from, directory, [
        { path: ["config", "spark-platform:namespace"], value: name },
        // The contexts that staging and prod name are not those of a test.
        { path: ["config", "spark-platform:cluster", "context"], value: (await kubectl(access, ["config", "current-context"])).trim() },
    ]);
    const stack = { name, env: { ...env, PULUMI_OPTION_CONFIG_FILE: file } };
    await ensureStack(stack, directory);
    const remove = async () => {
        await recover(stack);
        await pulumi(stack, ["destroy", "--stack", name, "--yes", "--skip-preview"]);
        await rm(directory, { recursive: true, force: true });
    };
    return { stack, remove };
}

export async function deployTestPlatform(name: string): Promise<TestPlatform> {
    const { stack, remove } = await openTestStack(name);
    try {
        await deploy(stack);
        return { stack, endpoints: await endpointsOf(stack), remove };
    } catch (error) {
        await remove();
        throw error;
    }
}

/** The pods behind a Service. */
export async function podsOf(url: string): Promise<Pod[]> {
    const { service, namespace } = serviceOf(url);
    const selector = await kubectl(access, ["get", "service", service, "-n", namespace, "-o", "json"]);
    const labels = (JSON.parse(selector) as { spec: { selector: Record<string, string> } }).spec.selector;
    const query = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
    return list<Pod>(access, ["pods", "-n", namespace, "-l", query.join(",")]);
}

/** Whether the API server refuses the object, and why. */
export async function refusal(manifest: object): Promise<string | undefined> {
    const { exitCode, stderr } = await execa(access.kubectl, ["create", "--dry-run=server", "-f", "-"], {
        input: JSON.stringify(manifest),
        reject: false,
    });
    return exitCode === 0 ? undefined : stderr;
}
