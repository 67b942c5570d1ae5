import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { ClassicConnection } from "../connections";
import { resolveClassic, type SparkClassicArgs } from "./args";
import * as objects from "./objects";

export type { SparkClassicArgs, SparkClassicSettings } from "./args";

/**
 * What pods need to be drivers of Spark themselves, without a Connect server: notebooks and tasks with classic sessions, on Kubernetes
 * or on a Standalone cluster. It runs nothing; executors come with a session and go with it.
 */
export class SparkClassic extends pulumi.ComponentResource {
    /** How a pod of the runtime's namespace becomes a driver; bricks with an argument `classic` take it. */
    public readonly connection: pulumi.Output<ClassicConnection>;

    constructor(name: string, args: SparkClassicArgs, opts?: pulumi.ComponentResourceOptions) {
        super("spark-platform:index:SparkClassic", name, {}, opts);
        const classic = resolveClassic(name, args);
        const child = { parent: this };

        const settings = new k8s.core.v1.ConfigMap(`${name}-settings`, objects.settings(classic), child);
        new k8s.networking.v1.NetworkPolicy(`${name}-driver-network`, objects.driverNetwork(classic), child);
        if (classic.standalone === undefined) {
            new k8s.networking.v1.NetworkPolicy(`${name}-executor-network`, objects.executorNetwork(classic), child);
        }

        this.connection = objects.connection(classic, settings.metadata.name);
        this.registerOutputs({ connection: this.connection });
    }
}
