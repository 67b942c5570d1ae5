import * as pulumi from "@pulumi/pulumi";

import { airflowImage, exportersImage, jupyterHubImage, jupyterLabImage, mlflowImage } from "../../internal/images";
import type { SparkClassic } from "../../spark/classic";
import type { SparkConnect } from "../../spark/connect";
import type { SparkHistoryServer } from "../../spark/history-server";
import type { DatabaseConnection } from "../../storage/connections";
import type { AirflowArgs } from "../../tools/airflow/args";
import type { JupyterHubArgs } from "../../tools/jupyter-hub/args";
import type { JupyterLabArgs } from "../../tools/jupyter-lab/args";
import type { MLflow } from "../../tools/mlflow";
import type { MLflowArgs } from "../../tools/mlflow/args";
import type { SparkPlatformAirflow, SparkPlatformJupyterHub, SparkPlatformJupyterLab, SparkPlatformMLflow } from "../args";
import type { ResolvedPlatform } from "../resolve";
import { hostOf } from "./edge";
import type { Ground } from "./ground";
import { brickOf, type Named } from "./outputs";
import { letIn, logLevelOf, logsOf, monitoringOf, podOf, storePodOf, withOneMore } from "./pods";
import { hubSecret } from "./secrets";

/** Clients reach the Connect servers of their own Spark version: those of another one may not understand them. */
function reached(platform: ResolvedPlatform, servers: Named<SparkConnect>, sparkVersion: string) {
    return servers
        .filter(([key]) => (platform.connect[key]?.sparkVersion ?? platform.sparkVersion) === sparkVersion)
        .map(([, { url, clientLabels }]) => ({ url, clientLabels }));
}

/** How the pods of a tool start the classic sessions that its settings name. */
const connectionOf = (sessions: Named<SparkClassic>, name: string | undefined) => brickOf(sessions, name)?.connection;

function publicUrl(platform: ResolvedPlatform, part: string): pulumi.Output<string> | undefined {
    const host = hostOf(platform, part);
    return host && pulumi.interpolate`https://${host}`;
}

export function mlflow(ground: Ground, settings: SparkPlatformMLflow, database: pulumi.Input<DatabaseConnection>): MLflowArgs {
    const { platform, workspace, storage, secrets } = ground;
    const { postgres, awsPostgres, backup, ...own } = settings;
    const host = hostOf(platform, "mlflow");
    return {
        ...own,
        namespace: workspace.namespace,
        image: settings.image ?? mlflowImage(platform.images.registry),
        database,
        s3: storage.s3,
        artifacts: settings.artifacts ?? storage.toolDirectory("mlflow", "artifacts"),
        adminSecret: settings.adminSecret ?? secrets.of("mlflow"),
        logs: logLevelOf(platform, settings),
        monitoring: monitoringOf(platform, settings),
        hosts: host ? withOneMore(settings.hosts, host) : settings.hosts,
        clientNamespaces: letIn(platform, settings.clientNamespaces),
        // It needs the store and nothing else, just like an executor.
        serviceAccount: workspace.executorAccount,
        pod: storePodOf(ground, settings.pod),
    };
}

export function airflow(
    ground: Ground,
    settings: SparkPlatformAirflow,
    database: pulumi.Input<DatabaseConnection>,
    servers: Named<SparkConnect>,
    tracking: MLflow | undefined,
    sessions: Named<SparkClassic>,
): AirflowArgs {
    const { platform, workspace, storage, secrets, roles } = ground;
    const { postgres, awsPostgres, backup, sparkVersion = platform.sparkVersion, classic, ...own } = settings;
    return {
        ...own,
        classic: connectionOf(sessions, classic),
        namespace: workspace.namespace,
        image: settings.image ?? airflowImage(platform.images.registry, sparkVersion),
        database,
        s3: storage.s3,
        warehouse: storage.warehouse,
        taskLogs: settings.taskLogs ?? storage.toolDirectory("airflow", "logs"),
        connect: reached(platform, servers, sparkVersion),
        tracking: tracking?.connection,
        adminSecret: settings.adminSecret ?? secrets.of("airflow"),
        publicUrl: settings.publicUrl ?? publicUrl(platform, "airflow"),
        clientNamespaces: letIn(platform, settings.clientNamespaces),
        kubernetesApi: settings.kubernetesApi ?? platform.apiServer,
        exporterImage: exportersImage(platform.images.registry),
        logs: logsOf(platform, { logs: settings.logs }),
        monitoring: monitoringOf(platform, settings),
        serviceAccount: workspace.executorAccount,
        schedulerAccountAnnotations: roles.annotations("airflow-scheduler"),
        workerAccountAnnotations: roles.annotations("airflow-worker"),
        worker: { ...settings.worker, pod: storePodOf(ground, settings.worker?.pod) },
        pod: storePodOf(ground, settings.pod),
    };
}

/** What notebooks are led to. */
const neighbours = (
    platform: ResolvedPlatform,
    sparkVersion: string,
    servers: Named<SparkConnect>,
    history: SparkHistoryServer | undefined,
    tracking: MLflow | undefined,
) => ({
    connect: reached(platform, servers, sparkVersion),
    historyServer: history && { url: history.url, clientLabels: history.clientLabels },
    tracking: tracking?.connection,
});

export function jupyterLab(
    ground: Ground,
    name: string,
    settings: SparkPlatformJupyterLab,
    servers: Named<SparkConnect>,
    history: SparkHistoryServer | undefined,
    tracking: MLflow | undefined,
    sessions: Named<SparkClassic>,
): JupyterLabArgs {
    const { platform, workspace, secrets } = ground;
    const { sparkVersion = platform.sparkVersion, classic, ...own } = settings;
    return {
        ...own,
        classic: connectionOf(sessions, classic),
        namespace: workspace.namespace,
        image: settings.image ?? jupyterLabImage(platform.images.registry, sparkVersion),
        logs: logLevelOf(platform, settings),
        monitoring: monitoringOf(platform, settings),
        ...neighbours(platform, sparkVersion, servers, history, tracking),
        tokenSecret: settings.tokenSecret ?? secrets.of(`jupyter-${name}`),
        clientNamespaces: letIn(platform, settings.clientNamespaces),
        // People's code runs here, as in an executor: no rights.
        serviceAccount: workspace.executorAccount,
        // A driver reaches the store itself.
        pod: classic === undefined ? podOf(platform, settings.pod) : storePodOf(ground, settings.pod),
    };
}

export function jupyterHub(
    ground: Ground,
    { sparkVersion = ground.platform.sparkVersion, ...settings }: SparkPlatformJupyterHub,
    servers: Named<SparkConnect>,
    history: SparkHistoryServer | undefined,
    tracking: MLflow | undefined,
): JupyterHubArgs {
    const { platform, workspace, secrets } = ground;
    const { registry } = platform.images;
    return {
        image: jupyterHubImage(registry),
        serverImage: jupyterLabImage(registry, sparkVersion),
        passwordsSecret: secrets.of(hubSecret),
        publicUrl: publicUrl(platform, "jupyterhub"),
        apiServer: platform.apiServer,
        ...settings,
        logs: logLevelOf(platform, settings),
        monitoring: monitoringOf(platform, settings),
        namespace: workspace.namespace,
        ...neighbours(platform, sparkVersion, servers, history, tracking),
        clientNamespaces: letIn(platform, settings.clientNamespaces),
        // People's code runs here, as in an executor: no rights.
        server: { serviceAccount: workspace.executorAccount, ...settings.server, pod: podOf(platform, settings.server?.pod) },
        pod: podOf(platform, settings.pod),
    };
}
