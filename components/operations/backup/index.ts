import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { resolveBackup, type DatabaseBackupArgs } from "./args";
import * as objects from "./objects";

export type { DatabaseBackupArgs, DatabaseBackupRestore, DatabaseBackupRetention, DatabaseBackupSettings } from "./args";

/** Backups of one PostgreSQL database in a bucket: dumped, verified, uploaded with a checksum; and one of them brought back when asked for. */
export class DatabaseBackup extends pulumi.ComponentResource {
    /** Name of the CronJob. A run out of turn: kubectl create job --from=cronjob/<name> <job>. */
    public readonly cronJob: pulumi.Output<string>;
    /** Directory of the backups: s3://bucket/prefix. */
    public readonly location: pulumi.Output<string>;
    /** Name of the Job that restores; empty without one. */
    public readonly restoreJob: pulumi.Output<string>;

    constructor(name: string, args: DatabaseBackupArgs, opts?: pulumi.ComponentResourceOptions) {
        super("spark-platform:index:DatabaseBackup", name, {}, opts);
        const backup = resolveBackup(name, args);
        const child = { parent: this };

        const network = new k8s.networking.v1.NetworkPolicy(`${name}-network`, objects.network(backup, "backup"), child);
        const account = backup.accountAnnotations && new k8s.core.v1.ServiceAccount(`${name}-account`, objects.account(backup), child);
        const needs = { ...child, dependsOn: [network, ...(account ? [account] : [])] };
        const schedule = new k8s.batch.v1.CronJob(`${name}-schedule`, objects.schedule(backup), needs);
        const restore =
            backup.restore && restoreJob(backup.name, objects.network(backup, "restore"), objects.restore(backup, backup.restore), child);

        this.cronJob = schedule.metadata.name;
        this.location = pulumi.interpolate`s3://${backup.bucket}/${backup.prefix}`;
        this.restoreJob = restore?.metadata.name ?? pulumi.output("");
        this.registerOutputs({ cronJob: this.cronJob, location: this.location, restoreJob: this.restoreJob });
    }
}

function restoreJob(
    name: string,
    policy: k8s.networking.v1.NetworkPolicyArgs,
    job: k8s.batch.v1.JobArgs,
    child: pulumi.CustomResourceOptions,
): k8s.batch.v1.Job {
    const network = new k8s.networking.v1.NetworkPolicy(`${name}-restore-network`, policy, child);
    return new k8s.batch.v1.Job(`${name}-restore`, job, { ...child, dependsOn: [network] });
}
