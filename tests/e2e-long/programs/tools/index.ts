import { JupyterLab, MLflow, ObjectStore, Postgres, SparkConnect, SparkWorkspace } from "../../../../components";
import { jupyterLabImage, minioImage, mlflowImage, postgresImage, sparkImage } from "../../../../components/internal/images";
import { testedVersions } from "../../../../components/internal/spark-versions";

/** A team that works in notebooks: Spark by Connect, experiments in MLflow. */
const registry = "spark-platform.local";
const sparkVersion = testedVersions.at(-1) ?? "";
const pod = { cpuRequest: "50m" };

const { namespace, serverAccount, executorAccount } = new SparkWorkspace("team", { namespace: process.env.NAMESPACE ?? "" });
const image = minioImage(registry);
const store = new ObjectStore("team", { namespace, image, buckets: ["warehouse", "mlflow"], storage: "1g", ...pod });
const databases = { mlflow: {} };
const postgres = new Postgres("team", { namespace, image: postgresImage(registry), databases, storage: "1g", ...pod });
const connect = new SparkConnect("team", {
    namespace,
    sparkVersion,
    image: sparkImage(registry, sparkVersion),
    serviceAccount: serverAccount,
    executorServiceAccount: executorAccount,
    s3: store.connection,
    memory: "1g",
    ...pod,
    executor: { memory: "512m", cpuRequest: "100m", maximum: 1, localStorage: "1g" },
});
const mlflow = new MLflow("team", {
    namespace,
    image: mlflowImage(registry),
    database: postgres.connections.apply(({ mlflow: connection }) => connection!),
    s3: store.connection,
    artifacts: "s3a://mlflow/artifacts",
    workers: 1,
    ...pod,
});
const lab = new JupyterLab("team", {
    namespace,
    image: jupyterLabImage(registry, sparkVersion),
    connect: [{ url: connect.url, clientLabels: connect.clientLabels }],
    tracking: mlflow.connection,
    storage: "1g",
    memory: "1g",
    ...pod,
});

export const notebooks = lab.url;
export const tokenSecret = lab.tokenSecret;
export const tracking = mlflow.connection;
