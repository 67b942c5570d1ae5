import * as pulumi from "@pulumi/pulumi";

import { SparkConnect } from "../spark/connect";
import type { SparkRuntime } from "../spark/connections";
import { SparkHistoryServer } from "../spark/history-server";
import { ObjectStore } from "../storage/object-store";
import { SparkWorkspace } from "../workspace";
import { resolvePlatform, type SparkPlatformArgs } from "./args";
import * as bricks from "./bricks";

export type {
    SparkPlatformArgs,
    SparkPlatformConnect,
    SparkPlatformHistoryServer,
    SparkPlatformImages,
    SparkPlatformObjectStore,
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
    /** Seconds until the executors of each Connect server are told to go when nothing runs, by name. */
    public readonly executorIdleSeconds: pulumi.Output<Record<string, number>>;
    /** URL of the History Server's UI inside the cluster; empty without one. */
    public readonly historyServerUrl: pulumi.Output<string>;
    /** Seconds by which the history of a running application may be late; 0 without a History Server. */
    public readonly historyLatenessSeconds: pulumi.Output<number>;
    /** URL of the S3 API; empty for AWS's own. */
    public readonly s3Endpoint: pulumi.Output<string>;
    /** Directory for tables; empty where the store exists already. */
    public readonly warehouse: pulumi.Output<string>;

    constructor(name: string, args: SparkPlatformArgs, opts?: pulumi.ComponentResourceOptions) {
        super("spark-platform:index:SparkPlatform", name, {}, opts);
        const platform = resolvePlatform(name, args);
        const child = { parent: this };

        const workspace = new SparkWorkspace(name, bricks.workspace(platform), child);
        const store = platform.objectStore && new ObjectStore(name, bricks.objectStore(platform, platform.objectStore, workspace), child);
        const storage = bricks.storage(platform, store);
        const history = bricks.historyServer(platform, storage, workspace);
        const historyServer = history && new SparkHistoryServer(name, history, child);
        const servers = Object.entries(platform.connect).map(
            ([key, settings]) =>
                [key, new SparkConnect(`${name}-${key}`, bricks.connect(platform, settings, storage, workspace), child)] as const,
        );

        const { runtime, runtimes } = bricks.runtimes(platform, storage, workspace);
        const outputs = bricks.outputs(storage, historyServer, servers);
        this.namespace = workspace.namespace;
        this.connectUrls = outputs.connectUrls;
        this.connectClientLabels = outputs.connectClientLabels;
        this.runtime = runtime;
        this.runtimes = runtimes;
        this.executorIdleSeconds = outputs.executorIdleSeconds;
        this.historyServerUrl = outputs.historyServerUrl;
        this.historyLatenessSeconds = outputs.historyLatenessSeconds;
        this.s3Endpoint = outputs.s3Endpoint;
        this.warehouse = outputs.warehouse;
        this.registerOutputs({ namespace: this.namespace, runtime, runtimes, ...outputs });
    }
}
