import { Airflow, DatabaseBackup, MLflow, Postgres, SparkConnect } from "../../../../components";
import { airflowImage, backupImage, mlflowImage, postgresImage } from "../../../../components/internal/images";
import { newestTested as sparkVersion } from "../../../../components/internal/spark-versions";
import { registry, smallConnect, team } from "../team";

/** A team whose work is scheduled: Spark by Connect, experiments in MLflow, and the database of its Airflow backed up. */
const small = { cpuRequest: "50m" };

const own = team(process.env.NAMESPACE ?? "", { buckets: ["warehouse", "airflow", "mlflow", "backups"], ...small });
const { namespace, store } = own;
const postgres = new Postgres("team", {
    namespace,
    image: postgresImage(registry),
    databases: { airflow: {}, mlflow: {} },
    storage: "1g",
    memory: "384m",
    ...small,
});
const connect = new SparkConnect("team", { ...smallConnect(own, sparkVersion), ...small });
const mlflow = new MLflow("team", {
    namespace,
    image: mlflowImage(registry),
    database: postgres.connections.apply(({ mlflow: connection }) => connection!),
    s3: store.connection,
    artifacts: "s3a://mlflow/artifacts",
    workers: 1,
    memory: "1g",
    ...small,
});
const database = postgres.connections.apply(({ airflow: connection }) => connection!);
const airflow = new Airflow("team", {
    namespace,
    image: airflowImage(registry, sparkVersion),
    database,
    s3: store.connection,
    taskLogs: "s3a://airflow/logs",
    warehouse: "s3a://warehouse/tables",
    connect: [{ url: connect.url, clientLabels: connect.clientLabels }],
    tracking: mlflow.connection,
    exampleDags: true,
    apiServer: { memory: "1500m", ...small },
    scheduler: { memory: "1g", ...small },
    dagProcessor: { memory: "768m", ...small },
    triggerer: { memory: "768m", ...small },
    worker: { memory: "768m", maximum: 2, ...small },
});
const backup = new DatabaseBackup("airflow", {
    namespace,
    image: backupImage(registry),
    database,
    s3: store.connection,
    bucket: "backups",
    memory: "256m",
    paused: true,
});

export const url = airflow.url;
export const adminSecret = airflow.adminSecret;
export const backups = backup.cronJob;
