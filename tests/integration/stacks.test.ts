import assert from "node:assert/strict";

import { execa } from "execa";

import { kubectl } from "../../sandbox/support/kubectl";
import { checkout } from "../../sandbox/support/paths";
import { pulumi, type OpenStack } from "../../sandbox/support/pulumi";
import { waitFor } from "../../sandbox/support/wait";
import { changes, deploy } from "../../sandbox/up/deploy";
import { access, openTestStack } from "../support/platform";

interface PreviewStep {
    op: string;
    urn: string;
    provider?: string;
}

const trackedChanges = async () => (await execa("git", ["status", "--porcelain"], { cwd: checkout })).stdout;

/** Names and versions of everything in the namespace that the stack made. */
async function versions(namespace: string): Promise<string> {
    const kinds = "configmaps,secrets,services,serviceaccounts,statefulsets,jobs,networkpolicies,roles,rolebindings,poddisruptionbudgets";
    const columns = "custom-columns=KIND:.kind,NAME:.metadata.name,GENERATION:.metadata.generation,UID:.metadata.uid";
    return kubectl(access, ["get", kinds, "-n", namespace, "-o", columns, "--no-headers"]);
}

/** An `up` whose process dies while it makes things, as with a power failure or an impatient `kill -9`. */
async function killedUp(stack: OpenStack, namespace: string): Promise<void> {
    const up = execa("pulumi", ["up", "--yes", "--skip-preview", "--non-interactive", "--stack", stack.name], {
        cwd: checkout,
        env: stack.env,
        reject: false,
    });
    const store = async () => ((await kubectl(access, ["get", "statefulsets", "-n", namespace, "-o", "name"])) === "" ? undefined : true);
    try {
        await waitFor("the first StatefulSet is being made", store, { seconds: 120 });
    } finally {
        up.kill("SIGKILL");
        await up;
    }
}

describe("the stacks", () => {
    for (const name of ["dev", "staging", "prod"]) {
        it(`${name} previews and keeps to the policy, every resource with the stack's own provider`, async () => {
            const { stack, remove } = await openTestStack(`preview-${name}`, { from: `Pulumi.${name}.yaml` });
            try {
                const { steps } = JSON.parse(
                    await pulumi(stack, ["preview", "--json", "--policy-pack", "policy", "--stack", stack.name]),
                ) as { steps: PreviewStep[] };
                assert.ok(steps.length > 20, `${steps.length} steps`);
                assert.deepEqual([...new Set(steps.map(({ op }) => op))], ["create"]);
                assert.deepEqual(
                    steps.filter(({ provider }) => provider?.includes("::default")).map(({ urn }) => urn),
                    [],
                );
            } finally {
                await remove();
            }
        });
    }

    it("dev comes up after an up that was killed, changes nothing the second time, and goes without a trace", async () => {
        const before = await trackedChanges();
        const { stack, remove } = await openTestStack("spark-integration");
        try {
            await killedUp(stack, "spark-integration");
            assert.match(await deploy(stack), /created/);
            const made = await versions("spark-integration");
            await pulumi(stack, ["preview", "--expect-no-changes", "--stack", stack.name]);
            const again = changes(await pulumi(stack, ["up", "--yes", "--skip-preview", "--stack", stack.name]));
            assert.match(again, /^\d+ unchanged$/);
            assert.equal(await versions("spark-integration"), made);
            await pulumi(stack, ["refresh", "--yes", "--skip-preview", "--expect-no-changes", "--stack", stack.name]);
        } finally {
            await remove();
        }
        await assert.rejects(kubectl(access, ["get", "namespace", "spark-integration"]), /not found/i);
        assert.equal(await trackedChanges(), before);
    });
});
