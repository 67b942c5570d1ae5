import {
    ObjectStore,
    SparkConnect,
    SparkStandalone,
    SparkSubmit,
    SparkWorkspace,
    sparkDeployModes,
    type SparkRuntime,
} from "../../../../components";
import { minioImage, sparkImage } from "../../../../components/internal/images";

/** One of each kind of pod that talks to the API server. */
const { NAMESPACE: team = "", SPARK_VERSION: sparkVersion = "", APPLICATIONS: applications = "" } = process.env;
const registry = "spark-platform.local";
const image = sparkImage(registry, sparkVersion);

const workspace = new SparkWorkspace("team", { namespace: team });
const { namespace } = workspace;
const store = new ObjectStore("team", {
    namespace,
    image: minioImage(registry),
    buckets: ["spark-state"],
    storage: "1g",
    memory: "512m",
    cpuRequest: "50m",
});
const accounts = { serviceAccount: workspace.serverAccount, executorServiceAccount: workspace.executorAccount };
const executor = { memory: "512m", cpuRequest: "50m", localStorage: "1g" };

const connect = new SparkConnect("main", {
    ...{ namespace, image, sparkVersion, ...accounts, s3: store.connection, eventLog: store.eventLog },
    ...{ memory: "1g", cpuRequest: "100m", executor: { ...executor, maximum: 1, idleTimeout: "5s" } },
});
new SparkStandalone("main", {
    ...{ namespace, image, sparkVersion, s3: store.connection, memory: "256m", cpuRequest: "50m" },
    recovery: { mode: "s3", directory: "s3a://spark-state/recovery" },
    worker: { cpuRequest: "50m", memory: "512m", memoryOverhead: "128m", daemonMemory: "128m", localStorage: "1g" },
});

const runtime: SparkRuntime = {
    ...{ namespace, image, sparkVersion, s3: store.connection, eventLog: store.eventLog },
    driverServiceAccount: workspace.serverAccount,
    executorServiceAccount: workspace.executorAccount,
};
for (const deployMode of applications === "" ? [] : Object.values(sparkDeployModes)) {
    new SparkSubmit(`pi-${deployMode}`, {
        runtime,
        deployMode,
        main: { file: "local:///opt/spark/examples/src/main/python/pi.py" },
        driver: { memory: "512m", cpuRequest: "50m" },
        executor,
        // Run again, it collects the driver that was.
        arguments: [applications],
    });
}

export const connectUrl = connect.url;
