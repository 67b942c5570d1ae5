import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { resolveHubAttachment, type JupyterHubAttachmentArgs } from "./args";
import * as objects from "./objects";

export type { JupyterHubAttachmentArgs } from "./args";

/** Leads the notebooks of a JupyterHub that exists already, from the official chart, to the platform: an account, network, settings. */
export class JupyterHubAttachment extends pulumi.ComponentResource {
    /** Values for the official chart, as YAML, to be merged with those that you have. */
    public readonly values: pulumi.Output<string>;
    /** Service account of the users' servers. */
    public readonly serverAccount: pulumi.Output<string>;

    constructor(name: string, args: JupyterHubAttachmentArgs, opts?: pulumi.ComponentResourceOptions) {
        super("spark-platform:index:JupyterHubAttachment", name, {}, opts);
        const attachment = resolveHubAttachment(name, args);
        const child = { parent: this };

        const account = new k8s.core.v1.ServiceAccount(`${name}-account`, objects.account(attachment), child);
        new k8s.networking.v1.NetworkPolicy(`${name}-network`, objects.network(attachment), child);

        this.serverAccount = account.metadata.name;
        this.values = objects.values(attachment);
        this.registerOutputs({ values: this.values, serverAccount: this.serverAccount });
    }
}
