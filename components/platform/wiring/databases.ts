import * as pulumi from "@pulumi/pulumi";

import { exportersImage, hiveImage, postgresImage } from "../../internal/images";
import type { HiveMetastoreArgs } from "../../spark/hive-metastore/args";
import type { AwsPostgres } from "../../storage/aws-postgres";
import type { AwsPostgresArgs, AwsPostgresSettings } from "../../storage/aws-postgres/args";
import type { DatabaseConnection } from "../../storage/connections";
import type { Postgres } from "../../storage/postgres";
import type { PostgresArgs } from "../../storage/postgres/args";
import type { SparkPlatformHiveMetastore, SparkPlatformPostgres } from "../args";
import type { SparkPlatformBackup } from "../surroundings";
import type { Ground } from "./ground";
import { logLevelOf, logsOf, monitoringOf, podOf, storePodOf } from "./pods";
import { databaseSecret } from "./secrets";

/** A part of the platform that keeps things in a database: one that exists, or one on a server of its own. */
export interface Consumer {
    database?: pulumi.Input<DatabaseConnection>;
    postgres?: SparkPlatformPostgres;
    awsPostgres?: AwsPostgresSettings;
    backup?: SparkPlatformBackup;
}

/** The server of one consumer, with one database, which has the consumer's name; nothing where there is one elsewhere. */
export function postgres({ platform, workspace, secrets }: Ground, consumer: Consumer, database: string): PostgresArgs | undefined {
    if (consumer.database !== undefined || consumer.awsPostgres !== undefined) {
        return undefined;
    }
    const settings = consumer.postgres ?? {};
    return {
        ...settings,
        namespace: workspace.namespace,
        image: settings.image ?? postgresImage(platform.images.registry),
        exporterImage: exportersImage(platform.images.registry),
        logs: logLevelOf(platform, settings),
        monitoring: monitoringOf(platform, settings),
        databases: { [database]: { credentialsSecret: secrets.of(databaseSecret(database)) } },
        pod: podOf(platform, settings.pod),
    };
}

/** The same as a service of AWS. */
export const awsPostgres = ({ workspace }: Ground, { awsPostgres: settings }: Consumer, database: string): AwsPostgresArgs | undefined =>
    settings && { database, username: database, ...settings, namespace: workspace.namespace };

export function databaseOf(
    consumer: Consumer,
    server: Postgres | undefined,
    service: AwsPostgres | undefined,
    database: string,
): pulumi.Input<DatabaseConnection> {
    const own = server?.connections.apply((connections) => connections[database] as DatabaseConnection);
    return (consumer.database ?? service?.connection ?? own) as pulumi.Input<DatabaseConnection>;
}

export function hiveMetastore(
    ground: Ground,
    settings: SparkPlatformHiveMetastore,
    database: pulumi.Input<DatabaseConnection>,
): HiveMetastoreArgs {
    const { platform, workspace, storage } = ground;
    const { postgres, awsPostgres, backup, ...own } = settings;
    return {
        ...own,
        namespace: workspace.namespace,
        image: settings.image ?? hiveImage(platform.images.registry),
        database,
        s3: storage.s3,
        warehouse: storage.warehouse ?? "",
        // It needs the store and nothing else, just like an executor.
        serviceAccount: workspace.executorAccount,
        logs: logsOf(platform, settings),
        monitoring: monitoringOf(platform, settings),
        pod: storePodOf(ground, settings.pod),
    };
}
