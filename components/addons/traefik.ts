import * as pulumi from "@pulumi/pulumi";

import { charts } from "../internal/charts";
import { Checks } from "../internal/checks";
import { optional, wholeNumber } from "../internal/values";
import { install, resolveAddOn, type AddOnArgs, type Values } from "./add-on";

/** Arguments of `TraefikAddOn`. */
export interface TraefikAddOnArgs extends AddOnArgs {
    /** Number of proxies. Default: 2. */
    replicas?: number;
    /** Whether it also serves Gateways; their kinds must be in the cluster. Default: false. */
    gatewayApi?: boolean;
    /** Whether Ingresses that name no class are its own. Default: false. */
    defaultClass?: boolean;
}

/** Traefik: lets people in from outside, by Ingress or Gateway API. */
export class TraefikAddOn extends pulumi.ComponentResource {
    /** Namespace that it runs in. */
    public readonly namespace: pulumi.Output<string>;

    constructor(name: string, args: TraefikAddOnArgs = {}, opts?: pulumi.ComponentResourceOptions) {
        super("spark-platform:index:TraefikAddOn", name, {}, opts);
        const checks = new Checks(`TraefikAddOn "${name}"`);
        checks.plain("replicas", args.replicas, optional(wholeNumber({ from: 1 })));
        const addOn = resolveAddOn("TraefikAddOn", name, charts.traefik, args, values(args), checks);
        this.namespace = install(this, addOn);
        this.registerOutputs({ namespace: this.namespace });
    }
}

function values({ replicas = 2, gatewayApi = false, defaultClass = false }: TraefikAddOnArgs): Values {
    return {
        deployment: { replicas },
        ingressClass: { enabled: true, isDefaultClass: defaultClass },
        providers: { kubernetesGateway: { enabled: gatewayApi } },
        globalArguments: [],
    };
}
