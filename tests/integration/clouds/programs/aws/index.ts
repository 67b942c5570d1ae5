import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

import { AwsAccess, AwsBuckets, AwsIdentity, AwsPostgres, DatabaseBackup, PlatformSecrets } from "../../../../../components";

/** What a platform on AWS stands on. */
const region = "eu-central-1";
const namespace = "default";
const oidcProviderArn = "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-central-1.amazonaws.com/id/0A1B";
const providers = {
    aws: new aws.Provider("aws", { region, skipCredentialsValidation: true, skipRequestingAccountId: true }),
    kubernetes: new k8s.Provider("cluster"),
    random: new random.Provider("random"),
};

const secrets = (roleArn: pulumi.Input<string>) =>
    new PlatformSecrets(
        "keys",
        { namespace, environment: "prod", secrets: { db: { keys: ["password"] } }, aws: { region, roleArn } },
        { providers },
    );

function foundations() {
    const buckets = new AwsBuckets("data", { region, prefix: "acme-prod", buckets: { warehouse: {}, backups: {} } }, { providers });
    const bucketArn = buckets.bucketArns.apply(({ warehouse }) => warehouse ?? "");
    const rights = [{ bucketArn, prefix: "tables", access: AwsAccess.Writer }];
    const spark = new AwsIdentity("spark", { namespace, serviceAccount: "spark-server", oidcProviderArn, buckets: rights }, { providers });
    const secretArns = [`arn:aws:secretsmanager:${region}:111122223333:secret:prod/*`];
    const reader = new AwsIdentity("reader", { namespace, serviceAccount: "keys-secrets", clusterName: "prod", secretArns }, { providers });
    secrets(reader.roleArn);
    const network = {
        vpcId: "vpc-0123456789abcdef0",
        subnetIds: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
        clientSecurityGroupIds: ["sg-0123456789abcdef0"],
    };
    const postgres = new AwsPostgres("meta", { namespace, ...network }, { providers });
    const backup = { namespace, image: "registry.example/backup:15", bucket: "acme-prod-backups", retention: { days: 30 } };
    new DatabaseBackup("meta", { ...backup, database: postgres.connection, s3: buckets.connection }, { providers });
    return { warehouse: buckets.warehouse, bucketArns: buckets.bucketArns, roleArn: spark.roleArn };
}

export const made = foundations();
