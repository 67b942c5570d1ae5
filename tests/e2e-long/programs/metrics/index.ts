import {
    Airflow,
    HiveMetastore,
    JupyterLab,
    MLflow,
    Postgres,
    SparkConnect,
    SparkHistoryServer,
    SparkStandalone,
    SparkSubmit,
} from "../../../../components";
import {
    airflowImage,
    exportersImage,
    hiveImage,
    jupyterLabImage,
    mlflowImage,
    postgresImage,
    sparkImage,
} from "../../../../components/internal/images";
import { registry, runtimeOf, smallConnect, team } from "../team";

/**
 * A team whose bricks are all watched from another namespace: its store, a Connect server with an executor, a Standalone cluster, the
 * history, a metastore with its database, notebooks, Airflow, MLflow, and an application that does not end. They write logs in all ways that
 * there are.
 */
const { NAMESPACE: given = "", WATCHERS: watchers = "", SPARK_VERSION: sparkVersion = "" } = process.env;
const monitoring = { namespace: watchers };
const small = { cpuRequest: "50m", monitoring };

const own = team(given, { buckets: ["warehouse", "airflow", "mlflow"], memory: "512m", ...small });
const { namespace, store } = own;
const s3 = store.connection;
const { executor, ...sized } = smallConnect(own, sparkVersion);
const connect = new SparkConnect("main", {
    ...sized,
    executor: { ...executor, minimum: 1 },
    monitoring,
    logs: { level: "warn", layout: "text" },
});
const common = { namespace, sparkVersion, image: sparkImage(registry, sparkVersion), ...small };
new SparkStandalone("main", {
    ...common,
    s3,
    logs: { layout: "text" },
    memory: "256m",
    worker: { replicas: 1, cpuRequest: "50m", memory: "512m", memoryOverhead: "128m", daemonMemory: "128m", localStorage: "1g" },
});
new SparkHistoryServer("main", { ...common, eventLog: store.eventLog, memory: "512m", cacheStorage: "512m" });
new JupyterLab("main", {
    namespace,
    image: jupyterLabImage(registry, sparkVersion),
    storage: "1g",
    memory: "512m",
    logs: { level: "debug" },
    ...small,
});

const examples = "opt/spark/examples/src/main/python/streaming";
new SparkSubmit("stream", {
    runtime: { ...runtimeOf(own, sparkVersion), eventLog: undefined },
    // A pod of Spark's own making, in which Spark names the port.
    deployMode: "cluster",
    main: { file: `local:///${examples}/hdfs_wordcount.py` },
    // Nothing ever comes into it, so that there is next to no work.
    arguments: [`file:///${examples}`],
    driver: { memory: "512m", cpuRequest: "50m" },
    executor: { memory: "512m", cpuRequest: "50m", localStorage: "1g" },
    wait: false,
    monitoring,
    logs: { layout: "text" },
});

const exporterImage = exportersImage(registry);
const databases = { metastore: {}, mlflow: {}, airflow: {} };
const postgres = new Postgres("main", {
    ...{ namespace, image: postgresImage(registry), exporterImage, databases, storage: "1g", memory: "384m", logs: { level: "debug" } },
    ...small,
});
const databaseOf = (name: keyof typeof databases) => postgres.connections.apply((connections) => connections[name]!);
new HiveMetastore("main", {
    ...{ namespace, image: hiveImage(registry), s3, warehouse: store.warehouse, database: databaseOf("metastore"), memory: "768m" },
    logs: { level: "info", layout: "text" },
    ...small,
});

/** One task, at once: its pod is gone before Prometheus could look. */
const dag = `
from datetime import datetime
from airflow.sdk import dag, task

@dag(dag_id="once", schedule="@once", start_date=datetime(2025, 1, 1), catchup=False, is_paused_upon_creation=False)
def once():
    @task
    def say():
        print("said")
    say()

once()
`;

new MLflow("main", {
    ...{ namespace, image: mlflowImage(registry), s3, artifacts: "s3a://mlflow/artifacts", database: databaseOf("mlflow") },
    ...{ workers: 1, memory: "1g", logs: { level: "warn" }, ...small },
});
new Airflow("main", {
    ...{ namespace, image: airflowImage(registry, sparkVersion), exporterImage, s3, taskLogs: "s3a://airflow/logs" },
    database: databaseOf("airflow"),
    dags: { "once.py": dag },
    apiServer: { memory: "1500m", cpuRequest: "50m" },
    scheduler: { memory: "1g", cpuRequest: "50m" },
    dagProcessor: { memory: "768m", cpuRequest: "50m" },
    triggerer: { memory: "768m", cpuRequest: "50m" },
    worker: { memory: "768m", cpuRequest: "50m", maximum: 1 },
    monitoring,
    logs: { layout: "json" },
});

export const url = connect.url;
export const clientLabels = connect.clientLabels;
