import * as pulumi from "@pulumi/pulumi";

import { charts } from "../internal/charts";
import { install, resolveAddOn, type AddOnArgs, type Values } from "./add-on";

/** Arguments of `CertManagerAddOn`. */
export interface CertManagerAddOnArgs extends AddOnArgs {
    /** Whether it also serves Gateways; their kinds must be in the cluster before it starts. Default: false. */
    gatewayApi?: boolean;
}

/** cert-manager: makes and renews certificates, for TLS of `PlatformIngress` and of the bricks. */
export class CertManagerAddOn extends pulumi.ComponentResource {
    /** Namespace that it runs in. */
    public readonly namespace: pulumi.Output<string>;

    constructor(name: string, args: CertManagerAddOnArgs = {}, opts?: pulumi.ComponentResourceOptions) {
        super("spark-platform:index:CertManagerAddOn", name, {}, opts);
        const addOn = resolveAddOn("CertManagerAddOn", name, charts.certManager, args, values(args));
        this.namespace = install(this, addOn, { webhookCa: true });
        this.registerOutputs({ namespace: this.namespace });
    }
}

/** Its check after the installation is a hook, which a chart rendered by Pulumi has not; Pulumi itself waits for the webhook's certificate. */
function values({ namespace = charts.certManager.namespace, gatewayApi = false }: CertManagerAddOnArgs): Values {
    return {
        crds: { enabled: true },
        startupapicheck: { enabled: false },
        global: { leaderElection: { namespace } },
        ...(gatewayApi && {
            config: { apiVersion: "controller.config.cert-manager.io/v1alpha1", kind: "ControllerConfiguration", enableGatewayAPI: true },
        }),
    };
}
