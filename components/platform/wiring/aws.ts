import * as pulumi from "@pulumi/pulumi";

import { partitionOf } from "../../internal/aws";
import { objectName } from "../../internal/identity";
import { accountName as backupAccount } from "../../operations/backup/objects";
import { mastersName, workersName } from "../../spark/standalone/identity";
import type { AwsBuckets } from "../../storage/aws-buckets";
import type { AwsBucketsArgs } from "../../storage/aws-buckets/args";
import { AwsAccess, type AwsIdentity } from "../../storage/aws-identity";
import type { AwsBucketAccess, AwsIdentityArgs } from "../../storage/aws-identity/args";
import { partName } from "../../tools/airflow/identity";
import type { ResolvedPlatform } from "../resolve";
import { backups } from "./backups";
import { toolBuckets } from "./storage";

/** An account of the platform that may have a role: what the role is called in the program. */
export type Role = string;

/** Roles that a cloud grants to the accounts of the platform. */
export interface Roles {
    arn: (role: Role) => pulumi.Output<string> | undefined;
    /** Annotations of an account, with those that its settings name; nothing where it has neither a role nor any. */
    annotations: (role: Role, own?: Annotations) => Annotations | undefined;
}

type Annotations = pulumi.Input<Record<string, pulumi.Input<string>>>;

export function buckets(platform: ResolvedPlatform): AwsBucketsArgs | undefined {
    const { aws } = platform;
    const { buckets: own = { warehouse: {} }, ...settings } = aws?.buckets ?? { prefix: "" };
    const tools = Object.fromEntries(toolBuckets(platform).map((key) => [key, {}]));
    return aws?.buckets && { ...settings, buckets: { ...own, ...tools }, region: aws.region };
}

/** Everybody who reads and writes the platform's data, by the role's name. */
function dataAccounts({ name, standalone, airflow }: ResolvedPlatform): Record<Role, string> {
    const accounts: Record<Role, string> = { server: objectName(name, "server"), executor: objectName(name, "executor") };
    for (const key of Object.keys(standalone)) {
        const cluster = { name: `${name}-${key}` };
        accounts[`standalone-${key}-master`] = mastersName(cluster);
        accounts[`standalone-${key}-worker`] = workersName(cluster);
    }
    for (const role of airflow ? (["scheduler", "worker"] as const) : []) {
        accounts[`airflow-${role}`] = partName({ name }, role);
    }
    return accounts;
}

/** The roles to make, each for one account. */
export function identities(platform: ResolvedPlatform, made: AwsBuckets | undefined): Record<Role, AwsIdentityArgs> {
    const { aws, name, namespace, secrets } = platform;
    const identity = aws?.identity;
    if (aws === undefined || identity === undefined) {
        return {};
    }
    const { secretArns, ...common } = identity;
    const kept = backups(platform);
    const roleFor = (serviceAccount: string, rights: Partial<AwsIdentityArgs>) => ({ ...common, namespace, serviceAccount, ...rights });
    const more = identity.buckets ?? [];
    const data = {
        buckets: pulumi
            .all([
                more,
                dataRights(
                    made,
                    Object.values(kept).map(({ bucket }) => bucket),
                ),
            ])
            .apply(([own, all]) => [...own, ...all]),
        kmsKeyArns: keysOf(platform),
    };
    const backup = (bucket: pulumi.Input<string>) => ({ buckets: backupRights(aws.region, bucket), kmsKeyArns: keysOf(platform) });
    const readers = Object.entries(dataAccounts(platform)).map(([role, account]) => [role, roleFor(account, data)]);
    const ofBackups = Object.entries(kept).map(([database, { bucket }]) => {
        const own = `${name}-${database}`;
        return [`${database}-backup`, roleFor(backupAccount(own), backup(bucket))];
    });
    const fetches = secrets?.aws !== undefined && secrets.aws.roleArn === undefined;
    return {
        ...(Object.fromEntries([...readers, ...ofBackups]) as Record<Role, AwsIdentityArgs>),
        ...(fetches && { secrets: roleFor(objectName(name, "secrets"), { buckets: [], secretArns }) }),
    };
}

/** All buckets but those of backups. */
function dataRights(made: AwsBuckets | undefined, ofBackups: pulumi.Input<string>[]): pulumi.Output<AwsBucketAccess[]> {
    return pulumi.all([made?.bucketArns ?? {}, pulumi.all(ofBackups)]).apply(([arns, without]) =>
        Object.values(arns)
            .filter((arn) => !without.some((bucket) => arn.endsWith(`:::${bucket}`)))
            .map((bucketArn) => ({ bucketArn, access: AwsAccess.Writer })),
    );
}

function backupRights(region: pulumi.Input<string>, bucket: pulumi.Input<string>): pulumi.Input<AwsBucketAccess>[] {
    return [
        {
            bucketArn: pulumi.output(region).apply((where) => pulumi.interpolate`arn:${partitionOf(where)}:s3:::${bucket}`),
            access: AwsAccess.Writer,
        },
    ];
}

/** Keys that the buckets and secrets are encrypted with. */
function keysOf({ aws }: ResolvedPlatform): pulumi.Output<string[]> {
    const own = aws?.buckets?.kmsKeyArn;
    return pulumi
        .all([aws?.identity?.kmsKeyArns ?? [], own])
        .apply(([named, key]) => [...new Set([...named, ...(key === undefined ? [] : [key])])]);
}

export function granted(made: Record<Role, AwsIdentity>): Roles {
    return {
        arn: (role) => made[role]?.roleArn,
        annotations: (role, own) => {
            const identity = made[role];
            return identity === undefined
                ? own
                : pulumi.all([own ?? {}, identity.annotations]).apply(([given, role]) => ({ ...given, ...role }));
        },
    };
}
