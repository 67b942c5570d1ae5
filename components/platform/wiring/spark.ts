import * as pulumi from "@pulumi/pulumi";

import { sparkImage, tlsProxyImage } from "../../internal/images";
import { sparkLine, sparkLines } from "../../internal/spark-versions";
import type { SparkClassicArgs } from "../../spark/classic/args";
import { SparkConnectBackend } from "../../spark/connect/backends";
import type { SparkConnectArgs } from "../../spark/connect/args";
import type { SparkRuntime } from "../../spark/connections";
import type { HiveMetastore } from "../../spark/hive-metastore";
import type { SparkHistoryServerArgs } from "../../spark/history-server/args";
import type { SparkStandalone } from "../../spark/standalone";
import type { SparkStandaloneArgs } from "../../spark/standalone/args";
import type { SparkPlatformConnect, SparkPlatformStandalone } from "../args";
import type { SparkPlatformClassic } from "../surroundings";
import type { Ground } from "./ground";
import { brickOf, type Named } from "./outputs";
import { letIn, logsOf, monitoringOf, storePodOf } from "./pods";

export function historyServer(ground: Ground): SparkHistoryServerArgs | undefined {
    const { platform, workspace, storage } = ground;
    const { historyServer: settings } = platform;
    const { eventLog } = storage;
    if (settings === undefined || eventLog === undefined) {
        return undefined;
    }
    const sparkVersion = settings.sparkVersion ?? platform.sparkVersion;
    return {
        ...settings,
        namespace: workspace.namespace,
        eventLog,
        sparkVersion,
        // It needs the store and nothing else, just like an executor.
        serviceAccount: workspace.executorAccount,
        image: settings.image ?? sparkImage(platform.images.registry, sparkVersion),
        logs: logsOf(platform, settings),
        monitoring: monitoringOf(platform, settings),
        clientNamespaces: letIn(platform, settings.clientNamespaces),
        pod: storePodOf(ground, settings.pod),
    };
}

export function standalone(ground: Ground, name: string, settings: SparkPlatformStandalone): SparkStandaloneArgs {
    const { platform, workspace, storage, secrets, roles } = ground;
    const sparkVersion = settings.sparkVersion ?? platform.sparkVersion;
    return {
        ...settings,
        namespace: workspace.namespace,
        sparkVersion,
        image: settings.image ?? sparkImage(platform.images.registry, sparkVersion),
        s3: storage.s3,
        authenticationSecret: settings.authenticationSecret ?? secrets.of(`standalone-${name}`),
        masterAccountAnnotations: roles.annotations(`standalone-${name}-master`, settings.masterAccountAnnotations),
        workerAccountAnnotations: roles.annotations(`standalone-${name}-worker`, settings.workerAccountAnnotations),
        apiServer: settings.apiServer ?? platform.apiServer,
        logs: logsOf(platform, settings),
        monitoring: monitoringOf(platform, settings),
        clientNamespaces: letIn(platform, settings.clientNamespaces),
        worker: { ...settings.worker, pod: storePodOf(ground, settings.worker?.pod) },
        pod: storePodOf(ground, settings.pod),
    };
}

/** Executors of a Standalone cluster are no pods: nobody makes them, and they have no account of their own. */
const executorsInWorkers = ({ backend = SparkConnectBackend.Standalone }: SparkPlatformConnect, { connection }: SparkStandalone) => ({
    backend,
    standalone: connection,
});

/** Who may connect, and how. */
const clientsOf = ({ platform, secrets }: Ground, name: string, { tls, authentication, clientNamespaces }: SparkPlatformConnect) => ({
    proxyImage: tls && tlsProxyImage(platform.images.registry),
    authentication: authentication && { tokenSecret: secrets.of(`connect-${name}`), ...authentication },
    clientNamespaces: platform.ingress?.connect ? letIn(platform, clientNamespaces) : clientNamespaces,
});

export function connect(
    ground: Ground,
    name: string,
    settings: SparkPlatformConnect,
    clusters: Named<SparkStandalone>,
    metastore: HiveMetastore | undefined,
): SparkConnectArgs {
    const { platform, workspace, storage } = ground;
    const { sparkVersion = platform.sparkVersion, standalone, executor, ...own } = settings;
    const cluster = brickOf(clusters, standalone);
    return {
        ...own,
        ...(cluster
            ? { ...executorsInWorkers(settings, cluster), serviceAccount: workspace.executorAccount }
            : { serviceAccount: workspace.serverAccount, executorServiceAccount: workspace.executorAccount }),
        namespace: workspace.namespace,
        sparkVersion,
        image: settings.image ?? sparkImage(platform.images.registry, sparkVersion),
        s3: storage.s3,
        eventLog: storage.eventLog,
        tracing: platform.tracing,
        metastore: metastore?.connection,
        ...clientsOf(ground, name, settings),
        warehouse: settings.warehouse ?? storage.warehouse,
        apiServer: settings.apiServer ?? platform.apiServer,
        logs: logsOf(platform, settings),
        monitoring: monitoringOf(platform, settings),
        executor: { ...executor, pod: storePodOf(ground, executor?.pod) },
        pod: storePodOf(ground, settings.pod),
    };
}

export function classic(
    ground: Ground,
    settings: SparkPlatformClassic,
    clusters: Named<SparkStandalone>,
    metastore: HiveMetastore | undefined,
): SparkClassicArgs {
    const { sparkVersion = ground.platform.sparkVersion, image, standalone, executor, ...own } = settings;
    const inherited = runtimeOf(ground, sparkVersion, metastore);
    const cluster = brickOf(clusters, standalone);
    return {
        ...own,
        runtime: { ...inherited, image: image ?? inherited.image },
        standalone: cluster?.connection,
        logs: logsOf(ground.platform, settings),
        // The cluster's workers are pods of its own.
        executor: cluster ? executor : { ...executor, pod: ground.secrets.pod(executor?.pod ?? {}) },
    };
}

/** What an application of one version of Spark inherits. */
export const runtimeOf = ({ platform, workspace, storage }: Ground, sparkVersion: string, metastore?: HiveMetastore): SparkRuntime => ({
    namespace: workspace.namespace,
    sparkVersion,
    image: sparkImage(platform.images.registry, sparkVersion),
    imagePullSecrets: platform.images.pullSecrets,
    driverServiceAccount: workspace.serverAccount,
    executorServiceAccount: workspace.executorAccount,
    s3: storage.s3,
    eventLog: storage.eventLog,
    metastore: metastore?.connection,
    warehouse: storage.warehouse,
    tracing: platform.tracing,
    apiServer: platform.apiServer,
});

/** What applications inherit, by line of Spark. The platform's own line runs in its version, any other in the one that is tested. */
export function runtimes(ground: Ground, metastore?: HiveMetastore) {
    const { sparkVersion } = ground.platform;
    const own = sparkLine(sparkVersion);
    const byLine: Record<string, SparkRuntime> = Object.fromEntries(
        Object.entries(sparkLines).map(([name, line]) => [name, runtimeOf(ground, line === own ? sparkVersion : line.tested, metastore)]),
    );
    return {
        runtime: pulumi.output(runtimeOf(ground, sparkVersion, metastore)) as pulumi.Output<SparkRuntime>,
        runtimes: pulumi.output(byLine) as pulumi.Output<Record<string, SparkRuntime>>,
    };
}
