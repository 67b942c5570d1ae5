import assert from "node:assert/strict";

import type * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";

import {
    Airflow,
    HiveMetastore,
    JupyterLab,
    MLflow,
    ObjectStore,
    Postgres,
    ScheduledSparkApplication,
    SparkApplication,
    SparkConnect,
    SparkHistoryServer,
    SparkPlatform,
    SparkStandalone,
    SparkSubmit,
} from "../../../components";
import { agentSettings } from "../../../components/spark/hive-metastore/conf";
import { testedVersions } from "../../../components/internal/spark-versions";
import { connectStandalone } from "../../support/connect-changes";
import { assertEveryFieldMatters, monitoringChanges } from "../../support/fields";
import { record, type Registered } from "../../support/recorder";
import * as given from "../spark/arguments";

type Make = (args: any, opts: pulumi.ComponentResourceOptions) => unknown;

/** The driver of an application: its own web UI, and at another path what its executors report. */
const ofDriver = {
    "b-monitor": {
        endpoints: ["spark-ui/metrics/prometheus/", "spark-ui/metrics/executors/prometheus/"],
        policy: "b-driver-network",
        port: 4040,
    },
};

/** Every brick whose pods have metrics, and in which way: what it needs, and for each of its monitors where metrics are read and which policy lets Prometheus in. */
const bricks: Record<
    string,
    {
        make: Make;
        args: object;
        monitors: Record<string, { endpoints: string[]; policy: string; port: number }>;
        /** What else there is only when somebody looks. */
        further?: string[];
    }
> = {
    SparkConnect: {
        make: (args, opts) => new SparkConnect("b", args, opts),
        args: given.connect,
        monitors: {
            "b-monitor": {
                endpoints: ["ui/metrics/prometheus/", "ui/metrics/executors/prometheus/"],
                policy: "b-server-network",
                port: 4040,
            },
        },
    },
    SparkStandalone: {
        make: (args, opts) => new SparkStandalone("b", args, opts),
        args: given.standalone,
        monitors: {
            "b-master-monitor": { endpoints: ["ui/metrics/prometheus/"], policy: "b-master-network", port: 8080 },
            "b-worker-monitor": { endpoints: ["ui/metrics/prometheus/"], policy: "b-worker-network", port: 8081 },
        },
    },
    SparkSubmit: { make: (args, opts) => new SparkSubmit("b", args, opts), args: given.submit, monitors: ofDriver },
    "SparkSubmit in cluster mode": {
        make: (args, opts) => new SparkSubmit("b", args, opts),
        args: { ...given.submit, deployMode: "cluster" },
        monitors: ofDriver,
    },
    "SparkSubmit on a Standalone cluster": {
        make: (args, opts) => new SparkSubmit("b", args, opts),
        args: { ...given.submit, standalone: (connectStandalone.base as { standalone: object }).standalone },
        monitors: ofDriver,
    },
    SparkApplication: { make: (args, opts) => new SparkApplication("b", args, opts), args: given.application, monitors: ofDriver },
    ScheduledSparkApplication: {
        make: (args, opts) => new ScheduledSparkApplication("b", args, opts),
        args: given.schedule,
        monitors: ofDriver,
    },
    ObjectStore: {
        make: (args, opts) => new ObjectStore("b", args, opts),
        args: { namespace: "team-a", image: "minio:1" },
        monitors: { "b-monitor": { endpoints: ["s3/minio/v2/metrics/cluster"], policy: "b-network", port: 9000 } },
    },
    SparkHistoryServer: {
        make: (args, opts) => new SparkHistoryServer("b", args, opts),
        args: given.historyServer,
        monitors: { "b-monitor": { endpoints: ["metrics/metrics"], policy: "b-network", port: 9404 } },
    },
    HiveMetastore: {
        make: (args, opts) => new HiveMetastore("b", args, opts),
        args: {
            namespace: "team-a",
            image: "hive:1",
            database: { host: "db.example.org", database: "hive", credentialsSecret: "hive-user" },
            s3: given.s3,
            warehouse: "s3a://warehouse/tables",
        },
        monitors: { "b-monitor": { endpoints: ["metrics/metrics"], policy: "b-network", port: 9404 } },
    },
    Postgres: {
        make: (args, opts) => new Postgres("b", args, opts),
        args: { namespace: "team-a", image: "postgres:1", databases: { shop: {} }, exporterImage: "exporters:1" },
        further: ["b-metrics", "b-metrics-password"],
        monitors: { "b-monitor": { endpoints: ["metrics/metrics"], policy: "b-network", port: 9187 } },
    },
    Airflow: {
        make: (args, opts) => new Airflow("b", args, opts),
        args: {
            namespace: "team-a",
            image: "airflow:1",
            database: { host: "db.example.org", database: "airflow", credentialsSecret: "airflow-user" },
            s3: given.s3,
            taskLogs: "s3a://airflow/logs",
            exporterImage: "exporters:1",
        },
        further: ["b-metrics", "b-metrics-address", "b-metrics-network"],
        monitors: { "b-monitor": { endpoints: ["metrics/metrics"], policy: "b-metrics-network", port: 9102 } },
    },
    MLflow: {
        make: (args, opts) => new MLflow("b", args, opts),
        args: {
            namespace: "team-a",
            image: "mlflow:1",
            database: { host: "db.example.org", database: "mlflow", credentialsSecret: "mlflow-user" },
            s3: given.s3,
            artifacts: "s3a://mlflow/artifacts",
        },
        monitors: { "b-monitor": { endpoints: ["metrics/metrics"], policy: "b-network", port: 5001 } },
    },
    JupyterLab: {
        make: (args, opts) => new JupyterLab("b", args, opts),
        args: { namespace: "team-a", image: "jupyter-lab:1" },
        monitors: { "b-monitor": { endpoints: ["http/metrics"], policy: "b-network", port: 8888 } },
    },
};

