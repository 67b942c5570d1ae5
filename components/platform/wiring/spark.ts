import * as pulumi from "@pulumi/pulumi";

import { sparkImage, tlsProxyImage } from "../../internal/images";
import { sparkLine, sparkLines } from "../../internal/spark-versions";
import { SparkConnectBackend } from "../../spark/connect/backends";
import type { SparkConnectArgs } from "../../spark/connect/args";
import type { SparkRuntime } from "../../spark/connections";
import type { HiveMetastore } from "../../spark/hive-metastore";
import type { SparkHistoryServerArgs } from "../../spark/history-server/args";
import type { SparkStandalone } from "../../spark/standalone";
import type { SparkStandaloneArgs } from "../../spark/standalone/args";
import type { SparkWorkspace } from "../../workspace";
import type { SparkPlatformConnect, SparkPlatformStandalone } from "../args";
import type { ResolvedPlatform } from "../resolve";
import type { Named } from "./outputs";
import { monitoringOf, podOf } from "./pods";
import type { Storage } from "./storage";

export function historyServer(
    platform: ResolvedPlatform,
    { eventLog }: Storage,
    { namespace, executorAccount }: SparkWorkspace,
): SparkHistoryServerArgs | undefined {
    const { historyServer: settings } = platform;
    if (settings === undefined || eventLog === undefined) {
        return undefined;
    }
    const sparkVersion = settings.sparkVersion ?? platform.sparkVersion;
    return {
        ...settings,
        namespace,
        eventLog,
        sparkVersion,
        // It needs the store and nothing else, just like an executor.
        serviceAccount: executorAccount,
        image: settings.image ?? sparkImage(platform.images.registry, sparkVersion),
        pod: podOf(platform, settings.pod),
    };
}

export function standalone(
    platform: ResolvedPlatform,
    settings: SparkPlatformStandalone,
    { s3 }: Storage,
    { namespace }: SparkWorkspace,
): SparkStandaloneArgs {
    const sparkVersion = settings.sparkVersion ?? platform.sparkVersion;
    return {
        ...settings,
        namespace,
        sparkVersion,
        image: settings.image ?? sparkImage(platform.images.registry, sparkVersion),
        s3,
        apiServer: settings.apiServer ?? platform.apiServer,
        monitoring: monitoringOf(platform, settings),
        worker: { ...settings.worker, pod: podOf(platform, settings.worker?.pod) },
        pod: podOf(platform, settings.pod),
    };
}

const named = <Brick>(bricks: Named<Brick>, name: string | undefined) => bricks.find(([key]) => key === name)?.[1];

/** Executors of a Standalone cluster are no pods: nobody makes them, and they have no account of their own. */
const executorsInWorkers = ({ backend = SparkConnectBackend.Standalone }: SparkPlatformConnect, { connection }: SparkStandalone) => ({
    backend,
    standalone: connection,
});

export function connect(
    platform: ResolvedPlatform,
    settings: SparkPlatformConnect,
    { s3, eventLog, warehouse }: Storage,
    workspace: SparkWorkspace,
    clusters: Named<SparkStandalone>,
    metastore: HiveMetastore | undefined,
): SparkConnectArgs {
    const { sparkVersion = platform.sparkVersion, standalone, executor, ...own } = settings;
    const cluster = named(clusters, standalone);
    return {
        ...own,
        ...(cluster
            ? { ...executorsInWorkers(settings, cluster), serviceAccount: workspace.executorAccount }
            : { serviceAccount: workspace.serverAccount, executorServiceAccount: workspace.executorAccount }),
        namespace: workspace.namespace,
        sparkVersion,
        image: settings.image ?? sparkImage(platform.images.registry, sparkVersion),
        s3,
        eventLog,
        metastore: metastore?.connection,
        proxyImage: settings.tls && tlsProxyImage(platform.images.registry),
        warehouse: settings.warehouse ?? warehouse,
        apiServer: settings.apiServer ?? platform.apiServer,
        monitoring: monitoringOf(platform, settings),
        executor: { ...executor, pod: podOf(platform, executor?.pod) },
        pod: podOf(platform, settings.pod),
    };
}

/** What applications inherit, by line of Spark. The platform's own line runs in its version, any other in the one that is tested. */
export function runtimes(
    platform: ResolvedPlatform,
    { s3, eventLog, warehouse }: Storage,
    workspace: SparkWorkspace,
    metastore?: HiveMetastore,
) {
    const own = sparkLine(platform.sparkVersion);
    const runtimeOf = (sparkVersion: string): SparkRuntime => ({
        namespace: workspace.namespace,
        sparkVersion,
        image: sparkImage(platform.images.registry, sparkVersion),
        imagePullSecrets: platform.images.pullSecrets,
        driverServiceAccount: workspace.serverAccount,
        executorServiceAccount: workspace.executorAccount,
        s3,
        eventLog,
        metastore: metastore?.connection,
        warehouse,
        apiServer: platform.apiServer,
    });
    const byLine: Record<string, SparkRuntime> = Object.fromEntries(
        Object.entries(sparkLines).map(([name, line]) => [name, runtimeOf(line === own ? platform.sparkVersion : line.tested)]),
    );
    return {
        runtime: pulumi.output(runtimeOf(platform.sparkVersion)) as pulumi.Output<SparkRuntime>,
        runtimes: pulumi.output(byLine) as pulumi.Output<Record<string, SparkRuntime>>,
    };
}
