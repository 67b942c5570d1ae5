import type { Changes } from "./fields";

/** For every public argument of the bricks of AWS a value that differs from its default. */

export const awsBuckets: Changes = {
    region: "cn-north-1",
    prefix: "other",
    "buckets.*.expireDays": 9,
    eventLogBucket: "logs",
    eventLogPrefix: "other/events",
    eventLogDays: 8,
    kmsKeyArn: "arn:aws:kms:eu-central-1:111122223333:key/0a1b",
    versioning: false,
    oldVersionDays: 5,
    abortUploadDays: 2,
    protectData: false,
    tags: { team: "a" },
};

export const awsIdentity: Changes = {
    namespace: "team-b",
    serviceAccount: "other",
    oidcProviderArn: "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/FFFF",
    clusterName: "other",
    buckets: [{ bucketArn: "arn:aws:s3:::other" }],
    secretArns: ["arn:aws:secretsmanager:eu-central-1:111122223333:secret:other/*"],
    kmsKeyArns: ["arn:aws:kms:eu-central-1:111122223333:key/0a1b"],
    permissionsBoundaryArn: "arn:aws:iam::111122223333:policy/limits",
    tags: { team: "a" },
};

export const awsPostgres: Changes = {
    namespace: "team-b",
    vpcId: "vpc-11111111",
    subnetIds: ["subnet-11111111", "subnet-22222222", "subnet-33333333"],
    clientSecurityGroupIds: ["sg-11111111"],
    database: "other",
    username: "other",
    credentialsSecret: "from-aws",
    caSecret: "rds-ca",
    version: "16",
    instanceClass: "db.r7g.large",
    storage: "40g",
    maximumStorage: "200g",
    standby: false,
    backupDays: 14,
    kmsKeyArn: "arn:aws:kms:eu-central-1:111122223333:key/0a1b",
    protectData: false,
    tags: { team: "a" },
};
