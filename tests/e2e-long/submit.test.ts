import assert from "node:assert/strict";
import { join } from "node:path";

import versions from "../../sandbox/versions.json";
import { kubectl, list, type Pod } from "../../sandbox/support/kubectl";
import { access } from "../support/platform";
import { Program } from "../support/program";

const namespace = "spark-e2e-submit";

for (const version of versions.spark) {
    describe(`spark-submit on Spark ${version}`, () => {
        const program = new Program(join(__dirname, "programs/submit"), { NAMESPACE: namespace, SPARK_VERSION: version });
        const pods = (query: string) => list<Pod>(access, ["pods", "-n", namespace, "-l", query]);

        before(async () => {
            await kubectl(access, ["delete", "namespace", namespace, "--ignore-not-found", "--wait"]);
            await program.init();
            await program.up();
        });

        after(async () => {
            await program.remove();
        });

        for (const mode of ["client", "cluster"]) {
            it(`runs SparkPi in ${mode} mode to its end while up waits, and leaves no executor`, async () => {
                await program.up({ STEP: `pi ${mode}` });
                const [driver] = await pods("app.kubernetes.io/component=driver,app.kubernetes.io/instance=pi");
                const log = await kubectl(access, ["logs", "-n", namespace, driver?.metadata.name ?? ""]);
                assert.match(log, /Pi is roughly 3\.1/);
                assert.deepEqual(await pods("spark-role=executor"), []);
            });

            it(`fails an up with what the driver said last, in ${mode} mode`, async () => {
                const { exitCode, text } = await program.tryUp({ STEP: `failing ${mode}` });
                assert.notEqual(exitCode, 0);
                assert.match(text, /can't open file '\/opt\/nowhere\.py'/);
                await program.up();
            });
        }

        it("runs anew when it is to do something else, and collects the driver that was", async () => {
            await program.up({ STEP: "pi cluster" });
            const [before] = await pods("spark-role=driver");
            await program.up({ STEP: "more-pi cluster" });
            const after = await pods("spark-role=driver");
            assert.equal(after.length, 1);
            assert.notEqual(after[0]?.metadata.uid, before?.metadata.uid);
        });
    });
}
