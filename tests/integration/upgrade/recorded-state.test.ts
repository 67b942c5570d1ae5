import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { kubectl } from "../../../sandbox/support/kubectl";
import { copyStackFile, ensureStack, pulumi } from "../../../sandbox/support/pulumi";
import { access } from "../../support/platform";
import { losses, type PreviewStep, type Recorded } from "./losses";
import { passphrase, record, stackName, stateFile, tracked } from "./record";

interface Preview {
    steps: PreviewStep[];
    changeSummary: Record<string, number>;
}

/**
 * What a user of an earlier version sees who updates. The state was recorded on the sandbox's cluster, with secrets that were made
 * for it; the objects themselves are not there any more, and a preview does not miss them.
 */
describe("the recorded state of an earlier version", () => {
    let directory: string;

    before(async () => {
        directory = await mkdtemp(join(tmpdir(), "spark-platform-recorded-"));
        if (process.env.UPDATE_RECORDED_STATE) {
            await record(directory);
        }
    });

    after(async () => {
        await rm(directory, { recursive: true, force: true });
    });

    it("is previewed by the program of today without losing anything", async () => {
        const context = (await kubectl(access, ["config", "current-context"])).trim();
        const file = await copyStackFile(tracked, directory, [{ path: ["config", "spark-platform:cluster", "context"], value: context }]);
        const env = { PULUMI_BACKEND_URL: `file://${directory}`, PULUMI_CONFIG_PASSPHRASE: passphrase, PULUMI_OPTION_CONFIG_FILE: file };
        const stack = { name: stackName, env };
        await ensureStack(stack, directory);
        await pulumi(stack, ["stack", "import", "--stack", stackName, "--file", stateFile]);
        const { steps, changeSummary } = JSON.parse(await pulumi(stack, ["preview", "--json", "--stack", stackName])) as Preview;
        const { deployment } = JSON.parse(await readFile(stateFile, "utf8")) as { deployment: { resources: Recorded[] } };
        const kept = (changeSummary.same ?? 0) + (changeSummary.update ?? 0);
        assert.ok(kept > 20, `${kept} resources are kept`);
        assert.deepEqual(losses(steps, deployment.resources), []);
    });

    it("would be told to lose a renamed volume, but not settings that are made anew by design", () => {
        const resource = (type: string, inputs: object): Recorded => ({ urn: `urn:pulumi:test::test::${type}::one`, type, inputs });
        const autonamed = { metadata: { annotations: { "pulumi.com/autonamed": "true" } } };
        const [volume, settings, named] = [
            resource("kubernetes:core/v1:PersistentVolumeClaim", autonamed),
            resource("kubernetes:core/v1:ConfigMap", autonamed),
            resource("kubernetes:core/v1:ConfigMap", { metadata: { name: "a" } }),
        ];
        const found = [volume, settings, named].map((one) => losses([{ op: "replace", urn: one.urn }], [one]).length);
        assert.deepEqual(found, [1, 0, 1]);
        assert.deepEqual(losses([{ op: "delete", urn: settings.urn }], [settings]), [`delete ${settings.urn}`]);
    });
});
