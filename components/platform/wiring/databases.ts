import * as pulumi from "@pulumi/pulumi";

import { hiveImage, postgresImage } from "../../internal/images";
import type { HiveMetastoreArgs } from "../../spark/hive-metastore/args";
import type { DatabaseConnection } from "../../storage/connections";
import type { Postgres } from "../../storage/postgres";
import type { PostgresArgs } from "../../storage/postgres/args";
import type { SparkWorkspace } from "../../workspace";
import type { SparkPlatformHiveMetastore, SparkPlatformPostgres } from "../args";
import type { ResolvedPlatform } from "../resolve";
import { podOf } from "./pods";
import type { Storage } from "./storage";

/** A part of the platform that keeps things in a database: one that exists, or one on a server of its own. */
export interface Consumer {
    database?: pulumi.Input<DatabaseConnection>;
    postgres?: SparkPlatformPostgres;
}

/** The server of one consumer, with one database, which has the consumer's name. */
export function postgres(
    platform: ResolvedPlatform,
    settings: SparkPlatformPostgres,
    database: string,
    { namespace }: SparkWorkspace,
): PostgresArgs {
    return {
        ...settings,
        namespace,
        image: settings.image ?? postgresImage(platform.images.registry),
        databases: { [database]: {} },
        pod: podOf(platform, settings.pod),
    };
}

export function databaseOf(consumer: Consumer, server: Postgres | undefined, database: string): pulumi.Input<DatabaseConnection> {
    const own = server?.connections.apply((connections) => connections[database] as DatabaseConnection);
    return (consumer.database ?? own) as pulumi.Input<DatabaseConnection>;
}

export function hiveMetastore(
    platform: ResolvedPlatform,
    settings: SparkPlatformHiveMetastore,
    { s3, warehouse }: Storage,
    { namespace, executorAccount }: SparkWorkspace,
    database: pulumi.Input<DatabaseConnection>,
): HiveMetastoreArgs {
    const { postgres, ...own } = settings;
    return {
        ...own,
        namespace,
        image: settings.image ?? hiveImage(platform.images.registry),
        database,
        s3,
        warehouse: warehouse ?? "",
        // It needs the store and nothing else, just like an executor.
        serviceAccount: executorAccount,
        pod: podOf(platform, settings.pod),
    };
}
