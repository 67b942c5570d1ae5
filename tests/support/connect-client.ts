import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { execa } from "execa";

import { kubectl } from "../../sandbox/support/kubectl";
import { checkout } from "../../sandbox/support/paths";
import { followSums, sumsScript, type RunningQuery } from "./client";
import { restrictedClient } from "./client-pod";
import { access } from "./platform";
import { sparkImageOf } from "./spark-image";

/** Where the client finds the certificate that it trusts. */
const certificateFile = "/etc/client/tls.crt";

export interface ConnectClientSettings {
    namespace: string;
    /** Name of the client's pod. */
    pod: string;
    version: string;
    /** What the pod wears so that it is let in. */
    labels: Record<string, string>;
    /** Secret with the certificate that the client trusts. Default: none. */
    certificate?: string;
}

/** A client of Spark Connect in a pod of its own, which comes to its server as users' pods do: by the Service, through the network policies. */
export class ConnectClient {
    private constructor(
        readonly namespace: string,
        readonly pod: string,
    ) {}

    static async start({ namespace, pod, version, labels, certificate }: ConnectClientSettings): Promise<ConnectClient> {
        const manifest = restrictedClient(pod, sparkImageOf(version));
        Object.assign(manifest.metadata.labels, labels);
        const [container] = manifest.spec.containers;
        Object.assign(container!, {
            env: [
                { name: "HOME", value: "/tmp" },
                ...(certificate ? [{ name: "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH", value: certificateFile }] : []),
            ],
            resources: { requests: { cpu: "10m", memory: "128Mi" }, limits: { memory: "512Mi" } },
            ...(certificate && { volumeMounts: [{ name: "certificate", mountPath: "/etc/client", readOnly: true }] }),
        });
        Object.assign(manifest.spec, {
            terminationGracePeriodSeconds: 0,
            ...(certificate && {
                volumes: [{ name: "certificate", secret: { secretName: certificate, items: [{ key: "tls.crt", path: "tls.crt" }] } }],
            }),
        });
        const client = new ConnectClient(namespace, pod);
        await kubectl(access, ["delete", "pod", pod, "-n", namespace, "--ignore-not-found", "--wait"]);
        await kubectl(access, ["apply", "-n", namespace, "-f", "-"], { input: JSON.stringify(manifest) });
        await kubectl(access, ["wait", "-n", namespace, `pod/${pod}`, "--for=condition=Ready", "--timeout=120s"]);
        return client;
    }

    private execute(script: string, args: string[]) {
        return execa(access.kubectl, ["exec", "-n", this.namespace, this.pod, "--", "python3", "-c", script, ...args], {
            timeout: 300_000,
        });
    }

    /** Runs a program of `tests/e2e/clients` and answers the last line that it printed, as JSON. */
    async run<T>(program: string, ...args: string[]): Promise<T> {
        const { stdout } = await this.execute(await readFile(join(checkout, "tests/e2e/clients", program), "utf8"), args);
        return JSON.parse(stdout.trimEnd().split("\n").pop() ?? "") as T;
    }

    /** Starts the busy query over `rows` numbers. */
    async startSums(remote: string, rows: number, partitions = 40): Promise<RunningQuery> {
        const child = this.execute(await readFile(sumsScript, "utf8"), [remote, String(rows), String(partitions)]);
        const abandon = () =>
            void execa(access.kubectl, ["exec", "-n", this.namespace, this.pod, "--", "pkill", "-9", "python3"], { reject: false });
        return { ...followSums(child), abandon };
    }
}
