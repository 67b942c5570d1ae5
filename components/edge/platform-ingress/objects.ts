import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { labelsOf, objectName, type Identity } from "../../internal/identity";
import type { PlatformIngressRoute, ResolvedIngress } from "./args";
import { issuerAnnotation, serviceBehind } from "./conf";

const gatewayApi = "gateway.networking.k8s.io/v1";
const httpListener = "http";

const identityOf = ({ name }: ResolvedIngress, role: string): Identity => ({ application: "platform-ingress", role, instance: name });

const routeName = ({ name }: ResolvedIngress, key: string): string => objectName(name, key);
const gatewayName = ({ name }: ResolvedIngress): string => objectName(name, "gateway");
const listenerOf = (key: string): string => objectName("https", key);

function metadata(
    edge: ResolvedIngress,
    name: string,
    role: string,
    annotations?: pulumi.Input<Record<string, string>>,
): k8s.types.input.meta.v1.ObjectMeta {
    return { name, namespace: edge.namespace, labels: labelsOf(identityOf(edge, role)), annotations };
}

/** What cert-manager is told; nothing where a certificate is given or not needed. */
function issuance({ tls }: ResolvedIngress): pulumi.Output<Record<string, string>> {
    return pulumi
        .all([tls?.issuer, tls?.issuerKind])
        .apply(([issuer, kind]) => (issuer === undefined ? {} : issuerAnnotation(issuer, kind ?? "")));
}

const withIssuance = (edge: ResolvedIngress, route: PlatformIngressRoute): pulumi.Output<Record<string, string>> =>
    pulumi.all([issuance(edge), route.annotations ?? {}]).apply(([issuer, own]) => ({ ...issuer, ...own }));

/** One certificate for all hosts when it is given, one a host when it is made. */
const certificateOf = (edge: ResolvedIngress, key: string): pulumi.Input<string> => edge.tls?.secret ?? objectName(edge.name, `${key}-tls`);

/** Where nothing answers, the check has already said so. */
const backendOf = (url: pulumi.Input<string>) =>
    pulumi.output(url).apply((known) => serviceBehind(known) ?? { name: "", namespace: "", port: 0 });

/** One Ingress a route, because what controllers want to know of gRPC they want to know of the whole Ingress. */
export function ingress(edge: ResolvedIngress, key: string, route: PlatformIngressRoute): k8s.networking.v1.IngressArgs {
    const backend = backendOf(route.url);
    const service = { name: backend.name, port: { number: backend.port } };
    return {
        metadata: metadata(edge, routeName(edge, key), "route", withIssuance(edge, route)),
        spec: {
            ingressClassName: edge.ingressClass,
            rules: [{ host: route.host, http: { paths: [{ path: "/", pathType: "Prefix", backend: { service } }] } }],
            ...(edge.encrypted && { tls: [{ hosts: [route.host], secretName: certificateOf(edge, key) }] }),
        },
    };
}

/** A Gateway with a listener a host; without encryption one for all of them. */
export function gateway(edge: ResolvedIngress): k8s.apiextensions.CustomResourceArgs {
    const allowedRoutes = { namespaces: { from: "Same" } };
    const encrypted = Object.entries(edge.routes).map(([key, { host }]) => ({
        name: listenerOf(key),
        hostname: host,
        port: 443,
        protocol: "HTTPS",
        tls: { mode: "Terminate", certificateRefs: [{ kind: "Secret", name: certificateOf(edge, key) }] },
        allowedRoutes,
    }));
    const plain = { name: httpListener, port: 80, protocol: "HTTP", allowedRoutes };
    return {
        apiVersion: gatewayApi,
        kind: "Gateway",
        metadata: metadata(edge, gatewayName(edge), "gateway", issuance(edge)),
        spec: { gatewayClassName: edge.gatewayClass, listeners: [plain, ...(edge.encrypted ? encrypted : [])] },
    };
}

/** Who types a host name without https:// is sent there. */
export function redirect(edge: ResolvedIngress): k8s.apiextensions.CustomResourceArgs {
    return {
        apiVersion: gatewayApi,
        kind: "HTTPRoute",
        metadata: metadata(edge, objectName(edge.name, "redirect"), "redirect"),
        spec: {
            parentRefs: [{ name: gatewayName(edge), sectionName: httpListener }],
            hostnames: Object.values(edge.routes).map(({ host }) => host),
            rules: [{ filters: [{ type: "RequestRedirect", requestRedirect: { scheme: "https", statusCode: 301 } }] }],
        },
    };
}

/** An HTTPRoute, or a GRPCRoute where clients speak gRPC. */
export function route(
    edge: ResolvedIngress,
    key: string,
    { host, url, grpc, annotations }: PlatformIngressRoute,
): k8s.apiextensions.CustomResourceArgs {
    const backend = backendOf(url);
    return {
        apiVersion: gatewayApi,
        kind: grpc ? "GRPCRoute" : "HTTPRoute",
        metadata: metadata(edge, routeName(edge, key), "route", annotations && pulumi.output(annotations)),
        spec: {
            parentRefs: [parentOf(edge, key)],
            hostnames: [host],
            rules: [{ backendRefs: [{ name: backend.name, port: backend.port }] }],
        },
    };
}

function parentOf(edge: ResolvedIngress, key: string) {
    if (edge.gateway) {
        return { name: edge.gateway.name, namespace: edge.gateway.namespace, sectionName: edge.gateway.listener };
    }
    return { name: gatewayName(edge), sectionName: edge.encrypted ? listenerOf(key) : httpListener };
}
