import * as pulumi from "@pulumi/pulumi";

import { charts } from "../internal/charts";
import { Checks } from "../internal/checks";
import { memorySize, quantity } from "../internal/memory";
import { optional, wholeNumber } from "../internal/values";
import { install, restrictedContainer, restrictedPodContext, resolveAddOn, type AddOnArgs, type Values } from "./add-on";

/** Arguments of `TempoAddOn`. */
export interface TempoAddOnArgs extends AddOnArgs {
    /** Days that traces are kept. Default: 7. */
    retentionDays?: number;
    /** Disk for them, for example 20g. Default: 10g. */
    storage?: string;
}

/** Tempo: keeps traces, for Grafana to search. */
export class TempoAddOn extends pulumi.ComponentResource {
    /** Namespace that it runs in. */
    public readonly namespace: pulumi.Output<string>;

    constructor(name: string, args: TempoAddOnArgs = {}, opts?: pulumi.ComponentResourceOptions) {
        super("spark-platform:index:TempoAddOn", name, {}, opts);
        const checks = new Checks(`TempoAddOn "${name}"`);
        checks.plain("retentionDays", args.retentionDays, optional(wholeNumber({ from: 1 })));
        checks.plain("storage", args.storage, optional(memorySize({ from: "1g" })));
        const addOn = resolveAddOn("TempoAddOn", name, charts.tempo, args, values(args), checks);
        this.namespace = install(this, addOn);
        this.registerOutputs({ namespace: this.namespace });
    }
}

function values({ retentionDays = 7, storage = "10g" }: TempoAddOnArgs): Values {
    return {
        tempo: { retention: `${retentionDays * 24}h`, reportingEnabled: false, securityContext: restrictedContainer },
        persistence: { enabled: true, size: quantity(storage) },
        securityContext: { ...restrictedPodContext, runAsUser: 10001, runAsGroup: 10001, fsGroup: 10001 },
    };
}
