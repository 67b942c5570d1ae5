import { JupyterLab, MLflow, Postgres, SparkConnect } from "../../../../components";
import { jupyterLabImage, mlflowImage, postgresImage } from "../../../../components/internal/images";
import { newestTested as sparkVersion } from "../../../../components/internal/spark-versions";
import { registry, smallConnect, team } from "../team";

/** A team that works in notebooks: Spark by Connect, experiments in MLflow. */
const pod = { cpuRequest: "50m" };

const own = team(process.env.NAMESPACE ?? "", { buckets: ["warehouse", "mlflow"], ...pod });
const { namespace, store } = own;
const databases = { mlflow: {} };
const postgres = new Postgres("team", { namespace, image: postgresImage(registry), databases, storage: "1g", ...pod });
const connect = new SparkConnect("team", { ...smallConnect(own, sparkVersion), ...pod });
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
