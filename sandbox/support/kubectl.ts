import { execa, type ResultPromise } from "execa";

/** A cluster as `kubectl` and Pulumi reach it. */
export interface KubeAccess {
    /** The `kubectl` to call. */
    kubectl: string;
    /** Kubeconfig file. Default: what `KUBECONFIG` or the home directory says. */
    kubeconfig?: string;
    /** Context in it. Default: its current one. */
    context?: string;
}

export function kubeEnvironment({ kubeconfig }: KubeAccess): Record<string, string> {
    return kubeconfig === undefined ? {} : { KUBECONFIG: kubeconfig };
}

/** Runs `kubectl` and answers what it printed. */
export async function kubectl(
    access: KubeAccess,
    args: string[],
    { input, timeout }: { input?: string; timeout?: number } = {},
): Promise<string> {
    const { stdout } = await execa(access.kubectl, [...(access.context === undefined ? [] : ["--context", access.context]), ...args], {
        env: kubeEnvironment(access),
        input,
        timeout,
    });
    return stdout;
}

/** Objects as `kubectl get … -o json` lists them. */
export async function list<T>(access: KubeAccess, args: string[]): Promise<T[]> {
    return (JSON.parse(await kubectl(access, ["get", ...args, "-o", "json"])) as { items: T[] }).items;
}

/** What this project looks at in a pod. */
export interface Pod {
    metadata: {
        name: string;
        labels?: Record<string, string>;
        uid: string;
        ownerReferences?: { kind: string; name: string; uid: string }[];
    };
    status: {
        phase?: string;
        podIP?: string;
        startTime?: string;
        conditions?: { type: string; status: string; lastTransitionTime: string }[];
    };
}

/** A local port that leads to a Service inside the cluster, until it is closed. */
export interface Forward {
    port: number;
    close: () => void;
}

/** A Service's name, namespace and port, read from its URL inside the cluster: `sc://name.namespace.svc:15002`. */
export function serviceOf(url: string): { service: string; namespace: string; port: number } {
    const match = /^[a-z0-9]+:\/\/([^.:/]+)\.([^.:/]+)\.svc[^:]*:(\d+)/.exec(url);
    if (match === null) {
        throw new Error(`"${url}" is not the URL of a Service in the cluster (scheme://name.namespace.svc:port)`);
    }
    const [, service = "", namespace = "", port] = match;
    return { service, namespace, port: Number(port) };
}

/** What answers: a Service, or the servers of the same name at a port that no Service leads to, such as a server's own UI. */
export type Behind = "svc" | "statefulset";

/** The command a person types for the same thing. */
export function forwardCommand(url: string, behind: Behind = "svc"): string {
    const { service, namespace, port } = serviceOf(url);
    return `kubectl port-forward -n ${namespace} ${behind}/${service} ${port}`;
}

/** Opens a port on loopback that leads to the Service; `kubectl` picks a free one. */
export async function forward(access: KubeAccess, url: string, behind: Behind = "svc"): Promise<Forward> {
    const { service, namespace, port } = serviceOf(url);
    const context = access.context === undefined ? [] : ["--context", access.context];
    const child = execa(access.kubectl, [...context, "port-forward", "-n", namespace, `${behind}/${service}`, `:${port}`], {
        env: kubeEnvironment(access),
        reject: false,
        buffer: false,
    });
    return { port: await firstPort(child, url), close: () => void child.kill() };
}

function firstPort(child: ResultPromise<{ buffer: false; reject: false }>, url: string): Promise<number> {
    return new Promise((resolve, reject) => {
        let complaint = "";
        child.stdout.on("data", (data: Buffer) => {
            const port = /127\.0\.0\.1:(\d+)/.exec(data.toString())?.[1];
            if (port !== undefined) {
                resolve(Number(port));
            }
        });
        child.stderr.on("data", (data: Buffer) => (complaint += data.toString()));
        void child.then(() => {
            reject(new Error(`no port could be forwarded to ${url}: ${complaint.trim()}`));
        });
    });
}
