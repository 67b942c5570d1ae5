import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { labelsOf, objectName, type Identity } from "../internal/identity";
import { quantity } from "../internal/memory";
import { toDnsAndTo } from "../internal/network";
import type { ResolvedWorkspace, SparkWorkspaceQuota } from "./args";

const identityOf = ({ name }: ResolvedWorkspace): Identity => ({ application: "spark-workspace", role: "workspace", instance: name });

function metadata(workspace: ResolvedWorkspace, role: string): k8s.types.input.meta.v1.ObjectMeta {
    return { name: objectName(workspace.name, role), namespace: workspace.namespace, labels: labelsOf(identityOf(workspace)) };
}

export function namespace(workspace: ResolvedWorkspace): k8s.core.v1.NamespaceArgs {
    const modes = ["enforce", "audit", "warn"].map((mode) => [`pod-security.kubernetes.io/${mode}`, "restricted"] as const);
    return { metadata: { name: workspace.namespace, labels: { ...labelsOf(identityOf(workspace)), ...Object.fromEntries(modes) } } };
}

/** Nobody talks to anybody, unless a brick's own policy says so. */
export function defaultDeny(workspace: ResolvedWorkspace): k8s.networking.v1.NetworkPolicyArgs {
    return { metadata: metadata(workspace, "default-deny"), spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] } };
}

/** Every pod may ask for names, also where only this cluster has them answered: what one policy opens, no other closes. */
export function dns(workspace: ResolvedWorkspace): k8s.networking.v1.NetworkPolicyArgs {
    const egress = pulumi.output(workspace.dnsServers).apply((cidrs) => [toDnsAndTo(cidrs)]);
    return { metadata: metadata(workspace, "dns"), spec: { podSelector: {}, policyTypes: ["Egress"], egress } };
}

const serverAccountName = ({ name }: ResolvedWorkspace): string => objectName(name, "server");

export function serverAccount(workspace: ResolvedWorkspace): k8s.core.v1.ServiceAccountArgs {
    return {
        metadata: { ...metadata(workspace, "server"), annotations: workspace.serverAccountAnnotations },
        automountServiceAccountToken: false,
    };
}

/** Executors run the users' code, so their account has neither rights nor a token. */
export function executorAccount(workspace: ResolvedWorkspace): k8s.core.v1.ServiceAccountArgs {
    return {
        metadata: { ...metadata(workspace, "executor"), annotations: workspace.executorAccountAnnotations },
        automountServiceAccountToken: false,
    };
}

/**
 * What a Spark driver asks of the API server, and no more: services and volumes are not among it, because the bricks' settings
 * keep Spark from touching them. Without `deletecollection` executors would stay behind, which shows only when a server stops.
 */
export function serverRole(workspace: ResolvedWorkspace): k8s.rbac.v1.RoleArgs {
    return {
        metadata: metadata(workspace, "server"),
        rules: [
            { apiGroups: [""], resources: ["pods"], verbs: ["create", "get", "list", "watch", "delete", "deletecollection"] },
            { apiGroups: [""], resources: ["configmaps"], verbs: ["create", "list", "deletecollection"] },
        ],
    };
}

export function serverBinding(workspace: ResolvedWorkspace): k8s.rbac.v1.RoleBindingArgs {
    const account = serverAccountName(workspace);
    return {
        metadata: metadata(workspace, "server"),
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: account },
        subjects: [{ kind: "ServiceAccount", name: account, namespace: workspace.namespace }],
    };
}

export function quota(workspace: ResolvedWorkspace, bounds: SparkWorkspaceQuota): k8s.core.v1.ResourceQuotaArgs {
    const hard = pulumi.output(bounds).apply(({ cpu, memory, pods }) => ({
        ...(cpu !== undefined && { "requests.cpu": cpu }),
        ...(memory !== undefined && { "limits.memory": quantity(memory) }),
        ...(pods !== undefined && { pods: String(pods) }),
    }));
    return { metadata: metadata(workspace, "quota"), spec: { hard } };
}
