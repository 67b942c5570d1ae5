import * as pulumi from "@pulumi/pulumi";

import { awsRegion, awsTags, keyArn } from "../../internal/aws";
import { Checks, type Check } from "../../internal/checks";
import { withDefaults } from "../../internal/defaults";
import { bucketName, dnsLabel, objectPrefix, present, wholeNumber } from "../../internal/values";

/** One bucket. */
export interface AwsBucketContents {
    /** Days after which an object is deleted, by the bucket itself. Default: objects stay. */
    expireDays?: pulumi.Input<number>;
}

/** What buckets there are, and how they keep their objects. */
export interface AwsBucketsSettings {
    /** Begins the name of every bucket, because names are unique in the whole of AWS: <prefix>-warehouse. Changing it replaces the buckets. */
    prefix: pulumi.Input<string>;
    /** Buckets by the end of their names. Plain: decides which buckets exist. Default: warehouse. */
    buckets?: Record<string, AwsBucketContents>;
    /** End of the name of the bucket for Spark's event logs, made too. Plain: as above. Default: spark-logs. */
    eventLogBucket?: string;
    /** Directory of the event logs in their bucket. Default: events. */
    eventLogPrefix?: pulumi.Input<string>;
    /** Days after which an event log is deleted, by the bucket itself; then no History Server may delete them too. Default: logs stay. */
    eventLogDays?: pulumi.Input<number>;
    /** Key that encrypts the objects. Default: a key of S3's own. */
    kmsKeyArn?: pulumi.Input<string>;
    /** Whether what is overwritten or deleted is kept as an older version. Default: true. */
    versioning?: pulumi.Input<boolean>;
    /** Days that older versions are kept. Default: 30. */
    oldVersionDays?: pulumi.Input<number>;
    /** Days after which the parts of an upload that never ended are deleted. Default: 7. */
    abortUploadDays?: pulumi.Input<number>;
    /** Whether the buckets refuse to be destroyed. Plain: the engine must know it beforehand. Default: true. */
    protectData?: boolean;
    /** Tags of the buckets. Default: none. */
    tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** Arguments of `AwsBuckets`. */
export interface AwsBucketsArgs extends AwsBucketsSettings {
    /** Region of the buckets; the aws provider must be set to the same. */
    region: pulumi.Input<string>;
}

/** One bucket with everything filled in. */
export interface ResolvedBucket {
    /** End of the name, and name of the child. */
    key: string;
    bucket: pulumi.Input<string>;
    expireDays?: pulumi.Input<number>;
}

/** The arguments with every default filled in. */
export interface ResolvedBuckets extends AwsBucketsArgs {
    name: string;
    all: ResolvedBucket[];
    eventLogBucket: string;
    eventLogPrefix: pulumi.Input<string>;
    versioning: pulumi.Input<boolean>;
    oldVersionDays: pulumi.Input<number>;
    abortUploadDays: pulumi.Input<number>;
    protectData: boolean;
}

const defaults = {
    buckets: { warehouse: {} } as Record<string, AwsBucketContents>,
    eventLogBucket: "spark-logs",
    eventLogPrefix: "events",
    versioning: true,
    oldVersionDays: 30,
    abortUploadDays: 7,
    protectData: true,
};

/** @throws pulumi.InputPropertiesError naming every wrong field. */
export function resolveBuckets(name: string, given: AwsBucketsArgs): ResolvedBuckets {
    const args = withDefaults(given, defaults);
    const checks = new Checks(`AwsBuckets "${name}"`);
    checks.plain("name", name, dnsLabel);
    checks.plain("buckets", args.buckets, someBucket);
    checks.plain("eventLogBucket", args.eventLogBucket, ownBucket(args.buckets));
    const days = wholeNumber({ from: 1 });
    const prefix = checks.input("prefix", args.prefix, present, bucketName);
    const resolved: ResolvedBuckets = {
        ...args,
        name,
        prefix,
        region: checks.input("region", args.region, present, awsRegion),
        eventLogPrefix: checks.input("eventLogPrefix", args.eventLogPrefix, objectPrefix),
        kmsKeyArn: checks.optional("kmsKeyArn", args.kmsKeyArn, keyArn),
        tags: checks.optional("tags", args.tags, awsTags),
        oldVersionDays: checks.input("oldVersionDays", args.oldVersionDays, days),
        abortUploadDays: checks.input("abortUploadDays", args.abortUploadDays, days),
        all: [
            ...Object.entries(args.buckets).map(([key, { expireDays }]) => ({
                key,
                bucket: fullName(checks, `buckets["${key}"]`, prefix, key),
                expireDays: checks.optional(`buckets["${key}"].expireDays`, expireDays, days),
            })),
            {
                key: args.eventLogBucket,
                bucket: fullName(checks, "eventLogBucket", prefix, args.eventLogBucket),
                expireDays: checks.optional("eventLogDays", args.eventLogDays, days),
            },
        ],
    };
    checks.throwIfAny();
    return resolved;
}

/** A prefix that is wrong itself is said once, not once a bucket. */
function fullName(checks: Checks, path: string, prefix: pulumi.Input<string>, key: string): pulumi.Input<string> {
    const joined = (known: string) => `${known}-${key}`;
    const named: Check<string> = (known) => bucketName(known);
    if (typeof prefix === "string") {
        return bucketName(prefix) === undefined ? checks.input(path, joined(prefix), named) : joined(prefix);
    }
    return checks.input(path, pulumi.output(prefix).apply(joined), named);
}

const someBucket: Check<Record<string, AwsBucketContents>> = (buckets) =>
    Object.keys(buckets).length === 0 ? "is empty; give at least one" : undefined;

const ownBucket =
    (buckets: Record<string, AwsBucketContents>): Check<string> =>
    (key) =>
        key in buckets ? `"${key}" is one of buckets too; event logs have a bucket of their own` : undefined;
