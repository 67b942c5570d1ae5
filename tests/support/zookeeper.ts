import { kubectl } from "../../sandbox/support/kubectl";
import { waitFor } from "../../sandbox/support/wait";
import { restrictedClient } from "./client-pod";
import { access } from "./platform";
import type { StandaloneCluster } from "./standalone";

const labels = { app: "zookeeper" };
const port = 2181;

/** The server of `startZooKeeper`, as masters are told of it. */
export const zooKeeper = (namespace: string) => ({
    ensemble: `zookeeper:${port}`,
    ensembleEndpoint: { namespace, podLabels: labels, clientLabels: { "zookeeper-client": "true" } },
});

/** A session lasts for 20 ticks at most, and Spark asks for more: this is what the documentation advises. */
const tickMilliseconds = "1000";

/** One ZooKeeper server: its jar is among Spark's own. */
export async function startZooKeeper({ namespace, sparkVersion }: StandaloneCluster): Promise<void> {
    const pod = restrictedClient("zookeeper", `spark-platform.local/spark:${sparkVersion}`);
    Object.assign(pod.metadata.labels, labels);
    Object.assign(pod.spec.containers[0]!, {
        args: [
            "/opt/spark/bin/spark-class",
            "org.apache.zookeeper.server.ZooKeeperServerMain",
            String(port),
            "/tmp/zookeeper",
            tickMilliseconds,
        ],
        env: [
            { name: "HOME", value: "/tmp" },
            { name: "SPARK_DAEMON_MEMORY", value: "128m" },
        ],
        resources: { requests: { cpu: "10m", memory: "384Mi" }, limits: { memory: "384Mi" } },
        readinessProbe: { tcpSocket: { port }, periodSeconds: 1 },
    });
    const service = { apiVersion: "v1", kind: "Service", metadata: { name: "zookeeper" }, spec: { selector: labels, ports: [{ port }] } };
    const policy = {
        apiVersion: "networking.k8s.io/v1",
        kind: "NetworkPolicy",
        metadata: { name: "zookeeper" },
        spec: {
            podSelector: { matchLabels: labels },
            policyTypes: ["Ingress"],
            ingress: [{ from: [{ podSelector: { matchLabels: { "zookeeper-client": "true" } } }], ports: [{ port }] }],
        },
    };
    const apply = (manifest: object) => kubectl(access, ["apply", "-n", namespace, "-f", "-"], { input: JSON.stringify(manifest) });
    await waitFor("the namespace is there", () => apply(service), { seconds: 300 });
    await apply(policy);
    await apply(pod);
}
