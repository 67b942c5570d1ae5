import type * as k8s from "@pulumi/kubernetes";

import type * as pulumi from "@pulumi/pulumi";

import type { Check } from "./checks";
import { structure } from "./structure";
import { oneOf } from "./values";

type Affinity = k8s.types.input.core.v1.Affinity;
type Toleration = k8s.types.input.core.v1.Toleration;

/** Kinds of nodes by what they cost and whether the cloud may take them away, in the words of whoever makes the nodes. */
export const NodeKind = {
    KarpenterSpot: "karpenter-spot",
    KarpenterOnDemand: "karpenter-on-demand",
    EksSpot: "eks-spot",
    EksOnDemand: "eks-on-demand",
    GkeSpot: "gke-spot",
    GkeOnDemand: "gke-on-demand",
    AksSpot: "aks-spot",
    AksOnDemand: "aks-on-demand",
} as const;

interface Mark {
    key: string;
    /** NotIn also takes nodes without the label, which is how some clouds mark those that stay. */
    operator: "In" | "NotIn";
    value: string;
}

const marks: Record<string, Mark> = {
    [NodeKind.KarpenterSpot]: { key: "karpenter.sh/capacity-type", operator: "In", value: "spot" },
    [NodeKind.KarpenterOnDemand]: { key: "karpenter.sh/capacity-type", operator: "In", value: "on-demand" },
    [NodeKind.EksSpot]: { key: "eks.amazonaws.com/capacityType", operator: "In", value: "SPOT" },
    [NodeKind.EksOnDemand]: { key: "eks.amazonaws.com/capacityType", operator: "In", value: "ON_DEMAND" },
    [NodeKind.GkeSpot]: { key: "cloud.google.com/gke-spot", operator: "In", value: "true" },
    [NodeKind.GkeOnDemand]: { key: "cloud.google.com/gke-spot", operator: "NotIn", value: "true" },
    [NodeKind.AksSpot]: { key: "kubernetes.azure.com/scalesetpriority", operator: "In", value: "spot" },
    [NodeKind.AksOnDemand]: { key: "kubernetes.azure.com/scalesetpriority", operator: "NotIn", value: "spot" },
};

export const nodeKinds: string[] = Object.values(NodeKind);

export const nodeKind: Check<string> = (kind) =>
    nodeKinds.includes(kind) ? undefined : `"${kind}" is not a kind of nodes; one of ${nodeKinds.map((known) => `"${known}"`).join(", ")}`;

export const toleration = structure<pulumi.Unwrap<Toleration>>({
    operator: oneOf(["Exists", "Equal"]),
    effect: oneOf(["NoSchedule", "PreferNoSchedule", "NoExecute"]),
});

/** A rule, not a wish: executors that quietly ran on dear nodes would be found on the bill. */
export function affinityTo(kind: string): Affinity {
    const { key, operator, value } = markOf(kind);
    const nodeSelectorTerms = [{ matchExpressions: [{ key, operator, values: [value] }] }];
    return { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } };
}

/** Clouds taint the nodes that they may take away, or let their owner do it under the same key. */
export function tolerationsOf(kind: string): Toleration[] {
    const { key, operator, value } = markOf(kind);
    return operator === "In" && /-spot$/.test(kind) ? [{ key, operator: "Equal", value, effect: "NoSchedule" }] : [];
}

function markOf(kind: string): Mark {
    const mark = marks[kind];
    if (mark === undefined) {
        throw new Error(nodeKind(kind));
    }
    return mark;
}

/** What Karpenter and the Cluster Autoscaler read before they empty a node. */
export const keepOnNode: Record<string, string> = {
    "karpenter.sh/do-not-disrupt": "true",
    "cluster-autoscaler.kubernetes.io/safe-to-evict": "false",
};
