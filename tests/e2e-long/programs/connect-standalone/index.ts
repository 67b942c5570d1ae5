import * as pulumi from "@pulumi/pulumi";

import { SparkConnect, SparkStandalone, SparkSubmit } from "../../../../components";
import { sparkImage } from "../../../../components/internal/images";
import { registry, runtimeOf, team } from "../team";

/**
 * A team's Standalone cluster with two masters that share what they know in its store, a Connect server whose executors run on the workers,
 * and, when it is asked for, an application that runs there too.
 */
const { NAMESPACE: given = "", SPARK_VERSION: sparkVersion = "", SETTINGS: settings = "{}" } = process.env;
const { workers = 2, pi = false } = JSON.parse(settings) as { workers?: number; pi?: boolean };

const own = team(given, { buckets: ["spark-state"], memory: "512m", cpuRequest: "100m" });
const { namespace, store } = own;
const common = { namespace, sparkVersion, image: sparkImage(registry, sparkVersion), s3: store.connection, cpuRequest: "100m" };
const cluster = new SparkStandalone("main", {
    ...common,
    recovery: { mode: "s3", directory: "s3a://spark-state/recovery" },
    memory: "256m",
    worker: { replicas: workers, cpuRequest: "100m", memory: "512m", memoryOverhead: "256m", daemonMemory: "128m", localStorage: "1g" },
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
if (pi) {
    new SparkSubmit("pi", {
        runtime: runtimeOf(own, sparkVersion),
        standalone: cluster.connection,
        main: { file: "local:///opt/spark/examples/src/main/python/pi.py" },
        arguments: ["20"],
        driver: { memory: "512m", cpuRequest: "100m" },
        executor: { memory: "512m" },
    });
}

export const connection = cluster.connection;
export const uiUrl = cluster.uiUrl;
export const connectUrl = connect.url;
export const connectLabels = connect.clientLabels;
export const storeUrl = pulumi.output(store.connection).apply(({ endpoint }) => endpoint);
