import * as pulumi from "@pulumi/pulumi";

import { PlatformIngress } from "../edge/platform-ingress";
import { Observability } from "../observability";
import { DatabaseBackup } from "../operations/backup";
import { PlatformSecrets } from "../secrets";
import { ScheduledSparkApplication, SparkApplication } from "../spark/application";
import { SparkClassic } from "../spark/classic";
import { SparkConnect } from "../spark/connect";
import type { ClassicConnection, SparkRuntime, StandaloneConnection } from "../spark/connections";
import { SparkHistoryPortal } from "../spark/history-portal";
import { HiveMetastore } from "../spark/hive-metastore";
import { SparkHistoryServer } from "../spark/history-server";
import { SparkStandalone } from "../spark/standalone";
import { SparkSubmit } from "../spark/submit";
import { AwsBuckets } from "../storage/aws-buckets";
import { AwsIdentity } from "../storage/aws-identity";
import { AwsPostgres } from "../storage/aws-postgres";
import { ObjectStore } from "../storage/object-store";
import { Postgres } from "../storage/postgres";
import { Airflow } from "../tools/airflow";
import { JupyterHub } from "../tools/jupyter-hub";
import { JupyterLab } from "../tools/jupyter-lab";
import { MLflow } from "../tools/mlflow";
import { SparkWorkspace } from "../workspace";
import type { SparkPlatformArgs } from "./args";
import { resolvePlatform } from "./resolve";
import { application } from "./wiring/applications";
import * as aws from "./wiring/aws";
import { databaseBackup } from "./wiring/backups";
import * as databases from "./wiring/databases";
import * as edge from "./wiring/edge";
import type { Ground } from "./wiring/ground";
import { outputs as outputsOf } from "./wiring/outputs";
import * as keys from "./wiring/secrets";
import * as spark from "./wiring/spark";
import * as stores from "./wiring/storage";
import * as tools from "./wiring/tools";

export type {
    SparkPlatformAirflow,
    SparkPlatformArgs,
    SparkPlatformConnect,
    SparkPlatformHistoryServer,
    SparkPlatformHiveMetastore,
    SparkPlatformImages,
    SparkPlatformJupyterHub,
    SparkPlatformJupyterLab,
    SparkPlatformMLflow,
    SparkPlatformObjectStore,
    SparkPlatformPostgres,
    SparkPlatformStandalone,
    SparkPlatformStorage,
} from "./args";
export type {
    SparkPlatformApplication,
    SparkPlatformAws,
    SparkPlatformBackup,
    SparkPlatformClassic,
    SparkPlatformHistoryPortal,
    SparkPlatformIngress,
    SparkPlatformIngressConnect,
    SparkPlatformSchedule,
    SparkPlatformSecrets,
    SparkPlatformSubmit,
} from "./surroundings";

