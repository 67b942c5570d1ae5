import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { bounds } from "../../internal/bounds";
import type { Checks } from "../../internal/checks";
import { withDefaults } from "../../internal/defaults";
import { pods, tcp } from "../../internal/network";
import { dnsLabel, duration, seconds, wholeNumber } from "../../internal/values";
import type { Cluster } from "./args";
import { masterUiPort } from "./conf";
import { ofWorkers } from "./daemons";
import { serviceName, workersName } from "./identity";

/** Workers that come with the work and go after it, by KEDA, which must be in the cluster (the add-on `KedaAddOn`). */
export interface SparkStandaloneAutoscaling {
    /** Workers that stay when nothing runs; drivers that wait for their first executor need one. Default: 1. */
    minimum?: pulumi.Input<number>;
    /** Most workers. */
    maximum: pulumi.Input<number>;
    /** Percent of the workers' cores that executors use on average: above it workers come, below it they go. Default: 80. */
    targetPercent?: pulumi.Input<number>;
    /** Time for which fewer workers must do before one goes, for example 5m; they go one by one. Default: 5m. */
    idleTime?: pulumi.Input<string>;
    /** Namespace of KEDA's operator, which asks the leading master how many cores are used. Default: keda. */
    kedaNamespace?: pulumi.Input<string>;
}

export type ResolvedAutoscaling = Required<SparkStandaloneAutoscaling>;

const defaults = { minimum: 1, targetPercent: 80, idleTime: "5m", kedaNamespace: "keda" };

export function resolveAutoscaling(checks: Checks, given: SparkStandaloneAutoscaling | undefined): ResolvedAutoscaling | undefined {
    if (given === undefined) {
        return undefined;
    }
    const args = withDefaults(given, defaults);
    const path = "worker.autoscaling";
    const { minimum, maximum } = bounds(checks, path, { minimum: args.minimum, maximum: args.maximum }, { from: 1 });
    return {
        minimum,
        maximum,
        // With 100 there would be no more workers however long applications waited: full workers are 100 percent.
        targetPercent: checks.input(`${path}.targetPercent`, args.targetPercent, wholeNumber({ from: 10, to: 90 })),
        idleTime: checks.input(`${path}.idleTime`, args.idleTime, duration),
        kedaNamespace: checks.input(`${path}.kedaNamespace`, args.kedaNamespace, dnsLabel),
    };
}

/** The row of the masters' network policy that lets KEDA ask; the label is the one that its chart gives the operator. */
export const fromKeda = (
    autoscaling: { kedaNamespace: string } | undefined,
    port: number,
): k8s.types.input.networking.v1.NetworkPolicyIngressRule[] =>
    autoscaling ? [{ from: [pods({ app: "keda-operator" }, autoscaling.kedaNamespace)], ports: tcp(port) }] : [];

/**
 * As many workers as keep their cores busy to the target, by what the leading master says of itself.
 *
 * Workers go in the order of their numbers, whatever runs on them: so one by one, each given the time to hand over that it has anyway.
 */
export function scaler(cluster: Cluster, autoscaling: ResolvedAutoscaling): k8s.apiextensions.CustomResourceArgs {
    const url = pulumi
        .output(cluster.namespace)
        .apply((namespace) => `http://${serviceName(cluster)}.${namespace}.svc:${masterUiPort}/json/`);
    const targetValue = pulumi
        .all([cluster.worker.cores, autoscaling.targetPercent])
        .apply(([cores, percent]) => String((cores * percent) / 100));
    const scaleDown = pulumi.all([autoscaling.idleTime, cluster.worker.leaveTimeout]).apply(([idle, leave]) => ({
        stabilizationWindowSeconds: seconds(idle),
        policies: [{ type: "Pods", value: 1, periodSeconds: Math.min(seconds(leave), longestPeriod) }],
    }));
    return {
        apiVersion: "keda.sh/v1alpha1",
        kind: "ScaledObject",
        metadata: ofWorkers(cluster, workersName(cluster)),
        spec: {
            scaleTargetRef: { apiVersion: "apps/v1", kind: "StatefulSet", name: workersName(cluster) },
            minReplicaCount: autoscaling.minimum,
            maxReplicaCount: autoscaling.maximum,
            pollingInterval: 15,
            advanced: { horizontalPodAutoscalerConfig: { behavior: { scaleDown } } },
            triggers: [{ type: "metrics-api", metadata: { url, valueLocation: "coresused", targetValue } }],
        },
    };
}

/** Kubernetes allows no longer one. */
const longestPeriod = 1800;
