import * as pulumi from "@pulumi/pulumi";

import { minioImage } from "../../internal/images";
import type { EventLogLocation, S3Connection } from "../../storage/connections";
import type { ObjectStore } from "../../storage/object-store";
import type { ObjectStoreArgs } from "../../storage/object-store/args";
import type { AwsBuckets } from "../../storage/aws-buckets";
import type { SparkWorkspace } from "../../workspace";
import type { SparkWorkspaceArgs } from "../../workspace/args";
import type { ResolvedPlatform } from "../resolve";
import type { Roles } from "./aws";
import { monitoringOf, podOf } from "./pods";
import type { Secrets } from "./secrets";

/** Buckets for the parts that name no directory of their own. */
export const toolBuckets = ({ mlflow, airflow }: ResolvedPlatform): string[] => [
    ...(mlflow && mlflow.artifacts === undefined ? ["mlflow"] : []),
    ...(airflow && airflow.taskLogs === undefined ? ["airflow"] : []),
];

/** What bricks get from the store, be it the platform's own or not. */
export interface Storage {
    s3: pulumi.Output<S3Connection>;
    eventLog?: pulumi.Output<EventLogLocation>;
    warehouse?: pulumi.Output<string>;
    /** Directory in the bucket of a tool that names none. */
    toolDirectory: (bucket: string, directory: string) => pulumi.Output<string>;
}

export function workspace(platform: ResolvedPlatform, roles: Roles): SparkWorkspaceArgs {
    const { serverAccountAnnotations, executorAccountAnnotations, ...own } = platform.workspace;
    return {
        ...own,
        namespace: platform.namespace,
        serverAccountAnnotations: roles.annotations("server", serverAccountAnnotations),
        executorAccountAnnotations: roles.annotations("executor", executorAccountAnnotations),
    };
}

export function objectStore(platform: ResolvedPlatform, { namespace }: SparkWorkspace): ObjectStoreArgs | undefined {
    const settings = platform.objectStore;
    if (settings === undefined) {
        return undefined;
    }
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

export function storage(
    { storage: given }: ResolvedPlatform,
    store: ObjectStore | undefined,
    buckets: AwsBuckets | undefined,
    secrets: Secrets,
): Storage {
    const made: Pick<ObjectStore, "connection" | "eventLog" | "warehouse"> | undefined = store ?? buckets;
    const toolDirectory = (bucket: string, directory: string) =>
        buckets
            ? pulumi.interpolate`s3a://${buckets.bucketNames.apply((names) => names[bucket] ?? "")}/${directory}`
            : pulumi.output(`s3a://${bucket}/${directory}`);
    if (made) {
        return { s3: made.connection, eventLog: made.eventLog, warehouse: made.warehouse, toolDirectory };
    }
    const s3 = pulumi
        .output({ ...secrets.s3, s3: given?.s3 ?? {} })
        .apply(({ s3: named, ...keys }): S3Connection => ({ ...keys, ...named }));
    const directory = given?.eventLogDirectory;
    const warehouse = given?.warehouse === undefined ? undefined : pulumi.output(given.warehouse);
    return {
        s3,
        warehouse,
        eventLog: directory === undefined ? undefined : pulumi.output(directory).apply((known) => ({ directory: known, s3 })),
        toolDirectory,
    };
}
