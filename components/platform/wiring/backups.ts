import type * as pulumi from "@pulumi/pulumi";

import { backupImage } from "../../internal/images";
import type { DatabaseBackupArgs } from "../../operations/backup/args";
import type { DatabaseConnection } from "../../storage/connections";
import type { ResolvedPlatform } from "../resolve";
import type { SparkPlatformBackup } from "../surroundings";
import type { Ground } from "./ground";
import { storePodOf } from "./pods";

/** The databases that are backed up. */
export function backups({ hiveMetastore, mlflow, airflow }: Pick<ResolvedPlatform, "hiveMetastore" | "mlflow" | "airflow">) {
    const all = { metastore: hiveMetastore?.backup, mlflow: mlflow?.backup, airflow: airflow?.backup };
    return Object.fromEntries(Object.entries(all).filter(([, backup]) => backup !== undefined)) as Record<string, SparkPlatformBackup>;
}

export function databaseBackup(
    ground: Ground,
    settings: SparkPlatformBackup,
    database: string,
    connection: pulumi.Input<DatabaseConnection>,
): DatabaseBackupArgs {
    const { platform, workspace, storage, roles } = ground;
    return {
        ...settings,
        namespace: workspace.namespace,
        image: settings.image ?? backupImage(platform.images.registry),
        database: connection,
        s3: settings.s3 ?? storage.s3,
        ...accountOf(roles.annotations(`${database}-backup`), workspace.executorAccount),
        pod: storePodOf(ground, settings.pod),
    };
}

/** Where a cloud grants rights, backups have an account of their own: users' code must not delete them. */
const accountOf = (accountAnnotations: DatabaseBackupArgs["accountAnnotations"], serviceAccount: pulumi.Input<string>) =>
    accountAnnotations === undefined ? { serviceAccount } : { accountAnnotations };
