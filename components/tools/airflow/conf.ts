import { levelIn, logLayouts, pythonLevels, type LogFacts } from "../../internal/logs";
import type { S3Facts } from "../../storage/s3a";
import { defaultRegion } from "../../storage/s3a";
import type { EndpointFacts } from "../endpoints";
import type { Role } from "./identity";

export const webPort = 8080;
/** Where the scheduler says that it is well. */
export const healthPort = 8974;

/** Where the exporter takes numbers, and where it shows them. */
export const statsdPort = 9125;
export const exporterPort = 9102;

export const homeDirectory = "/opt/airflow";
export const dagsDirectory = "/opt/airflow-dags";
export const examplesDirectory = "/opt/airflow-examples";
export const templateFile = "/opt/airflow-template/pod.yaml";
/** The name that the executor looks for. */
export const workerContainer = "base";

interface Value {
    name: string;
    value: string;
}

export const values = (pairs: Record<string, string | number | boolean>): Value[] =>
    Object.entries(pairs).map(([name, value]) => ({
        name,
        value: typeof value === "boolean" ? (value ? "True" : "False") : String(value),
    }));

export interface AirflowFacts {
    /** Address of the API server for the others. */
    url: string;
    publicUrl?: string;
    namespace: string;
    exampleDags: boolean;
    maximum: number;
    taskLogs: string;
    s3: S3Facts;
    connect: EndpointFacts[];
    warehouse?: string;
    /** Name of the exporter's server, where there is one. */
    exporter?: string;
    logs?: LogFacts;
}

/** What every process is told, and every task. No secrets are among it. */
export function commonEnvironment({ url, exampleDags, taskLogs, s3, exporter, logs = {} }: AirflowFacts): Value[] {
    const bundles = [
        { name: "dags", classpath: localBundle, kwargs: { path: dagsDirectory } },
        ...(exampleDags ? [{ name: "examples", classpath: localBundle, kwargs: { path: examplesDirectory } }] : []),
    ];
    return values({
        AIRFLOW_HOME: homeDirectory,
        AIRFLOW__CORE__EXECUTOR: "KubernetesExecutor",
        AIRFLOW__CORE__LOAD_EXAMPLES: false,
        AIRFLOW__CORE__EXECUTION_API_SERVER_URL: `${url}/execution/`,
        AIRFLOW__CORE__AUTH_MANAGER: "airflow.providers.fab.auth_manager.fab_auth_manager.FabAuthManager",
        AIRFLOW__DAG_PROCESSOR__DAG_BUNDLE_CONFIG_LIST: JSON.stringify(bundles),
        ...variables("LOGGING", { ...remoteLogging(taskLogs), ...logging(logs) }),
        ...(exporter !== undefined && variables("METRICS", metrics(exporter))),
        AIRFLOW_CONN_PLATFORM_S3: JSON.stringify(storeConnection(s3)),
    });
}

/** Settings of a section as Airflow reads them from the environment. */
export const variables = (section: string, settings: Record<string, string | boolean>): Record<string, string | boolean> =>
    Object.fromEntries(Object.entries(settings).map(([key, value]) => [`AIRFLOW__${section}__${key.toUpperCase()}`, value]));

/** Whatever is on a pod's own disk is gone with the pod. */
export const remoteLogging = (directory: string): Record<string, string | boolean> => ({
    remote_logging: true,
    remote_base_log_folder: directory.replace(/^s3a:/, "s3:"),
    remote_log_conn_id: "platform_s3",
    delete_local_logs: true,
});

/** The web server has a level of its own. */
const logging = ({ level, layout }: LogFacts): Record<string, string | boolean> => ({
    ...(level !== undefined && { logging_level: levelIn(pythonLevels, level), uvicorn_logging_level: levelIn(pythonLevels, level) }),
    ...(layout !== undefined && { json_logs: layout === logLayouts.json }),
});

/** DAGs and tasks stand in labels, in the form of InfluxDB, which the exporter reads; by the older names each would be a metric of its own. */
const metrics = (exporter: string): Record<string, string | boolean> => ({
    statsd_on: true,
    statsd_host: exporter,
    statsd_port: String(statsdPort),
    statsd_influxdb_enabled: true,
    legacy_names_on: false,
});

const localBundle = "airflow.dag_processing.bundles.local.LocalDagBundle";

/** Keys come from the environment, or from the pod's cloud identity. */
export function storeConnection({ endpoint, region = defaultRegion, pathStyle }: S3Facts) {
    return {
        conn_type: "aws",
        extra: {
            region_name: region,
            ...(endpoint !== undefined && { endpoint_url: endpoint }),
            ...(pathStyle && { config_kwargs: { s3: { addressing_style: "path" } } }),
        },
    };
}

/** What the processes are told that know the database; tasks do not. */
export function serverEnvironment({ publicUrl, url, namespace, maximum }: AirflowFacts): Value[] {
    return values({
        // Host, user and password come by libpq's own environment, so that no address holds a password.
        AIRFLOW__DATABASE__SQL_ALCHEMY_CONN: "postgresql+psycopg2://",
        AIRFLOW__API__BASE_URL: publicUrl ?? url,
        AIRFLOW__API__EXPOSE_CONFIG: false,
        AIRFLOW__CORE__PARALLELISM: maximum,
        AIRFLOW__KUBERNETES_EXECUTOR__NAMESPACE: namespace,
        AIRFLOW__KUBERNETES_EXECUTOR__POD_TEMPLATE_FILE: templateFile,
        AIRFLOW__KUBERNETES_EXECUTOR__DELETE_WORKER_PODS: true,
        AIRFLOW__SCHEDULER__ENABLE_HEALTH_CHECK: true,
        AIRFLOW__SCHEDULER__SCHEDULER_HEALTH_CHECK_SERVER_PORT: healthPort,
    });
}

/** What tasks are told about the platform: `SparkSession.builder.getOrCreate()` needs no address in a task. */
export function taskEnvironment({ connect: [first], warehouse }: Pick<AirflowFacts, "connect" | "warehouse">): Value[] {
    return values({ ...(first && { SPARK_REMOTE: first.url }), ...(warehouse !== undefined && { WAREHOUSE: warehouse }) });
}

const airflow = (...args: string[]): string[] => ["python3", "-m", "airflow", ...args];

/** What the container of each part runs; tasks' is given by the executor. */
export const commands: Record<Exclude<Role, "worker">, string[]> = {
    "api-server": airflow("api-server", "--port", String(webPort), "--workers", "1"),
    scheduler: airflow("scheduler"),
    "dag-processor": airflow("dag-processor"),
    triggerer: airflow("triggerer", "--skip-serve-logs"),
    migration: ["python3", "/opt/airflow-programs/prepare.py"],
};

/** The kind of job that a part keeps alive in the database. */
export const jobTypes = { "dag-processor": "DagProcessorJob", triggerer: "TriggererJob" } as const;
