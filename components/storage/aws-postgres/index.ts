import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

import { aws } from "../../internal/aws";
import type { DatabaseConnection } from "../connections";
import { resolveAwsPostgres, type AwsPostgresArgs, type ResolvedAwsPostgres } from "./args";
import * as objects from "./objects";

export type { AwsPostgresArgs, AwsPostgresSettings } from "./args";

/** PostgreSQL as a service of AWS (RDS): encrypted, without a public address, with backups, for one consumer. */
export class AwsPostgres extends pulumi.ComponentResource {
    /** How to reach the database, and as whom. */
    public readonly connection: pulumi.Output<DatabaseConnection>;
    /** ARN of the password in Secrets Manager; empty where it is generated. */
    public readonly passwordSecretArn: pulumi.Output<string>;

    constructor(name: string, args: AwsPostgresArgs, opts?: pulumi.ComponentResourceOptions) {
        super("spark-platform:index:AwsPostgres", name, {}, opts);
        const server = resolveAwsPostgres(name, args);
        const child = { parent: this };
        const rds = aws.rds();

        const subnets = new rds.SubnetGroup(`${name}-subnets`, objects.subnets(server), child);
        const firewall = new (aws.ec2().SecurityGroup)(`${name}-firewall`, objects.firewall(server), child);
        const parameters = new rds.ParameterGroup(`${name}-parameters`, objects.parameters(server), child);
        const generated = server.credentialsSecret === undefined ? generatedCredentials(server, child) : undefined;
        const around = {
            subnetGroup: subnets.name,
            securityGroup: firewall.id,
            parameterGroup: parameters.name,
            password: generated?.password,
        };
        const instance = new rds.Instance(`${name}-server`, objects.instance(server, around), { ...child, protect: server.protectData });

        this.connection = objects.connection(server, instance.address, server.credentialsSecret ?? generated?.secret ?? "");
        this.passwordSecretArn = generated ? pulumi.output("") : instance.masterUserSecrets.apply((secrets) => secrets[0]?.secretArn ?? "");
        this.registerOutputs({ connection: this.connection, passwordSecretArn: this.passwordSecretArn });
    }
}

function generatedCredentials(server: ResolvedAwsPostgres, child: pulumi.CustomResourceOptions) {
    const password = new random.RandomPassword(`${server.name}-password`, { length: 32, special: false }, child);
    const secret = new k8s.core.v1.Secret(`${server.name}-credentials`, objects.credentialsSecret(server, password.result), child);
    return { password: password.result, secret: secret.metadata.name };
}
