import type * as pulumi from "@pulumi/pulumi";

import { airflowImage, jupyterLabImage, mlflowImage } from "../../internal/images";
import type { SparkConnect } from "../../spark/connect";
import type { SparkHistoryServer } from "../../spark/history-server";
import type { JupyterLabArgs } from "../../tools/jupyter-lab/args";
import type { SparkWorkspace } from "../../workspace";
import type { DatabaseConnection } from "../../storage/connections";
import type { AirflowArgs } from "../../tools/airflow/args";
import type { MLflow } from "../../tools/mlflow";
import type { MLflowArgs } from "../../tools/mlflow/args";
import type { SparkPlatformAirflow, SparkPlatformJupyterLab, SparkPlatformMLflow } from "../args";
import type { ResolvedPlatform } from "../resolve";
import type { Named } from "./outputs";
import { monitoringOf, podOf } from "./pods";
import type { Storage } from "./storage";

/** Clients reach the Connect servers of their own Spark version: those of another one may not understand them. */
function reached(platform: ResolvedPlatform, servers: Named<SparkConnect>, sparkVersion: string) {
    return servers
        .filter(([key]) => (platform.connect[key]?.sparkVersion ?? platform.sparkVersion) === sparkVersion)
        .map(([, { url, clientLabels }]) => ({ url, clientLabels }));
}

export function mlflow(
    platform: ResolvedPlatform,
    settings: SparkPlatformMLflow,
    { s3 }: Storage,
    { namespace, executorAccount }: SparkWorkspace,
    database: pulumi.Input<DatabaseConnection>,
): MLflowArgs {
    const { postgres, ...own } = settings;
    return {
        ...own,
        namespace,
        image: settings.image ?? mlflowImage(platform.images.registry),
        database,
        s3,
        artifacts: settings.artifacts ?? "s3a://mlflow/artifacts",
        // It needs the store and nothing else, just like an executor.
        serviceAccount: executorAccount,
        pod: podOf(platform, settings.pod),
    };
}

export function airflow(
    platform: ResolvedPlatform,
    settings: SparkPlatformAirflow,
    { s3, warehouse }: Storage,
    { namespace }: SparkWorkspace,
    database: pulumi.Input<DatabaseConnection>,
    servers: Named<SparkConnect>,
    tracking: MLflow | undefined,
): AirflowArgs {
    const { postgres, sparkVersion = platform.sparkVersion, ...own } = settings;
    return {
        ...own,
        namespace,
        image: settings.image ?? airflowImage(platform.images.registry, sparkVersion),
        database,
        s3,
        warehouse,
        logs: settings.logs ?? "s3a://airflow/logs",
        connect: reached(platform, servers, sparkVersion),
        tracking: tracking?.connection,
        kubernetesApi: settings.kubernetesApi ?? platform.apiServer,
        worker: { ...settings.worker, pod: podOf(platform, settings.worker?.pod) },
        pod: podOf(platform, settings.pod),
    };
}

export function jupyterLab(
    platform: ResolvedPlatform,
    settings: SparkPlatformJupyterLab,
    { namespace, executorAccount }: SparkWorkspace,
    servers: Named<SparkConnect>,
    history: SparkHistoryServer | undefined,
    tracking: MLflow | undefined,
): JupyterLabArgs {
    const { sparkVersion = platform.sparkVersion, ...own } = settings;
    return {
        ...own,
        namespace,
        image: settings.image ?? jupyterLabImage(platform.images.registry, sparkVersion),
        monitoring: monitoringOf(platform, settings),
        connect: reached(platform, servers, sparkVersion),
        historyServer: history && { url: history.url, clientLabels: history.clientLabels },
        tracking: tracking?.connection,
        // People's code runs here, as in an executor: no rights.
        serviceAccount: executorAccount,
        pod: podOf(platform, settings.pod),
    };
}
