import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { resolveIngress, type PlatformIngressArgs, type ResolvedIngress } from "./args";
import { publicUrl } from "./conf";
import * as objects from "./objects";

export type {
    PlatformIngressArgs,
    PlatformIngressGateway,
    PlatformIngressRoute,
    PlatformIngressSettings,
    PlatformIngressTls,
} from "./args";

/** The way into the platform from outside: a host name for each server, by Ingress or by the Gateway API, with TLS. */
export class PlatformIngress extends pulumi.ComponentResource {
    /** What is called from outside, by the name of the route. */
    public readonly urls: pulumi.Output<Record<string, string>>;

    constructor(name: string, args: PlatformIngressArgs, opts?: pulumi.ComponentResourceOptions) {
        super("spark-platform:index:PlatformIngress", name, {}, opts);
        const edge = resolveIngress(name, args);
        const child = { parent: this };

        if (edge.gatewayClass !== undefined) {
            const gateway = new k8s.apiextensions.CustomResource(`${name}-gateway`, objects.gateway(edge), child);
            if (edge.encrypted) {
                new k8s.apiextensions.CustomResource(`${name}-redirect`, objects.redirect(edge), { ...child, dependsOn: [gateway] });
            }
        }
        for (const [key, route] of Object.entries(edge.routes)) {
            if (edge.ingressClass === undefined) {
                new k8s.apiextensions.CustomResource(`${name}-${key}-route`, objects.route(edge, key, route), child);
            } else {
                new k8s.networking.v1.Ingress(`${name}-${key}-ingress`, objects.ingress(edge, key, route), child);
            }
        }

        this.urls = publicUrls(edge);
        this.registerOutputs({ urls: this.urls });
    }
}

function publicUrls({ routes, encrypted }: ResolvedIngress): pulumi.Output<Record<string, string>> {
    const urls = Object.entries(routes).map(
        ([key, { host, url }]) => [key, pulumi.all([host, url]).apply((known) => publicUrl(...known, encrypted))] as const,
    );
    return pulumi.output(Object.fromEntries(urls));
}
