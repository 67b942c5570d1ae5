import assert from "node:assert/strict";

import type { Api } from "../../../sandbox/plugins/kubernetes/api";
import { readinessOf } from "../../../sandbox/plugins/kubernetes/ready";

const api = {
    get: () => Promise.resolve({ volumeBindingMode: "WaitForFirstConsumer" }),
    list: () => Promise.resolve([{ endpoints: [{ conditions: { ready: false } }] }]),
} as unknown as Api;

async function verdict(apiVersion: string, kind: string, rest: object): Promise<string> {
    const object = { apiVersion, kind, ...rest };
    const found = await readinessOf(object)?.({ object, api });
    if (found === undefined) {
        return "nothing to wait for";
    }
    return found.ready ? "ready" : `${found.hopeless === true ? "hopeless" : "waiting"}: ${found.why}`;
}

const condition = (type: string, status: string, reason = "", message = "") => ({ conditions: [{ type, status, reason, message }] });

/** What is, and what follows. */
const cases: [string, string, string, object, string][] = [
    ["a ConfigMap", "v1", "ConfigMap", {}, "nothing to wait for"],
    [
        "anything with skipAwait",
        "apps/v1",
        "Deployment",
        { metadata: { annotations: { "pulumi.com/skipAwait": "true" } } },
        "nothing to wait for",
    ],
    [
        "an unseen Deployment",
        "apps/v1",
        "Deployment",
        { metadata: { generation: 2 }, status: { observedGeneration: 1 } },
        "waiting: the controller has not seen the change yet",
    ],
    [
        "a Deployment on its way",
        "apps/v1",
        "Deployment",
        { spec: { replicas: 2 }, status: { replicas: 2, updatedReplicas: 2, availableReplicas: 1 } },
        "waiting: 1 of 2 pods available",
    ],
    [
        "a Deployment with old pods",
        "apps/v1",
        "Deployment",
        { spec: { replicas: 1 }, status: { replicas: 2, updatedReplicas: 1, availableReplicas: 1 } },
        "waiting: 1 old pods still to stop",
    ],
    [
        "a Deployment that may not make pods",
        "apps/v1",
        "Deployment",
        { status: condition("ReplicaFailure", "True", "", "exceeded quota") },
        "waiting: 0 of 1 pods updated: exceeded quota",
    ],
    [
        "a Deployment past its deadline",
        "apps/v1",
        "Deployment",
        { status: condition("Progressing", "False", "ProgressDeadlineExceeded", "has timed out") },
        "hopeless: has timed out",
    ],
    ["a finished Deployment", "apps/v1", "Deployment", { status: { replicas: 1, updatedReplicas: 1, availableReplicas: 1 } }, "ready"],
    ["an empty Deployment", "apps/v1", "Deployment", { spec: { replicas: 0 }, status: {} }, "ready"],
    [
        "a StatefulSet on its way",
        "apps/v1",
        "StatefulSet",
        { spec: { replicas: 3 }, status: { readyReplicas: 2, updatedReplicas: 3 } },
        "waiting: 2 of 3 pods ready",
    ],
    [
        "a StatefulSet half updated",
        "apps/v1",
        "StatefulSet",
        { spec: { replicas: 3 }, status: { readyReplicas: 3, updatedReplicas: 1 } },
        "waiting: 1 of 3 pods updated",
    ],
    [
        "a partitioned StatefulSet",
        "apps/v1",
        "StatefulSet",
        { spec: { replicas: 3, updateStrategy: { rollingUpdate: { partition: 2 } } }, status: { readyReplicas: 3, updatedReplicas: 1 } },
        "ready",
    ],
    [
        "a DaemonSet",
        "apps/v1",
        "DaemonSet",
        { status: { desiredNumberScheduled: 2, updatedNumberScheduled: 2, numberAvailable: 1 } },
        "waiting: 1 of 2 pods available",
    ],
    ["a running Job", "batch/v1", "Job", { status: { active: 1 } }, "waiting: 1 pods running, 0 failed"],
    [
        "a failed Job",
        "batch/v1",
        "Job",
        { status: condition("Failed", "True", "BackoffLimitExceeded", "too often") },
        "hopeless: the job failed (BackoffLimitExceeded): too often",
    ],
    ["a finished Job", "batch/v1", "Job", { status: condition("Complete", "True") }, "ready"],
    ["a suspended Job", "batch/v1", "Job", { spec: { suspend: true } }, "ready"],
    ["a failed Pod", "v1", "Pod", { status: { phase: "Failed", message: "evicted" } }, "hopeless: the pod failed: evicted"],
    ["a ready Pod", "v1", "Pod", { status: { phase: "Running", ...condition("Ready", "True") } }, "ready"],
    [
        "a claim bound by its consumer",
        "v1",
        "PersistentVolumeClaim",
        { spec: { storageClassName: "local" }, status: { phase: "Pending" } },
        "ready",
    ],
    [
        "a claim without a class",
        "v1",
        "PersistentVolumeClaim",
        { spec: {}, status: { phase: "Pending" } },
        "waiting: no volume is bound yet",
    ],
    ["a headless Service", "v1", "Service", { spec: { clusterIP: "None", selector: { a: "b" } } }, "ready"],
    ["a Service without selector", "v1", "Service", { spec: {} }, "ready"],
    ["an ExternalName", "v1", "Service", { spec: { type: "ExternalName", selector: { a: "b" } } }, "ready"],
    [
        "a Service nobody serves",
        "v1",
        "Service",
        { spec: { selector: { a: "b" } } },
        "waiting: it has no ready pod: either none is ready yet, or its selector fits none",
    ],
    ["a load balancer", "v1", "Service", { spec: { type: "LoadBalancer" } }, "waiting: the load balancer has no address yet"],
    ["a new definition", "apiextensions.k8s.io/v1", "CustomResourceDefinition", {}, "waiting: the API server does not serve it yet"],
    [
        "a definition whose names are taken",
        "apiextensions.k8s.io/v1",
        "CustomResourceDefinition",
        { status: condition("NamesAccepted", "False", "", "taken") },
        "hopeless: taken",
    ],
    ["a token Secret", "v1", "Secret", { type: "kubernetes.io/service-account-token" }, "waiting: its token is not filled in yet"],
    ["an ordinary Secret", "v1", "Secret", {}, "ready"],
];

describe("kubernetes: readiness", () => {
    for (const [title, apiVersion, kind, rest, expected] of cases) {
        it(`${title}: ${expected}`, async () => {
            assert.equal(await verdict(apiVersion, kind, rest), expected);
        });
    }
});
