import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import * as bricks from "../../../components";
import { Checks } from "../../../components/internal/checks";
import { jupyterLevels, levelIn, logLevels, postgresLevels, pythonLevels, resolveLogs } from "../../../components/internal/logs";
import { executorLogConf, logEnvironment } from "../../../components/spark/logs";
import { connectStandalone } from "../../support/connect-changes";
import { record, type Registered } from "../../support/recorder";
import * as given from "../spark/arguments";
import { classic, database } from "../tools/arguments";

type Make = (args: any, opts: pulumi.ComponentResourceOptions) => unknown;

const text = { logs: { level: "warn", layout: "text" } };
const debug = { logs: { level: "debug" } };

/** What the driver or the server is told itself, and what it tells its executors. */
const own = ["SPARK_LOG_LEVEL=warn", "SPARK_LOG_LAYOUT=text"];
const executors = ["spark.executorEnv.SPARK_LOG_LAYOUT text", "spark.executorEnv.SPARK_LOG_LEVEL warn"];
const { standalone } = connectStandalone.base as { standalone: object };
const place = { namespace: "team-a", image: "image:1" };
const stores = { ...place, database, s3: given.s3 };

const airflowParts = ["api-server", "dag-processor", "migration", "scheduler", "triggerer"];
const airflow = [
    ["AIRFLOW__LOGGING__LOGGING_LEVEL", "WARNING"],
    ["AIRFLOW__LOGGING__UVICORN_LOGGING_LEVEL", "WARNING"],
    ["AIRFLOW__LOGGING__JSON_LOGS", "True"],
] as const;
const quotedIfTrue = (value: string) => (value === "True" ? '"True"' : value);

/** Every brick that writes logs, and what its argument adds to its objects and takes from them. */
const cases: Record<string, { make: Make; args: object; logs: object; adds: Record<string, string[]>; takes?: Record<string, string[]> }> =
    {
        SparkConnect: {
            make: (args, opts) => new bricks.SparkConnect("b", args, opts),
            args: given.connect,
            logs: text,
            adds: { "b-servers": own, "b-settings": executors },
        },
        "SparkConnect by the operator": {
            make: (args, opts) => new bricks.SparkConnect("b", args, opts),
            args: { ...given.connect, backend: "operator" },
            logs: text,
            adds: { "b-server": own, "b-settings": executors },
        },
        "SparkConnect on a Standalone cluster": {
            make: (args, opts) => new bricks.SparkConnect("b", args, opts),
            args: { ...given.connect, ...connectStandalone.base },
            logs: text,
            adds: { "b-servers": own, "b-settings": executors },
        },
        SparkStandalone: {
            make: (args, opts) => new bricks.SparkStandalone("b", args, opts),
            args: given.standalone,
            logs: text,
            adds: { "b-masters": own, "b-workers": own },
        },
        SparkHistoryServer: {
            make: (args, opts) => new bricks.SparkHistoryServer("b", args, opts),
            args: given.historyServer,
            logs: text,
            adds: { "b-servers": own },
        },
        // Not the Job that keeps the schema.
        HiveMetastore: {
            make: (args, opts) => new bricks.HiveMetastore("b", args, opts),
            args: { ...stores, warehouse: "s3a://warehouse/tables" },
            logs: text,
            adds: { "b-servers": ["METASTORE_LOG_LEVEL=warn", "METASTORE_LOG_LAYOUT=text"] },
        },
        SparkSubmit: {
            make: (args, opts) => new bricks.SparkSubmit("b", args, opts),
            args: given.submit,
            logs: text,
            adds: { "b-job": own, "b-settings": executors },
        },
        "SparkSubmit in cluster mode": {
            make: (args, opts) => new bricks.SparkSubmit("b", args, opts),
            args: { ...given.submit, deployMode: "cluster" },
            logs: text,
            adds: {
                "b-settings": [
                    ...["        - name: SPARK_LOG_LEVEL", "          value: warn"],
                    ...["        - name: SPARK_LOG_LAYOUT", "          value: text"],
                    ...executors,
                ],
            },
        },
        "SparkSubmit on a Standalone cluster": {
            make: (args, opts) => new bricks.SparkSubmit("b", args, opts),
            args: { ...given.submit, standalone },
            logs: text,
            adds: { "b-job": own, "b-settings": executors },
        },
        SparkApplication: {
            make: (args, opts) => new bricks.SparkApplication("b", args, opts),
            args: given.application,
            logs: text,
            adds: { "b-application": [...own, ...executors] },
        },
        ScheduledSparkApplication: {
            make: (args, opts) => new bricks.ScheduledSparkApplication("b", args, opts),
            args: given.schedule,
            logs: text,
            adds: { "b-schedule": [...own, ...executors] },
        },
        SparkClassic: {
            make: (args, opts) => {
                const { connection } = new bricks.SparkClassic("b", args, opts);
                return new bricks.JupyterLab("lab", { ...place, classic: connection }, opts);
            },
            args: { runtime: given.runtime },
            logs: text,
            adds: { "b-settings": executors, "lab-server": own },
        },
        Airflow: {
            make: (args, opts) => new bricks.Airflow("b", args, opts),
            args: { ...stores, taskLogs: "s3a://airflow/logs", classic },
            logs: { logs: { level: "warn", layout: "json" } },
            adds: {
                ...Object.fromEntries(airflowParts.map((part) => [`b-${part}`, airflow.map(([name, value]) => `${name}=${value}`)])),
                "b-template": airflow.flatMap(([name, value]) => [`        - name: ${name}`, `          value: ${quotedIfTrue(value)}`]),
            },
        },
        JupyterLab: {
            make: (args, opts) => new bricks.JupyterLab("b", args, opts),
            args: place,
            logs: debug,
            adds: { "b-server": ["--Application.log_level=DEBUG"] },
        },
        JupyterHub: {
            make: (args, opts) => new bricks.JupyterHub("b", args, opts),
            args: { ...place, serverImage: "lab:1", users: ["ada"] },
            logs: debug,
            adds: {
                "b-proxy": ["debug"],
                "b-settings": [
                    '    "log_level": "DEBUG",',
                    ...['          "--timeout=3600",', '          "--Application.log_level=DEBUG"'],
                    ...['      "--MappingKernelManager.cull_idle_timeout=3600",', '      "--Application.log_level=DEBUG"'],
                ],
            },
            takes: {
                "b-proxy": ["warn"],
                "b-settings": ['          "--timeout=3600"', '      "--MappingKernelManager.cull_idle_timeout=3600"'],
            },
        },
        MLflow: {
            make: (args, opts) => new bricks.MLflow("b", args, opts),
            args: { ...stores, artifacts: "s3a://mlflow/artifacts" },
            logs: debug,
            adds: { "b-servers": ["MLFLOW_LOGGING_LEVEL=DEBUG", "MLFLOW_UVICORN_OPTS=--log-level=debug"] },
        },
        Postgres: {
            make: (args, opts) => new bricks.Postgres("b", args, opts),
            args: { ...place, databases: { shop: {} } },
            logs: debug,
            adds: { "b-server": ["log_min_messages=debug1", "-c"] },
        },
    };

