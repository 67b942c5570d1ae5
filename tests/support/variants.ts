import * as pulumi from "@pulumi/pulumi";

import * as bricks from "../../components";
import { database } from "../unit/tools/arguments";
import * as given from "../unit/spark/arguments";
import * as changes from "./changes";
import { connectHdfs, connectMetastore, connectParts, connectProxy, connectStandalone, connectTracing } from "./connect-changes";
import { changed, type Changes } from "./fields";
import { record, type Registered } from "./recorder";
import * as tools from "./tool-changes";

/** A brick with arguments, and other values for them. */
interface Variants {
    make: (args: any, opts: pulumi.ComponentResourceOptions) => unknown;
    args: object;
    changes: Changes;
}

const { s3 } = given;
const namespace = "team-a";
const connect = [{ url: "sc://c-connect.team-a.svc:15002" }];
const history = { "team-a": { url: "http://a-history.team-a.svc:18080", clientLabels: { "a-history-client": "true" } } };
const route = { host: "history.example.org", url: "http://h-history.team-a.svc:18080" };

/** Connect with each of its optional parts. */
const connectVariants: Variants[] = [
    { base: {}, changes: changes.connect },
    connectStandalone,
    connectProxy,
    connectMetastore,
    connectHdfs,
    connectTracing,
    ...connectParts,
].map(({ base, changes: table }) => ({
    make: (args: bricks.SparkConnectArgs, opts: pulumi.ComponentResourceOptions) => new bricks.SparkConnect("c", args, opts),
    args: { ...given.connect, proxyImage: "tls" in base ? "registry.example/tls-proxy:1" : undefined, ...base },
    changes: table,
}));

/** Bricks that make objects which every cluster knows, and those of the Spark operator: by name, their main variants. */
export const variants: Record<string, Variants[]> = {
    SparkWorkspace: [{ make: (a, o) => new bricks.SparkWorkspace("w", a, o), args: { namespace }, changes: changes.workspace }],
    ObjectStore: [
        { make: (a, o) => new bricks.ObjectStore("s", a, o), args: { namespace, image: "minio:1" }, changes: changes.objectStore },
    ],
    Postgres: [
        {
            make: (a, o) => new bricks.Postgres("p", a, o),
            args: { namespace, image: "postgres:15", databases: { shop: {} }, monitoring: {}, exporterImage: "exporters:1" },
            changes: changes.postgres,
        },
    ],
    HiveMetastore: [
        {
            make: (a, o) => new bricks.HiveMetastore("m", a, o),
            args: { namespace, image: "hive:3", database, s3, warehouse: "s3a://warehouse/tables" },
            changes: Object.fromEntries(Object.entries(changes.hiveMetastore).filter(([field]) => !field.startsWith("kerberos."))),
        },
    ],
    SparkHistoryServer: [
        {
            make: (a, o) => new bricks.SparkHistoryServer("h", a, o),
            args: { ...given.historyServer, retention: { days: 30 } },
            changes: changes.historyServer,
        },
    ],
    SparkHistoryPortal: [
        {
            make: (a, o) => new bricks.SparkHistoryPortal("p", a, o),
            args: { namespace, image: "nginx:1", servers: history },
            changes: changes.historyPortal,
        },
    ],
    SparkConnect: connectVariants,
    SparkStandalone: [[{}, changes.standalone] as const, [{ recovery: {} }, changes.standaloneOnVolume] as const].map(([more, table]) => ({
        make: (a, o) => new bricks.SparkStandalone("c", a, o),
        args: { ...given.standalone, ...more },
        changes: table,
    })),
    SparkSubmit: ["client", "cluster"].map((deployMode) => ({
        make: (a, o) => new bricks.SparkSubmit("pi", a, o),
        args: { ...given.submit, deployMode },
        changes: Object.fromEntries(Object.entries(changes.submit).filter(([field]) => field !== "deployMode")),
    })),
    SparkApplication: [{ make: (a, o) => new bricks.SparkApplication("pi", a, o), args: given.application, changes: changes.application }],
    ScheduledSparkApplication: [
        { make: (a, o) => new bricks.ScheduledSparkApplication("pi", a, o), args: given.schedule, changes: changes.schedule },
    ],
    DatabaseBackup: [
        {
            make: (a, o) => new bricks.DatabaseBackup("meta", a, o),
            args: { namespace, image: "backup:15", database, s3, bucket: "spark-backups", retention: { days: 30 } },
            changes: changes.databaseBackup,
        },
    ],
    JupyterLab: [
        { make: (a, o) => new bricks.JupyterLab("j", a, o), args: { namespace, image: "lab:1", connect }, changes: tools.jupyterLab },
    ],
    MLflow: [
        {
            make: (a, o) => new bricks.MLflow("m", a, o),
            args: { namespace, image: "mlflow:1", database, s3, artifacts: "s3a://mlflow/artifacts" },
            changes: tools.mlflow,
        },
    ],
    Airflow: [
        {
            make: (a, o) => new bricks.Airflow("a", a, o),
            args: {
                ...{ namespace, image: "airflow:1", database, s3, taskLogs: "s3a://airflow-logs/tasks", connect },
                ...{ monitoring: {}, exporterImage: "exporters:1" },
            },
            changes: tools.airflow,
        },
    ],
    PlatformIngress: [
        {
            make: (a, o) => new bricks.PlatformIngress("e", a, o),
            args: { namespace, ingressClass: "web", tls: { issuer: "letsencrypt" }, routes: { history: route } },
            changes: tools.ingress,
        },
    ],
};

/** Everything that the variants of a brick register, each different object once; what a brick refuses makes no object. */
export async function everyObject(brick: string): Promise<Registered[]> {
    const found = new Map<string, Registered>();
    for (const { make, args, changes: table } of variants[brick] ?? []) {
        const all = [args, ...Object.entries(table).map(([path, value]) => changed(args, path.split("."), value))];
        for (const [index, one] of all.entries()) {
            const made = await record((opts) => make(one, opts)).catch((error: unknown) => {
                // The first is what all the others vary, so that it must be right.
                if (index === 0 || !pulumi.InputPropertiesError.isInstance(error)) {
                    throw error;
                }
                return [];
            });
            made.forEach((each) => found.set(JSON.stringify([each.type, each.inputs]), each));
        }
    }
    return [...found.values()];
}
