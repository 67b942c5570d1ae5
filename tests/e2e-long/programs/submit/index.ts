import { ObjectStore, SparkSubmit, SparkWorkspace, type SparkRuntime } from "../../../../components";
import { minioImage, sparkImage } from "../../../../components/internal/images";

/** A team's namespace, its store, and applications as the test asks for: mode, version and what is to go wrong. */
const { NAMESPACE: team = "", SPARK_VERSION: sparkVersion = "", STEP: step = "" } = process.env;
const registry = "spark-platform.local";

const workspace = new SparkWorkspace("team", { namespace: team });
const store = new ObjectStore("team", {
    namespace: workspace.namespace,
    image: minioImage(registry),
    buckets: ["warehouse"],
    storage: "1g",
});
const runtime: SparkRuntime = {
    namespace: workspace.namespace,
    sparkVersion,
    image: sparkImage(registry, sparkVersion),
    driverServiceAccount: workspace.serverAccount,
    executorServiceAccount: workspace.executorAccount,
    s3: store.connection,
    eventLog: store.eventLog,
};

const pi = { file: "local:///opt/spark/examples/src/main/python/pi.py" };
const small = { driver: { memory: "512m", cpuRequest: "50m" }, executor: { memory: "512m", cpuRequest: "50m", localStorage: "1g" } };
const [what, deployMode] = step.split(" ");

if (what === "pi") {
    new SparkSubmit("pi", { runtime, main: pi, arguments: ["2"], deployMode, ...small });
}
if (what === "more-pi") {
    new SparkSubmit("pi", { runtime, main: pi, arguments: ["3"], deployMode, ...small });
}
if (what === "failing") {
    new SparkSubmit("failing", { runtime, main: { file: "local:///opt/nowhere.py" }, deployMode, ...small });
}