/** The bricks of a Spark platform, wired together: nothing here that a user's own program could not do. */
export class SparkPlatform extends pulumi.ComponentResource {
    /** Namespace that everything runs in. */
    public readonly namespace: pulumi.Output<string>;
    /** Addresses of the Connect servers inside the cluster, by name: sc://service.namespace.svc:15002. */
    public readonly connectUrls: pulumi.Output<Record<string, string>>;
    /** Labels that let a pod of the platform's namespace through to each Connect server, by name. */
    public readonly connectClientLabels: pulumi.Output<Record<string, Record<string, string>>>;
    /** What an application of the platform's Spark version inherits: image, accounts, stores. */
    public readonly runtime: pulumi.Output<SparkRuntime>;
    /** The same for each line of Spark: 3.5, 4.1. */
    public readonly runtimes: pulumi.Output<Record<string, SparkRuntime>>;
    /** How drivers reach each Standalone cluster, by name. */
    public readonly standaloneConnections: pulumi.Output<Record<string, StandaloneConnection>>;
    /** How a pod of the namespace starts each of the classic sessions, by name. */
    public readonly classicConnections: pulumi.Output<Record<string, ClassicConnection>>;
    /** URLs of the masters' web UIs inside the cluster, by name of the Standalone cluster. */
    public readonly standaloneUiUrls: pulumi.Output<Record<string, string>>;
    /** Seconds until the executors of each Connect server are told to go when nothing runs, by name. */
    public readonly executorIdleSeconds: pulumi.Output<Record<string, number>>;
    /** URL of the History Server's UI inside the cluster; empty without one. */
    public readonly historyServerUrl: pulumi.Output<string>;
    /** Seconds by which the history of a running application may be late; 0 without a History Server. */
    public readonly historyLatenessSeconds: pulumi.Output<number>;
    /** URLs of the notebook servers inside the cluster, by name. */
    public readonly jupyterLabUrls: pulumi.Output<Record<string, string>>;
    /** Secrets with the key token, which people log in to the notebook servers with, by name. */
    public readonly jupyterLabTokenSecrets: pulumi.Output<Record<string, string>>;
    /** URL of JupyterHub inside the cluster; empty without it. */
    public readonly jupyterHubUrl: pulumi.Output<string>;
    /** Secret with a password for each user of JupyterHub, under the user's name; empty without it, and with oidc. */
    public readonly jupyterHubPasswordsSecret: pulumi.Output<string>;
    /** URL of MLflow inside the cluster; empty without it. */
    public readonly mlflowUrl: pulumi.Output<string>;
    /** URL of Airflow inside the cluster; empty without it. */
    public readonly airflowUrl: pulumi.Output<string>;
    /** Secret with the keys username and password of Airflow's administrator; empty without it. */
    public readonly airflowAdminSecret: pulumi.Output<string>;
    /** Names of the Secrets by the names that providers know them by; empty where each part makes its own. */
    public readonly secretNames: pulumi.Output<Record<string, string>>;
    /** What is called from outside, by the first part of the host name; empty without a way in. */
    public readonly publicUrls: pulumi.Output<Record<string, string>>;
    /** URL of the S3 API; empty for AWS's own. */
    public readonly s3Endpoint: pulumi.Output<string>;
    /** Directory for tables; empty where the store exists already. */
    public readonly warehouse: pulumi.Output<string>;

