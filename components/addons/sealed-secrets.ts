import * as pulumi from "@pulumi/pulumi";

import { charts } from "../internal/charts";
import { Checks } from "../internal/checks";
import { optional, wholeNumber } from "../internal/values";
import { install, resolveAddOn, type AddOnArgs, type Values } from "./add-on";

/** Arguments of `SealedSecretsAddOn`. */
export interface SealedSecretsAddOnArgs extends AddOnArgs {
    /** Days until it makes a new key; the old ones still open what they closed. Default: 30. */
    keyRenewalDays?: number;
}

/** Sealed Secrets: opens the ciphertexts that stand in git. Keep a copy of its keys: another cluster cannot open them. */
export class SealedSecretsAddOn extends pulumi.ComponentResource {
    /** Namespace that it runs in. */
    public readonly namespace: pulumi.Output<string>;

    constructor(name: string, args: SealedSecretsAddOnArgs = {}, opts?: pulumi.ComponentResourceOptions) {
        super("spark-platform:index:SealedSecretsAddOn", name, {}, opts);
        const checks = new Checks(`SealedSecretsAddOn "${name}"`);
        checks.plain("keyRenewalDays", args.keyRenewalDays, optional(wholeNumber({ from: 1 })));
        const addOn = resolveAddOn("SealedSecretsAddOn", name, charts.sealedSecrets, args, values(args), checks);
        this.namespace = install(this, addOn);
        this.registerOutputs({ namespace: this.namespace });
    }
}

/** Under the name that `kubeseal` looks for. */
function values({ keyRenewalDays = 30 }: SealedSecretsAddOnArgs): Values {
    return { fullnameOverride: "sealed-secrets-controller", keyrenewperiod: `${keyRenewalDays * 24}h` };
}
