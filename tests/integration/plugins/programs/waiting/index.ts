import * as k8s from "@pulumi/kubernetes";

/** `broken` first, then `repaired`: the same objects with what they lack. */
const repaired = process.env.STEP === "repaired";
/** An image that the cluster has: a program that ends, fails or serves, as its arguments say. */
const image = process.env.TEST_IMAGE ?? "";

const namespace = new k8s.core.v1.Namespace("space", { metadata: { name: "plugins-waiting" } });

const metadata = (name: string, annotations: Record<string, string> = {}) => ({ name, namespace: namespace.metadata.name, annotations });
const seconds = (count: number) => ({ "pulumi.com/timeoutSeconds": String(count) });

function workload(name: string, container: { image: string; args: string[] }) {
    const labels = { app: name };
    return {
        replicas: 1,
        selector: { matchLabels: labels },
        template: {
            metadata: { labels },
            spec: {
                terminationGracePeriodSeconds: 1,
                containers: [
                    {
                        name: "main",
                        imagePullPolicy: "IfNotPresent",
                        readinessProbe: { tcpSocket: { port: 1053 }, periodSeconds: 1 },
                        ...container,
                    },
                ],
            },
        },
    };
}

new k8s.apps.v1.Deployment("no-image", {
    metadata: metadata("no-image", seconds(repaired ? 60 : 20)),
    spec: workload("no-image", { image: repaired ? image : "nowhere.invalid/nothing:1", args: ["-dns.port=1053"] }),
});

new k8s.apps.v1.Deployment("crashing", {
    metadata: metadata("crashing", seconds(repaired ? 60 : 20)),
    spec: {
        strategy: { type: "Recreate" },
        ...workload("crashing", { image, args: repaired ? ["-dns.port=1053"] : ["-conf", "/no/such/file"] }),
    },
});

new k8s.batch.v1.Job("failing", {
    metadata: metadata("failing"),
    spec: {
        backoffLimit: 0,
        template: {
            spec: {
                restartPolicy: "Never",
                containers: [{ name: "main", image, args: repaired ? ["-version"] : ["-conf", "/no/such/file"] }],
            },
        },
    },
});

new k8s.core.v1.Service("lonely", {
    metadata: metadata("lonely", seconds(repaired ? 60 : 4)),
    spec: { selector: { app: repaired ? "no-image" : "nobody" }, ports: [{ port: 53, targetPort: 1053 }] },
});

new k8s.core.v1.Service("unawaited", {
    metadata: metadata("unawaited", { "pulumi.com/skipAwait": "true" }),
    spec: { selector: { app: "nobody" }, ports: [{ port: 53 }] },
});

// Bound by the pod that will use it: nothing to wait for.
new k8s.core.v1.PersistentVolumeClaim("claim", {
    metadata: metadata("claim", seconds(10)),
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Mi" } } },
});

if (repaired) {
    new k8s.core.v1.ConfigMap("signal", {
        metadata: metadata("signal", { "pulumi.com/waitFor": "jsonpath={.metadata.labels.signal}=green", ...seconds(60) }),
    });
}
