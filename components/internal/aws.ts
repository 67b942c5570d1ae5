import { createRequire } from "node:module";

import type { Check } from "./checks";

const load = createRequire(__filename);

/** AWS's resources. Each module is loaded by the first brick that makes something of it: a platform without AWS pays nothing for them. */
export const aws = {
    ec2: () => load("@pulumi/aws/ec2") as typeof import("@pulumi/aws/ec2"),
    eks: () => load("@pulumi/aws/eks") as typeof import("@pulumi/aws/eks"),
    iam: () => load("@pulumi/aws/iam") as typeof import("@pulumi/aws/iam"),
    rds: () => load("@pulumi/aws/rds") as typeof import("@pulumi/aws/rds"),
    s3: () => load("@pulumi/aws/s3") as typeof import("@pulumi/aws/s3"),
};

/** One statement of a policy, as AWS reads it. */
export interface Statement {
    Sid: string;
    Effect: "Allow" | "Deny";
    Principal?: string | Record<string, string>;
    Action: string | string[];
    Resource?: string | string[];
    Condition?: Record<string, Record<string, string | string[]>>;
}

/** The text of a policy. */
export const policyDocument = (statements: Statement[]): string => JSON.stringify({ Version: "2012-10-17", Statement: statements });

/** AWS keeps China and the government apart: names of resources there begin differently. */
export function partitionOf(region: string): string {
    return { "cn-": "aws-cn", "us-gov-": "aws-us-gov" }[/^(cn-|us-gov-)/.exec(region)?.[1] ?? ""] ?? "aws";
}

export const awsRegion: Check<string> = (value) =>
    /^[a-z]{2}(-[a-z]+)+-[0-9]$/.test(value) ? undefined : `${JSON.stringify(value)} is not a region of AWS; write it like "eu-central-1"`;

/** The name of a resource of AWS, of one service and with one kind of resource. */
export const arn =
    (service: string, resource: string, example: string): Check<string> =>
    (value) =>
        new RegExp(`^arn:aws(-cn|-us-gov)?:${service}:[a-z0-9-]*:[0-9]*:${resource}.+$`).test(value)
            ? undefined
            : `${JSON.stringify(value)} is not an ARN of ${service}; write it like "${example}"`;

/** Tags as AWS takes them; those that begin with "aws:" it writes itself. */
export const awsTags: Check<Record<string, string>> = (tags) => {
    const wrong = Object.keys(tags).filter((key) => !/^(?!aws:).{1,128}$/i.test(key));
    return wrong.length === 0
        ? undefined
        : `${wrong.map((key) => JSON.stringify(key)).join(", ")} is not the key of a tag; use at most 128 characters that do not begin with "aws:"`;
};

/** An ARN of a key that encrypts. */
export const keyArn = arn("kms", "key/", "arn:aws:kms:eu-central-1:111122223333:key/0a1b");
