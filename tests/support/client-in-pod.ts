import { execa } from "execa";

import { kubectl } from "../../sandbox/support/kubectl";
import { restrictedClient } from "./client-pod";
import { access } from "./platform";
import { sparkImageOf } from "./spark-image";

/** Python in a pod with Spark's own libraries, let in wherever its labels are. */
export class ClientInPod {
    private constructor(
        private readonly namespace: string,
        private readonly pod: string,
    ) {}

    static async start(namespace: string, pod: string, version: string, labels: Record<string, string>): Promise<ClientInPod> {
        const manifest = restrictedClient(pod, sparkImageOf(version));
        Object.assign(manifest.metadata.labels, labels);
        Object.assign(manifest.spec.containers[0]!, {
            env: [{ name: "HOME", value: "/tmp" }],
            resources: { requests: { cpu: "10m", memory: "128Mi" }, limits: { memory: "512Mi" } },
        });
        await kubectl(access, ["delete", "pod", pod, "-n", namespace, "--ignore-not-found", "--wait", "--grace-period=1"]);
        await kubectl(access, ["apply", "-n", namespace, "-f", "-"], { input: JSON.stringify(manifest) });
        await kubectl(access, ["wait", "-n", namespace, `pod/${pod}`, "--for=condition=Ready", "--timeout=120s"]);
        return new ClientInPod(namespace, pod);
    }

    /** What goes on in the pod; its output comes as it is printed. */
    python(script: string, ...args: string[]) {
        return execa(access.kubectl, ["exec", "-n", this.namespace, this.pod, "--", "python3", "-c", script, ...args], {
            timeout: 400_000,
        });
    }
}
