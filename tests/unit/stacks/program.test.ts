import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { runProgram, type Deployed } from "./program";
import { checkout } from "./stack-file";

const golden = (stack: string) => join(checkout, "tests/fixtures/urns", `${stack}.txt`);

const wantedProvider = ({ type }: Deployed) => (type.startsWith("kubernetes:") ? "cluster" : type.split(":", 1)[0]);

for (const stack of ["dev", "staging", "prod"]) {
    describe(`the program of the stack ${stack}`, () => {
        for (const preview of [true, false]) {
            const mode = preview ? "in a preview" : "in an update";

            // UPDATE_GOLDEN=1 accepts a change; a renamed resource that is deployed somewhere needs an alias too.
            it(`makes what it made before, ${mode}`, async () => {
                const { urns } = await runProgram(stack, { preview });
                const text = `${urns.join("\n")}\n`;
                if (process.env.UPDATE_GOLDEN) {
                    writeFileSync(golden(stack), text);
                }
                assert.equal(text, readFileSync(golden(stack), "utf8"));
            });

            it(`gives every resource a provider of the program and a brick as parent, ${mode}`, async () => {
                const { made, urns } = await runProgram(stack, { preview });
                const managed = made.filter(({ custom, type }) => custom && !type.startsWith("pulumi:"));
                assert.ok(managed.length > 10, `${managed.length} resources`);
                assert.deepEqual(
                    managed.filter((resource) => resource.provider !== wantedProvider(resource)).map(({ name }) => name),
                    [],
                );
                const root = /^urn:pulumi:\w+::spark-platform::pulumi:pulumi:Stack(\$|::)/;
                assert.deepEqual(
                    urns.filter((urn) => root.test(urn)).map((urn) => urn.split("::").at(-1)),
                    [...(stack === "dev" ? [] : ["aws"]), "cluster", "random", "spark", `spark-platform-${stack}`],
                );
                assert.equal(new Set(urns).size, made.length);
            });
        }

        it("names its cluster where the file does", async () => {
            const { made } = await runProgram(stack, { preview: true });
            const provider = made.find(({ type }) => type === "pulumi:providers:kubernetes")!;
            assert.equal(provider.inputs.context, stack === "dev" ? undefined : `spark-${stack}`);
        });

        it("answers what people and scripts need to connect", async () => {
            const { outputs } = await runProgram(stack, { preview: false });
            assert.deepEqual(Object.keys(outputs).sort(), [
                "airflowUrl",
                "connectUrls",
                "executorIdleSeconds",
                "historyLatenessSeconds",
                "historyServerUrl",
                "jupyterHubUrl",
                "jupyterLabUrls",
                "mlflowUrl",
                "namespace",
                "publicUrls",
                "s3Endpoint",
                "warehouse",
            ]);
        });
    });
}
