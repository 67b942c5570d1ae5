import type {
    AwsBucketAccess,
    AwsBucketContents,
    AwsBucketsSettings,
    AwsIdentitySettings,
    AwsPostgresSettings,
    SparkPlatformAws,
} from "../../components";
import { arn, awsRegion, keyArn } from "../../components/internal/aws";
import { databaseName, present } from "../../components/internal/values";
import { AwsAccess } from "../../components/storage/aws-identity/args";
import { list, named, oneOf, section, text, wholeNumber, yesOrNo } from "../hints";
import { size } from "../quantity";
import { filled, forms, name, texts, type Every } from "./forms";

const days = (description: string, to?: number) => wholeNumber(description, 1, to);
const tags = texts("Tags of what is made. Default: none.").optional();
const key = (description: string) =>
    text(description, { check: keyArn, expected: 'the ARN of a key like "arn:aws:kms:eu-central-1:111122223333:key/0a1b"' });
const ids = (description: string, example: string) => list(description, filled("An id.", `an id like "${example}"`));
const database = (description: string) =>
    text(description, { check: databaseName, expected: 'at most 63 lower-case letters, digits and "_", starting with a letter' });

const region = text("Region of everything.", { check: awsRegion, expected: 'a region of AWS like "eu-central-1"' });

const awsBuckets = section("Buckets of AWS S3. Not together with objectStore or storage.", {
    prefix: text("Begins the name of every bucket, because names are unique in the whole of AWS: <prefix>-warehouse.", forms.bucket),
    buckets: named(
        "Buckets by the end of their names. Default: warehouse.",
        section("One bucket.", {
            expireDays: days("Days after which an object is deleted. Default: objects stay.").optional(),
        } satisfies Every<AwsBucketContents>),
    ).optional(),
    eventLogBucket: name("End of the name of the bucket for event logs, made too. Default: spark-logs.").optional(),
    eventLogPrefix: text("Directory of the event logs in their bucket. Default: events.", forms.prefix).optional(),
    eventLogDays: days("Days after which an event log is deleted by the bucket itself. Default: logs stay.").optional(),
    kmsKeyArn: key("Key that encrypts the objects. Default: a key of S3's own.").optional(),
    versioning: yesOrNo("Whether what is overwritten or deleted is kept as an older version. Default: true.").optional(),
    oldVersionDays: days("Days that older versions are kept. Default: 30.").optional(),
    abortUploadDays: days("Days after which the parts of an upload that never ended are deleted. Default: 7.").optional(),
    protectData: yesOrNo("Whether the buckets refuse to be destroyed. Default: true.").optional(),
    tags,
} satisfies Every<AwsBucketsSettings>);

const bucketArn = text("ARN of the bucket.", {
    check: arn("s3", "", "arn:aws:s3:::my-warehouse"),
    expected: 'the ARN of a bucket like "arn:aws:s3:::my-warehouse"',
});

const awsIdentity = section("Roles of AWS for the accounts of the platform's parts. Default: none.", {
    oidcProviderArn: filled(
        "ARN of the cluster's OpenID Connect provider: the role is for tokens of the service account (IRSA). Give this or clusterName.",
        "the ARN of a provider",
    ).optional(),
    clusterName: filled(
        "Name of the EKS cluster: the role comes through EKS Pod Identity, which Spark 3.5 does not know.",
        "the name of a cluster",
    ).optional(),
    buckets: list(
        "Rights to buckets beside the platform's own. Default: none.",
        section("Rights to a part of a bucket.", {
            bucketArn,
            prefix: text("Directory in the bucket that the rights end at. Default: the whole bucket.", forms.prefix).optional(),
            access: oneOf("reader lists and reads; writer also writes and deletes. Default: reader.", Object.values(AwsAccess)).optional(),
        } satisfies Every<AwsBucketAccess>),
    ).optional(),
    secretArns: list(
        "ARNs of secrets in AWS Secrets Manager that the account that fetches secrets may read. Default: none.",
        filled("An ARN.", "the ARN of a secret"),
    ).optional(),
    kmsKeyArns: list("Keys that objects and secrets are encrypted with. Default: AWS's own.", key("A key.")).optional(),
    permissionsBoundaryArn: filled(
        "ARN of a policy that no right of the role can go beyond. Default: none.",
        "the ARN of a policy",
    ).optional(),
    tags,
} satisfies Every<AwsIdentitySettings>);

export const aws = section("What there is on AWS. Default: nothing.", {
    region,
    buckets: awsBuckets.optional(),
    identity: awsIdentity.optional(),
} satisfies Every<SparkPlatformAws>);

export const awsPostgres = section("PostgreSQL as a service of AWS (RDS); needs aws. Not together with database or postgres.", {
    vpcId: filled("Id of the network (VPC) to stand in.", 'an id like "vpc-0123456789abcdef0"'),
    subnetIds: ids("Ids of its private subnets, in two zones at least.", "subnet-0123456789abcdef0"),
    clientSecurityGroupIds: ids("Ids of the security groups that may connect.", "sg-0123456789abcdef0"),
    database: database("Database to make. Changing it replaces the server. Default: the part's name.").optional(),
    username: database("User that owns it. Changing it replaces the server. Default: the part's name.").optional(),
    credentialsSecret: name(
        "Secret that External Secrets brings the password of AWS's own making to. Default: none, the password is generated.",
    ).optional(),
    caSecret: name("Secret with the key ca.crt that holds the certificates of RDS. Default: none.").optional(),
    version: text("Major version of PostgreSQL. Default: 15.", {
        check: present,
        expected: 'a major version like "15"',
        software: "version",
    }).optional(),
    instanceClass: filled("Kind of machine. Default: db.t4g.medium.", 'a kind of machine like "db.t4g.medium"').optional(),
    storage: text("Disk to begin with. Default: 20g.", size("20g")).optional(),
    maximumStorage: text("Disk that it may grow to by itself. Default: 100g.", size("20g")).optional(),
    standby: yesOrNo("Whether a second machine in another zone takes over when the first one fails. Default: true.").optional(),
    backupDays: days("Days that AWS's own backups are kept. Default: 7.", 35).optional(),
    kmsKeyArn: key("Key that encrypts disk, backups and password. Default: AWS's own.").optional(),
    protectData: yesOrNo("Whether the server refuses to be destroyed. Default: true.").optional(),
    tags,
} satisfies Every<AwsPostgresSettings>);
