import * as pulumi from "@pulumi/pulumi";

import { Observability } from "../observability";
import { SparkConnect } from "../spark/connect";
import type { SparkRuntime, StandaloneConnection } from "../spark/connections";
import { HiveMetastore } from "../spark/hive-metastore";
import { SparkHistoryServer } from "../spark/history-server";
import { SparkStandalone } from "../spark/standalone";
import { ObjectStore } from "../storage/object-store";
import { SparkWorkspace } from "../workspace";
import { Postgres } from "../storage/postgres";
import { Airflow } from "../tools/airflow";
import { MLflow } from "../tools/mlflow";
import { JupyterLab } from "../tools/jupyter-lab";
import type { SparkPlatformArgs } from "./args";
import { resolvePlatform } from "./resolve";
import * as databases from "./wiring/databases";
import { outputs as outputsOf } from "./wiring/outputs";
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
    SparkPlatformJupyterLab,
    SparkPlatformMLflow,
    SparkPlatformObjectStore,
    SparkPlatformPostgres,
    SparkPlatformStandalone,
    SparkPlatformStorage,
} from "./args";

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
    /** URL of MLflow inside the cluster; empty without it. */
    public readonly mlflowUrl: pulumi.Output<string>;
    /** URL of Airflow inside the cluster; empty without it. */
    public readonly airflowUrl: pulumi.Output<string>;
    /** Secret with the keys username and password of Airflow's administrator; empty without it. */
    public readonly airflowAdminSecret: pulumi.Output<string>;
    /** URL of the S3 API; empty for AWS's own. */
    public readonly s3Endpoint: pulumi.Output<string>;
    /** Directory for tables; empty where the store exists already. */
    public readonly warehouse: pulumi.Output<string>;

    constructor(name: string, args: SparkPlatformArgs, opts?: pulumi.ComponentResourceOptions) {
        super("spark-platform:index:SparkPlatform", name, {}, opts);
        const platform = resolvePlatform(name, args);
        const child = { parent: this };

        const many = <Settings, Brick>(named: Record<string, Settings>, make: (name: string, settings: Settings) => Brick) =>
            Object.entries(named).map(([key, settings]) => [key, make(`${name}-${key}`, settings)] as const);

        const workspace = new SparkWorkspace(name, stores.workspace(platform), child);
        const store = platform.objectStore && new ObjectStore(name, stores.objectStore(platform, platform.objectStore, workspace), child);
        const storage = stores.storage(platform, store);
        const history = spark.historyServer(platform, storage, workspace);
        const historyServer = history && new SparkHistoryServer(name, history, child);
        const databaseFor = (consumer: databases.Consumer, database: string) => {
            const own = consumer.database === undefined && databases.postgres(platform, consumer.postgres ?? {}, database, workspace);
            const server = own ? new Postgres(`${name}-${database}`, own, child) : undefined;
            return databases.databaseOf(consumer, server, database);
        };

        const metastore =
            platform.hiveMetastore &&
            new HiveMetastore(
                name,
                databases.hiveMetastore(
                    platform,
                    platform.hiveMetastore,
                    storage,
                    workspace,
                    databaseFor(platform.hiveMetastore, "metastore"),
                ),
                child,
            );
        const clusters = many(
            platform.standalone,
            (key, settings) => new SparkStandalone(key, spark.standalone(platform, settings, storage, workspace), child),
        );
        const servers = many(
            platform.connect,
            (key, settings) => new SparkConnect(key, spark.connect(platform, settings, storage, workspace, clusters, metastore), child),
        );
        const mlflow =
            platform.mlflow &&
            new MLflow(name, tools.mlflow(platform, platform.mlflow, storage, workspace, databaseFor(platform.mlflow, "mlflow")), child);
        const labs = many(
            platform.jupyterLab,
            (key, settings) => new JupyterLab(key, tools.jupyterLab(platform, settings, workspace, servers, historyServer, mlflow), child),
        );
        const airflow =
            platform.airflow &&
            new Airflow(
                name,
                tools.airflow(platform, platform.airflow, storage, workspace, databaseFor(platform.airflow, "airflow"), servers, mlflow),
                child,
            );

        if (platform.observability) {
            new Observability(name, { ...platform.observability, namespace: workspace.namespace }, child);
        }

        const { runtime, runtimes } = spark.runtimes(platform, storage, workspace, metastore);
        const outputs = outputsOf({ storage, history: historyServer, clusters, servers, labs, mlflow, airflow });
        this.namespace = workspace.namespace;
        this.connectUrls = outputs.connectUrls;
        this.connectClientLabels = outputs.connectClientLabels;
        this.runtime = runtime;
        this.runtimes = runtimes;
        this.standaloneConnections = outputs.standaloneConnections;
        this.standaloneUiUrls = outputs.standaloneUiUrls;
        this.executorIdleSeconds = outputs.executorIdleSeconds;
        this.historyServerUrl = outputs.historyServerUrl;
        this.historyLatenessSeconds = outputs.historyLatenessSeconds;
        this.jupyterLabUrls = outputs.jupyterLabUrls;
        this.jupyterLabTokenSecrets = outputs.jupyterLabTokenSecrets;
        this.mlflowUrl = outputs.mlflowUrl;
        this.airflowUrl = outputs.airflowUrl;
        this.airflowAdminSecret = outputs.airflowAdminSecret;
        this.s3Endpoint = outputs.s3Endpoint;
        this.warehouse = outputs.warehouse;
        this.registerOutputs({ namespace: this.namespace, runtime, runtimes, ...outputs });
    }
}
