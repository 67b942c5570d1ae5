import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import {
    resolveApplication,
    resolveSchedule,
    type ResolvedApplication,
    type ScheduledSparkApplicationArgs,
    type SparkApplicationArgs,
} from "./args";
import * as objects from "./objects";

export { sparkConcurrency, sparkRestarts } from "./args";
export type {
    ScheduledSparkApplicationArgs,
    ScheduledSparkApplicationSettings,
    SparkApplicationArgs,
    SparkApplicationSettings,
} from "./args";

/** A Spark application that the Spark operator runs, once or again and again. The add-on `SparkOperatorAddOn` brings the operator and its API. */
export class SparkApplication extends pulumi.ComponentResource {
    /** Name of the custom resource, whose status tells how it goes. */
    public readonly application: pulumi.Output<string>;

    constructor(name: string, args: SparkApplicationArgs, opts?: pulumi.ComponentResourceOptions) {
        super("spark-platform:index:SparkApplication", name, {}, opts);
        const app = resolveApplication(name, args);
        const child = { parent: this };

        const needs = { ...child, dependsOn: surroundings(app, child) };
        const application = new k8s.apiextensions.CustomResource(`${name}-application`, objects.application(app), needs);

        this.application = application.metadata.name;
        this.registerOutputs({ application: this.application });
    }
}

/** A Spark application that the Spark operator runs by the clock. The add-on `SparkOperatorAddOn` brings the operator and its API. */
export class ScheduledSparkApplication extends pulumi.ComponentResource {
    /** Name of the custom resource; its runs are called after it. */
    public readonly schedule: pulumi.Output<string>;

    constructor(name: string, args: ScheduledSparkApplicationArgs, opts?: pulumi.ComponentResourceOptions) {
        super("spark-platform:index:ScheduledSparkApplication", name, {}, opts);
        const app = resolveSchedule(name, args);
        const child = { parent: this };

        const needs = { ...child, dependsOn: surroundings(app, child) };
        const schedule = new k8s.apiextensions.CustomResource(`${name}-schedule`, objects.schedule(app), needs);

        this.schedule = schedule.metadata.name;
        this.registerOutputs({ schedule: this.schedule });
    }
}

/** What is there before an application, which may be short: its ways through the network, and what looks at it. */
function surroundings(app: ResolvedApplication, child: pulumi.CustomResourceOptions): pulumi.Resource[] {
    const { name, monitoring } = app;
    return [
        new k8s.networking.v1.NetworkPolicy(`${name}-driver-network`, objects.driverNetwork(app), child),
        new k8s.networking.v1.NetworkPolicy(`${name}-executor-network`, objects.executorNetwork(app), child),
        ...(monitoring ? [new k8s.apiextensions.CustomResource(`${name}-monitor`, objects.monitor(app, monitoring), child)] : []),
    ];
}
