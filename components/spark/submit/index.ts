import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { resolveSubmit, type SparkSubmitArgs } from "./args";
import * as objects from "./objects";

export { sparkDeployModes } from "./args";
export type { SparkSubmitArgs, SparkSubmitSettings } from "./args";

/**
 * A Spark application that runs to its end once: by `spark-submit`, with the driver in the Job's own pod or in one that Spark makes, and with
 * executors that are pods or processes on the workers of a Standalone cluster.
 */
export class SparkSubmit extends pulumi.ComponentResource {
    /** Name of the Job. */
    public readonly job: pulumi.Output<string>;

    constructor(name: string, args: SparkSubmitArgs, opts?: pulumi.ComponentResourceOptions) {
        super("spark-platform:index:SparkSubmit", name, {}, opts);
        const submit = resolveSubmit(name, args);
        const child = { parent: this };

        const settings = new k8s.core.v1.ConfigMap(`${name}-settings`, objects.settings(submit), child);
        const needs: pulumi.Resource[] = [
            new k8s.networking.v1.NetworkPolicy(`${name}-driver-network`, objects.driverNetwork(submit), child),
        ];
        if (!submit.standalone) {
            needs.push(new k8s.networking.v1.NetworkPolicy(`${name}-executor-network`, objects.executorNetwork(submit), child));
        }
        if (submit.monitoring) {
            // Before the application, which may be short.
            needs.push(new k8s.apiextensions.CustomResource(`${name}-monitor`, objects.monitor(submit, submit.monitoring), child));
        }
        if (submit.cluster) {
            needs.push(
                new k8s.networking.v1.NetworkPolicy(`${name}-submitter-network`, objects.submitterNetwork(submit), child),
                new k8s.core.v1.ServiceAccount(`${name}-submitter-account`, objects.submitterAccount(submit), child),
                new k8s.rbac.v1.Role(`${name}-submitter-role`, objects.submitterRole(submit), child),
                new k8s.rbac.v1.RoleBinding(`${name}-submitter-binding`, objects.submitterBinding(submit), child),
            );
        }
        const job = new k8s.batch.v1.Job(`${name}-job`, objects.job(submit, settings.metadata.name), { ...child, dependsOn: needs });

        this.job = job.metadata.name;
        this.registerOutputs({ job: this.job });
    }
}
