import type * as s3 from "@pulumi/aws/s3";
import * as pulumi from "@pulumi/pulumi";

import { partitionOf, policyDocument } from "../../internal/aws";
import type { ResolvedBucket, ResolvedBuckets } from "./args";
import { tlsOnly } from "./policy";

type Bucket = pulumi.Input<string>;

export const bucket = ({ tags }: ResolvedBuckets, one: ResolvedBucket): s3.BucketArgs => ({
    bucket: one.bucket,
    forceDestroy: false,
    tags,
});

/** Objects belong to the bucket's owner whoever wrote them, and access lists, which nobody looks at, are off. */
export const ownership = (bucket: Bucket): s3.BucketOwnershipControlsArgs => ({ bucket, rule: { objectOwnership: "BucketOwnerEnforced" } });

export const publicAccess = (bucket: Bucket): s3.BucketPublicAccessBlockArgs => ({
    bucket,
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
});

/** A bucket key spares a call to KMS for each object. */
export function encryption({ kmsKeyArn }: ResolvedBuckets, bucket: Bucket): s3.BucketServerSideEncryptionConfigurationArgs {
    const applyServerSideEncryptionByDefault =
        kmsKeyArn === undefined ? { sseAlgorithm: "AES256" } : { sseAlgorithm: "aws:kms", kmsMasterKeyId: kmsKeyArn };
    return { bucket, rules: [{ applyServerSideEncryptionByDefault, bucketKeyEnabled: kmsKeyArn !== undefined }] };
}

/** "Suspended" rather than nothing: a bucket that once kept versions can never forget that it did. */
export const versioning = (buckets: ResolvedBuckets, bucket: Bucket): s3.BucketVersioningArgs => ({
    bucket,
    versioningConfiguration: { status: pulumi.output(buckets.versioning).apply((on) => (on ? "Enabled" : "Suspended")) },
});

/** What the bucket clears away by itself. Parts of broken uploads are seen by no listing, and paid for until somebody deletes them. */
export function lifecycle(buckets: ResolvedBuckets, one: ResolvedBucket, bucket: Bucket): s3.BucketLifecycleConfigurationArgs {
    const everything = { filter: { prefix: "" }, status: "Enabled" };
    return {
        bucket,
        rules: [
            { id: "abort-uploads", ...everything, abortIncompleteMultipartUpload: { daysAfterInitiation: buckets.abortUploadDays } },
            {
                id: "old-versions",
                ...everything,
                noncurrentVersionExpiration: { noncurrentDays: buckets.oldVersionDays },
                // What is left of a deleted object when its versions are gone.
                expiration: { expiredObjectDeleteMarker: true },
            },
            ...(one.expireDays === undefined ? [] : [{ id: "expire", ...everything, expiration: { days: one.expireDays } }]),
        ],
    };
}

export function policy(buckets: ResolvedBuckets, one: ResolvedBucket, bucket: Bucket): s3.BucketPolicyArgs {
    return { bucket, policy: arnOf(buckets, one).apply((arn) => policyDocument(tlsOnly(arn))) };
}

/** Made of what is known beforehand, so that a preview shows whole policies. */
export function arnOf({ region }: ResolvedBuckets, { bucket }: ResolvedBucket): pulumi.Output<string> {
    return pulumi.all([region, bucket]).apply(([where, name]) => `arn:${partitionOf(where)}:s3:::${name}`);
}

/** The empty object that stands for a directory: Spark lists the directory of its logs before it writes there. */
export const eventLogMarker = ({ eventLogPrefix }: ResolvedBuckets, bucket: Bucket): s3.BucketObjectv2Args => ({
    bucket,
    key: pulumi.interpolate`${eventLogPrefix}/`,
    content: "",
    // The provider says "application/octet-stream", S3A looks for its own word where it finds a directory.
    contentType: "application/x-directory",
});
