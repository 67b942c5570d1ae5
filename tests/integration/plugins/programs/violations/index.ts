import * as k8s from "@pulumi/kubernetes";

import { restrictedPod, type PlainContainer } from "../../../../../components/internal/pod";

/** One object for each thing that the policy refuses, beside one that breaks nothing. Nothing of it is ever deployed. */

const namespace = "policy-violations";
const open = "policy-open";
const opts = { provider: new k8s.Provider("cluster") };

const plain: PlainContainer = {
    name: "main",
    image: "registry.example.com/tool:1",
    resources: { requests: { cpu: "10m", memory: "64Mi" }, limits: { memory: "64Mi" } },
};

function podOf(container: Partial<PlainContainer> = {}) {
    return restrictedPod({ containers: [{ ...plain, ...container }], user: 1000, terminationGracePeriodSeconds: 30 });
}

const workload = (spec: object, { place = namespace, labels = { app: "tool" }, replicas = 1 } = {}) => ({
    metadata: { namespace: place, labels },
    spec: {
        replicas,
        selector: { matchLabels: { app: "tool" } },
        template: { metadata: { labels: { app: "tool" } }, spec: spec as never },
    },
});

const executor = (spec: object) => ({
    metadata: { namespace },
    data: { "executor.yaml": JSON.stringify({ apiVersion: "v1", kind: "Pod", spec }) },
});

for (const name of [namespace, open]) {
    new k8s.core.v1.Namespace(name, { metadata: { name } }, opts);
}
new k8s.networking.v1.NetworkPolicy(
    "closed",
    { metadata: { namespace }, spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] } },
    opts,
);

new k8s.apps.v1.Deployment("good", workload(podOf()), opts);
new k8s.apps.v1.Deployment("root", workload({ ...podOf(), securityContext: { runAsUser: 0 } }), opts);
new k8s.batch.v1.CronJob(
    "host",
    {
        metadata: { namespace },
        spec: {
            schedule: "0 2 * * *",
            jobTemplate: { spec: { template: { spec: { ...podOf(), hostNetwork: true, restartPolicy: "Never" } } } },
        },
    },
    opts,
);
new k8s.core.v1.ConfigMap("executor-with-token", executor({ ...restrictedExecutor(), automountServiceAccountToken: true }), opts);
new k8s.core.v1.ConfigMap("secret-in-conf", { metadata: { namespace }, data: { "a.conf": "spark.ssl.keyStorePassword hunter2\n" } }, opts);
new k8s.apps.v1.Deployment("secret-in-env", workload(podOf({ env: [{ name: "DB_PASSWORD", value: "hunter2" }] })), opts);
new k8s.apps.v1.Deployment("secret-in-args", workload(podOf({ args: ["--password=hunter2"] })), opts);
new k8s.apps.v1.Deployment("no-limit", workload(podOf({ resources: { requests: { cpu: "10m" } } })), opts);
new k8s.apiextensions.CustomResource(
    "secret-of-others",
    {
        apiVersion: "external-secrets.io/v1",
        kind: "ExternalSecret",
        metadata: { namespace },
        spec: { secretStoreRef: { kind: "SecretStore", name: "own" }, data: [{ secretKey: "a", remoteRef: { key: "staging/s3" } }] },
    },
    opts,
);
new k8s.apps.v1.Deployment("latest", workload(podOf({ image: "registry.example.com/tool:latest" })), opts);
new k8s.core.v1.PersistentVolumeClaim(
    "unprotected",
    { metadata: { namespace }, spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } } },
    opts,
);
new k8s.apps.v1.StatefulSet(
    "alone",
    workload(podOf(), { labels: { app: "tool", "app.kubernetes.io/name": "spark-connect" } as never }),
    opts,
);
new k8s.apps.v1.Deployment("uncovered", workload(podOf(), { place: open }), opts);

function restrictedExecutor() {
    return JSON.parse(JSON.stringify(podOf({ name: "executor" }))) as object;
}
