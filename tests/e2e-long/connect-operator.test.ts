import assert from "node:assert/strict";
import { join } from "node:path";

import { testedVersions } from "../../components/internal/spark-versions";
import { kubectl, list, type Pod } from "../../sandbox/support/kubectl";
import { sumsOf } from "../support/client";
import { ConnectClient } from "../support/connect-client";
import { access } from "../support/platform";
import { Program } from "../support/program";
import { operatorChart } from "../support/spark-operator";

const namespace = "spark-e2e-connect-op";
const rows = 100_000;

for (const version of testedVersions) {
    describe(`a Connect server of Spark ${version} that the Spark operator runs`, () => {
        let program: Program;
        let outputs: { url: string; clientLabels: Record<string, string> };

        before(async () => {
            for (const left of [namespace, `${namespace}-operator`]) {
                await kubectl(access, ["delete", "namespace", left, "--ignore-not-found", "--wait"], { timeout: 180_000 });
            }
            program = new Program(join(__dirname, "programs/connect-operator"), {
                NAMESPACE: namespace,
                SPARK_VERSION: version,
                CHART: await operatorChart(),
                PULUMI_K8S_UPSERT_EXISTING_OBJECTS: "true",
            });
            await program.init();
            await program.up();
            outputs = await program.outputs<typeof outputs>();
        });

        after(() => program.remove());

        it("is made from the custom resource, and answers a client with executors of its own", async () => {
            const [server] = await list<Pod>(access, ["pods", "-n", namespace, "-l", "app.kubernetes.io/component=server"]);
            assert.deepEqual(
                server?.metadata.ownerReferences?.map(({ kind }) => kind),
                ["SparkConnect"],
            );
            const { url, clientLabels: labels } = outputs;
            const client = await ConnectClient.start({ namespace, pod: "client", version, labels });
            assert.equal((await client.run<{ version: string }>("whoami.py", url)).version, version);
            const query = await client.startSums(url, rows);
            assert.deepEqual(await query.answer, sumsOf(rows));
            const executors = await list<Pod>(access, ["pods", "-n", namespace, "-l", "spark-role=executor"]);
            assert.ok(executors.length > 0);
        });
    });
}
