import type * as ec2 from "@pulumi/aws/ec2";
import type * as rds from "@pulumi/aws/rds";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { labelsOf, objectName, shortened } from "../../internal/identity";
import { mebibytes } from "../../internal/memory";
import type { DatabaseConnection } from "../connections";
import type { ResolvedAwsPostgres } from "./args";

export const postgresPort = 5432;

/** Names in RDS are an account's, so the last part is made up by the engine. */
const namePrefix = ({ name }: ResolvedAwsPostgres): string => `${shortened(name, 40)}-`;
const gibibytes = (size: pulumi.Input<string>): pulumi.Output<number> =>
    pulumi.output(size).apply((known) => Math.ceil(mebibytes(known) / 1024));

export const subnets = (server: ResolvedAwsPostgres): rds.SubnetGroupArgs => ({
    namePrefix: namePrefix(server),
    description: `PostgreSQL of ${server.name}`,
    subnetIds: server.subnetIds,
    tags: server.tags,
});

/** The port, from the groups named; nothing leads out. */
export const firewall = (server: ResolvedAwsPostgres): ec2.SecurityGroupArgs => ({
    namePrefix: namePrefix(server),
    description: `PostgreSQL of ${server.name}`,
    vpcId: server.vpcId,
    ingress: [
        {
            description: "PostgreSQL",
            protocol: "tcp",
            fromPort: postgresPort,
            toPort: postgresPort,
            securityGroups: server.clientSecurityGroupIds,
        },
    ],
    egress: [],
    tags: server.tags,
});

/** The server itself refuses connections in the clear, whatever a client asks for. */
export const parameters = (server: ResolvedAwsPostgres): rds.ParameterGroupArgs => ({
    namePrefix: namePrefix(server),
    description: `PostgreSQL of ${server.name}`,
    family: pulumi.interpolate`postgres${server.version}`,
    parameters: [
        { name: "rds.force_ssl", value: "1" },
        { name: "password_encryption", value: "scram-sha-256" },
        { name: "log_connections", value: "1" },
    ],
    tags: server.tags,
});

interface Around {
    subnetGroup: pulumi.Input<string>;
    securityGroup: pulumi.Input<string>;
    parameterGroup: pulumi.Input<string>;
    /** Default: AWS makes one. */
    password?: pulumi.Input<string>;
}

export function instance(server: ResolvedAwsPostgres, around: Around): rds.InstanceArgs {
    return {
        identifierPrefix: namePrefix(server),
        engine: "postgres",
        engineVersion: server.version,
        autoMinorVersionUpgrade: true,
        instanceClass: server.instanceClass,
        multiAz: server.standby,
        storageType: "gp3",
        allocatedStorage: gibibytes(server.storage),
        maxAllocatedStorage: gibibytes(server.maximumStorage),
        storageEncrypted: true,
        kmsKeyId: server.kmsKeyArn,
        dbName: server.database,
        username: server.username,
        ...secretOf(server, around.password),
        port: postgresPort,
        publiclyAccessible: false,
        dbSubnetGroupName: around.subnetGroup,
        vpcSecurityGroupIds: [around.securityGroup],
        parameterGroupName: around.parameterGroup,
        caCertIdentifier: "rds-ca-rsa2048-g1",
        backupRetentionPeriod: server.backupDays,
        copyTagsToSnapshot: true,
        deleteAutomatedBackups: false,
        deletionProtection: server.protectData,
        skipFinalSnapshot: false,
        finalSnapshotIdentifier: `${shortened(server.name, 40)}-final`,
        enabledCloudwatchLogsExports: ["postgresql", "upgrade"],
        tags: server.tags,
    };
}

/** A password of ours, or the word that AWS shall make one. */
function secretOf({ kmsKeyArn }: ResolvedAwsPostgres, password: pulumi.Input<string> | undefined): Partial<rds.InstanceArgs> {
    return password === undefined ? { manageMasterUserPassword: true, masterUserSecretKmsKeyId: kmsKeyArn } : { password };
}

/** Base64 is what the API server answers with, so a refresh finds nothing changed. */
export function credentialsSecret(server: ResolvedAwsPostgres, password: pulumi.Input<string>): k8s.core.v1.SecretArgs {
    const encoded = (value: pulumi.Input<string>) => pulumi.output(value).apply((text) => Buffer.from(text).toString("base64"));
    return {
        metadata: {
            name: objectName(server.name, "postgres-credentials"),
            namespace: server.namespace,
            labels: labelsOf({ application: "aws-postgres", role: "server", instance: server.name }),
        },
        data: { username: encoded(server.username), password: encoded(password) },
    };
}

/** What consumers need to know. */
export function connection(
    { database, caSecret }: ResolvedAwsPostgres,
    host: pulumi.Input<string>,
    credentialsSecret: pulumi.Input<string>,
): pulumi.Output<DatabaseConnection> {
    return pulumi.output({ host, database, credentialsSecret, caSecret }).apply((known) => ({
        host: known.host,
        port: postgresPort,
        database: known.database,
        credentialsSecret: known.credentialsSecret,
        sslMode: known.caSecret === undefined ? "require" : "verify-full",
        ...(known.caSecret !== undefined && { caSecret: known.caSecret }),
    }));
}
