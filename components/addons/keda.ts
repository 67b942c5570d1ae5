import * as pulumi from "@pulumi/pulumi";

import { charts } from "../internal/charts";
import { Checks } from "../internal/checks";
import { dnsLabel, optional } from "../internal/values";
import { install, resolveAddOn, type AddOnArgs, type Values } from "./add-on";

/** Arguments of `KedaAddOn`. */
export interface KedaAddOnArgs extends AddOnArgs {
    /** The only namespace whose objects it serves. Default: all. */
    watchNamespace?: string;
}

/** KEDA: scales workloads by what they have to do, for `autoscaling` of the bricks. */
export class KedaAddOn extends pulumi.ComponentResource {
    /** Namespace that it runs in. */
    public readonly namespace: pulumi.Output<string>;

    constructor(name: string, args: KedaAddOnArgs = {}, opts?: pulumi.ComponentResourceOptions) {
        super("spark-platform:index:KedaAddOn", name, {}, opts);
        const checks = new Checks(`KedaAddOn "${name}"`);
        checks.plain("watchNamespace", args.watchNamespace, optional(dnsLabel));
        const addOn = resolveAddOn("KedaAddOn", name, charts.keda, args, values(args), checks);
        this.namespace = install(this, addOn);
        this.registerOutputs({ namespace: this.namespace });
    }
}

function values({ watchNamespace }: KedaAddOnArgs): Values {
    return { crds: { install: true }, ...(watchNamespace !== undefined && { watchNamespace }) };
}
