import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { after } from "../internal/after";
import { resolveWorkspace, type SparkWorkspaceArgs } from "./args";
import * as objects from "./objects";

export type { SparkWorkspaceArgs, SparkWorkspaceQuota, SparkWorkspaceSettings } from "./args";

/** A namespace for Spark: hardened, closed to the network but for names, with the accounts that Spark runs as. */
export class SparkWorkspace extends pulumi.ComponentResource {
    /** Name of the namespace. */
    public readonly namespace: pulumi.Output<string>;
    /** Account of Spark servers, which may manage executor pods. */
    public readonly serverAccount: pulumi.Output<string>;
    /** Account of executors, which may do nothing. */
    public readonly executorAccount: pulumi.Output<string>;

    constructor(name: string, args: SparkWorkspaceArgs, opts?: pulumi.ComponentResourceOptions) {
        super("spark-platform:index:SparkWorkspace", name, {}, opts);
        const workspace = resolveWorkspace(name, args);
        const child = { parent: this };

        const namespace = new k8s.core.v1.Namespace(`${name}-namespace`, objects.namespace(workspace), child);
        // Gone with the namespace: deleting each object first would only take time, and open the network before the pods have stopped.
        const inside = { parent: this, dependsOn: [namespace], deletedWith: namespace };
        new k8s.networking.v1.NetworkPolicy(`${name}-default-deny`, objects.defaultDeny(workspace), inside);
        new k8s.networking.v1.NetworkPolicy(`${name}-dns`, objects.dns(workspace), inside);
        const server = new k8s.core.v1.ServiceAccount(`${name}-server-account`, objects.serverAccount(workspace), inside);
        const executor = new k8s.core.v1.ServiceAccount(`${name}-executor-account`, objects.executorAccount(workspace), inside);
        const role = new k8s.rbac.v1.Role(`${name}-server-role`, objects.serverRole(workspace), inside);
        const binding = new k8s.rbac.v1.RoleBinding(`${name}-server-binding`, objects.serverBinding(workspace), inside);
        if (workspace.quota) {
            new k8s.core.v1.ResourceQuota(`${name}-quota`, objects.quota(workspace, workspace.quota), inside);
        }

        // An account is handed out when its rights are there: a server that starts earlier is refused by the API server and exits.
        this.namespace = namespace.metadata.name;
        this.serverAccount = after(server.metadata.name, role, binding);
        this.executorAccount = executor.metadata.name;
        this.registerOutputs({ namespace: this.namespace, serverAccount: this.serverAccount, executorAccount: this.executorAccount });
    }
}
