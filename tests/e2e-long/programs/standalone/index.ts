import { ObjectStore, SparkStandalone, SparkWorkspace, type SparkStandaloneSettings } from "../../../../components";
import { minioImage, sparkImage } from "../../../../components/internal/images";

/** A team's namespace, its store, and a Standalone cluster as the test asks for, small enough to share a machine with others. */
const { NAMESPACE: team = "", SPARK_VERSION: sparkVersion = "", SETTINGS: settings = "{}" } = process.env;
const registry = "spark-platform.local";

const workspace = new SparkWorkspace("team", { namespace: team });
const store = new ObjectStore("team", {
    namespace: workspace.namespace,
    image: minioImage(registry),
    buckets: ["spark-state"],
    storage: "1g",
    memory: "512m",
    cpuRequest: "100m",
});
const given = JSON.parse(settings) as SparkStandaloneSettings;
const cluster = new SparkStandalone("main", {
    namespace: workspace.namespace,
    sparkVersion,
    image: sparkImage(registry, sparkVersion),
    s3: store.connection,
    memory: "256m",
    cpuRequest: "50m",
    ...given,
    worker: { cpuRequest: "20m", memory: "512m", memoryOverhead: "128m", daemonMemory: "128m", localStorage: "1g", ...given.worker },
});

export const connection = cluster.connection;
export const s3 = store.connection;
export const uiUrl = cluster.uiUrl;
