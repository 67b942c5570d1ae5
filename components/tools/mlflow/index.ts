import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { after } from "../../internal/after";
import { unawaited } from "../../internal/services";
import * as random from "@pulumi/random";

import type { TrackingConnection } from "../connections";
import { resolveMLflow, type MLflowArgs } from "./args";
import { webPort } from "./conf";
import * as objects from "./objects";

export type { MLflowArgs, MLflowSettings } from "./args";

/** MLflow's tracking server and model registry: runs in PostgreSQL, artifacts in S3 through the server, users of its own. */
export class MLflow extends pulumi.ComponentResource {
    /** URL of the web UI and the API inside the cluster. */
    public readonly url: pulumi.Output<string>;
    /** How clients reach it, as the first administrator. */
    public readonly connection: pulumi.Output<TrackingConnection>;

    constructor(name: string, args: MLflowArgs, opts?: pulumi.ComponentResourceOptions) {
        super("spark-platform:index:MLflow", name, {}, opts);
        const server = resolveMLflow(name, args);
        const child = { parent: this };

        const admin = server.adminSecret === undefined ? generatedAdmin(name, server, child) : pulumi.output(server.adminSecret);
        const key = new random.RandomPassword(`${name}-session-key`, { length: 40, special: false }, child);
        const session = new k8s.core.v1.Secret(`${name}-session`, objects.sessionSecret(server, key.result), child);
        const address = new k8s.core.v1.Service(`${name}-address`, unawaited(objects.address(server)), child);
        const network = new k8s.networking.v1.NetworkPolicy(`${name}-network`, objects.network(server), child);
        new k8s.networking.v1.NetworkPolicy(`${name}-client-network`, objects.clientNetwork(server), child);
        new k8s.policy.v1.PodDisruptionBudget(`${name}-disruption-budget`, objects.disruptionBudget(server), child);
        if (server.monitoring) {
            new k8s.apiextensions.CustomResource(`${name}-monitor`, objects.monitor(server, server.monitoring), child);
        }
        const needs = { ...child, dependsOn: [session, network] };
        const servers = new k8s.apps.v1.Deployment(`${name}-servers`, objects.servers(server, admin), needs);

        this.url = after(pulumi.interpolate`http://${address.metadata.name}.${server.namespace}.svc:${webPort}`, servers);
        this.connection = pulumi
            .all([this.url, admin])
            .apply(([url, credentialsSecret]) => ({ url, credentialsSecret, clientLabels: objects.clientLabels(server) }));
        this.registerOutputs({ url: this.url, connection: this.connection });
    }
}

function generatedAdmin(name: string, server: ReturnType<typeof resolveMLflow>, child: pulumi.CustomResourceOptions) {
    const password = new random.RandomPassword(`${name}-admin-password`, { length: 40, special: false }, child);
    return new k8s.core.v1.Secret(`${name}-admin`, objects.adminSecret(server, password.result), child).metadata.name;
}