const find = (made: Registered[], name: string) => made.find((one) => one.name === name)!.inputs;
const podsOf = (made: Registered[]): any[] =>
    made.flatMap(({ inputs: { spec, data } }) => [
        ...(spec?.template?.metadata ? [spec.template] : []),
        ...driverTemplates(spec, data?.["driver.yaml"]).map(bySpark),
    ]);
/** Pods that Spark makes after a template. */
const driverTemplates = (spec: any, file: string | undefined): any[] =>
    [parse(file ?? ""), spec?.driver?.template, spec?.template?.driver?.template].filter((template) => template);
/** It names the port of the web UI itself. */
const bySpark = ({ metadata, spec }: any) => {
    const [driver, ...others] = spec.containers;
    const ports = [...(driver.ports ?? []), { name: "spark-ui", containerPort: 4040 }];
    return { metadata, spec: { ...spec, containers: [{ ...driver, ports }, ...others] } };
};
const matches = (labels: object, selector: object) =>
    Object.entries(selector).every(([key, value]) => (labels as Record<string, unknown>)[key] === value);
const fromMonitoring = (row: any) =>
    row.from.some(({ namespaceSelector }: any) => namespaceSelector?.matchLabels["kubernetes.io/metadata.name"] === "monitoring");

describe("bricks that are watched", () => {
    for (const [brick, { make, args, monitors, further = [] }] of Object.entries(bricks)) {
        it(`${brick}: has monitors of pods and ports that there are, and lets Prometheus in to these ports alone`, async () => {
            const plain = await record((opts) => make(args, opts));
            for (const preview of [false, true]) {
                const made = await record((opts) => make({ ...args, monitoring: {} }, opts), { preview });
                const more = made.filter(({ name, type }) => !plain.some((one) => one.name === name && one.type === type));
                assert.deepEqual(more.map(({ name }) => name).sort(), [...Object.keys(monitors), ...further].sort());
                for (const [name, { endpoints, policy, port }] of Object.entries(monitors)) {
                    const { kind, spec } = find(made, name);
                    assert.equal(kind, "PodMonitor");
                    const read = spec.podMetricsEndpoints.map((one: any) => `${one.port}${one.path}`);
                    assert.deepEqual(read, endpoints);
                    const [pod, ...others] = podsOf(made).filter(({ metadata }) => matches(metadata.labels, spec.selector.matchLabels));
                    assert.deepEqual(others, []);
                    const ports = pod.spec.containers.flatMap((container: any) => container.ports ?? []);
                    const named = spec.podMetricsEndpoints.map(
                        (one: any) => ports.find((each: any) => each.name === one.port)?.containerPort,
                    );
                    assert.deepEqual([...new Set(named)], [port]);
                    assert.equal(new Set(ports.map((each: any) => each.name)).size, ports.length);
                    const rows = find(made, policy).spec.ingress.filter(fromMonitoring);
                    assert.deepEqual(
                        rows.map((row: any) => row.ports),
                        [[{ protocol: "TCP", port }]],
                    );
                }
            }
            assert.ok(plain.every(({ inputs }) => !(inputs.spec?.ingress ?? []).some(fromMonitoring)));
        });

        it(`${brick}: every setting of monitoring shows`, async () => {
            await assertEveryFieldMatters(make, { ...args, monitoring: {} }, monitoringChanges("monitoring"));
        });

        it(`${brick}: names wrong settings`, () => {
            assert.throws(() => make({ ...args, monitoring: { interval: "soon", podLabels: {} } }, {}), {
                message: [
                    `${brick.split(" ")[0]} "b" cannot be deployed as configured:`,
                    "  monitoring.podLabels: is empty, which would let every pod of the namespace in; give at least one label",
                    '  monitoring.interval: "soon" is not a duration; write it like "60s", "30m" or "2h"',
                ].join("\n"),
            });
        });
    }

    it("tell Spark to show metrics under one name on both lines, and nothing when nobody looks", async () => {
        const shown = (made: Registered[]) =>
            made
                .flatMap(({ inputs: { data, spec } }) => [
                    ...(data?.["spark-defaults.conf"] ?? "").split("\n"),
                    ...Object.entries((spec?.template ?? spec)?.sparkConf ?? {}).map(([key, value]) => `${key} ${String(value)}`),
                ])
                .filter((line: string) => /metrics|prometheus/.test(line));
        const servlet = (process: string) => [
            `spark.metrics.conf.${process}.sink.prometheusServlet.class org.apache.spark.metrics.sink.PrometheusServlet`,
            `spark.metrics.conf.${process}.sink.prometheusServlet.path /metrics/prometheus`,
            `spark.metrics.conf.${process}.source.jvm.class org.apache.spark.metrics.source.JvmSource`,
        ];
        const driver = [
            "spark.metrics.appStatusSource.enabled true",
            ...servlet("driver"),
            "spark.metrics.namespace spark",
            "spark.ui.prometheus.enabled true",
        ];
        for (const sparkVersion of testedVersions) {
            const settings = async (brick: string, more: object) => {
                const { make, args } = bricks[brick]!;
                return shown(await record((opts) => make({ ...args, sparkVersion, ...more }, opts)));
            };
            assert.deepEqual(await settings("SparkConnect", { monitoring: {} }), driver);
            assert.deepEqual(await settings("SparkStandalone", { monitoring: {} }), [...servlet("master"), ...servlet("worker")]);
            assert.deepEqual([...(await settings("SparkConnect", {})), ...(await settings("SparkStandalone", {}))], []);
            const runtime = { ...given.runtime, sparkVersion };
            for (const application of Object.keys(bricks).filter((brick) => bricks[brick]!.monitors === ofDriver)) {
                const standalone = "standalone" in bricks[application]!.args && { ...bricks[application]!.args.standalone!, sparkVersion };
                const more = { runtime, ...(standalone && { standalone }) };
                assert.deepEqual(await settings(application, { ...more, monitoring: {} }), driver, application);
                assert.deepEqual(await settings(application, more), [], application);
            }
        }
    });

    it("load an agent where Java shows nothing by itself, and only when somebody looks", async () => {
        const servers = async (brick: string, more: object) => {
            const { make, args } = bricks[brick]!;
            const made = await record((opts) => make({ ...args, ...more }, opts));
            const server = made.find(({ name, inputs }) => name === "b-servers" && inputs.spec.template !== undefined)!;
            return { settings: find(made, "b-settings").data, env: server.inputs.spec.template.spec.containers[0].env, made };
        };
        const valueOf = (env: any[], name: string) => env.find((variable) => variable.name === name)?.value;

        const history = await servers("SparkHistoryServer", { monitoring: {} });
        const agent = "-javaagent:/opt/spark/jmx-exporter.jar=9404:/opt/spark/conf/jmx-exporter.yaml";
        const options = "-XX:+ExitOnOutOfMemoryError -Dlog4j2.configurationFile=/opt/spark/log4j2.properties";
        assert.equal(valueOf(history.env, "SPARK_DAEMON_JAVA_OPTS"), `${options} ${agent}`);
        assert.equal(history.settings["jmx-exporter.yaml"], "rules: []\n");
        const plainHistory = await servers("SparkHistoryServer", {});
        assert.equal(valueOf(plainHistory.env, "SPARK_DAEMON_JAVA_OPTS"), options);
        assert.deepEqual(Object.keys(plainHistory.settings), ["spark-defaults.conf"]);

        const metastore = await servers("HiveMetastore", { monitoring: {} });
        const option = "-javaagent:/opt/hive/jmx-exporter.jar=9404:/etc/metastore/jmx-exporter.yaml";
        assert.equal(valueOf(metastore.env, "METASTORE_JAVA_OPTS"), option);
        assert.match(metastore.settings["metastore-site.xml"], /<name>metastore.metrics.enabled<\/name><value>true</);
        assert.match(metastore.settings["metastore-site.xml"], /<name>metastore.metrics.reporters<\/name><value>jmx</);
        assert.equal(metastore.settings["jmx-exporter.yaml"], agentSettings());
        const schema = find(metastore.made, "b-schema").spec.template.spec.containers[0];
        assert.equal(valueOf(schema.env, "METASTORE_JAVA_OPTS"), undefined, "nobody watches a Job that ends");
        const plainMetastore = await servers("HiveMetastore", {});
        assert.equal(valueOf(plainMetastore.env, "METASTORE_JAVA_OPTS"), undefined);
        assert.deepEqual(Object.keys(plainMetastore.settings), ["core-site.xml", "metastore-site.xml"]);
        assert.doesNotMatch(plainMetastore.settings["metastore-site.xml"], /metrics/);
    });

    it("take the metastore's beans for metrics under names that say what they are", () => {
        const { includeObjectNames, rules } = parse(agentSettings());
        assert.deepEqual(includeObjectNames, ["metrics:*"]);
        const beans: Record<string, string | undefined> = {
            "metrics<name=api_get_table><>Count": "hive_metastore_api_calls_total",
            "metrics<name=api_get_table><>99thPercentile": "hive_metastore_api_seconds",
            "metrics<name=open_connections><>Value": "hive_metastore_open_connections",
            "metrics<name=total_count_tables><>Value": "hive_metastore_total_count_tables",
            "metrics<name=create_total_count_dbs><>Count": "hive_metastore_created_total",
            "metrics<name=directsql_errors><>Count": "hive_metastore_directsql_errors_total",
            // The agent itself tells of the heap.
            "metrics<name=heap.used><>Value": undefined,
        };
        for (const [bean, expected] of Object.entries(beans)) {
            const rule = rules.find(({ pattern }: any) => new RegExp(pattern).test(bean));
            const named = rule && bean.replace(new RegExp(`^.*${rule.pattern}.*$`), rule.name);
            assert.equal(named, expected, bean);
        }
    });

    it("show the same numbers to whoever the network policy lets in: Prometheus holds no key of theirs", async () => {
        const container = async (brick: string) => {
            const { make, args } = bricks[brick]!;
            return podsOf(await record((opts) => make({ ...args, monitoring: {} }, opts)))[0].spec.containers[0];
        };
        assert.equal((await container("ObjectStore")).env.at(-1).value, "public");
        assert.equal((await container("JupyterLab")).args.at(-1), "--ServerApp.authenticate_prometheus=False");
    });
});

