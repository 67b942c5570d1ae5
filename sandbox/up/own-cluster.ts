import { execa } from "execa";

/** The `kubectl` of the machine: for a cluster of the user's own, none is built. */
export async function findKubectl(): Promise<string> {
    await execa("kubectl", ["version", "--client"]).catch(() => {
        throw new Error(
            "KUBECONTEXT names a cluster of your own, for which a kubectl on the PATH is needed; install it, or leave KUBECONTEXT out to use the sandbox",
        );
    });
    return "kubectl";
}

/** Refuses a context that the kubeconfig does not have, naming those it has, and a cluster that does not answer. */
export async function checkContext(context: string): Promise<void> {
    const { stdout } = await execa("kubectl", ["config", "get-contexts", "-o", "name"]);
    const known = stdout.split("\n").filter((name) => name !== "");
    if (!known.includes(context)) {
        throw new Error(`KUBECONTEXT: found "${context}", expected a context of your kubeconfig: ${known.join(", ") || "it has none"}`);
    }
    const answer = await execa("kubectl", ["--context", context, "get", "--raw", "/readyz", "--request-timeout=10s"], { reject: false });
    if (answer.exitCode !== 0) {
        throw new Error(`KUBECONTEXT: the cluster of "${context}" does not answer: ${answer.stderr.split("\n").pop() ?? ""}`);
    }
}

/** Context of the cluster of the user's own that the platform goes to, if it does not go to the sandbox. */
export const ownContext = () => process.env.KUBECONTEXT || undefined;

export const isOwnCluster = () => ownContext() !== undefined;

/** Images for a cluster of the user's own come from a registry of theirs: from here nothing can be built into it. */
export function checkOwnCluster(): void {
    if (isOwnCluster() && (process.env.IMAGE_REGISTRY ?? "") === "") {
        throw new Error(
            "IMAGE_REGISTRY is missing: with KUBECONTEXT the cluster pulls its images, so build those of images/ (see images/README.md), push them, and name the registry they are in",
        );
    }
}
