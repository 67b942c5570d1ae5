import assert from "node:assert/strict";
import { join } from "node:path";

import { testedVersions } from "../../components/internal/spark-versions";
import { kubectl } from "../../sandbox/support/kubectl";
import { waitFor } from "../../sandbox/support/wait";
import { sumsOf } from "../support/client";
import { ConnectClient } from "../support/connect-client";
import { clearNamespaces } from "../support/namespaces";
import { access } from "../support/platform";
import { Program } from "../support/program";

const namespace = "spark-e2e-tracing";
const rows = 100_000;

for (const version of testedVersions) {
    describe(`drivers of Spark ${version} that are traced`, () => {
        const program = new Program(join(__dirname, "programs/tracing"), { NAMESPACE: namespace, SPARK_VERSION: version });
        let url: string;
        let client: ConnectClient;

        /** Everything that the collector got; the names of spans and the values of attributes stand in it as they are. */
        const received = () => {
            const ask = "import urllib.request; print(urllib.request.urlopen('http://127.0.0.1:4318').read().decode('latin-1'))";
            return kubectl(access, ["exec", "-n", namespace, "collector", "--", "python3", "-c", ask]);
        };
        const arrives = (...texts: string[]) =>
            waitFor(
                `spans with ${texts.join(", ")}`,
                async () => {
                    const all = await received();
                    return texts.every((text) => all.includes(text)) || undefined;
                },
                { seconds: 60 },
            );
        const query = async () => {
            const sums = await client.startSums(url, rows);
            assert.deepEqual(await sums.answer, sumsOf(rows));
        };

        before(async () => {
            await clearNamespaces(namespace);
            await program.init();
            await program.up();
            const outputs = await program.outputs<{ url: string; serverLabels: Record<string, string> }>();
            url = outputs.url;
            client = await ConnectClient.start({ namespace, pod: "client", version, labels: outputs.serverLabels });
        });

        after(() => program.remove());

        it("have sent all spans of an application by the time that it has ended", async () => {
            const all = await received();
            for (const text of ["spark.job", "spark.stage", "service.name", "PythonPi", namespace]) {
                assert.ok(all.includes(text), text);
            }
        });

        it("send a span for each query, its jobs and its stages", async () => {
            await query();
            await arrives("spark.sql", "spark.sql.description", "spark.stage.shuffle_write_bytes", "main-connect");
        });

        it("work on without the collector, and say once that traces are lost", async () => {
            await kubectl(access, ["delete", "pod", "collector", "-n", namespace, "--wait"]);
            await query();
            const lost = async () => {
                const log = await kubectl(access, [
                    "logs",
                    "-n",
                    namespace,
                    "-c",
                    "connect",
                    "-l",
                    "app.kubernetes.io/component=server,app.kubernetes.io/instance=main",
                    "--tail=-1",
                ]);
                return log.split("\n").filter((line) => line.includes("Traces are lost"));
            };
            await waitFor("a line about lost traces", async () => ((await lost()).length > 0 ? true : undefined), {
                seconds: 90,
            });
            await query();
            assert.equal((await lost()).length, 1);
        });
    });
}
