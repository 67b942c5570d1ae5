import * as pulumi from "@pulumi/pulumi";

import { SparkConnect } from "../spark/connect";
import type { SparkRuntime, StandaloneConnection } from "../spark/connections";
import { SparkHistoryServer } from "../spark/history-server";
import { SparkStandalone } from "../spark/standalone";
import { ObjectStore } from "../storage/object-store";
import { SparkWorkspace } from "../workspace";
import { JupyterLab } from "../tools/jupyter-lab";
import type { SparkPlatformArgs } from "./args";
import { resolvePlatform } from "./resolve";
import { outputs as outputsOf } from "./wiring/outputs";
import * as spark from "./wiring/spark";
import * as stores from "./wiring/storage";
import * as tools from "./wiring/tools";

export type {
    SparkPlatformArgs,
    SparkPlatformConnect,
    SparkPlatformHistoryServer,
    SparkPlatformImages,
    SparkPlatformJupyterLab,
    SparkPlatformObjectStore,
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
        const clusters = many(
            platform.standalone,
            (key, settings) => new SparkStandalone(key, spark.standalone(platform, settings, storage, workspace), child),
        );
        const servers = many(
            platform.connect,
            (key, settings) => new SparkConnect(key, spark.connect(platform, settings, storage, workspace, clusters), child),
        );
        const labs = many(
            platform.jupyterLab,
            (key, settings) => new JupyterLab(key, tools.jupyterLab(platform, settings, workspace, servers, historyServer), child),
        );

        const { runtime, runtimes } = spark.runtimes(platform, storage, workspace);
        const outputs = outputsOf(storage, historyServer, clusters, servers, labs);
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
        this.s3Endpoint = outputs.s3Endpoint;
        this.warehouse = outputs.warehouse;
        this.registerOutputs({ namespace: this.namespace, runtime, runtimes, ...outputs });
    }
}
