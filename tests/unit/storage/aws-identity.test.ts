import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import { AwsAccess, AwsIdentity } from "../../../components";
import { awsIdentity } from "../../support/aws-changes";
import { assertEveryField, assertEveryFieldMatters } from "../../support/fields";
import { record, type Registered } from "../../support/recorder";

const account = { namespace: "team-a", serviceAccount: "spark-server" };
const oidcProviderArn = "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-central-1.amazonaws.com/id/0A1B";
const byToken = { ...account, oidcProviderArn };
const byAgent = { ...account, clusterName: "prod" };
const find = (made: Registered[], name: string) => made.find((one) => one.name === name)!;
const policyOf = (made: Registered[]) => JSON.parse(find(made, "spark-policy").inputs.policy);

describe("AwsIdentity", () => {
    it("makes a role with its rights, in a preview too", async () => {
        for (const preview of [false, true]) {
            const made = await record((opts) => new AwsIdentity("spark", byToken, opts), { preview });
            assert.deepEqual(
                made.map(({ type, name }) => `${name} ${type}`),
                ["spark-policy aws:iam/rolePolicy:RolePolicy", "spark-role aws:iam/role:Role"],
            );
        }
    });

    it("trusts the tokens of one service account", async () => {
        const made = await record((opts) => new AwsIdentity("spark", byToken, opts));
        assert.deepEqual(JSON.parse(find(made, "spark-role").inputs.assumeRolePolicy), {
            Version: "2012-10-17",
            Statement: [
                {
                    Sid: "ServiceAccountToken",
                    Effect: "Allow",
                    Principal: { Federated: oidcProviderArn },
                    Action: "sts:AssumeRoleWithWebIdentity",
                    Condition: {
                        StringEquals: {
                            "oidc.eks.eu-central-1.amazonaws.com/id/0A1B:aud": "sts.amazonaws.com",
                            "oidc.eks.eu-central-1.amazonaws.com/id/0A1B:sub": "system:serviceaccount:team-a:spark-server",
                        },
                    },
                },
            ],
        });
    });

    it("trusts EKS's agent for one service account, and tells it so", async () => {
        const made = await record((opts) => new AwsIdentity("spark", byAgent, opts));
        assert.deepEqual(JSON.parse(find(made, "spark-role").inputs.assumeRolePolicy), {
            Version: "2012-10-17",
            Statement: [
                {
                    Sid: "PodIdentity",
                    Effect: "Allow",
                    Principal: { Service: "pods.eks.amazonaws.com" },
                    Action: ["sts:AssumeRole", "sts:TagSession"],
                    Condition: {
                        StringEquals: {
                            "aws:RequestTag/eks-cluster-name": "prod",
                            "aws:RequestTag/kubernetes-namespace": "team-a",
                            "aws:RequestTag/kubernetes-service-account": "spark-server",
                        },
                    },
                },
            ],
        });
        assert.deepEqual(find(made, "spark-association").inputs, {
            clusterName: "prod",
            namespace: "team-a",
            serviceAccount: "spark-server",
            roleArn: "arn:aws:iam::111122223333:role/spark-role",
        });
    });

    it("lets a writer write below its prefix, a reader read, and both see nothing else", async () => {
        const made = await record(
            (opts) =>
                new AwsIdentity(
                    "spark",
                    {
                        ...byToken,
                        buckets: [
                            { bucketArn: "arn:aws:s3:::acme-warehouse", prefix: "tables", access: AwsAccess.Writer },
                            { bucketArn: "arn:aws:s3:::acme-raw" },
                        ],
                        secretArns: ["arn:aws:secretsmanager:eu-central-1:111122223333:secret:prod/*"],
                        kmsKeyArns: ["arn:aws:kms:eu-central-1:111122223333:key/0a1b"],
                    },
                    opts,
                ),
        );
        assert.deepEqual(policyOf(made), {
            Version: "2012-10-17",
            Statement: [
                { Sid: "Bucket1", Effect: "Allow", Action: "s3:GetBucketLocation", Resource: "arn:aws:s3:::acme-warehouse" },
                {
                    Sid: "List1",
                    Effect: "Allow",
                    Action: ["s3:ListBucket", "s3:ListBucketMultipartUploads"],
                    Resource: "arn:aws:s3:::acme-warehouse",
                    Condition: { StringLike: { "s3:prefix": ["tables", "tables/*"] } },
                },
                {
                    Sid: "Objects1",
                    Effect: "Allow",
                    Action: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"],
                    Resource: ["arn:aws:s3:::acme-warehouse/tables", "arn:aws:s3:::acme-warehouse/tables/*"],
                },
                { Sid: "Bucket2", Effect: "Allow", Action: "s3:GetBucketLocation", Resource: "arn:aws:s3:::acme-raw" },
                { Sid: "List2", Effect: "Allow", Action: ["s3:ListBucket"], Resource: "arn:aws:s3:::acme-raw" },
                { Sid: "Objects2", Effect: "Allow", Action: ["s3:GetObject"], Resource: "arn:aws:s3:::acme-raw/*" },
                {
                    Sid: "Secrets",
                    Effect: "Allow",
                    Action: ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
                    Resource: ["arn:aws:secretsmanager:eu-central-1:111122223333:secret:prod/*"],
                },
                {
                    Sid: "Keys",
                    Effect: "Allow",
                    Action: ["kms:Decrypt", "kms:GenerateDataKey"],
                    Resource: ["arn:aws:kms:eu-central-1:111122223333:key/0a1b"],
                    Condition: { StringLike: { "kms:ViaService": ["s3.*", "secretsmanager.*"] } },
                },
            ],
        });
    });

    it("says what the service account must wear: nothing with Pod Identity", async () => {
        const annotations = async (args: typeof byToken | typeof byAgent) => {
            let identity!: AwsIdentity;
            await record((opts) => (identity = new AwsIdentity("spark", args, opts)));
            return new Promise((resolve) => pulumi.output(identity.annotations).apply(resolve));
        };
        assert.deepEqual(await annotations(byToken), { "eks.amazonaws.com/role-arn": "arn:aws:iam::111122223333:role/spark-role" });
        assert.deepEqual(await annotations(byAgent), {});
    });

    it("names every wrong field", () => {
        const wrong = {
            namespace: "Team",
            serviceAccount: "",
            oidcProviderArn: "oidc.eks",
            clusterName: "-prod",
            buckets: [{ bucketArn: "acme-raw" }],
            secretArns: ["prod/*"],
            kmsKeyArns: ["alias/a"],
            permissionsBoundaryArn: "limits",
        };
        assert.throws(() => new AwsIdentity("spark", wrong), {
            message: [
                'AwsIdentity "spark" cannot be deployed as configured:',
                "  oidcProviderArn: is given together with clusterName; give one of the two",
                '  oidcProviderArn: "oidc.eks" is not an ARN of iam; write it like "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-central-1.amazonaws.com/id/0A1B"',
                '  clusterName: "-prod" is not the name of an EKS cluster; use letters, digits, "-" and "_"',
                '  namespace: "Team" is not a DNS label; use lower-case letters, digits and "-", starting with a letter',
                "  serviceAccount: is missing",
                '  buckets: "acme-raw" is not the ARN of a bucket; write it like "arn:aws:s3:::my-warehouse"',
                '  secretArns: "prod/*" is not an ARN of secretsmanager; write it like "arn:aws:secretsmanager:eu-central-1:111122223333:secret:prod/*"',
                '  kmsKeyArns: "alias/a" is not an ARN of kms; write it like "arn:aws:kms:eu-central-1:111122223333:key/0a1b"',
                '  permissionsBoundaryArn: "limits" is not an ARN of iam; write it like "arn:aws:iam::111122223333:policy/limits"',
            ].join("\n"),
        });
        const bucketArn = "arn:aws:s3:::acme-raw";
        assert.throws(() => new AwsIdentity("spark", account), {
            message: /oidcProviderArn: is missing, and so is clusterName; give one of the two/,
        });
        assert.throws(() => new AwsIdentity("spark", { ...byToken, buckets: [{ bucketArn, prefix: "/x" }] }), {
            message: /is not a path in a bucket/,
        });
        assert.throws(() => new AwsIdentity("spark", { ...byToken, buckets: [{ bucketArn, access: "owner" }] }), {
            message: /buckets: "owner" is not one of "reader", "writer"/,
        });
    });

    it("has no argument without effect", async () => {
        assertEveryField("AwsIdentity", awsIdentity);
        const { clusterName, oidcProviderArn: provider, ...both } = awsIdentity;
        const make = (args: typeof byToken, opts: pulumi.ComponentResourceOptions) => new AwsIdentity("spark", args, opts);
        await assertEveryFieldMatters(make, byToken, { ...both, oidcProviderArn: provider });
        await assertEveryFieldMatters(make, byAgent as unknown as typeof byToken, { clusterName });
    });
});
