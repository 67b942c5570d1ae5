import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

import { after } from "../../internal/after";
import { clientLabelsOf } from "../../internal/identity";
import { seconds } from "../../internal/values";
import { unawaited } from "../../internal/services";
import { resolveConnect, type ResolvedConnect, type SparkConnectArgs } from "./args";
import { SparkConnectBackend } from "./backends";
import { serviceName } from "./identity";
import { monitor } from "./monitor";
import * as objects from "./objects";
import { connectPort } from "./ports";
import { checkJob, checkNetwork, preflight } from "./preflight";

export { SparkConnectBackend } from "./backends";
export type { SparkConnectArgs, SparkConnectAuthentication, SparkConnectExecutor, SparkConnectSettings, SparkConnectTls } from "./args";

/** Spark Connect servers that run queries of remote clients on executor pods, which come with the work and go after it. */
export class SparkConnect extends pulumi.ComponentResource {
    /** Address inside the cluster: sc://service.namespace.svc:15002, with /;use_ssl=true behind it where there is TLS. */
    public readonly url: pulumi.Output<string>;
    /** Address of each server alone, in the order of their numbers: for clients that choose theirs by name. */
    public readonly replicaUrls: pulumi.Output<string[]>;
    /** Labels that let a pod of the same namespace through to the servers. */
    public readonly clientLabels: pulumi.Output<Record<string, string>>;
    /** Secret with the key `token`, which clients add to the address as token=…; empty where none is asked for. */
    public readonly tokenSecret: pulumi.Output<string>;
    /** Seconds until executors above the minimum are told to go when nothing runs and nothing is cached. */
    public readonly executorIdleSeconds: pulumi.Output<number>;
    /** Seconds between two uploads of the event log; 0 without one. */
    public readonly eventLogUploadSeconds: pulumi.Output<number>;

    constructor(name: string, args: SparkConnectArgs, opts?: pulumi.ComponentResourceOptions) {
        super("spark-platform:index:SparkConnect", name, {}, opts);
        const server = resolveConnect(name, args);
        const child = { parent: this };

        const settings = new k8s.core.v1.ConfigMap(`${name}-settings`, objects.settings(server), child);
        const token = this.tokenOf(server);
        const checks = this.checksOf(server);
        const isOperated = server.backend === SparkConnectBackend.Operator;
        const replicas = Array.from(
            { length: isOperated ? 0 : server.replicas },
            (_, i) => new k8s.core.v1.Service(`${name}-address-${i}`, unawaited(objects.replicaAddress(server, i)), child),
        );
        const podNames = isOperated ? [] : [new k8s.core.v1.Service(`${name}-pod-names`, unawaited(objects.podNames(server)), child)];
        const serverNetwork = new k8s.networking.v1.NetworkPolicy(`${name}-server-network`, objects.serverNetwork(server), child);
        const executorNetwork = server.standalone
            ? []
            : [new k8s.networking.v1.NetworkPolicy(`${name}-executor-network`, objects.executorNetwork(server), child)];
        new k8s.networking.v1.NetworkPolicy(`${name}-client-network`, objects.clientNetwork(server), child);
        new k8s.policy.v1.PodDisruptionBudget(`${name}-disruption-budget`, objects.disruptionBudget(server), child);
        if (server.monitoring) {
            new k8s.apiextensions.CustomResource(`${name}-monitor`, monitor(server, server.monitoring), child);
        }
        const needs = { ...child, dependsOn: [...checks, ...podNames, serverNetwork, ...executorNetwork] };
        const made = { settings: settings.metadata.name, token };
        const { servers, address } = isOperated ? this.operated(server, made, needs) : this.own(server, made, needs);

        const urlOf = ({ metadata }: k8s.core.v1.Service) =>
            pulumi.interpolate`sc://${metadata.name}.${server.namespace}.svc:${connectPort}${server.tls ? "/;use_ssl=true" : ""}`;
        this.url = after(urlOf(address), servers);
        this.replicaUrls = after(pulumi.all((isOperated ? [address] : replicas).map(urlOf)), servers);
        this.clientLabels = pulumi.output(clientLabelsOf(serviceName(server)));
        this.tokenSecret = pulumi.output(token ?? "");
        this.executorIdleSeconds = pulumi.output(server.executor.idleTimeout).apply(seconds);
        this.eventLogUploadSeconds = pulumi.output(server.eventLog ? server.eventLogUploadSeconds : 0);
        this.registerOutputs({
            url: this.url,
            replicaUrls: this.replicaUrls,
            clientLabels: this.clientLabels,
            tokenSecret: this.tokenSecret,
            executorIdleSeconds: this.executorIdleSeconds,
            eventLogUploadSeconds: this.eventLogUploadSeconds,
        });
    }

    /** The servers, and the Service that leads to any of them. */
    private own(server: ResolvedConnect, made: objects.Made, needs: pulumi.CustomResourceOptions) {
        const address = new k8s.core.v1.Service(`${server.name}-address`, unawaited(objects.address(server)), { parent: this });
        return { address, servers: new k8s.apps.v1.StatefulSet(`${server.name}-servers`, objects.servers(server, made), needs) };
    }

    /** The same by the operator, which looks at a resource once, when it makes the pod. That is there at once: its Service is what tells when the server is ready. */
    private operated(server: ResolvedConnect, made: objects.Made, needs: pulumi.CustomResourceOptions) {
        const anew = { ...needs, replaceOnChanges: ["spec"], deleteBeforeReplace: true };
        const servers = new k8s.apiextensions.CustomResource(`${server.name}-server`, objects.operatedServer(server, made), anew);
        const last = { parent: this, dependsOn: [servers] };
        return { address: new k8s.core.v1.Service(`${server.name}-address`, objects.address(server), last), servers };
    }

    /** What the servers need is asked for before them, where they need anything that can be asked for. */
    private checksOf(server: ResolvedConnect): pulumi.Resource[] {
        const [name, child] = [server.name, { parent: this }];
        if (preflight(server).length === 0) {
            return [];
        }
        const network = new k8s.networking.v1.NetworkPolicy(`${name}-check-network`, checkNetwork(server), child);
        return [new k8s.batch.v1.Job(`${name}-check`, checkJob(server), { ...child, dependsOn: [network] })];
    }

    /** The Secret with the clients' token: the given one, or one with a new token; none where none is asked for. */
    private tokenOf(server: ResolvedConnect): pulumi.Input<string> | undefined {
        if (server.authentication === undefined || server.authentication.tokenSecret !== undefined) {
            return server.authentication?.tokenSecret;
        }
        const [name, child] = [server.name, { parent: this }];
        const token = new random.RandomPassword(`${name}-token`, { length: 40, special: false }, child);
        return new k8s.core.v1.Secret(`${name}-token`, objects.tokenSecret(server, token.result), child).metadata.name;
    }
}
