import { execFile } from "node:child_process";
import { promisify } from "node:util";

import * as pulumi from "@pulumi/pulumi";

/** API groups that a cluster has from an add-on, and the key in stacks/cluster-addons that brings it. */
export const broughtBy: Record<string, string> = {
    "bitnami.com": "sealedSecrets",
    "cert-manager.io": "certManager",
    "external-secrets.io": "externalSecrets",
    "keda.sh": "keda",
    "monitoring.coreos.com": "prometheusStack",
    "sparkoperator.k8s.io": "sparkOperator",
};

/** Which cluster is asked; as the provider's. */
interface Cluster {
    context?: string;
    kubeconfig?: string;
}

/**
 * Looks for kinds of objects that the cluster does not know, because an add-on is missing: the provider would name the kind, but not who
 * brings it.
 *
 * @param groups API groups that a cluster has; nothing when it cannot be asked.
 */
export function unknownKinds(cluster: Cluster, groups: (cluster: Cluster) => Promise<string[] | undefined> = groupsOf) {
    const used = new Map<string, Set<string>>();
    return {
        /** Takes note of every resource of the bricks that it is given to, and changes none. */
        note: (({ type }) => {
            const [, group = "", kind = ""] = /^kubernetes:([^/:]+)\/[^:]+:(.+)$/.exec(type) ?? [];
            if (group in broughtBy) {
                used.set(group, (used.get(group) ?? new Set()).add(kind));
            }
            return undefined;
        }) satisfies pulumi.ResourceTransformation,
        /** A warning for each add-on that is missing, in a preview too. */
        tell: async (): Promise<void> => {
            const known = used.size === 0 ? undefined : await groups(cluster);
            const missing = known === undefined ? [] : [...used].filter(([group]) => !known.includes(group));
            await Promise.all(missing.map(([group, kinds]) => pulumi.log.warn(sentence(group, [...kinds]))));
        },
    };
}

const sentence = (group: string, kinds: string[]): string =>
    `the cluster does not know ${kinds.sort().join(", ")} (${group}): the add-on ${broughtBy[group] ?? ""} of stacks/cluster-addons brings ${kinds.length > 1 ? "them" : "it"}; ` +
    "give its key in the stack file there and run `pulumi up` there first";

/** By kubectl, which knows every way to log in that a kubeconfig may name. */
async function groupsOf({ context, kubeconfig }: Cluster): Promise<string[] | undefined> {
    const which = [
        ...(context === undefined ? [] : ["--context", context]),
        ...(kubeconfig === undefined ? [] : ["--kubeconfig", kubeconfig]),
    ];
    try {
        const { stdout } = await promisify(execFile)("kubectl", [...which, "--request-timeout=5s", "get", "--raw", "/apis"], {
            timeout: 10_000,
        });
        return (JSON.parse(stdout) as { groups: { name: string }[] }).groups.map(({ name }) => name);
    } catch {
        // Whoever has no kubectl, or no cluster yet, hears of it from the provider.
        return undefined;
    }
}
