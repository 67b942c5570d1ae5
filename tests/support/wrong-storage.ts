import { database as databaseArgs } from "../unit/tools/arguments";
import * as given from "../unit/spark/arguments";
import { below, fields, inside, type BrickCorpus } from "./wrong";
import * as values from "./wrong-values";

/** Wrong values of the bricks that keep data. */

const { annotations, count, cpu, image, label, namespaces, object, size } = values;
const namespace = "team-a";

export const workspace: BrickCorpus = {
    args: { namespace },
    cases: [
        {
            lines: fields({
                namespace: label,
                "quota.cpu": cpu,
                "quota.memory": size("1g"),
                "quota.pods": count(),
                dnsServers: [["dns.example.org"], '"dns.example.org" is not a CIDR; write it like "10.0.0.1/32"'],
                serverAccountAnnotations: annotations,
                executorAccountAnnotations: annotations,
            }),
        },
    ],
};

export const objectStore: BrickCorpus = {
    args: { namespace, image: "minio:1" },
    cases: [
        {
            lines: fields({
                namespace: label,
                image,
                buckets: [["Tables"], values.bucket[1].replace("Backups", "Tables")],
                eventLogBucket: values.bucket,
                eventLogPrefix: values.prefix,
                storage: values.tooSmall("512m", "1g"),
                storageClass: object,
                memory: size("256m"),
                cpuRequest: cpu,
                clientNamespaces: namespaces,
                ...values.pod("pod"),
            }),
        },
        { base: { monitoring: {} }, lines: fields(values.monitoring) },
    ],
};

export const postgres: BrickCorpus = {
    args: { namespace, image: "postgres:15", databases: { shop: {} } },
    cases: [
        {
            lines: fields(
                {
                    namespace: label,
                    image,
                    "databases.*.credentialsSecret": object,
                    "databases.*.rotation": count(),
                    storage: values.tooSmall("512m", "1g"),
                    storageClass: object,
                    memory: size("256m"),
                    cpuRequest: cpu,
                    maxConnections: [9, "9 is not a whole number between 10 and 10000"],
                    parameters: [{ port: "1" }, '"port" is decided by the brick, always 5432'],
                    tlsSecret: object,
                    clientNamespaces: namespaces,
                    ...below("logs", values.logLevel),
                    ...values.pod("pod"),
                },
                ".shop",
            ),
        },
        {
            base: { monitoring: {}, exporterImage: "exporters:1" },
            lines: fields({ exporterImage: image, ...values.monitoring }),
        },
    ],
};

export const databaseBackup: BrickCorpus = {
    args: { namespace, image: "backup:15", database: databaseArgs, s3: given.s3, bucket: "spark-backups", retention: { days: 30 } },
    cases: [
        {
            lines: [
                ...fields({
                    namespace: label,
                    image,
                    serviceAccount: object,
                    accountAnnotations: annotations,
                    bucket: values.bucket,
                    prefix: values.prefix,
                    schedule: [
                        "every night",
                        '"every night" is not a schedule; write minute, hour, day, month and weekday, like "0 2 * * *"',
                    ],
                    timeZone: values.zone,
                    "retention.days": count(),
                    "retention.keep": count(),
                    dumpStorage: size("64m"),
                    memory: size("256m"),
                    cpuRequest: cpu,
                    limitMinutes: count(),
                    "restore.backup": ["latest", '"latest" is not the id of a backup; they look like "20261121T020000Z-0a1b2c"'],
                    ...values.pod("pod"),
                }),
                ...inside("database", values.database),
                ...inside("s3", values.s3),
            ],
        },
    ],
};

const keyArn = ["alias/lake", '"alias/lake" is not an ARN of kms; write it like "arn:aws:kms:eu-central-1:111122223333:key/0a1b"'] as const;
const tags = [{ "aws:team": "a" }, '"aws:team" is not the key of a tag; use at most 128 characters that do not begin with "aws:"'] as const;
const region = ["europe", '"europe" is not a region of AWS; write it like "eu-central-1"'] as const;

export const awsBuckets: BrickCorpus = {
    args: { region: "eu-central-1", prefix: "acme" },
    cases: [
        {
            lines: fields({
                region,
                prefix: [
                    "Acme",
                    '"Acme" is not a bucket name; use lower-case letters, digits and "-", with a letter or digit at both ends',
                ],
                eventLogBucket: ["warehouse", '"warehouse" is one of buckets too; event logs have a bucket of their own'],
                eventLogPrefix: values.prefix,
                eventLogDays: count(),
                kmsKeyArn: keyArn,
                oldVersionDays: count(),
                abortUploadDays: count(),
                tags,
            }),
        },
        {
            base: { buckets: { raw: {} } },
            lines: fields({ "buckets.*.expireDays": count() }, '["raw"]'),
        },
    ],
};

export const awsIdentity: BrickCorpus = {
    args: {
        namespace,
        serviceAccount: "spark",
        oidcProviderArn: "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-central-1.amazonaws.com/id/0A1B",
    },
    cases: [
        {
            lines: fields({
                namespace: label,
                serviceAccount: object,
                oidcProviderArn: [
                    "oidc.eks",
                    '"oidc.eks" is not an ARN of iam; write it like "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-central-1.amazonaws.com/id/0A1B"',
                ],
                buckets: [[{ bucketArn: "acme-raw" }], '"acme-raw" is not the ARN of a bucket; write it like "arn:aws:s3:::my-warehouse"'],
                secretArns: [
                    ["prod/*"],
                    '"prod/*" is not an ARN of secretsmanager; write it like "arn:aws:secretsmanager:eu-central-1:111122223333:secret:prod/*"',
                ],
                kmsKeyArns: [[keyArn[0]], keyArn[1]],
                permissionsBoundaryArn: [
                    "limits",
                    '"limits" is not an ARN of iam; write it like "arn:aws:iam::111122223333:policy/limits"',
                ],
                tags,
            }),
        },
        {
            base: { oidcProviderArn: undefined, clusterName: "prod" },
            lines: fields({ clusterName: ["-prod", '"-prod" is not the name of an EKS cluster; use letters, digits, "-" and "_"'] }),
        },
    ],
};

export const awsPostgres: BrickCorpus = {
    args: {
        namespace,
        vpcId: "vpc-0123456789abcdef0",
        subnetIds: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
        clientSecurityGroupIds: ["sg-0123456789abcdef0"],
    },
    cases: [
        {
            lines: fields({
                namespace: label,
                vpcId: ["main", '"main" is not an id like "vpc-0123456789abcdef0"'],
                subnetIds: [["subnet-0123456789abcdef0"], "has 1 of at least 2"],
                clientSecurityGroupIds: [["nodes"], '"nodes" is not an id like "sg-0123456789abcdef0"'],
                database: [
                    "My Db",
                    '"My Db" is not the name of a database or user; use at most 63 lower-case letters, digits and "_", starting with a letter',
                ],
                username: ["admin", '"admin" belongs to RDS; choose another'],
                credentialsSecret: label,
                caSecret: label,
                version: ["9.6", '"9.6" is not a major version of PostgreSQL from "14" to "19"'],
                instanceClass: ["t4g.medium", '"t4g.medium" is not a kind of machine of RDS; write it like "db.t4g.medium"'],
                storage: values.tooSmall("10g", "20g"),
                maximumStorage: size("20g"),
                backupDays: [36, "36 is not a whole number between 1 and 35"],
                kmsKeyArn: keyArn,
                tags,
            }),
        },
    ],
};
