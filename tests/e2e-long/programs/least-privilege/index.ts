import { SparkConnect, SparkStandalone, SparkSubmit, sparkDeployModes } from "../../../../components";
import { runtimeOf, smallConnect, team } from "../team";

/** One of each kind of pod that talks to the API server. */
const { NAMESPACE: given = "", SPARK_VERSION: sparkVersion = "", APPLICATIONS: applications = "" } = process.env;
const own = team(given, { buckets: ["spark-state"], memory: "512m", cpuRequest: "50m" });
const runtime = runtimeOf(own, sparkVersion);
const { namespace, image, s3, eventLog } = runtime;
const executor = { memory: "512m", cpuRequest: "50m", localStorage: "1g" };

const connect = new SparkConnect("main", {
    ...smallConnect(own, sparkVersion),
    eventLog,
    executor: { ...executor, maximum: 1, idleTimeout: "5s" },
});
new SparkStandalone("main", {
    ...{ namespace, image, sparkVersion, s3, memory: "256m", cpuRequest: "50m" },
    recovery: { mode: "s3", directory: "s3a://spark-state/recovery" },
    worker: { cpuRequest: "50m", memory: "512m", memoryOverhead: "128m", daemonMemory: "128m", localStorage: "1g" },
});

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
