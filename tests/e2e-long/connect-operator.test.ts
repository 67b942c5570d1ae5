import assert from "node:assert/strict";
import { join } from "node:path";

import { testedVersions } from "../../components/internal/spark-versions";
import { kubectl, list, type Pod } from "../../sandbox/support/kubectl";
import { waitFor } from "../../sandbox/support/wait";
import { sumsOf } from "../support/client";
import { ConnectClient } from "../support/connect-client";
import { isReady } from "../support/connect-server";
import { completedInHistory } from "../support/history";
import { clearNamespaces } from "../support/namespaces";
import { access } from "../support/platform";
import { Program } from "../support/program";
import { operatorChart } from "../support/spark-operator";

const namespace = "spark-e2e-connect-op";
const rows = 100_000;

for (const version of testedVersions) {
    describe(`a Connect server of Spark ${version} that the Spark operator runs`, () => {
        let program: Program;
        let outputs: { url: string; clientLabels: Record<string, string>; historyUrl: string };
        let client: ConnectClient;

        before(async () => {
            await clearNamespaces(namespace, `${namespace}-operator`);
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
            const server = await serverPod();
            assert.deepEqual(
                server?.metadata.ownerReferences?.map(({ kind }) => kind),
                ["SparkConnect"],
            );
            const { url, clientLabels: labels } = outputs;
            client = await ConnectClient.start({ namespace, pod: "client", version, labels });
            assert.equal((await client.run<{ version: string }>("whoami.py", url)).version, version);
            const query = await client.startSums(url, rows);
            assert.deepEqual(await query.answer, sumsOf(rows));
            assert.ok((await executors()).length > 0);
        });

        it("leaves a complete event log and no executor when it is told to stop, and another takes its place", async () => {
            const query = await client.startSums(outputs.url, rows);
            const application = await query.application;
            await query.answer;
            const [server, old] = [await serverPod(), await executors()];
            assert.ok(old.length > 0);
            await kubectl(access, ["delete", "pod", server!.metadata.name, "-n", namespace, "--wait"], { timeout: 150_000 });
            const noneLeft = async () => ((await executors()).some((name) => old.includes(name)) ? undefined : true);
            await waitFor(`none of ${old.join(", ")} is left`, noneLeft, { seconds: 30 });
            await waitFor("the application is complete", () => completedInHistory(outputs.historyUrl, application), { seconds: 60 });
            const isServed = async () => ([await serverPod()].some((pod) => pod !== undefined && isReady(pod)) ? true : undefined);
            await waitFor("another server is ready", isServed, { seconds: 120 });
            const again = await client.startSums(outputs.url, rows);
            assert.notEqual(await again.application, application);
            assert.deepEqual(await again.answer, sumsOf(rows));
        });

        const serverPod = async () => (await list<Pod>(access, ["pods", "-n", namespace, "-l", "app.kubernetes.io/component=server"]))[0];
        const executors = async () =>
            (await list<Pod>(access, ["pods", "-n", namespace, "-l", "spark-role=executor"])).map(({ metadata: { name } }) => name);
    });
}
