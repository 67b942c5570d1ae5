import { ObjectStore, SparkConnect, SparkOperatorAddOn, SparkWorkspace } from "../../../../components";
import { minioImage, sparkImage } from "../../../../components/internal/images";
import { sparkOperator } from "../../../../sandbox/versions.json";

/** The operator, a team's namespace and store, and a Connect server that the operator runs. */
const { NAMESPACE: team = "", CHART: chart = "", SPARK_VERSION: sparkVersion = "" } = process.env;
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
    memory: "512m",
});
const server = new SparkConnect(
    "main",
    {
        backend: "operator",
        namespace: workspace.namespace,
        sparkVersion,
        image: sparkImage(registry, sparkVersion),
        serviceAccount: workspace.serverAccount,
        executorServiceAccount: workspace.executorAccount,
        s3: store.connection,
        warehouse: store.warehouse,
        memory: "1g",
        cpuRequest: "100m",
        executor: { memory: "512m", cpuRequest: "100m", localStorage: "1g", maximum: 1 },
    },
    { dependsOn: [operator] },
);

export const url = server.url;
export const clientLabels = server.clientLabels;
