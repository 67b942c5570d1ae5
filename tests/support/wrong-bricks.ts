import type { BrickCorpus } from "./wrong";
import { handedOn, platform } from "./wrong-platform";
import * as spark from "./wrong-spark";
import * as storage from "./wrong-storage";
import * as surroundings from "./wrong-surroundings";
import * as tools from "./wrong-tools";

/** The corpus, brick by brick. */
export const corpus: Record<string, BrickCorpus> = {
    SparkConnect: spark.connect,
    SparkStandalone: spark.standalone,
    SparkSubmit: spark.submit,
    SparkClassic: spark.classic,
    SparkApplication: spark.sparkApplication,
    ScheduledSparkApplication: spark.scheduled,
    SparkHistoryServer: spark.historyServer,
    SparkHistoryPortal: spark.historyPortal,
    HiveMetastore: spark.hiveMetastore,
    SparkWorkspace: storage.workspace,
    ObjectStore: storage.objectStore,
    Postgres: storage.postgres,
    DatabaseBackup: storage.databaseBackup,
    AwsBuckets: storage.awsBuckets,
    AwsIdentity: storage.awsIdentity,
    AwsPostgres: storage.awsPostgres,
    JupyterLab: tools.jupyterLab,
    JupyterHub: tools.jupyterHub,
    MLflow: tools.mlflow,
    Airflow: tools.airflow,
    AirflowAttachment: tools.airflowAttachment,
    JupyterHubAttachment: tools.jupyterHubAttachment,
    Observability: surroundings.observability,
    PlatformIngress: surroundings.ingress,
    PlatformSecrets: surroundings.platformSecrets,
    SparkPlatform: platform,
    ...surroundings.addOns,
};

/** Types and fields that no value is wrong for, and why: every other field has a wrong value in the corpus. */
const alwaysRight: Record<string, string> = {
    boolean: "both values mean something; anything else the language, or the schema of the package, refuses",
    "pod.tokenAudience": "any text may be an audience, and an empty one is none",
    arguments: "any text may be an argument of a program",
};

/** Whether the corpus has a wrong value of a brick's field, be it that of the brick which the platform hands the field to. */
export function hasWrongValue(brick: string, field: string): boolean {
    const own = (corpus[brick]?.cases ?? []).some(({ lines }) => lines.some(({ path }) => path === field));
    const parts = brick === "SparkPlatform" ? handedOn.filter(({ path }) => field.startsWith(`${path}.`)) : [];
    return own || parts.some(({ path, brick: to, at }) => hasWrongValue(to, `${at ? `${at}.` : ""}${field.slice(path.length + 1)}`));
}

export const isAlwaysRight = (field: string, type: string): boolean =>
    Object.keys(alwaysRight).some((one) => one === type || field === one || field.endsWith(`.${one}`));
