import assert from "node:assert/strict";
import { join } from "node:path";

import { checkout } from "../../../sandbox/support/paths";
import { Project, type Outcome } from "../plugins/project";
import { presetsOf } from "./presets";

interface Preview {
    steps: { op: string; urn: string; provider?: string }[];
}

/** Names of the stacks end in the environment, by which the policy pack knows how strict it has to be. */
const environments = ["dev", "staging"];

const withPolicy = ["--color", "never", "--policy-pack", `${checkout}/policy`];

describe("the presets in the real engine", () => {
    const projects = environments.map((environment) => new Project("side-by-side", `presets-${environment}`, join(__dirname, "programs")));
    let previews: Promise<Outcome>[];

    before(() => {
        previews = projects.map(async (project) => {
            await project.init();
            return project.preview("first", "--json", ...withPolicy);
        });
        // Each is judged by its own test.
        for (const preview of previews) {
            preview.catch(() => undefined);
        }
    });

    after(async () => {
        await Promise.all(projects.map((project) => project.remove()));
    });

    environments.forEach((environment, index) => {
        const presets = presetsOf(environment).map(({ name }) => name);

        it(`preview and keep to the policy, every resource with the stack's own provider: ${presets.join(", ")}`, async () => {
            const { exitCode, text } = await previews[index]!;
            // With --json the engine does not say what the policy pack found.
            assert.equal(exitCode, 0, exitCode === 0 ? "" : (await projects[index]!.preview("first", ...withPolicy)).text);
            const { steps } = JSON.parse(text.slice(text.indexOf("{"))) as Preview;
            assert.deepEqual([...new Set(steps.map(({ op }) => op))], ["create"]);
            assert.deepEqual(
                steps.filter(({ provider }) => provider?.includes("::default")).map(({ urn }) => urn),
                [],
            );
            const platforms = steps.flatMap(({ urn }) => /::spark-platform:index:SparkPlatform::(.*)$/.exec(urn)?.[1] ?? []);
            assert.deepEqual(platforms.sort(), presets.sort());
        });
    });
});
