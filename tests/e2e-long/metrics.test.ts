import assert from "node:assert/strict";
import { join } from "node:path";

import { testedVersions } from "../../components/internal/spark-versions";
import { driverContainer, executorContainer } from "../../components/spark/client-mode";
import { executorMetricsPath, metricsPath } from "../../components/internal/monitoring";
import { ruleGroups } from "../../components/observability/alerts";
import { sparkDashboard } from "../../components/observability/dashboards";
import { kubectl } from "../../sandbox/support/kubectl";
import { waitFor } from "../../sandbox/support/wait";
import { sumsOf } from "../support/client";
import { ConnectClient } from "../support/connect-client";
import { prometheusOperator, teach } from "../support/definitions";
import { clearNamespaces } from "../support/namespaces";
import { access } from "../support/platform";
import { Program } from "../support/program";
import { scrape, seriesOf, targetsOf, type Series, type Target } from "../support/scrape";

const namespace = "spark-e2e-metrics";
const watchers = "spark-e2e-metrics-watch";
const rows = 100_000;

/** Where each brick is read, and something that only it says. */
const expected: Record<string, RegExp> = {
    [`main-connect ${metricsPath}`]: /^metrics_spark_driver_DAGScheduler_/,
    [`main-connect ${executorMetricsPath}`]: /^metrics_executor_/,
    [`main-master ${metricsPath}`]: /^metrics_master_aliveWorkers_Value$/,
    [`main-worker ${metricsPath}`]: /^metrics_worker_coresFree_Value$/,
    "team-store /minio/v2/metrics/cluster": /^minio_cluster_/,
    "main-jupyter /metrics": /^http_request_duration_seconds_/,
    "main-history /metrics": /^jvm_memory_used_bytes$/,
    [`stream-submit-driver ${metricsPath}`]: /^metrics_spark_driver_DAGScheduler_/,
    [`stream-submit-driver ${executorMetricsPath}`]: /^metrics_executor_/,
    "main-metastore /metrics": /^hive_metastore_api_calls_total$/,
    // Only who is logged in counts connections.
    "main-postgres /metrics": /^pg_stat_database_numbackends$/,
    "main-mlflow /metrics": /^mlflow_exporter_info$/,
    "main-airflow-metrics /metrics": /^airflow_scheduler_heartbeat$/,
};

/** A container, what it must have written and what it must not, as the program tells its brick. */
interface Written {
    application: string;
    role: string;
    container: string;
    has?: RegExp;
    hasNot?: RegExp;
}

