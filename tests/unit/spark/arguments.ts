import type { SparkConnectArgs } from "../../../components/spark/connect";
import type { SparkHistoryServerArgs } from "../../../components/spark/history-server";
import type { ScheduledSparkApplicationArgs, SparkApplicationArgs } from "../../../components/spark/application";
import type { SparkSubmitArgs } from "../../../components/spark/submit";
import type { SparkRuntime } from "../../../components/spark/connections";
import type { SparkStandaloneArgs } from "../../../components/spark/standalone";
import type { EventLogLocation, S3Connection } from "../../../components/storage/connections";

/** A store in the cluster, as `ObjectStore` describes itself. */
export const s3: S3Connection = {
    endpoint: "http://s-store.team-a.svc:9000",
    region: "us-east-1",
    pathStyle: true,
    credentialsSecret: "s-s3-credentials",
    clusterEndpoint: { namespace: "team-a", podLabels: { app: "store" }, clientLabels: { "store-client": "true" } },
};

export const eventLog: EventLogLocation = { directory: "s3a://spark-logs/events", s3 };

export const connect: SparkConnectArgs = {
    namespace: "team-a",
    sparkVersion: "4.1.0",
    image: "registry.example/spark:4.1.0",
    serviceAccount: "server",
    executorServiceAccount: "executor",
    s3,
    eventLog,
    warehouse: "s3a://warehouse/tables",
};

export const historyServer: SparkHistoryServerArgs = {
    namespace: "team-a",
    sparkVersion: "4.1.0",
    image: "registry.example/spark:4.1.0",
    eventLog,
};

/** What a platform hands to its applications. */
export const runtime: SparkRuntime = {
    namespace: "team-a",
    sparkVersion: "4.1.0",
    image: "registry.example/spark:4.1.0",
    driverServiceAccount: "server",
    executorServiceAccount: "executor",
    s3,
    eventLog,
    metastore: {
        uris: "thrift://hive.team-a.svc:9083",
        clusterEndpoint: { namespace: "team-a", podLabels: { app: "hive" }, clientLabels: { "hive-client": "true" } },
    },
    warehouse: "s3a://warehouse/tables",
    tracing: {
        endpoint: "http://collector.tracing.svc:4318",
        clusterEndpoint: { namespace: "tracing", podLabels: { app: "collector" }, clientLabels: { "collector-client": "true" } },
    },
};

export const submit: SparkSubmitArgs = { runtime, main: { file: "local:///opt/spark/examples/src/main/python/pi.py" } };

export const standalone: SparkStandaloneArgs = {
    namespace: "team-a",
    sparkVersion: "4.1.0",
    image: "registry.example/spark:4.1.0",
    s3,
    recovery: { mode: "s3", directory: "s3a://spark-state/recovery" },
};

export const application: SparkApplicationArgs = { runtime, main: submit.main };

export const schedule: ScheduledSparkApplicationArgs = { ...application, schedule: "@every 30m" };
