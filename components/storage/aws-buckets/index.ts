import * as pulumi from "@pulumi/pulumi";

import { aws } from "../../internal/aws";
import type { EventLogLocation, S3Connection } from "../connections";
import { resolveBuckets, type AwsBucketsArgs, type ResolvedBucket } from "./args";
import * as objects from "./objects";

export type { AwsBucketContents, AwsBucketsArgs, AwsBucketsSettings } from "./args";

/** Buckets of AWS S3: encrypted, versioned, closed to the public and to connections in the clear. */
export class AwsBuckets extends pulumi.ComponentResource {
    /** How to reach the buckets, as the cloud identity of the pods (see `AwsIdentity`). */
    public readonly connection: pulumi.Output<S3Connection>;
    /** Where event logs go; known to others when the directory exists. */
    public readonly eventLog: pulumi.Output<EventLogLocation>;
    /** Directory for tables, in the first bucket. */
    public readonly warehouse: pulumi.Output<string>;
    /** Whole names of the buckets, by the ends of their names. */
    public readonly bucketNames: pulumi.Output<Record<string, string>>;
    /** ARNs of the buckets, by the ends of their names. */
    public readonly bucketArns: pulumi.Output<Record<string, string>>;

    constructor(name: string, args: AwsBucketsArgs, opts?: pulumi.ComponentResourceOptions) {
        super("spark-platform:index:AwsBuckets", name, {}, opts);
        const buckets = resolveBuckets(name, args);
        const s3 = aws.s3();
        const child = { parent: this };

        const made = buckets.all.map((one) => {
            const own = `${name}-${one.key}`;
            const bucket = new s3.Bucket(own, objects.bucket(buckets, one), { ...child, protect: buckets.protectData });
            const closed = new s3.BucketPublicAccessBlock(`${own}-public-access`, objects.publicAccess(bucket.bucket), child);
            const owned = new s3.BucketOwnershipControls(`${own}-ownership`, objects.ownership(bucket.bucket), child);
            new s3.BucketServerSideEncryptionConfiguration(`${own}-encryption`, objects.encryption(buckets, bucket.bucket), child);
            const versioning = new s3.BucketVersioning(`${own}-versioning`, objects.versioning(buckets, bucket.bucket), child);
            // S3 answers changes of one bucket that come at the same time with a conflict.
            const afterVersioning = { ...child, dependsOn: [versioning] };
            new s3.BucketLifecycleConfiguration(`${own}-lifecycle`, objects.lifecycle(buckets, one, bucket.bucket), afterVersioning);
            new s3.BucketPolicy(`${own}-policy`, objects.policy(buckets, one, bucket.bucket), { ...child, dependsOn: [closed, owned] });
            return [one.key, bucket] as const;
        });
        const byKey = Object.fromEntries(made.map(([key, bucket]) => [key, bucket.bucket]));
        const logBucket = byKey[buckets.eventLogBucket] ?? "";
        const marker = new s3.BucketObjectv2(`${name}-event-log`, objects.eventLogMarker(buckets, logBucket), child);

        this.connection = pulumi.output(buckets.region).apply((region) => ({ region }));
        const s3Connection = this.connection;
        this.eventLog = pulumi
            .all([logBucket, buckets.eventLogPrefix, marker.urn])
            .apply(([bucket, prefix]) => ({ directory: `s3a://${bucket}/${prefix}`, s3: s3Connection }));
        this.warehouse = pulumi.interpolate`s3a://${byKey[firstOf(buckets.all)] ?? ""}/tables`;
        this.bucketNames = pulumi.output(byKey);
        this.bucketArns = pulumi.output(Object.fromEntries(buckets.all.map((one) => [one.key, objects.arnOf(buckets, one)])));
        this.registerOutputs({
            connection: this.connection,
            eventLog: this.eventLog,
            warehouse: this.warehouse,
            bucketNames: this.bucketNames,
            bucketArns: this.bucketArns,
        });
    }
}

const firstOf = ([first]: ResolvedBucket[]): string => first?.key ?? "";
