import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { resolveObservability, type ObservabilityArgs } from "./args";
import * as objects from "./objects";

export type { ObservabilityArgs, ObservabilityObjectives, ObservabilitySettings } from "./args";

/** A dashboard of the Spark servers of a namespace, and alerts that call before a promise is broken. */
export class Observability extends pulumi.ComponentResource {
    /** Name of the ConfigMap with the dashboard. */
    public readonly dashboard: pulumi.Output<string>;

    constructor(name: string, args: ObservabilityArgs, opts?: pulumi.ComponentResourceOptions) {
        super("spark-platform:index:Observability", name, {}, opts);
        const observability = resolveObservability(name, args);
        const child = { parent: this };

        const dashboard = new k8s.core.v1.ConfigMap(`${name}-dashboard`, objects.dashboard(observability), child);
        new k8s.apiextensions.CustomResource(`${name}-rules`, objects.rules(observability), child);

        this.dashboard = dashboard.metadata.name;
        this.registerOutputs({ dashboard: this.dashboard });
    }
}
