import assert from "node:assert/strict";
import { join } from "node:path";

import { testedVersions } from "../../components/internal/spark-versions";
import { kubectl, list } from "../../sandbox/support/kubectl";
import { waitFor } from "../../sandbox/support/wait";
import { sumsOf } from "../support/client";
import { ConnectClient } from "../support/connect-client";
import { ServerUnderTest } from "../support/connect-server";
import { prometheusOperator, teach } from "../support/definitions";
import { clearNamespaces } from "../support/namespaces";
import { access } from "../support/platform";
import { Program } from "../support/program";
import { Prometheus } from "../support/prometheus";

const namespace = "spark-e2e-observability";
const watchers = `${namespace}-watch`;
const rows = 100_000;

interface Dashboard {
    panels: { title: string; targets?: { expr: string }[] }[];
}

/** What Grafana puts in place of its variables when nothing is chosen. */
const chosen = (expression: string) => expression.replaceAll(/\$(brick|server)\b/g, ".+").replaceAll("$__rate_interval", "1m");

for (const version of testedVersions) {
    describe(`Prometheus over a server of Spark ${version}`, function () {
        const program = new Program(join(__dirname, "programs/observability"), {
            NAMESPACE: namespace,
            WATCHERS: watchers,
            SPARK_VERSION: version,
        });
        const server = new ServerUnderTest(namespace, "main-connect-0");
        let forget: (() => Promise<void>) | undefined;
        let prometheus: Prometheus;
        let client: ConnectClient;
        let url: string;

        before(async function () {
            await clearNamespaces(namespace, watchers);
            forget = await teach(prometheusOperator);
            if (forget === undefined) {
                this.skip();
            }
            await program.init();
            await program.up();
            await kubectl(access, ["create", "namespace", watchers]);
            prometheus = await Prometheus.start(watchers, namespace);
            const outputs = await program.outputs<{ url: string; clientLabels: Record<string, string> }>();
            url = outputs.url;
            client = await ConnectClient.start({ namespace, pod: "client", version, labels: outputs.clientLabels });
        });

        after(async () => {
            await program.remove();
            await kubectl(access, ["delete", "namespace", watchers, "--ignore-not-found", "--wait=false"]);
            await forget?.();
        });

        const isCalled = (alert: string) =>
            waitFor(`${alert} is on its way`, async () => ((await prometheus.alerts()).includes(alert) ? true : undefined), {
                seconds: 60,
            });

        it("reads all that the monitors lead to, and takes every rule", async () => {
            assert.deepEqual(await waitFor("it has looked", () => prometheus.unread(), { seconds: 30 }), []);
            const rules = await waitFor(
                "the rules were evaluated",
                async () => {
                    const all = await prometheus.rules();
                    return all.every(({ health }) => health !== "unknown") ? all : undefined;
                },
                { seconds: 30 },
            );
            assert.deepEqual(
                rules.filter(({ health }) => health !== "ok").map(({ name, lastError }) => `${name}: ${lastError}`),
                [],
            );
            assert.ok(rules.length > 10, `${rules.length} rules`);
        });

        it("has something to draw for every line of the dashboard, of a server that works", async () => {
            const query = await client.startSums(url, rows, 4);
            assert.deepEqual(await query.answer, sumsOf(rows));
            const [config] = await list<{ data: Record<string, string> }>(access, [
                "configmaps",
                "-n",
                namespace,
                "-l",
                "grafana_dashboard=1",
            ]);
            const { panels } = JSON.parse(Object.values(config!.data)[0] ?? "") as Dashboard;
            const lines = panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ title, expr: chosen(expr) })));
            assert.ok(lines.length > 20, `${lines.length} lines`);
            await waitFor(
                "every line is drawn",
                async () => {
                    const answers = await Promise.all(lines.map(async (line) => ({ ...line, series: await prometheus.query(line.expr) })));
                    const empty = answers.filter(({ series }) => series.length === 0);
                    if (empty.length > 0) {
                        throw new Error(`nothing to draw: ${empty.map(({ title, expr }) => `${title}: ${expr}`).join("; ")}`);
                    }
                    return true;
                },
                { seconds: 60, everySeconds: 3 },
            );
            assert.deepEqual(await prometheus.alerts(), []);
        });

        it("calls somebody when jobs fail", async () => {
            assert.equal(await client.run<number>("failing.py", url, "3"), 3);
            await isCalled("SparkJobsFailing");
        });

        it("calls somebody when executors die one after the other", async () => {
            const start = await prometheus.alerts();
            assert.ok(!start.includes("SparkExecutorsLost"), start.join());
            for (let i = 0; i < 5; i++) {
                // One that has never been at work has not been there for Spark.
                await (
                    await client.startSums(url, 1000, 1)
                ).answer;
                const executor = await server.someExecutor();
                await server.crashExecutor(executor);
                const gone = async () => ((await server.executors()).includes(executor) ? undefined : true);
                await waitFor(`${executor} is gone`, gone, { seconds: 30 });
            }
            await isCalled("SparkExecutorsLost");
        });
    });
}
