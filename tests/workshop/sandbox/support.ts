import { readFileSync } from "node:fs";
import { join } from "node:path";

import { execa } from "execa";

import { clusterUp } from "../../../sandbox/cluster";
import { kubectl, type KubeAccess } from "../../../sandbox/support/kubectl";
import { cluster } from "../../../sandbox/support/paths";
import { waitFor } from "../../../sandbox/support/wait";
import { tool } from "../../../sandbox/toolchain";

/** The image that holds every pod's namespaces; with an argument it is a probe (see its main.go). */
const image = "spark-platform.local/pause:1";
const container = { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] }, runAsNonRoot: true };
const pod = { runAsUser: 1000, fsGroup: 2000, seccompProfile: { type: "RuntimeDefault" } };

/** These tests look at the sandbox's own processes, so they say nothing about a cluster of somebody's own. */
export function skipOnOwnCluster(test: Mocha.Context): void {
    if ((process.env.KUBECONTEXT ?? "") !== "") {
        console.log(`    skipped: the tests run on the cluster of context ${process.env.KUBECONTEXT ?? ""}, not on the sandbox`);
        test.skip();
    }
}

/** A namespace for the tests of one file. */
export class Scene {
    private constructor(
        readonly access: KubeAccess,
        readonly namespace: string,
    ) {}

    /** Starts the cluster if it does not run, and makes the namespace in it. */
    static async open(namespace: string): Promise<Scene> {
        await clusterUp();
        const scene = new Scene({ kubectl: tool("kubectl"), kubeconfig: cluster.kubeconfig }, namespace);
        await scene.kubectl("delete", "namespace", namespace, "--ignore-not-found");
        const labels = { "pod-security.kubernetes.io/enforce": "restricted" };
        await scene.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace, labels } });
        await scene.eventually("its service account is there", () => scene.kubectl("get", "serviceaccount", "default"));
        return scene;
    }

    async close(): Promise<void> {
        await this.kubectl("delete", "namespace", this.namespace, "--wait=false");
    }

    kubectl(...args: string[]): Promise<string> {
        return kubectl(this.access, ["--namespace", this.namespace, ...args]);
    }

    async apply(...objects: object[]): Promise<void> {
        const list = JSON.stringify({ apiVersion: "v1", kind: "List", items: objects });
        await kubectl(this.access, ["--namespace", this.namespace, "apply", "--filename=-"], { input: list });
    }

    /** A StatefulSet of one probe, with a volume of its own at /data. */
    async runProbe(name: string, ...args: string[]): Promise<void> {
        const volume = { name: "data", mountPath: "/data" };
        await this.apply({
            apiVersion: "apps/v1",
            kind: "StatefulSet",
            metadata: { name },
            spec: {
                serviceName: name,
                selector: { matchLabels: { probe: name } },
                template: {
                    metadata: { labels: { probe: name } },
                    spec: {
                        securityContext: pod,
                        terminationGracePeriodSeconds: 1,
                        containers: [
                            { name: "probe", image, imagePullPolicy: "Never", args, securityContext: container, volumeMounts: [volume] },
                        ],
                    },
                },
                volumeClaimTemplates: [
                    { metadata: { name: "data" }, spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "10Mi" } } } },
                ],
            },
        });
    }

    async waitForProbe(name: string): Promise<void> {
        await this.kubectl("rollout", "status", `statefulset/${name}`, "--timeout=60s");
    }

    /** Runs a probe in a pod that is there; undefined when it failed. */
    probe(name: string, ...args: string[]): Promise<string | undefined> {
        return this.kubectl("exec", `${name}-0`, "--", "/pause", ...args).catch(() => undefined);
    }

    address(name: string): Promise<string> {
        return this.kubectl("get", "pod", `${name}-0`, "--output=jsonpath={.status.podIP}");
    }

    /** Asks until there is an answer. */
    eventually<T>(what: string, ask: () => Promise<T | undefined>, seconds = 30): Promise<T> {
        return waitFor(what, () => ask().catch(() => undefined), { seconds, everySeconds: 0.2 });
    }
}

export function processIdOf(program: string): number {
    return Number(readFileSync(join(cluster.run, `${program}.pid`), "utf8"));
}

/** TCP and UDP sockets that wait for anybody, with the processes that hold them. */
export async function listeners(): Promise<{ address: string; process: number }[]> {
    const { stdout } = await execa("ss", ["--listening", "--tcp", "--udp", "--numeric", "--processes", "--no-header"]);
    return stdout.split("\n").flatMap((line) => {
        const [, , , , address = ""] = line.split(/\s+/);
        return [...line.matchAll(/pid=(\d+)/g)].map(([, process]) => ({ address, process: Number(process) }));
    });
}