describe("A platform that is watched", () => {
    const images = { registry: "r" };
    const program = { main: { file: "local:///opt/job.py" } };
    const platform = (more: object) => record((opts) => new SparkPlatform("spark", { images, connect: { main: {} }, ...more }, opts));
    const kinds = async (more: object) =>
        (await platform(more))
            .filter(({ type }) => type.includes("monitoring.coreos.com"))
            .map(({ name, type }) => `${name} ${type.split(":").pop()}`);

    it("has monitors of all its bricks, a dashboard and alerts", async () => {
        const all = {
            monitoring: {},
            observability: {},
            standalone: { etl: {} },
            jupyterLab: { lab: {} },
            historyServer: {},
            hiveMetastore: {},
            sparkSubmit: { once: program },
            sparkApplication: { again: program },
            scheduledSparkApplication: { nightly: { ...program, schedule: "@daily" } },
        };
        assert.deepEqual((await kinds(all)).sort(), [
            "spark-again-monitor PodMonitor",
            "spark-etl-master-monitor PodMonitor",
            "spark-etl-worker-monitor PodMonitor",
            "spark-lab-monitor PodMonitor",
            "spark-main-monitor PodMonitor",
            "spark-metastore-monitor PodMonitor",
            // The store's, the History Server's and the metastore's, each under its own brick.
            ...["spark-monitor PodMonitor", "spark-monitor PodMonitor", "spark-monitor PodMonitor"],
            "spark-nightly-monitor PodMonitor",
            "spark-once-monitor PodMonitor",
            "spark-rules PrometheusRule",
        ]);
        assert.deepEqual(await kinds({}), []);
        assert.deepEqual(await kinds({ connect: { main: { monitoring: {} } }, observability: {} }), [
            "spark-main-monitor PodMonitor",
            "spark-rules PrometheusRule",
        ]);
        assert.deepEqual(await kinds({ sparkSubmit: { once: { ...program, monitoring: {} } }, observability: {} }), [
            "spark-once-monitor PodMonitor",
            "spark-rules PrometheusRule",
        ]);
    });

    it("is refused where nothing would be seen", () => {
        assert.throws(() => new SparkPlatform("spark", { images, observability: {}, monitoring: undefined }), {
            message: [
                'SparkPlatform "spark" cannot be deployed as configured:',
                "  observability: has nothing to show; give monitoring too, of the platform, of a server or of an application",
            ].join("\n"),
        });
        assert.throws(
            () => new SparkPlatform("spark", { images, monitoring: { namespace: "Watch" } }),
            /\n {2}monitoring\.namespace: "Watch" is not a DNS label/,
        );
    });
});
