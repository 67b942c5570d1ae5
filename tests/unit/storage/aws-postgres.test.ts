import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import { AwsPostgres } from "../../../components";
import { awsPostgres } from "../../support/aws-changes";
import { assertEveryField, assertEveryFieldMatters } from "../../support/fields";
import { record, type Registered } from "../../support/recorder";

const args = {
    namespace: "team-a",
    vpcId: "vpc-0123456789abcdef0",
    subnetIds: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
    clientSecurityGroupIds: ["sg-0123456789abcdef0"],
};
const find = (made: Registered[], name: string) => made.find((one) => one.name === name)!;

async function outputsOf(given: object) {
    let server!: AwsPostgres;
    await record((opts) => (server = new AwsPostgres("meta", { ...args, ...given }, opts)));
    const all = pulumi.output({ connection: server.connection, passwordSecretArn: server.passwordSecretArn });
    return new Promise<pulumi.Unwrap<typeof all>>((resolve) => all.apply(resolve));
}

describe("AwsPostgres", () => {
    it("makes a server with its surroundings and its password, in a preview too", async () => {
        for (const preview of [false, true]) {
            const made = await record((opts) => new AwsPostgres("meta", args, opts), { preview });
            assert.deepEqual(
                made.map(({ type, name }) => `${name} ${type}`),
                [
                    "meta-credentials kubernetes:core/v1:Secret",
                    "meta-firewall aws:ec2/securityGroup:SecurityGroup",
                    "meta-parameters aws:rds/parameterGroup:ParameterGroup",
                    "meta-password random:index/randomPassword:RandomPassword",
                    "meta-server aws:rds/instance:Instance",
                    "meta-subnets aws:rds/subnetGroup:SubnetGroup",
                ],
            );
        }
    });

    it("is encrypted, private, backed up and hard to delete", async () => {
        const made = await record((opts) => new AwsPostgres("meta", args, opts));
        const { password, ...server } = find(made, "meta-server").inputs;
        assert.equal(password, "meta-password-result");
        assert.deepEqual(server, {
            identifierPrefix: "meta-",
            engine: "postgres",
            engineVersion: "15",
            autoMinorVersionUpgrade: true,
            instanceClass: "db.t4g.medium",
            multiAz: true,
            storageType: "gp3",
            allocatedStorage: 20,
            maxAllocatedStorage: 100,
            storageEncrypted: true,
            dbName: "spark",
            username: "spark",
            port: 5432,
            publiclyAccessible: false,
            dbSubnetGroupName: "meta-subnets",
            vpcSecurityGroupIds: ["meta-firewall-id"],
            parameterGroupName: "meta-parameters",
            caCertIdentifier: "rds-ca-rsa2048-g1",
            backupRetentionPeriod: 7,
            copyTagsToSnapshot: true,
            deleteAutomatedBackups: false,
            deletionProtection: true,
            skipFinalSnapshot: false,
            finalSnapshotIdentifier: "meta-final",
            enabledCloudwatchLogsExports: ["postgresql", "upgrade"],
        });
        assert.equal(find(made, "meta-server").options.protect, true);
    });

    it("refuses connections in the clear, and any from elsewhere", async () => {
        const made = await record((opts) => new AwsPostgres("meta", args, opts));
        const { family, parameters } = find(made, "meta-parameters").inputs;
        assert.equal(family, "postgres15");
        assert.deepEqual(parameters, [
            { name: "rds.force_ssl", value: "1" },
            { name: "password_encryption", value: "scram-sha-256" },
            { name: "log_connections", value: "1" },
        ]);
        const { ingress, egress } = find(made, "meta-firewall").inputs;
        assert.deepEqual(ingress, [
            { description: "PostgreSQL", protocol: "tcp", fromPort: 5432, toPort: 5432, securityGroups: ["sg-0123456789abcdef0"] },
        ]);
        assert.deepEqual(egress, []);
    });

    it("tells consumers how to reach it", async () => {
        const host = "meta-server.example.org";
        assert.deepEqual(await outputsOf({}), {
            connection: { host, port: 5432, database: "spark", credentialsSecret: "meta-postgres-credentials", sslMode: "require" },
            passwordSecretArn: "",
        });
        assert.deepEqual((await outputsOf({ caSecret: "rds-ca" })).connection, {
            host,
            port: 5432,
            database: "spark",
            credentialsSecret: "meta-postgres-credentials",
            sslMode: "verify-full",
            caSecret: "rds-ca",
        });
    });

    it("leaves the password to AWS when External Secrets brings it", async () => {
        const made = await record((opts) => new AwsPostgres("meta", { ...args, credentialsSecret: "from-aws" }, opts));
        assert.deepEqual(
            made.map(({ name }) => name),
            ["meta-firewall", "meta-parameters", "meta-server", "meta-subnets"],
        );
        const { password, manageMasterUserPassword } = find(made, "meta-server").inputs;
        assert.deepEqual({ password, manageMasterUserPassword }, { password: undefined, manageMasterUserPassword: true });
        const { connection, passwordSecretArn } = await outputsOf({ credentialsSecret: "from-aws" });
        assert.equal(connection.credentialsSecret, "from-aws");
        assert.equal(passwordSecretArn, "made");
    });

    it("names every wrong field", () => {
        const wrong = {
            namespace: "",
            vpcId: "main",
            subnetIds: ["subnet-0123456789abcdef0"],
            clientSecurityGroupIds: ["default"],
            database: "My Data",
            username: "rdsadmin",
            credentialsSecret: "From AWS",
            caSecret: "CA",
            version: "15.4",
            instanceClass: "t4g.medium",
            storage: "10g",
            maximumStorage: "much",
            backupDays: 36,
            kmsKeyArn: "alias/a",
        };
        assert.throws(() => new AwsPostgres("meta", wrong), {
            message: [
                'AwsPostgres "meta" cannot be deployed as configured:',
                "  namespace: is missing",
                '  vpcId: "main" is not an id like "vpc-0123456789abcdef0"',
                "  subnetIds: has 1 of at least 2",
                '  clientSecurityGroupIds: "default" is not an id like "sg-0123456789abcdef0"',
                '  database: "My Data" is not the name of a database or user; use at most 63 lower-case letters, digits and "_", starting with a letter',
                '  username: "rdsadmin" belongs to RDS; choose another',
                '  credentialsSecret: "From AWS" is not a DNS label; use lower-case letters, digits and "-", starting with a letter',
                '  caSecret: "CA" is not a DNS label; use lower-case letters, digits and "-", starting with a letter',
                '  version: "15.4" is not a major version of PostgreSQL from "14" to "19"',
                '  instanceClass: "t4g.medium" is not a kind of machine of RDS; write it like "db.t4g.medium"',
                '  storage: "10g" is not a size of at least 20g; write it like "1500m" or "4g"',
                '  maximumStorage: "much" is not a size of at least 20g; write it like "1500m" or "4g"',
                "  backupDays: 36 is not a whole number between 1 and 35",
                '  kmsKeyArn: "alias/a" is not an ARN of kms; write it like "arn:aws:kms:eu-central-1:111122223333:key/0a1b"',
            ].join("\n"),
        });
        assert.throws(() => new AwsPostgres("meta", { ...args, storage: "200g" }), {
            message: /maximumStorage: 100g is less than storage, which is 200g/,
        });
    });

    it("has no argument without effect", async () => {
        assertEveryField("AwsPostgres", awsPostgres);
        const make = (given: typeof args, opts: pulumi.ComponentResourceOptions) => {
            const { connection } = new AwsPostgres("meta", given, opts);
            // What only consumers see.
            return new pulumi.ComponentResource("test:index:Consumer", "consumer", { connection }, opts);
        };
        await assertEveryFieldMatters(make, args, awsPostgres);
    });
});
