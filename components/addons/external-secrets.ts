import * as pulumi from "@pulumi/pulumi";

import { charts } from "../internal/charts";
import { Checks } from "../internal/checks";
import { annotations } from "../internal/metadata";
import { optional, wholeNumber } from "../internal/values";
import { install, resolveAddOn, type AddOnArgs, type Values } from "./add-on";

/** Arguments of `ExternalSecretsAddOn`. */
export interface ExternalSecretsAddOnArgs extends AddOnArgs {
    /** Annotations of its account, for example the role that a cloud grants it. Default: none. */
    accountAnnotations?: Record<string, string>;
    /** Number of controllers; one works, the others wait. Default: 1. */
    replicas?: number;
}

/** External Secrets: makes Secrets from what AWS, Azure, Google, IBM or Vault keep. */
export class ExternalSecretsAddOn extends pulumi.ComponentResource {
    /** Namespace that it runs in. */
    public readonly namespace: pulumi.Output<string>;

    constructor(name: string, args: ExternalSecretsAddOnArgs = {}, opts?: pulumi.ComponentResourceOptions) {
        super("spark-platform:index:ExternalSecretsAddOn", name, {}, opts);
        const checks = new Checks(`ExternalSecretsAddOn "${name}"`);
        checks.plain("accountAnnotations", args.accountAnnotations, optional(annotations));
        checks.plain("replicas", args.replicas, optional(wholeNumber({ from: 1 })));
        const addOn = resolveAddOn("ExternalSecretsAddOn", name, charts.externalSecrets, args, values(args), checks);
        this.namespace = install(this, addOn, { webhookCa: true });
        this.registerOutputs({ namespace: this.namespace });
    }
}

function values({ accountAnnotations = {}, replicas = 1 }: ExternalSecretsAddOnArgs): Values {
    return { installCRDs: true, replicaCount: replicas, leaderElect: replicas > 1, serviceAccount: { annotations: accountAnnotations } };
}
