import * as pulumi from "@pulumi/pulumi";

import { minioImage } from "../../internal/images";
import type { EventLogLocation, S3Connection } from "../../storage/connections";
import type { ObjectStore } from "../../storage/object-store";
import type { ObjectStoreArgs } from "../../storage/object-store/args";
import type { SparkWorkspace } from "../../workspace";
import type { SparkWorkspaceArgs } from "../../workspace/args";
import type { SparkPlatformObjectStore } from "../args";
import type { ResolvedPlatform } from "../resolve";
import { monitoringOf, podOf } from "./pods";

/** Buckets for the parts that name no directory of their own. */
const toolBuckets = ({ mlflow, airflow }: ResolvedPlatform): string[] => [
    ...(mlflow && mlflow.artifacts === undefined ? ["mlflow"] : []),
    ...(airflow && airflow.logs === undefined ? ["airflow"] : []),
];

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
    // The first bucket is that of the tables.
    const buckets = pulumi.all([settings.buckets ?? ["warehouse"], toolBuckets(platform)]).apply(([own, tools]) => [...own, ...tools]);
    return {
        ...settings,
        buckets,
        namespace,
        image: settings.image ?? minioImage(platform.images.registry),
        monitoring: monitoringOf(platform, settings),
        pod: podOf(platform, settings.pod),
    };
}

export function storage({ storage: given }: ResolvedPlatform, store: ObjectStore | undefined): Storage {
    if (store) {
        return { s3: store.connection, eventLog: store.eventLog, warehouse: store.warehouse };
    }
    const s3 = pulumi.output(given?.s3 ?? {});
    const directory = given?.eventLogDirectory;
    const warehouse = given?.warehouse === undefined ? undefined : pulumi.output(given.warehouse);
    return {
        s3,
        warehouse,
        eventLog: directory === undefined ? undefined : pulumi.output(directory).apply((known) => ({ directory: known, s3 })),
    };
}
