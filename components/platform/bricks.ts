import * as pulumi from "@pulumi/pulumi";

import { minioImage, sparkImage } from "../internal/images";
import type { PodSettings } from "../internal/pod";
import { sparkLine, sparkLines } from "../internal/spark-versions";
import type { SparkConnect } from "../spark/connect";
import type { SparkConnectArgs } from "../spark/connect/args";
import type { SparkRuntime } from "../spark/connections";
import type { SparkHistoryServer } from "../spark/history-server";
import type { SparkHistoryServerArgs } from "../spark/history-server/args";
import type { EventLogLocation, S3Connection } from "../storage/connections";
import type { ObjectStore } from "../storage/object-store";
import type { ObjectStoreArgs } from "../storage/object-store/args";
import type { SparkWorkspace } from "../workspace";
import type { SparkWorkspaceArgs } from "../workspace/args";
import type { ResolvedPlatform, SparkPlatformConnect, SparkPlatformObjectStore } from "./args";

/** What bricks get from the store, be it the platform's own or not. */
export interface Storage {
    s3: pulumi.Output<S3Connection>;
    eventLog?: pulumi.Output<EventLogLocation>;
    warehouse?: pulumi.Output<string>;
}

export function workspace(platform: ResolvedPlatform): SparkWorkspaceArgs {
    return { ...platform.workspace, namespace: platform.namespace };
}

export function objectStore(
    platform: ResolvedPlatform,
    settings: SparkPlatformObjectStore,
    { namespace }: SparkWorkspace,
): ObjectStoreArgs {
    return { ...settings, namespace, image: settings.image ?? minioImage(platform.images.registry), pod: podOf(platform, settings.pod) };
}

export function storage({ storage: given }: ResolvedPlatform, store: ObjectStore | undefined): Storage {
    if (store) {
        return { s3: store.connection, eventLog: store.eventLog, warehouse: store.warehouse };
    }
    const s3 = pulumi.output(given?.s3 ?? {});
    const directory = given?.eventLogDirectory;
    return { s3, eventLog: directory === undefined ? undefined : pulumi.output(directory).apply((known) => ({ directory: known, s3 })) };
}

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

export function connect(
    platform: ResolvedPlatform,
    settings: SparkPlatformConnect,
    { s3, eventLog, warehouse }: Storage,
    { namespace, serverAccount, executorAccount }: SparkWorkspace,
): SparkConnectArgs {
    const sparkVersion = settings.sparkVersion ?? platform.sparkVersion;
    return {
        ...settings,
        namespace,
        sparkVersion,
        image: settings.image ?? sparkImage(platform.images.registry, sparkVersion),
        serviceAccount: serverAccount,
        executorServiceAccount: executorAccount,
        s3,
        eventLog,
        warehouse: settings.warehouse ?? warehouse,
        apiServer: settings.apiServer ?? platform.apiServer,
        executor: { ...settings.executor, pod: podOf(platform, settings.executor?.pod) },
        pod: podOf(platform, settings.pod),
    };
}

/** What applications inherit, by line of Spark. The platform's own line runs in its version, any other in the one that is tested. */
export function runtimes(platform: ResolvedPlatform, { s3, eventLog, warehouse }: Storage, workspace: SparkWorkspace) {
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

/** The platform's secrets for private registries reach every pod that does not name its own. */
function podOf({ images }: ResolvedPlatform, pod: PodSettings = {}): PodSettings {
    return { ...pod, imagePullSecrets: pod.imagePullSecrets ?? images.pullSecrets };
}

export function outputs(
    { s3, warehouse }: Storage,
    history: SparkHistoryServer | undefined,
    servers: (readonly [name: string, server: SparkConnect])[],
) {
    const uploads = pulumi.all(servers.map(([, server]) => server.eventLogUploadSeconds));
    return {
        connectUrls: byName(servers, ({ url }) => url),
        connectClientLabels: byName(servers, ({ clientLabels }) => clientLabels),
        executorIdleSeconds: byName(servers, ({ executorIdleSeconds }) => executorIdleSeconds),
        historyServerUrl: history ? history.url : pulumi.output(""),
        // An event waits for the next upload, and the uploaded file for the next look.
        historyLatenessSeconds: history
            ? pulumi.all([history.updateSeconds, uploads]).apply(([update, every]) => update + Math.max(0, ...every))
            : pulumi.output(0),
        s3Endpoint: pulumi.output(s3).apply(({ endpoint }) => endpoint ?? ""),
        warehouse: warehouse ?? pulumi.output(""),
    };
}

const byName = <Brick, T>(bricks: (readonly [name: string, brick: Brick])[], output: (brick: Brick) => pulumi.Output<T>) =>
    pulumi.output(Object.fromEntries(bricks.map(([name, brick]) => [name, output(brick)]))) as pulumi.Output<Record<string, T>>;
