import assert from "node:assert/strict";

import * as k8s from "@pulumi/kubernetes";

import { NodeKind } from "../../../components";
import { Checks } from "../../../components/internal/checks";
import { affinityTo, nodeKinds, tolerationsOf } from "../../../components/internal/placement";
import { checkPod, podMetadata, restrictedPod, type PodSettings } from "../../../components/internal/pod";
import { record } from "../../support/recorder";

const pod = async (settings: PodSettings) => {
    const [made] = await record((opts) => {
        const spec = restrictedPod({ containers: [], user: 1, terminationGracePeriodSeconds: 1 }, settings);
        new k8s.core.v1.Pod("p", { metadata: podMetadata({ app: "x" }, settings), spec }, opts);
    });
    return made!.inputs;
};

const expression = (kind: string) =>
    (affinityTo(kind) as any).nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0];

describe("the place of pods", () => {
    it("is a kind of nodes, in the words of whoever makes them", () => {
        const marks = Object.fromEntries(
            nodeKinds.map((kind) => [kind, `${expression(kind).key} ${expression(kind).operator} ${expression(kind).values}`]),
        );
        assert.deepEqual(marks, {
            "karpenter-spot": "karpenter.sh/capacity-type In spot",
            "karpenter-on-demand": "karpenter.sh/capacity-type In on-demand",
            "eks-spot": "eks.amazonaws.com/capacityType In SPOT",
            "eks-on-demand": "eks.amazonaws.com/capacityType In ON_DEMAND",
            "gke-spot": "cloud.google.com/gke-spot In true",
            "gke-on-demand": "cloud.google.com/gke-spot NotIn true",
            "aks-spot": "kubernetes.azure.com/scalesetpriority In spot",
            "aks-on-demand": "kubernetes.azure.com/scalesetpriority NotIn spot",
        });
    });

    it("tolerates the taint of nodes that may go, beside the user's own tolerations; nobody else's", async () => {
        assert.deepEqual(
            nodeKinds.filter((kind) => tolerationsOf(kind).length > 0),
            nodeKinds.filter((kind) => kind.endsWith("-spot")),
        );
        const { spec } = await pod({ nodes: NodeKind.AksSpot, tolerations: [{ key: "mine", operator: "Exists" }] });
        assert.deepEqual(spec.tolerations, [
            { key: "mine", operator: "Exists" },
            { key: "kubernetes.azure.com/scalesetpriority", operator: "Equal", value: "spot", effect: "NoSchedule" },
        ]);
        assert.deepEqual(spec.affinity, affinityTo("aks-spot"));
    });

    it("is nobody's business to change when the pods are to stay", async () => {
        const { metadata } = await pod({ keepOnNode: true, annotations: { note: "b" } });
        assert.deepEqual(metadata.annotations, {
            note: "b",
            "karpenter.sh/do-not-disrupt": "true",
            "cluster-autoscaler.kubernetes.io/safe-to-evict": "false",
        });
        assert.deepEqual((await pod({ keepOnNode: false })).metadata.annotations, {});
    });

    it("is anywhere when nothing is said", async () => {
        const { metadata, spec } = await pod({});
        assert.equal(spec.affinity ?? spec.tolerations ?? metadata.annotations, undefined);
    });

    it("is refused when nobody makes such nodes", () => {
        const checks = new Checks('Brick "b"');
        checkPod(checks, "pod", { nodes: "spot" });
        assert.throws(
            () => {
                checks.throwIfAny();
            },
            {
                message:
                    'Brick "b" cannot be deployed as configured:\n' +
                    '  pod.nodes: "spot" is not a kind of nodes; one of "karpenter-spot", "karpenter-on-demand", "eks-spot", ' +
                    '"eks-on-demand", "gke-spot", "gke-on-demand", "aks-spot", "aks-on-demand"',
            },
        );
    });
});
