import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { kubectl } from "../../../sandbox/support/kubectl";
import { checkout } from "../../../sandbox/support/paths";
import { copyStackFile, ensureStack, pulumi } from "../../../sandbox/support/pulumi";
import { deploy } from "../../../sandbox/up/deploy";
import { access } from "../../support/platform";

/** What the recorded secrets are encrypted with; they open nothing but a cluster of the past. */
export const passphrase = "for tests";
export const stackName = "recorded";
export const tracked = `tests/fixtures/recorded-state/Pulumi.${stackName}.yaml`;
export const stateFile = join(checkout, "tests/fixtures/recorded-state/state.json");

const namespace = "spark-recorded";

/** Deploys the recorded stack file by the program of today, writes its state down and takes it away again. */
export async function record(directory: string): Promise<void> {
    const context = (await kubectl(access, ["config", "current-context"])).trim();
    const scratch = join(directory, "record");
    const file = await copyStackFile(tracked, scratch, [{ path: ["config", "spark-platform:cluster", "context"], value: context }]);
    const env = { PULUMI_BACKEND_URL: `file://${scratch}`, PULUMI_CONFIG_PASSPHRASE: passphrase, PULUMI_OPTION_CONFIG_FILE: file };
    const stack = { name: stackName, env };
    await kubectl(access, ["delete", "namespace", namespace, "--ignore-not-found", "--wait"]);
    await ensureStack(stack, scratch);
    try {
        await deploy(stack);
        const state = JSON.parse(await pulumi(stack, ["stack", "export", "--stack", stackName])) as unknown;
        // A line for each resource, so that a change shows whose it is.
        await writeFile(stateFile, `${JSON.stringify(state, withoutPlace).replaceAll('{"urn":', '\n{"urn":')}\n`);
    } finally {
        await pulumi(stack, ["destroy", "--stack", stackName, "--yes", "--skip-preview"]);
    }
}

/** When and on which machine something was made is nobody's business. */
const ofPlace = ["created", "modified", "sourcePosition", "stackTrace", "managedFields", "kubeconfig"];
const withoutPlace = (key: string, value: unknown): unknown => (ofPlace.includes(key) ? undefined : value);
