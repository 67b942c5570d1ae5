import type * as pulumi from "@pulumi/pulumi";

import { Checks, type Check } from "../../internal/checks";
import { withDefaults } from "../../internal/defaults";
import { memorySize } from "../../internal/memory";
import { annotations } from "../../internal/metadata";
import { checkPod, type PodSettings } from "../../internal/pod";
import {
    bucketName,
    cpuQuantity,
    dnsLabel,
    existingObject,
    imageReference,
    objectPrefix,
    present,
    wholeNumber,
} from "../../internal/values";
import type { DatabaseConnection, S3Connection } from "../../storage/connections";
import { databaseConnection } from "../../storage/database";
import { s3Connection } from "../../storage/s3a";

/** When old backups are deleted. */
export interface DatabaseBackupRetention {
    /** Delete backups older than this many days. */
    days: pulumi.Input<number>;
    /** Newest whole backups that stay however old they are. Default: 7. */
    keep?: pulumi.Input<number>;
}

/** A backup that is to be brought back. */
export interface DatabaseBackupRestore {
    /** Id of the backup, as the runs print it and the bucket shows it: 20261121T020000Z-0a1b2c. There is no "latest". */
    backup: pulumi.Input<string>;
    /** Whether the Job runs; until then it stands by, suspended. The database must be empty, and nobody may be using it. Default: false. */
    start?: pulumi.Input<boolean>;
}

/** When and where a database is backed up. */
export interface DatabaseBackupSettings {
    /** Bucket for the backups: of another store than the database's own disks, or one failure takes both. */
    bucket: pulumi.Input<string>;
    /** Directory in the bucket, of this database alone. Default: backups/ and the brick's name. */
    prefix?: pulumi.Input<string>;
    /** When backups are made, as cron writes it. Default: 0 2 * * *, every night at two. */
    schedule?: pulumi.Input<string>;
    /** Time zone of the schedule. Default: Etc/UTC. */
    timeZone?: pulumi.Input<string>;
    /** Whether no backup is made for the time being. Default: false. */
    paused?: pulumi.Input<boolean>;
    /** Deletion of old backups. Default: nothing is deleted. */
    retention?: DatabaseBackupRetention;
    /** Disk for a dump on its way, for example 20g: as much as the database at most. Default: 5g. */
    dumpStorage?: pulumi.Input<string>;
    /** Memory of a run. Default: 512m. */
    memory?: pulumi.Input<string>;
    /** CPU request of a run. Default: 100m. */
    cpuRequest?: pulumi.Input<string>;
    /** Minutes after which a run is ended. Default: 120. */
    limitMinutes?: pulumi.Input<number>;
    /** A backup to bring back. Plain as to whether it is given: it makes the Job. Default: none. */
    restore?: DatabaseBackupRestore;
    /** Where and as whom the pods run. */
    pod?: PodSettings;
}