    constructor(name: string, args: SparkPlatformArgs, opts?: pulumi.ComponentResourceOptions) {
        super("spark-platform:index:SparkPlatform", name, {}, opts);
        const platform = resolvePlatform(name, args);
        const child = { parent: this };

        const buckets = one(aws.buckets(platform), (own) => new AwsBuckets(name, own, child));
        const identities = many(aws.identities(platform, buckets), (role, own) => new AwsIdentity(`${name}-${role}`, own, child));
        const roles = aws.granted(Object.fromEntries(identities));
        const workspace = new SparkWorkspace(name, stores.workspace(platform, roles), child);
        const secrets = one(keys.secrets(platform, workspace.namespace, roles), (own) => new PlatformSecrets(name, own, child));
        const store = one(stores.objectStore(platform, workspace), (own) => new ObjectStore(name, own, child));
        const provided = keys.provided(platform, secrets);
        const storage = stores.storage(platform, store, buckets, provided);
        const ground: Ground = { platform, workspace, roles, secrets: provided, storage };

        const databaseFor = (part: databases.Consumer, database: string) => {
            const own = `${name}-${database}`;
            const server = one(databases.postgres(ground, part, database), (settings) => new Postgres(own, settings, child));
            const service = one(databases.awsPostgres(ground, part, database), (settings) => new AwsPostgres(own, settings, child));
            const connection = databases.databaseOf(part, server, service, database);
            one(part.backup, (backup) => new DatabaseBackup(own, databaseBackup(ground, backup, database, connection), child));
            return connection;
        };
        const history = one(spark.historyServer(ground), (own) => new SparkHistoryServer(name, own, child));
        const metastore = one(platform.hiveMetastore, (part) => {
            const database = databaseFor(part, "metastore");
            return new HiveMetastore(name, databases.hiveMetastore(ground, part, database), child);
        });
        const clusters = many(
            platform.standalone,
            (key, part) => new SparkStandalone(`${name}-${key}`, spark.standalone(ground, key, part), child),
        );
        const servers = many(
            platform.connect,
            (key, part) => new SparkConnect(`${name}-${key}`, spark.connect(ground, key, part, clusters, metastore), child),
        );
        const sessions = many(
            platform.classic,
            (key, part) => new SparkClassic(`${name}-${key}`, spark.classic(ground, part, clusters, metastore), child),
        );
        const mlflow = one(platform.mlflow, (part) => new MLflow(name, tools.mlflow(ground, part, databaseFor(part, "mlflow")), child));
        const labs = many(
            platform.jupyterLab,
            (key, part) => new JupyterLab(`${name}-${key}`, tools.jupyterLab(ground, key, part, servers, history, mlflow, sessions), child),
        );
        const hub = one(
            platform.jupyterHub,
            (part) => new JupyterHub(name, tools.jupyterHub(ground, part, servers, history, mlflow), child),
        );
        const airflow = one(
            platform.airflow,
            (part) => new Airflow(name, tools.airflow(ground, part, databaseFor(part, "airflow"), servers, mlflow, sessions), child),
        );
        const portal =
            history &&
            one(platform.historyPortal, (part) => new SparkHistoryPortal(name, edge.historyPortal(ground, part, history), child));
        many(platform.sparkSubmit, (key, part) => new SparkSubmit(`${name}-${key}`, application(ground, part, metastore), child));
        many(platform.sparkApplication, (key, part) => new SparkApplication(`${name}-${key}`, application(ground, part, metastore), child));
        many(
            platform.scheduledSparkApplication,
            (key, part) => new ScheduledSparkApplication(`${name}-${key}`, application(ground, part, metastore), child),
        );

        one(platform.observability, (part) => new Observability(name, { ...part, namespace: workspace.namespace }, child));

        const made = { storage, secrets, history, portal, clusters, sessions, servers, labs, hub, mlflow, airflow };
        const ingress = one(edge.ingress(ground, made), (own) => new PlatformIngress(name, own, child));

        const { runtime, runtimes } = spark.runtimes(ground, metastore);
        const outputs = outputsOf(made, ingress);
        this.namespace = workspace.namespace;
        this.connectUrls = outputs.connectUrls;
        this.connectClientLabels = outputs.connectClientLabels;
        this.runtime = runtime;
        this.runtimes = runtimes;
        this.standaloneConnections = outputs.standaloneConnections;
        this.classicConnections = outputs.classicConnections;
        this.standaloneUiUrls = outputs.standaloneUiUrls;
        this.executorIdleSeconds = outputs.executorIdleSeconds;
        this.historyServerUrl = outputs.historyServerUrl;
        this.historyLatenessSeconds = outputs.historyLatenessSeconds;
        this.jupyterLabUrls = outputs.jupyterLabUrls;
        this.jupyterLabTokenSecrets = outputs.jupyterLabTokenSecrets;
        this.jupyterHubUrl = outputs.jupyterHubUrl;
        this.jupyterHubPasswordsSecret = outputs.jupyterHubPasswordsSecret;
        this.mlflowUrl = outputs.mlflowUrl;
        this.airflowUrl = outputs.airflowUrl;
        this.airflowAdminSecret = outputs.airflowAdminSecret;
        this.secretNames = outputs.secretNames;
        this.publicUrls = outputs.publicUrls;
        this.s3Endpoint = outputs.s3Endpoint;
        this.warehouse = outputs.warehouse;
        this.registerOutputs({ namespace: this.namespace, runtime, runtimes, ...outputs });
    }
}

/** A brick whose section is given. */
const one = <Settings, Brick>(settings: Settings | undefined, make: (settings: Settings) => Brick): Brick | undefined =>
    settings === undefined ? undefined : make(settings);

/** Bricks that there may be several of. */
const many = <Settings, Brick>(named: Record<string, Settings>, make: (key: string, settings: Settings) => Brick) =>
    Object.entries(named).map(([key, settings]) => [key, make(key, settings)] as const);
