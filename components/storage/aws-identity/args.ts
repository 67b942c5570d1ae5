import type * as pulumi from "@pulumi/pulumi";

import { arn, awsTags, keyArn } from "../../internal/aws";
import { Checks, type Check } from "../../internal/checks";
import { withDefaults } from "../../internal/defaults";
import { dnsLabel, each, existingObject, objectPrefix, present } from "../../internal/values";

/** What may be done with objects. */
export const AwsAccess = { Reader: "reader", Writer: "writer" } as const;

/** Rights to a part of a bucket. */
export interface AwsBucketAccess {
    /** ARN of the bucket. */
    bucketArn: pulumi.Input<string>;
    /** Directory in the bucket that the rights end at. Default: the whole bucket. */
    prefix?: pulumi.Input<string>;
    /** `reader` lists and reads; `writer` also writes and deletes. Default: reader. */
    access?: pulumi.Input<string>;
}

/** What a role may do. */
export interface AwsIdentitySettings {
    /**
     * ARN of the cluster's OpenID Connect provider: the role is for tokens of the service account (IRSA), which both lines of Spark
     * understand. Plain: decides how the pods get the role. Give this or `clusterName`.
     */
    oidcProviderArn?: string;
    /** Name of the EKS cluster: the role comes through EKS Pod Identity. Spark 3.5 does not know how to ask for it. Plain: as above. */
    clusterName?: string;
    /** Rights to buckets. Default: none. */
    buckets?: pulumi.Input<pulumi.Input<AwsBucketAccess>[]>;
    /** ARNs of secrets in AWS Secrets Manager that may be read; `*` at the end stands for the rest of a name. Default: none. */
    secretArns?: pulumi.Input<pulumi.Input<string>[]>;
    /** ARNs of the keys that the objects and secrets are encrypted with. Default: none, they are encrypted with AWS's own. */
    kmsKeyArns?: pulumi.Input<pulumi.Input<string>[]>;
    /** ARN of a policy that no right of the role can go beyond. Default: none. */
    permissionsBoundaryArn?: pulumi.Input<string>;
    /** Tags of the role. Default: none. */
    tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** Arguments of `AwsIdentity`. */
export interface AwsIdentityArgs extends AwsIdentitySettings {
    /** Namespace of the service account. */
    namespace: pulumi.Input<string>;
    /** Name of the service account; nobody else can take the role. */
    serviceAccount: pulumi.Input<string>;
}

/** The arguments with every default filled in. */
export interface ResolvedIdentity extends AwsIdentityArgs {
    name: string;
    buckets: pulumi.Input<AwsBucketAccess[]>;
    secretArns: pulumi.Input<string[]>;
    kmsKeyArns: pulumi.Input<string[]>;
}

type Rights = pulumi.Unwrap<AwsBucketAccess>;

const bucketArn: Check<string> = (value) =>
    /^arn:aws(-cn|-us-gov)?:s3:::[^/*]+$/.test(value)
        ? undefined
        : `${JSON.stringify(value)} is not the ARN of a bucket; write it like "arn:aws:s3:::my-warehouse"`;

const access: Check<string> = (value) =>
    Object.values<string>(AwsAccess).includes(value) ? undefined : `"${value}" is not one of "reader", "writer"`;

const bucketRights: Check<Rights> = (rights) =>
    bucketArn(rights.bucketArn) ??
    (rights.prefix === undefined ? undefined : objectPrefix(rights.prefix)) ??
    (rights.access === undefined ? undefined : access(rights.access));

const eachRight: Check<Rights[]> = (list) => list.map(bucketRights).find((problem) => problem !== undefined);

const secretArn = arn("secretsmanager", "secret:", "arn:aws:secretsmanager:eu-central-1:111122223333:secret:prod/*");
const providerArn = arn("iam", "oidc-provider/", "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-central-1.amazonaws.com/id/0A1B");
const boundaryArn = arn("iam", "policy/", "arn:aws:iam::111122223333:policy/limits");

/** EKS's own rule. */
const clusterName: Check<string> = (value) =>
    /^[A-Za-z0-9][-_A-Za-z0-9]{0,99}$/.test(value)
        ? undefined
        : `${JSON.stringify(value)} is not the name of an EKS cluster; use letters, digits, "-" and "_"`;

/** @throws pulumi.InputPropertiesError naming every wrong field. */
export function resolveIdentity(name: string, given: AwsIdentityArgs): ResolvedIdentity {
    const args = withDefaults(given, { buckets: [], secretArns: [], kmsKeyArns: [] });
    const checks = new Checks(`AwsIdentity "${name}"`);
    checks.plain("name", name, dnsLabel);
    checks.plain("oidcProviderArn", args, oneWay);
    checkPlain(checks, "oidcProviderArn", args.oidcProviderArn, providerArn);
    checkPlain(checks, "clusterName", args.clusterName, clusterName);
    const resolved: ResolvedIdentity = {
        ...args,
        name,
        namespace: checks.input("namespace", args.namespace, present, dnsLabel),
        serviceAccount: checks.input("serviceAccount", args.serviceAccount, existingObject),
        buckets: checks.input("buckets", args.buckets, eachRight),
        secretArns: checks.input("secretArns", args.secretArns, each(secretArn)),
        kmsKeyArns: checks.input("kmsKeyArns", args.kmsKeyArns, each(keyArn)),
        tags: checks.optional("tags", args.tags, awsTags),
        permissionsBoundaryArn: checks.optional("permissionsBoundaryArn", args.permissionsBoundaryArn, boundaryArn),
    };
    checks.throwIfAny();
    return resolved;
}

function checkPlain(checks: Checks, path: string, value: string | undefined, check: Check<string>): void {
    if (value !== undefined) {
        checks.plain(path, value, check);
    }
}

function oneWay({ oidcProviderArn, clusterName }: AwsIdentitySettings): string | undefined {
    const given = [oidcProviderArn, clusterName].filter((way) => way !== undefined).length;
    return { 0: "is missing, and so is clusterName; give one of the two", 2: "is given together with clusterName; give one of the two" }[
        given
    ];
}
