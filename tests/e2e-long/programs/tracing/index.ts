import { readFileSync } from "node:fs";
import { join } from "node:path";

import * as k8s from "@pulumi/kubernetes";

import { SparkConnect, SparkSubmit, type TracingConnection } from "../../../../components";
import { sparkImage } from "../../../../components/internal/images";
import { registry, runtimeOf, smallConnect, team } from "../team";

/** A team with a collector of traces, a Connect server and an application; only who wears its label comes to the collector. */
const { NAMESPACE: given = "", SPARK_VERSION: sparkVersion = "" } = process.env;

const own = team(given, { memory: "512m" });
const { namespace } = own;
const podLabels = { app: "collector" };
const clientLabels = { "collector-client": "true" };
const ports = [{ port: 4318 }];

new k8s.networking.v1.NetworkPolicy("collector", {
    metadata: { namespace },
    spec: { podSelector: { matchLabels: podLabels }, ingress: [{ from: [{ podSelector: { matchLabels: clientLabels } }], ports }] },
});
const collector = new k8s.core.v1.Pod("collector", {
    metadata: { name: "collector", namespace, labels: podLabels },
    spec: {
        automountServiceAccountToken: false,
        securityContext: { runAsNonRoot: true, runAsUser: 185, seccompProfile: { type: "RuntimeDefault" } },
        terminationGracePeriodSeconds: 0,
        containers: [
            {
                name: "collector",
                image: sparkImage(registry, sparkVersion),
                args: ["python3", "-c", readFileSync(join(__dirname, "collector.py"), "utf8")],
                readinessProbe: { httpGet: { path: "/", port: 4318 }, periodSeconds: 2 },
                resources: { requests: { cpu: "10m", memory: "64Mi" }, limits: { memory: "128Mi" } },
                securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } },
            },
        ],
    },
});
const service = new k8s.core.v1.Service("collector", {
    metadata: { name: "collector", namespace },
    spec: { selector: podLabels, ports },
});

const tracing: TracingConnection = {
    endpoint: service.metadata.name.apply((name) => `http://${name}.${given}.svc:4318`),
    clusterEndpoint: { namespace, podLabels, clientLabels },
};
const server = new SparkConnect("main", { ...smallConnect(own, sparkVersion), tracing }, { dependsOn: collector });
new SparkSubmit(
    "pi",
    {
        runtime: { ...runtimeOf(own, sparkVersion), tracing },
        main: { file: "local:///opt/spark/examples/src/main/python/pi.py" },
        arguments: ["2"],
        driver: { memory: "512m", cpuRequest: "50m" },
        executor: { memory: "512m", cpuRequest: "50m", localStorage: "1g" },
    },
    { dependsOn: server },
);

export const url = server.url;
export const serverLabels = server.clientLabels;
