import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { after } from "../../internal/after";
import { clientLabelsOf } from "../../internal/identity";
import { unawaited } from "../../internal/services";
import { resolveHistoryPortal, type SparkHistoryPortalArgs } from "./args";
import { portalPort } from "./conf";
import * as objects from "./objects";

export type { SparkHistoryPortalArgs, SparkHistoryPortalSettings } from "./args";

/** One address for the histories of several teams: an entry page, and every History Server under a path. A server reads one log directory. */
export class SparkHistoryPortal extends pulumi.ComponentResource {
    /** URL of the entry page inside the cluster. */
    public readonly url: pulumi.Output<string>;
    /** Labels that let a pod of the same namespace through to the portal. */
    public readonly clientLabels: pulumi.Output<Record<string, string>>;

    constructor(name: string, args: SparkHistoryPortalArgs, opts?: pulumi.ComponentResourceOptions) {
        super("spark-platform:index:SparkHistoryPortal", name, {}, opts);
        const portal = resolveHistoryPortal(name, args);
        const child = { parent: this };

        const settings = new k8s.core.v1.ConfigMap(`${name}-settings`, objects.settings(portal), child);
        const address = new k8s.core.v1.Service(`${name}-address`, unawaited(objects.address(portal)), child);
        const network = new k8s.networking.v1.NetworkPolicy(`${name}-network`, objects.network(portal), child);
        new k8s.networking.v1.NetworkPolicy(`${name}-client-network`, objects.clientNetwork(portal), child);
        const needs = { ...child, dependsOn: [network] };
        const proxies = new k8s.apps.v1.Deployment(`${name}-proxies`, objects.proxies(portal, settings.metadata.name), needs);

        this.url = after(pulumi.interpolate`http://${address.metadata.name}.${portal.namespace}.svc:${portalPort}`, proxies);
        this.clientLabels = pulumi.output(clientLabelsOf(objects.serviceName(portal)));
        this.registerOutputs({ url: this.url, clientLabels: this.clientLabels });
    }
}
