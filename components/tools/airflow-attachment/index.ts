import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { resolveAttachment, type AirflowAttachmentArgs } from "./args";
import * as objects from "./objects";

export type { AirflowAttachmentArgs } from "./args";

/** Leads the tasks of an Airflow that exists already, from the official chart, to the platform: an account, a pod template, connections, network. */
export class AirflowAttachment extends pulumi.ComponentResource {
    /** Values for the official chart, as YAML, to be merged with those that you have. */
    public readonly values: pulumi.Output<string>;
    /** Service account of the tasks. */
    public readonly workerAccount: pulumi.Output<string>;
    /** ConfigMap with the key pod.yaml, the pod of a task, for installations without the chart. */
    public readonly podTemplate: pulumi.Output<string>;
    /** Secret with Airflow's connections to the platform, by their names in Airflow. */
    public readonly connectionsSecret: pulumi.Output<string>;

    constructor(name: string, args: AirflowAttachmentArgs, opts?: pulumi.ComponentResourceOptions) {
        super("spark-platform:index:AirflowAttachment", name, {}, opts);
        const attachment = resolveAttachment(name, args);
        const child = { parent: this };

        const account = new k8s.core.v1.ServiceAccount(`${name}-account`, objects.account(attachment), child);
        if (attachment.applications) {
            new k8s.rbac.v1.Role(`${name}-role`, objects.role(attachment), child);
            new k8s.rbac.v1.RoleBinding(`${name}-binding`, objects.binding(attachment), child);
        }
        const connections = new k8s.core.v1.Secret(`${name}-connections`, objects.connectionsSecret(attachment), child);
        const template = new k8s.core.v1.ConfigMap(`${name}-template`, objects.template(attachment), child);
        new k8s.networking.v1.NetworkPolicy(`${name}-network`, objects.network(attachment), child);

        this.workerAccount = account.metadata.name;
        this.connectionsSecret = connections.metadata.name;
        this.podTemplate = template.metadata.name;
        this.values = objects.valuesOf(attachment);
        this.registerOutputs({
            values: this.values,
            workerAccount: this.workerAccount,
            podTemplate: this.podTemplate,
            connectionsSecret: this.connectionsSecret,
        });
    }
}
