import { SparkConnect, SparkStandalone } from "../../../../components";
import { sparkImage } from "../../../../components/internal/images";
import { registry, team } from "../team";

/** A team's Standalone cluster with two masters that share what they know in its store, and a Connect server whose executors run on the workers. */
const { NAMESPACE: given = "", SPARK_VERSION: sparkVersion = "" } = process.env;

const { namespace, store } = team(given, { buckets: ["spark-state"], memory: "512m", cpuRequest: "100m" });
const common = { namespace, sparkVersion, image: sparkImage(registry, sparkVersion), s3: store.connection, cpuRequest: "100m" };
const cluster = new SparkStandalone("main", {
    ...common,
    recovery: { mode: "s3", directory: "s3a://spark-state/recovery" },
    memory: "256m",
    worker: { replicas: 2, cpuRequest: "100m", memory: "512m", memoryOverhead: "256m", daemonMemory: "128m", localStorage: "1g" },
});
const connect = new SparkConnect("main", {
    ...common,
    backend: "standalone",
    standalone: cluster.connection,
    eventLog: store.eventLog,
    eventLogUploadSeconds: 2,
    memory: "1g",
    executor: { memory: "512m", minimum: 2, maximum: 2 },
});

export const connection = cluster.connection;
export const uiUrl = cluster.uiUrl;
export const connectUrl = connect.url;
export const connectLabels = connect.clientLabels;
