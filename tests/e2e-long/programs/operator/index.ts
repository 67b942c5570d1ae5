import {
    ObjectStore,
    ScheduledSparkApplication,
    SparkApplication,
    SparkOperatorAddOn,
    SparkWorkspace,
    type SparkRuntime,
} from "../../../../components";
import { minioImage, sparkImage } from "../../../../components/internal/images";
import { sparkOperator } from "../../../../sandbox/versions.json";

/** The operator, a team's namespace and store, and applications of the lines that the test asks for. */
const { NAMESPACE: team = "", CHART: chart = "", SPARK_VERSIONS: versions = "", SCHEDULE: schedule = "" } = process.env;
const registry = "spark-platform.local";

const workspace = new SparkWorkspace("team", { namespace: team });
const operator = new SparkOperatorAddOn(
    "spark",
    {
        namespace: `${team}-operator`,
        jobNamespaces: [team],
        image: `${registry}/spark-operator:${sparkOperator}`,
        memory: "1g",
        archive: chart,
    },
    { dependsOn: workspace },
);
const store = new ObjectStore("team", {
    namespace: workspace.namespace,
    image: minioImage(registry),
    buckets: ["warehouse"],
    storage: "1g",
});

const runtime = (sparkVersion: string): SparkRuntime => ({
    namespace: workspace.namespace,
    sparkVersion,
    image: sparkImage(registry, sparkVersion),
    driverServiceAccount: workspace.serverAccount,
    executorServiceAccount: workspace.executorAccount,
    s3: store.connection,
    eventLog: store.eventLog,
});
const pi = {
    main: { file: "local:///opt/spark/examples/src/main/python/pi.py" },
    arguments: ["2"],
    driver: { memory: "512m", cpuRequest: "50m" },
    executor: { memory: "512m", cpuRequest: "50m", localStorage: "1g" },
};
const needs = { dependsOn: [operator] };

for (const version of versions.split(" ").filter(Boolean)) {
    new SparkApplication(`pi-${version.replaceAll(".", "-")}`, { runtime: runtime(version), ...pi }, needs);
}
if (schedule !== "") {
    new ScheduledSparkApplication("ticking", { runtime: runtime("4.1.0"), ...pi, schedule, keepSuccessful: 1 }, needs);
}