/** Arguments of `DatabaseBackup`. */
export interface DatabaseBackupArgs extends DatabaseBackupSettings {
    /** Namespace to run in; the Secrets of the database and of the store are there. */
    namespace: pulumi.Input<string>;
    /** Image with the programs of PostgreSQL and the one that brings dumps to the store (see images/backup). */
    image: pulumi.Input<string>;
    /** Database to back up, and to restore into. */
    database: pulumi.Input<DatabaseConnection>;
    /** Store that the bucket is in. */
    s3: pulumi.Input<S3Connection>;
    /** Service account of the pods, with a cloud's right to the bucket. Default: the namespace's default account. Its token is never mounted. */
    serviceAccount?: pulumi.Input<string>;
    /**
     * Annotations of an account of the backup's own, <name>-backup, for example the role that a cloud grants it: then nobody else can delete
     * backups. Plain as to whether they are given. Not together with serviceAccount. Default: no account is made.
     */
    accountAnnotations?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** The arguments with every default filled in. */
export interface ResolvedBackup extends DatabaseBackupArgs {
    name: string;
    prefix: pulumi.Input<string>;
    schedule: pulumi.Input<string>;
    timeZone: pulumi.Input<string>;
    paused: pulumi.Input<boolean>;
    dumpStorage: pulumi.Input<string>;
    memory: pulumi.Input<string>;
    cpuRequest: pulumi.Input<string>;
    limitMinutes: pulumi.Input<number>;
    retention?: Required<DatabaseBackupRetention>;
    restore?: Required<DatabaseBackupRestore>;
}

const defaults = {
    schedule: "0 2 * * *",
    timeZone: "Etc/UTC",
    paused: false,
    dumpStorage: "5g",
    memory: "512m",
    cpuRequest: "100m",
    limitMinutes: 120,
};

export const backupId: Check<string> = (value) =>
    /^[0-9]{8}T[0-9]{6}Z-[0-9a-f]{6}$/.test(value)
        ? undefined
        : `${JSON.stringify(value)} is not the id of a backup; they look like "20261121T020000Z-0a1b2c"`;

/** Five fields of numbers, ranges, steps and lists; the API server knows the rest. */
export const cronSchedule: Check<string> = (value) => {
    const field = /^(\*|[0-9A-Za-z]+(-[0-9A-Za-z]+)?)(\/[0-9]+)?(,(\*|[0-9A-Za-z]+(-[0-9A-Za-z]+)?)(\/[0-9]+)?)*$/;
    const fields = value.split(" ");
    return fields.length === 5 && fields.every((each) => field.test(each))
        ? undefined
        : `${JSON.stringify(value)} is not a schedule; write minute, hour, day, month and weekday, like "0 2 * * *"`;
};

/** Those that this Node knows are those that the cluster knows, give or take a year. */
export const timeZone: Check<string> = (value) => {
    try {
        new Intl.DateTimeFormat("en", { timeZone: value });
        return undefined;
    } catch {
        return `${JSON.stringify(value)} is not a time zone; write it like "Europe/Berlin"`;
    }
};

/** @throws pulumi.InputPropertiesError naming every wrong field. */
export function resolveBackup(name: string, given: DatabaseBackupArgs): ResolvedBackup {
    const args = withDefaults(given, { ...defaults, prefix: `backups/${name}` });
    const checks = new Checks(`DatabaseBackup "${name}"`);
    checks.plain("name", name, dnsLabel);
    const resolved: ResolvedBackup = {
        ...args,
        name,
        namespace: checks.input("namespace", args.namespace, present, dnsLabel),
        image: checks.input("image", args.image, imageReference),
        database: checks.input("database", args.database, present, databaseConnection),
        s3: checks.input("s3", args.s3, present, s3Connection),
        bucket: checks.input("bucket", args.bucket, present, bucketName),
        serviceAccount: checks.optional("serviceAccount", args.serviceAccount, existingObject),
        accountAnnotations: checks.optional("accountAnnotations", args.accountAnnotations, annotations),
        prefix: checks.input("prefix", args.prefix, objectPrefix),
        schedule: checks.input("schedule", args.schedule, cronSchedule),
        timeZone: checks.input("timeZone", args.timeZone, timeZone),
        dumpStorage: checks.input("dumpStorage", args.dumpStorage, memorySize({ from: "64m" })),
        memory: checks.input("memory", args.memory, memorySize({ from: "256m" })),
        cpuRequest: checks.input("cpuRequest", args.cpuRequest, cpuQuantity),
        limitMinutes: checks.input("limitMinutes", args.limitMinutes, wholeNumber({ from: 1 })),
        retention: args.retention && {
            days: checks.input("retention.days", args.retention.days, wholeNumber({ from: 1 })),
            keep: checks.input("retention.keep", args.retention.keep ?? 7, wholeNumber({ from: 1 })),
        },
        restore: args.restore && {
            backup: checks.input("restore.backup", args.restore.backup, present, backupId),
            start: args.restore.start ?? false,
        },
        pod: checkPod(checks, "pod", args.pod),
    };
    checks.plain("accountAnnotations", args, oneAccount);
    checks.throwIfAny();
    return resolved;
}

const oneAccount: Check<DatabaseBackupArgs> = ({ serviceAccount, accountAnnotations }) =>
    serviceAccount !== undefined && accountAnnotations !== undefined
        ? "is given together with serviceAccount; give one of the two"
        : undefined;