const asText = (level: string) => new RegExp(`^\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z ${level} \\w+`, "m");
const asJson = /^\{.*"level":"INFO"/m;
/** Of Spark at warn and as text: whether there was something to warn of, nobody knows. */
const quietText = { hasNot: /^\{|Z (INFO|DEBUG) /m };

const written: Written[] = [
    { application: "spark-connect", role: "server", container: "connect", ...quietText },
    { application: "spark-connect", role: "executor", container: "executor", ...quietText },
    { application: "spark-standalone", role: "master", container: "master", has: asText("INFO"), hasNot: asJson },
    { application: "spark-standalone", role: "worker", container: "worker", has: asText("INFO"), hasNot: asJson },
    { application: "spark-history-server", role: "server", container: "history-server", has: asJson, hasNot: asText("INFO") },
    { application: "spark-submit", role: "driver", container: driverContainer, has: asText("INFO"), hasNot: asJson },
    { application: "spark-submit", role: "executor", container: executorContainer, has: asText("INFO"), hasNot: asJson },
    { application: "hive-metastore", role: "server", container: "metastore", has: asText("INFO"), hasNot: asJson },
    { application: "postgres", role: "server", container: "postgres", has: /DEBUG: / },
    { application: "jupyter-lab", role: "server", container: "jupyter", has: /^\[D /m },
    { application: "mlflow", role: "server", container: "mlflow", hasNot: /INFO: {4}/ },
    { application: "airflow", role: "scheduler", container: "scheduler", has: /^\{.*"event":/m },
];

/** What dashboards and alerts read of a server. What they make of it themselves has colons in its name, and `up` is Prometheus's own. */
const named = [
    ...new Set(
        (sparkDashboard(namespace) + JSON.stringify(ruleGroups(namespace, { available: 99, succeeded: 99 }))).match(/\bmetrics_\w+/g),
    ),
];

for (const version of testedVersions) {
    describe(`what Prometheus reads of bricks on Spark ${version}`, function () {
        const program = new Program(join(__dirname, "programs/metrics"), {
            NAMESPACE: namespace,
            WATCHERS: watchers,
            SPARK_VERSION: version,
        });
        let forget: (() => Promise<void>) | undefined;
        let prometheus: ConnectClient;
        let stranger: ConnectClient;
        let targets: Target[];

        before(async function () {
            await clearNamespaces(namespace, watchers);
            forget = await teach(prometheusOperator);
            if (forget === undefined) {
                this.skip();
            }
            await program.init();
            await program.up();
            await kubectl(access, ["create", "namespace", watchers]);
            const pod = { namespace: watchers, version };
            prometheus = await ConnectClient.start({ ...pod, pod: "prometheus", labels: { "app.kubernetes.io/name": "prometheus" } });
            stranger = await ConnectClient.start({ ...pod, pod: "stranger", labels: {} });
            // No up waits for the driver, which another pod starts, and whose page is there before all that it shows.
            const page = `stream-submit-driver ${metricsPath}`;
            targets = await waitFor(
                "the application tells of itself",
                async () => {
                    const found = await targetsOf(namespace);
                    const driver = found.find(({ monitor, path }) => `${monitor} ${path}` === page);
                    const series = driver ? seriesOf((await scrape(prometheus, driver.url)).text) : [];
                    return series.some(({ name }) => expected[page]!.test(name)) ? found : undefined;
                },
                { seconds: 300, everySeconds: 5 },
            );
        });

        after(async () => {
            await program.remove();
            await kubectl(access, ["delete", "namespace", watchers, "--ignore-not-found", "--wait=false"]);
            await forget?.();
        });

        const seriesAt = async (wanted: string): Promise<Series[]> => {
            const found = targets.filter(({ monitor, path }) => `${monitor} ${path}` === wanted);
            const answers = await Promise.all(found.map(({ url }) => scrape(prometheus, url)));
            return answers.flatMap(({ text }) => seriesOf(text));
        };

        it("is where the monitors say, in a form that it knows, and each brick speaks of itself", async () => {
            assert.deepEqual([...new Set(targets.map(({ monitor, path }) => `${monitor} ${path}`))].sort(), Object.keys(expected).sort());
            for (const { monitor, path, url } of targets) {
                const { status, type, text } = await scrape(prometheus, url);
                assert.equal(status, 200, url);
                assert.match(type ?? "", /^(text\/plain|application\/openmetrics-text)/, url);
                const own = expected[`${monitor} ${path}`]!;
                assert.ok(
                    seriesOf(text).some(({ name }) => own.test(name)),
                    `${url} says nothing like ${own}:\n${text}`,
                );
            }
        });

        it("leaves alone what their containers write, which is what each brick was told", async () => {
            for (const { application, role, container, has, hasNot } of written) {
                const labels = `app.kubernetes.io/name=${application},app.kubernetes.io/component=${role}`;
                const read = () => kubectl(access, ["logs", "-n", namespace, "-l", labels, "-c", container, "--tail=-1"]);
                // An executor of an application comes after its driver.
                const log = await waitFor(
                    `${application} ${role} has written`,
                    async () => {
                        const text = await read();
                        return has === undefined || has.test(text) ? { text } : undefined;
                    },
                    { seconds: 180, everySeconds: 5 },
                );
                if (hasNot) {
                    assert.doesNotMatch(log.text, hasNot, `${application} ${role}`);
                }
            }
        });

        it("is shown to nobody else", async () => {
            for (const { url } of targets) {
                assert.equal((await scrape(stranger, url)).status, 0, url);
            }
        });

        it("tells of a task whose pod is gone", async () => {
            const isDone = ({ name, labels, value }: Series) =>
                name === "airflow_ti_finish" && labels.includes('dag_id="once"') && labels.includes('state="success"') && value > 0;
            const finished = async () => ((await seriesAt("main-airflow-metrics /metrics")).some(isDone) ? true : undefined);
            await waitFor("the task has told that it is done", finished, { seconds: 300 });
        });

        it("has every metric that a dashboard or an alert names, of a server with an executor that worked", async () => {
            const { url, clientLabels: labels } = await program.outputs<{ url: string; clientLabels: Record<string, string> }>();
            const client = await ConnectClient.start({ namespace, pod: "client", version, labels });
            const query = await client.startSums(url, rows, 4);
            assert.deepEqual(await query.answer, sumsOf(rows));
            const all = async () =>
                (await Promise.all([metricsPath, executorMetricsPath].map((path) => seriesAt(`main-connect ${path}`)))).flat();
            assert.ok(named.length > 20, `${named.length} names`);
            // An executor tells of its heap with its next heartbeat.
            await waitFor(
                "every metric is there",
                async () => {
                    const there = await all();
                    const missing = named.filter((name) => !there.some((series) => series.name === name && isOfWork(series)));
                    if (missing.length > 0) {
                        throw new Error(`missing: ${missing.join(", ")}`);
                    }
                    return true;
                },
                { seconds: 60 },
            );
            const valueOf = async (name: string) => (await all()).find((series) => series.name === `metrics_spark_driver_${name}`)?.value;
            assert.ok(((await valueOf("appStatus_jobs_succeededJobs_Count")) ?? 0) > 0);
            assert.ok(((await valueOf("appStatus_tasks_completedTasks_Count")) ?? 0) > 0);
            assert.equal(await valueOf("ExecutorAllocationManager_executors_numberAllExecutors_Value"), 1);
        });
    });
}

/** What is told of executors counts when it is told of one that is not the driver itself. */
const isOfWork = ({ name, labels }: Series) => !name.startsWith("metrics_executor_") || !labels.includes('executor_id="driver"');