/** Every line that an object has: a variable, a Spark setting, a line of a file. */
function linesOf(value: unknown): string[] {
    if (typeof value !== "object" || value === null) {
        return String(value).split("\n");
    }
    const { name, value: set } = value as { name?: unknown; value?: unknown };
    if (typeof name === "string" && typeof set === "string") {
        return [`${name}=${set}`];
    }
    return Object.entries(value).flatMap(([key, inner]) =>
        key.startsWith("spark.") ? [`${key} ${String(inner)}`] : linesOf(inner as unknown),
    );
}

/** The lines that these objects have and those have not, by the name of the object. */
function more(these: Registered[], those: Registered[]): Record<string, string[]> {
    const found = these.map(({ type, name, inputs }) => {
        const others = linesOf(those.find((one) => one.type === type && one.name === name)?.inputs);
        return [name, linesOf(inputs).filter((line) => !take(others, line))] as const;
    });
    return Object.fromEntries(found.filter(([, lines]) => lines.length > 0));
}

/** Whether the line was there; it is not any more. */
function take(lines: string[], line: string): boolean {
    const index = lines.indexOf(line);
    lines.splice(index, index < 0 ? 0 : 1);
    return index >= 0;
}

describe("Logs", () => {
    for (const [brick, { make, args, logs, adds, takes = {} }] of Object.entries(cases)) {
        it(`${brick}: an argument says what is written, and changes nothing else`, async () => {
            const made = (further: object) => record((opts) => make({ ...args, ...further }, opts));
            const [plain, chosen] = [await made({}), await made(logs)];
            assert.deepEqual([more(chosen, plain), more(plain, chosen)], [adds, takes]);
            const nothing = Object.fromEntries(Object.keys(logs).map((field) => [field, {}]));
            assert.deepEqual(await made(nothing), plain, "nothing said is nothing changed");
        });
    }

    it("set what is given, be it what the program does by itself: executors may stand where somebody said otherwise", () => {
        assert.deepEqual(logEnvironment(), []);
        assert.deepEqual(logEnvironment({ level: "info" }), [{ name: "SPARK_LOG_LEVEL", value: "info" }]);
        assert.deepEqual(logEnvironment({ layout: "json" }, "METASTORE"), [{ name: "METASTORE_LOG_LAYOUT", value: "json" }]);
        assert.deepEqual(executorLogConf({ level: "info", layout: "json" }), {
            "spark.executorEnv.SPARK_LOG_LEVEL": "info",
            "spark.executorEnv.SPARK_LOG_LAYOUT": "json",
        });
    });

    it("know what each program calls a level", () => {
        const called = (levels: typeof pythonLevels) => Object.values(logLevels).map((level) => levelIn(levels, level));
        assert.deepEqual(called(pythonLevels), ["ERROR", "WARNING", "INFO", "DEBUG", "DEBUG"]);
        assert.deepEqual(called(jupyterLevels), ["ERROR", "WARN", "INFO", "DEBUG", "DEBUG"]);
        assert.deepEqual(called(postgresLevels), ["error", "warning", "info", "debug1", "debug5"]);
    });

    it("are checked at once, and when they are known where they come late", async () => {
        const checks = new Checks('SparkConnect "b"');
        resolveLogs(checks, { level: "verbose", layout: "xml" });
        assert.throws(
            () => {
                checks.throwIfAny();
            },
            {
                message: [
                    'SparkConnect "b" cannot be deployed as configured:',
                    '  logs.level: "verbose" is none of error, warn, info, debug, trace',
                    '  logs.layout: "xml" is none of json, text',
                ].join("\n"),
            },
        );
        const late = { ...given.connect, logs: { level: pulumi.output("verbose") } };
        await assert.rejects(
            record((opts) => new bricks.SparkConnect("b", late, opts)),
            /logs\.level: "verbose" is none of error, warn, info, debug, trace$/m,
        );
    });

    it("are said in one place: neither a variable nor a setting of Spark says it again", () => {
        const twice = {
            ...given.connect,
            environment: { SPARK_LOG_LEVEL: "debug" },
            secretEnvironment: { SPARK_LOG_LAYOUT: { secret: "s", key: "k" } },
            sparkConf: { "spark.log.level": "DEBUG", "spark.executorEnv.SPARK_LOG_LEVEL": "debug" },
        };
        assert.throws(() => new bricks.SparkConnect("b", twice), {
            message: [
                'SparkConnect "b" cannot be deployed as configured:',
                '  environment: "SPARK_LOG_LEVEL" is decided by logs.level',
                '  secretEnvironment: "SPARK_LOG_LAYOUT" is decided by logs.layout',
                '  sparkConf: "spark.log.level" is decided by logs.level; "spark.executorEnv.SPARK_LOG_LEVEL" is decided by logs.level',
            ].join("\n"),
        });
        assert.throws(
            () => new bricks.Postgres("b", { ...place, databases: { shop: {} }, parameters: { log_min_messages: "info" } }),
            /\n {2}parameters: "log_min_messages" is decided by logs\.level$/,
        );
    });

    it("of a platform hold for every part, field by field, where the part says nothing of its own", async () => {
        const made = await record(
            (opts) =>
                new bricks.SparkPlatform(
                    "p",
                    {
                        images: { registry: "r" },
                        logs: { level: "warn", layout: "text" },
                        connect: { main: {}, loud: { logs: { level: "debug" } } },
                        historyServer: { logs: { layout: "json" } },
                        hiveMetastore: { postgres: { logs: { level: "error" } } },
                        airflow: { logs: { layout: "json" } },
                    },
                    opts,
                ),
        );
        const containers = made.flatMap(({ name, inputs }) =>
            (inputs.spec?.template?.spec?.containers ?? []).map((one: any) => ({ of: `${name} ${one.name}`, ...one })),
        );
        const container = (of: string) => containers.find((one) => one.of === of);
        const variables = (name: string, wanted: RegExp) =>
            container(name)
                .env.filter((variable: any) => wanted.test(variable.name))
                .map(({ name: variable, value }: any) => `${variable}=${value}`);
        assert.deepEqual(variables("p-main-servers connect", /_LOG_/), own);
        assert.deepEqual(variables("p-loud-servers connect", /_LOG_/), ["SPARK_LOG_LEVEL=debug", "SPARK_LOG_LAYOUT=text"]);
        assert.deepEqual(variables("p-servers history-server", /_LOG_/), ["SPARK_LOG_LEVEL=warn", "SPARK_LOG_LAYOUT=json"]);
        assert.deepEqual(variables("p-scheduler scheduler", /LOGGING__(LOGGING_LEVEL|JSON)/), [
            "AIRFLOW__LOGGING__LOGGING_LEVEL=WARNING",
            "AIRFLOW__LOGGING__JSON_LOGS=True",
        ]);
        assert.deepEqual(variables("p-servers metastore", /_LOG_/), ["METASTORE_LOG_LEVEL=warn", "METASTORE_LOG_LAYOUT=text"]);
        assert.ok(container("p-metastore-server postgres").args.includes("log_min_messages=error"));
    });
});
