import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { labelsOf, objectName, selectorOf, type Identity } from "../../internal/identity";
import { quantity } from "../../internal/memory";
import { policySpec, toS3 } from "../../internal/network";
import { podMetadata, restrictedPod } from "../../internal/pod";
import { databaseClientLabels, fromSecret, passwordKey, portOf, sslModeOf, toDatabase, usernameKey } from "../../storage/database";
import { credentialsEnvironment, storeClientLabels } from "../../storage/s3a";
import type { DatabaseBackupRestore, ResolvedBackup } from "./args";
import { backupArguments, storeArguments } from "./conf";

/** The user of the backup image. */
const backupUser = 999;
const workDirectory = "/work";
const certificates = "/etc/postgres-ca";

type PodTemplate = k8s.types.input.core.v1.PodTemplateSpec;
type Role = "backup" | "restore";

const identityOf = ({ name }: ResolvedBackup, role: Role): Identity => ({ application: "database-backup", role, instance: name });

function metadata(backup: ResolvedBackup, role: Role): k8s.types.input.meta.v1.ObjectMeta {
    return { namespace: backup.namespace, labels: labelsOf(identityOf(backup, role)) };
}

/** Whoever takes the name of a role in a cloud needs this one. */
export const accountName = (name: string): string => objectName(name, "backup");

export const account = (backup: ResolvedBackup): k8s.core.v1.ServiceAccountArgs => ({
    metadata: { ...metadata(backup, "backup"), name: accountName(backup.name), annotations: backup.accountAnnotations },
    automountServiceAccountToken: false,
});

const accountOf = ({ name, serviceAccount, accountAnnotations }: ResolvedBackup) =>
    accountAnnotations === undefined ? serviceAccount : accountName(name);

/** To the database and to the store; nobody has business with a run. */
export function network(backup: ResolvedBackup, role: Role): k8s.networking.v1.NetworkPolicyArgs {
    const spec = pulumi
        .output({ s3: backup.s3, database: backup.database })
        .apply(({ s3, database }) =>
            policySpec(selectorOf(identityOf(backup, role)), { ingress: [], egress: [toDatabase(database), ...toS3(s3)] }),
        );
    return { metadata: { ...metadata(backup, role), name: objectName(backup.name, role) }, spec };
}

/** One run at a time. Without a deadline for late starts Kubernetes gives a schedule up for good after a hundred missed runs. */
export function schedule(backup: ResolvedBackup): k8s.batch.v1.CronJobArgs {
    const run = pulumi.output(backup.retention).apply(backupArguments);
    return {
        // The names of its Jobs have a time of eleven characters behind it.
        metadata: { ...metadata(backup, "backup"), name: objectName(backup.name, "backup", 52) },
        spec: {
            schedule: backup.schedule,
            timeZone: backup.timeZone,
            suspend: backup.paused,
            concurrencyPolicy: "Forbid",
            startingDeadlineSeconds: 3600,
            successfulJobsHistoryLimit: 3,
            failedJobsHistoryLimit: 3,
            jobTemplate: { spec: { backoffLimit: 2, activeDeadlineSeconds: seconds(backup), template: template(backup, "backup", run) } },
        },
    };
}

/**
 * Brings one backup back. The name is left to the engine: a Job cannot be changed, so another backup is another Job. It is tried once:
 * what refuses a restore does not go away by itself.
 */
export function restore(backup: ResolvedBackup, { backup: id, start }: Required<DatabaseBackupRestore>): k8s.batch.v1.JobArgs {
    const run = pulumi.output(id).apply((known) => ["restore", known]);
    const annotations = pulumi
        .output(start)
        // A suspended Job never ends; one that failed stays failed, and the next `up` makes another.
        .apply((started): Record<string, string> =>
            started ? { "pulumi.com/replaceUnready": "true" } : { "pulumi.com/skipAwait": "true" },
        );
    return {
        metadata: { ...metadata(backup, "restore"), annotations },
        spec: {
            suspend: pulumi.output(start).apply((started) => !started),
            backoffLimit: 0,
            activeDeadlineSeconds: seconds(backup),
            template: template(backup, "restore", run),
        },
    };
}

const seconds = ({ limitMinutes }: ResolvedBackup): pulumi.Output<number> => pulumi.output(limitMinutes).apply((minutes) => minutes * 60);

function template(backup: ResolvedBackup, role: Role, run: pulumi.Output<string[]>): PodTemplate {
    const store = pulumi.output({ s3: backup.s3, bucket: backup.bucket, prefix: backup.prefix }).apply(storeArguments);
    const memory = pulumi.output(backup.memory).apply(quantity);
    const disk = pulumi.output(backup.dumpStorage).apply(quantity);
    const trusted = pulumi.output(backup.database).apply(({ caSecret }) => caSecret);
    return {
        metadata: podMetadata(podLabels(backup, role), backup.pod),
        spec: trusted.apply((caSecret) =>
            restrictedPod(
                {
                    user: backupUser,
                    serviceAccountName: accountOf(backup),
                    restartPolicy: "Never",
                    terminationGracePeriodSeconds: 10,
                    volumes: caSecret === undefined ? [] : [{ name: "ca", secret: { secretName: caSecret } }],
                    containers: [
                        {
                            name: role,
                            image: backup.image,
                            args: pulumi.all([store, run]).apply(([where, what]) => [...where, ...what]),
                            env: environment(backup),
                            resources: {
                                requests: { cpu: backup.cpuRequest, memory, "ephemeral-storage": disk },
                                limits: { memory },
                            },
                            volumeMounts: caSecret === undefined ? [] : [{ name: "ca", mountPath: certificates, readOnly: true }],
                            writable: { "/tmp": "64Mi", [workDirectory]: disk },
                        },
                    ],
                },
                backup.pod,
            ),
        ),
    };
}

/** The labels that let a run through to the database and to the store. */
function podLabels(backup: ResolvedBackup, role: Role) {
    return pulumi.output({ s3: backup.s3, database: backup.database }).apply(({ s3, database }) => ({
        ...storeClientLabels(s3),
        ...databaseClientLabels(database),
        ...labelsOf<string>(identityOf(backup, role)),
    }));
}

/** libpq's own variables, so that no program is given a password by name. */
function environment(backup: ResolvedBackup): pulumi.Output<k8s.types.input.core.v1.EnvVar[]> {
    return pulumi
        .all([pulumi.output(backup.database), credentialsEnvironment(backup.s3)])
        .apply(([database, keys]) => [
            { name: "PGHOST", value: database.host },
            { name: "PGPORT", value: String(portOf(database)) },
            { name: "PGDATABASE", value: database.database },
            fromSecret("PGUSER", database.credentialsSecret, usernameKey),
            fromSecret("PGPASSWORD", database.credentialsSecret, passwordKey),
            { name: "PGSSLMODE", value: sslModeOf(database) },
            ...(database.caSecret === undefined ? [] : [{ name: "PGSSLROOTCERT", value: `${certificates}/ca.crt` }]),
            ...keys,
        ]);
}
