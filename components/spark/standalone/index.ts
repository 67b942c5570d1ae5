import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

import { after } from "../../internal/after";
import { clientLabelsOf, selectorOf } from "../../internal/identity";
import { unawaited } from "../../internal/services";
import type { StandaloneConnection } from "../connections";
import { scaler } from "./autoscaling";
import { resolveStandalone, type Cluster, type SparkStandaloneArgs } from "./args";
import { masterPort } from "./client";
import { masterUiPort, masterUrl } from "./conf";
import { masterIdentity, serviceName, workerIdentity } from "./identity";
import * as masters from "./masters";
import { masterMonitor, workerMonitor } from "./monitors";
import * as objects from "./objects";
import { StandaloneRecovery } from "./recovery";
import * as workers from "./workers";

export type {
    SparkStandaloneArgs,
    SparkStandaloneAutoscaling,
    SparkStandaloneRecovery,
    SparkStandaloneSettings,
    SparkStandaloneWorker,
} from "./args";
export { StandaloneRecovery } from "./recovery";

/** Spark's own cluster manager: masters that share out workers, inside which the executors of all applications run. */
export class SparkStandalone extends pulumi.ComponentResource {
    /** How drivers reach the cluster. */
    public readonly connection: pulumi.Output<StandaloneConnection>;
    /** URL of the leading master's web UI inside the cluster, which leads to those of workers and drivers. */
    public readonly uiUrl: pulumi.Output<string>;
    /** Labels that let a pod of the same namespace through to masters and workers, and them to it. */
    public readonly clientLabels: pulumi.Output<Record<string, string>>;

    constructor(name: string, args: SparkStandaloneArgs, opts?: pulumi.ComponentResourceOptions) {
        super("spark-platform:index:SparkStandalone", name, {}, opts);
        const cluster = resolveStandalone(name, args);
        const child = { parent: this };

        const masterSettings = new k8s.core.v1.ConfigMap(`${name}-master-settings`, masters.settings(cluster), child);
        const workerSettings = new k8s.core.v1.ConfigMap(`${name}-worker-settings`, workers.settings(cluster), child);
        const secret = cluster.authenticationSecret ?? generatedSecret(cluster, child);
        const address = new k8s.core.v1.Service(`${name}-address`, unawaited(objects.address(cluster)), child);
        const masterNames = new k8s.core.v1.Service(`${name}-master-names`, unawaited(masters.names(cluster)), child);
        const workerNames = new k8s.core.v1.Service(`${name}-worker-names`, unawaited(workers.names(cluster)), child);
        const masterAccount = new k8s.core.v1.ServiceAccount(`${name}-master-account`, masters.account(cluster), child);
        const workerAccount = new k8s.core.v1.ServiceAccount(`${name}-worker-account`, workers.account(cluster), child);
        const masterNetwork = new k8s.networking.v1.NetworkPolicy(`${name}-master-network`, masters.network(cluster), child);
        const workerNetwork = new k8s.networking.v1.NetworkPolicy(`${name}-worker-network`, workers.network(cluster), child);
        new k8s.networking.v1.NetworkPolicy(`${name}-client-network`, objects.clientNetwork(cluster), child);
        new k8s.policy.v1.PodDisruptionBudget(`${name}-master-budget`, masters.budget(cluster), child);
        new k8s.policy.v1.PodDisruptionBudget(`${name}-worker-budget`, workers.budget(cluster), child);
        if (cluster.monitoring) {
            new k8s.apiextensions.CustomResource(`${name}-master-monitor`, masterMonitor(cluster, cluster.monitoring), child);
            new k8s.apiextensions.CustomResource(`${name}-worker-monitor`, workerMonitor(cluster, cluster.monitoring), child);
        }
        const election = cluster.recovery.mode === StandaloneRecovery.S3 ? leaseAndRights(cluster, child) : [];
        const masterNeeds = { ...child, dependsOn: [masterNames, masterAccount, masterNetwork, ...election] };
        const masterSet = masters.statefulSet(cluster, { settings: masterSettings.metadata.name, secret });
        const running = new k8s.apps.v1.StatefulSet(`${name}-masters`, masterSet, masterNeeds);
        const workerNeeds = { ...child, dependsOn: [workerNames, workerAccount, workerNetwork, running] };
        const workerSet = workers.statefulSet(cluster, { settings: workerSettings.metadata.name, secret });
        const workersRunning = new k8s.apps.v1.StatefulSet(`${name}-workers`, workerSet, workerNeeds);

        if (cluster.worker.autoscaling) {
            const scaled = { ...child, dependsOn: [workersRunning] };
            new k8s.apiextensions.CustomResource(`${name}-worker-scaler`, scaler(cluster, cluster.worker.autoscaling), scaled);
        }

        const clientLabels = clientLabelsOf(serviceName(cluster));
        // The URN is known in a preview, and waits for the workers in an update: whoever takes the connection finds a cluster.
        this.connection = pulumi.all([cluster.known, secret, workersRunning.urn]).apply(([known, authenticationSecret]) => ({
            masterUrl: masterUrl(known),
            sparkVersion: known.sparkVersion,
            authenticationSecret,
            masters: { namespace: known.namespace, podLabels: selectorOf(masterIdentity(known)), clientLabels, port: masterPort },
            workers: { namespace: known.namespace, podLabels: selectorOf(workerIdentity(known)), clientLabels },
            largestExecutor: { memory: known.worker.memory, cores: known.worker.cores },
        }));
        this.uiUrl = after(pulumi.interpolate`http://${address.metadata.name}.${cluster.namespace}.svc:${masterUiPort}`, running);
        this.clientLabels = pulumi.output(clientLabels);
        this.registerOutputs({ connection: this.connection, uiUrl: this.uiUrl, clientLabels: this.clientLabels });
    }
}

function generatedSecret(cluster: Cluster, child: pulumi.CustomResourceOptions): pulumi.Output<string> {
    const text = new random.RandomPassword(`${cluster.name}-authentication`, { length: 40, special: false }, child);
    const secret = new k8s.core.v1.Secret(`${cluster.name}-authentication`, objects.authentication(cluster, text.result), child);
    return secret.metadata.name;
}

/** A master that starts earlier would be refused by the API server. */
function leaseAndRights(cluster: Cluster, child: pulumi.CustomResourceOptions): pulumi.Resource[] {
    return [
        new k8s.coordination.v1.Lease(`${cluster.name}-master-lease`, masters.lease(cluster), child),
        new k8s.rbac.v1.Role(`${cluster.name}-master-role`, masters.leaseRole(cluster), child),
        new k8s.rbac.v1.RoleBinding(`${cluster.name}-master-binding`, masters.leaseBinding(cluster), child),
    ];
}
