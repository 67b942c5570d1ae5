import type * as pulumi from "@pulumi/pulumi";

import type { Statement } from "../../internal/aws";
import { AwsAccess, type AwsBucketAccess } from "./args";

/** Who stands behind a role. */
export interface Account {
    namespace: string;
    serviceAccount: string;
}

/** The role is for whoever shows the cluster's token of this one account (IRSA). */
export function trustOfToken(oidcProviderArn: string, { namespace, serviceAccount }: Account): Statement[] {
    const issuer = oidcProviderArn.replace(/^.*:oidc-provider\//, "");
    return [
        {
            Sid: "ServiceAccountToken",
            Effect: "Allow",
            Principal: { Federated: oidcProviderArn },
            Action: "sts:AssumeRoleWithWebIdentity",
            Condition: {
                StringEquals: {
                    [`${issuer}:aud`]: "sts.amazonaws.com",
                    [`${issuer}:sub`]: `system:serviceaccount:${namespace}:${serviceAccount}`,
                },
            },
        },
    ];
}

/** The role comes through EKS's agent, which says for whom it asks. */
export function trustOfPodIdentity(clusterName: string, { namespace, serviceAccount }: Account): Statement[] {
    return [
        {
            Sid: "PodIdentity",
            Effect: "Allow",
            Principal: { Service: "pods.eks.amazonaws.com" },
            Action: ["sts:AssumeRole", "sts:TagSession"],
            Condition: {
                StringEquals: {
                    "aws:RequestTag/eks-cluster-name": clusterName,
                    "aws:RequestTag/kubernetes-namespace": namespace,
                    "aws:RequestTag/kubernetes-service-account": serviceAccount,
                },
            },
        },
    ];
}

const reads = ["s3:GetObject"];
/** With what a multipart upload needs, which is how the magic committer writes. */
const writes = [...reads, "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"];

/** What one right to a bucket comes to, and no more. `number` keeps the statements' names apart. */
export function bucketStatements({ bucketArn, prefix, access }: pulumi.Unwrap<AwsBucketAccess>, number: number): Statement[] {
    const writer = access === AwsAccess.Writer;
    // S3 also asks this condition when it decides between "not there" and "not allowed" for a single object.
    const inPrefix = prefix === undefined ? {} : { Condition: { StringLike: { "s3:prefix": [prefix, `${prefix}/*`] } } };
    return [
        { Sid: `Bucket${number}`, Effect: "Allow", Action: "s3:GetBucketLocation", Resource: bucketArn },
        {
            Sid: `List${number}`,
            Effect: "Allow",
            Action: writer ? ["s3:ListBucket", "s3:ListBucketMultipartUploads"] : ["s3:ListBucket"],
            Resource: bucketArn,
            ...inPrefix,
        },
        {
            Sid: `Objects${number}`,
            Effect: "Allow",
            Action: writer ? writes : reads,
            Resource: prefix === undefined ? `${bucketArn}/*` : [`${bucketArn}/${prefix}`, `${bucketArn}/${prefix}/*`],
        },
    ];
}

/** Everything that a role may do. */
export function rights(given: { buckets: pulumi.Unwrap<AwsBucketAccess>[]; secretArns: string[]; kmsKeyArns: string[] }): Statement[] {
    const { buckets, secretArns, kmsKeyArns } = given;
    const writer = buckets.some(({ access }) => access === AwsAccess.Writer);
    const keys: Statement = {
        Sid: "Keys",
        Effect: "Allow",
        Action: writer ? ["kms:Decrypt", "kms:GenerateDataKey"] : ["kms:Decrypt"],
        Resource: kmsKeyArns,
        // Through the services that keep the data, never by itself.
        Condition: { StringLike: { "kms:ViaService": ["s3.*", "secretsmanager.*"] } },
    };
    const secrets: Statement = {
        Sid: "Secrets",
        Effect: "Allow",
        Action: ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
        Resource: secretArns,
    };
    return [
        ...buckets.flatMap((each, index) => bucketStatements(each, index + 1)),
        ...(secretArns.length === 0 ? [] : [secrets]),
        ...(kmsKeyArns.length === 0 ? [] : [keys]),
    ];
}
