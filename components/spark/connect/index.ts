import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { clientLabelsOf } from "../../internal/identity";
import { seconds } from "../../internal/values";
import { resolveConnect, type SparkConnectArgs } from "./args";
import { serviceName } from "./identity";
import * as objects from "./objects";
import { connectPort } from "./ports";

export { SparkConnectBackend } from "./backends";
export type { SparkConnectArgs, SparkConnectExecutor, SparkConnectSettings } from "./args";

/** Spark Connect servers that run queries of remote clients on executor pods, which come with the work and go after it. */
export class SparkConnect extends pulumi.ComponentResource {
    /** Address inside the cluster: sc://service.namespace.svc:15002. */
    public readonly url: pulumi.Output<string>;
    /** Address of each server alone, in the order of their numbers: for clients that choose theirs by name. */
    public readonly replicaUrls: pulumi.Output<string[]>;
    /** Labels that let a pod of the same namespace through to the servers. */
    public readonly clientLabels: pulumi.Output<Record<string, string>>;
    /** Seconds until executors above the minimum are told to go when nothing runs and nothing is cached. */
    public readonly executorIdleSeconds: pulumi.Output<number>;
    /** Seconds between two uploads of the event log; 0 without one. */
    public readonly eventLogUploadSeconds: pulumi.Output<number>;

    constructor(name: string, args: SparkConnectArgs, opts?: pulumi.ComponentResourceOptions) {
        super("spark-platform:index:SparkConnect", name, {}, opts);
        const server = resolveConnect(name, args);
        const child = { parent: this };

        const settings = new k8s.core.v1.ConfigMap(`${name}-settings`, objects.settings(server), child);
        const address = new k8s.core.v1.Service(`${name}-address`, objects.address(server), child);
        const replicas = Array.from(
            { length: server.replicas },
            (_, i) => new k8s.core.v1.Service(`${name}-address-${i}`, objects.replicaAddress(server, i), child),
        );
        const podNames = new k8s.core.v1.Service(`${name}-pod-names`, objects.podNames(server), child);
        const serverNetwork = new k8s.networking.v1.NetworkPolicy(`${name}-server-network`, objects.serverNetwork(server), child);
        const executorNetwork = server.standalone
            ? []
            : [new k8s.networking.v1.NetworkPolicy(`${name}-executor-network`, objects.executorNetwork(server), child)];
        new k8s.networking.v1.NetworkPolicy(`${name}-client-network`, objects.clientNetwork(server), child);
        new k8s.policy.v1.PodDisruptionBudget(`${name}-disruption-budget`, objects.disruptionBudget(server), child);
        const needs = { ...child, dependsOn: [podNames, serverNetwork, ...executorNetwork] };
        new k8s.apps.v1.StatefulSet(`${name}-servers`, objects.servers(server, settings.metadata.name), needs);

        const urlOf = (service: k8s.core.v1.Service) =>
            pulumi.interpolate`sc://${service.metadata.name}.${server.namespace}.svc:${connectPort}`;
        this.url = urlOf(address);
        this.replicaUrls = pulumi.all(replicas.map(urlOf));
        this.clientLabels = pulumi.output(clientLabelsOf(serviceName(server)));
        this.executorIdleSeconds = pulumi.output(server.executor.idleTimeout).apply(seconds);
        this.eventLogUploadSeconds = pulumi.output(server.eventLog ? server.eventLogUploadSeconds : 0);
        this.registerOutputs({
            url: this.url,
            replicaUrls: this.replicaUrls,
            clientLabels: this.clientLabels,
            executorIdleSeconds: this.executorIdleSeconds,
            eventLogUploadSeconds: this.eventLogUploadSeconds,
        });
    }
}
