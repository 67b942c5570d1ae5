import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

import type { DatabaseConnection } from "../connections";
import type { ResolvedMonitoring } from "../../internal/monitoring";
import { unawaited } from "../../internal/services";
import { resolvePostgres, type PostgresArgs, type ResolvedDatabase, type ResolvedPostgres } from "./args";
import * as objects from "./objects";

export type { PostgresArgs, PostgresDatabase, PostgresSettings } from "./args";

/** A PostgreSQL server inside the cluster on one volume, with databases that have an owner and a user each. */
export class Postgres extends pulumi.ComponentResource {
    /** How to reach each database, by its name; known to others when it exists. */
    public readonly connections: pulumi.Output<Record<string, DatabaseConnection>>;

    constructor(name: string, args: PostgresArgs, opts?: pulumi.ComponentResourceOptions) {
        super("spark-platform:index:Postgres", name, {}, opts);
        const server = resolvePostgres(name, args);
        const child = { parent: this };

        const password = new random.RandomPassword(`${name}-admin-password`, { length: 40, special: false }, child);
        const administrator = new k8s.core.v1.Secret(`${name}-admin`, objects.administratorSecret(server, password.result), child);
        const monitor = server.monitoring && watch(name, server, server.monitoring, child);
        const secrets = server.databases.map((database) =>
            credentialsOf(name, database, (made) => objects.credentials(server, database, made), child),
        );
        const data = new k8s.core.v1.PersistentVolumeClaim(`${name}-data`, objects.data(server), { ...child, protect: server.protectData });
        const address = new k8s.core.v1.Service(`${name}-address`, unawaited(objects.address(server)), child);
        const podNames = new k8s.core.v1.Service(`${name}-pod-names`, unawaited(objects.podNames(server)), child);
        const network = new k8s.networking.v1.NetworkPolicy(`${name}-network`, objects.network(server), child);
        new k8s.networking.v1.NetworkPolicy(`${name}-client-network`, objects.clientNetwork(server), child);
        const setupNetwork = new k8s.networking.v1.NetworkPolicy(`${name}-setup-network`, objects.setupNetwork(server), child);
        const admin = administrator.metadata.name;
        const serverNeeds = { ...child, dependsOn: [administrator, data, podNames, network] };
        const running = new k8s.apps.v1.StatefulSet(
            `${name}-server`,
            objects.server(server, { administrator: admin, claim: data.metadata.name, monitor }),
            serverNeeds,
        );
        const setupNeeds = { ...child, dependsOn: [running, address, setupNetwork] };
        const setup = new k8s.batch.v1.Job(
            `${name}-setup`,
            objects.setup(server, { administrator: admin, credentials: secrets, volumeId: data.metadata.uid, monitor }),
            setupNeeds,
        );

        // The URN is known in a preview, and waits for the Job in an update: whoever takes a connection starts after the set-up.
        this.connections = pulumi
            .all([server.namespace, pulumi.all(secrets), server.tlsSecret, setup.urn])
            .apply(([namespace, names, tlsSecret]) => objects.connections(server, { namespace, secrets: names, tlsSecret }));
        this.registerOutputs({ connections: this.connections });
    }
}

/** The monitor, and the Secret with the password that the exporter logs in with, whose name is the answer. */
function watch(
    name: string,
    server: ResolvedPostgres,
    monitoring: ResolvedMonitoring,
    child: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
    new k8s.apiextensions.CustomResource(`${name}-monitor`, objects.monitor(server, monitoring), child);
    const password = new random.RandomPassword(`${name}-metrics-password`, { length: 40, special: false }, child);
    return new k8s.core.v1.Secret(`${name}-metrics`, objects.monitorSecret(server, password.result), child).metadata.name;
}

/** The name of the Secret with a database's user and password: the one that is given, or a generated one. */
function credentialsOf(
    name: string,
    { database, credentialsSecret, rotation }: ResolvedDatabase,
    secret: (password: pulumi.Output<string>) => k8s.core.v1.SecretArgs,
    child: pulumi.CustomResourceOptions,
): pulumi.Input<string> {
    if (credentialsSecret !== undefined) {
        return credentialsSecret;
    }
    const keepers = { rotation: pulumi.interpolate`${rotation}` };
    const password = new random.RandomPassword(`${name}-${database}-password`, { length: 40, special: false, keepers }, child);
    return new k8s.core.v1.Secret(`${name}-${database}-credentials`, secret(password.result), child).metadata.name;
}
