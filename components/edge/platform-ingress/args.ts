import * as pulumi from "@pulumi/pulumi";

import { Checks, type Check } from "../../internal/checks";
import { dnsLabel, existingObject, hostName, present, quoted } from "../../internal/values";
import { isGrpcUrl, serviceBehind } from "./conf";
import { annotations } from "../../internal/metadata";

/** One server of the platform, as people and programs outside the cluster call it. */
export interface PlatformIngressRoute {
    /** Host name, for example history.spark.example.org. */
    host: pulumi.Input<string>;
    /** URL of the server inside the cluster, as its brick gives it: http://service.namespace.svc:port, or sc:// for gRPC. */
    url: pulumi.Input<string>;
    /** Whether the server speaks gRPC, as Connect servers do. Plain: decides the kind of the route. Default: false. */
    grpc?: boolean;
    /** Annotations of this route's Ingress, for what a controller wants to know; with a gateway, of its route. Default: none. */
    annotations?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** Who encrypts. Exactly one of secret, issuer and terminatedElsewhere is given. */
export interface PlatformIngressTls {
    /** Secret with the keys tls.crt and tls.key for all hosts. Plain as to whether it is given at all. Default: none. */
    secret?: pulumi.Input<string>;
    /** Issuer of cert-manager (the add-on `CertManagerAddOn`) that signs a certificate for each host. Plain as to whether it is given at all. Default: none. */
    issuer?: pulumi.Input<string>;
    /** Kind of the issuer: Issuer or ClusterIssuer. Default: ClusterIssuer. */
    issuerKind?: pulumi.Input<string>;
    /** Whether something in front of the cluster encrypts, and the way from there is trusted. Plain: decides the objects. Default: false. */
    terminatedElsewhere?: boolean;
}

/** A gateway that exists already; its listeners decide about TLS. */
export interface PlatformIngressGateway {
    /** Name of the Gateway. */
    name: pulumi.Input<string>;
    /** Namespace of the Gateway. Default: the routes' own. */
    namespace?: pulumi.Input<string>;
    /** Listener of the Gateway. Default: all that fit the host. */
    listener?: pulumi.Input<string>;
}

/** What the way in is like. */
export interface PlatformIngressSettings {
    /** Class of the Ingresses. Plain as to whether it is given: it is one of three ways, the others are gatewayClass and gateway. Default: none. */
    ingressClass?: pulumi.Input<string>;
    /** Class of a Gateway to make, for the Gateway API. Plain as to whether it is given. Default: none. */
    gatewayClass?: pulumi.Input<string>;
    /** A Gateway that exists already. Plain as to whether it is given. Default: none. */
    gateway?: PlatformIngressGateway;
    /** Who encrypts. Needed for ingressClass and gatewayClass; refused for gateway, whose listeners decide. Plain. */
    tls?: PlatformIngressTls;
}

/** Arguments of `PlatformIngress`. */
export interface PlatformIngressArgs extends PlatformIngressSettings {
    /** Namespace of the routes, which is that of the servers behind them. */
    namespace: pulumi.Input<string>;
    /** Servers to reach, by name. The names are plain. */
    routes: Record<string, PlatformIngressRoute>;
}

/** The arguments with every default filled in. */
export interface ResolvedIngress extends PlatformIngressArgs {
    name: string;
    /** Whether clients speak TLS to whatever answers at the host. */
    encrypted: boolean;
}

/** @throws pulumi.InputPropertiesError naming every wrong field. */
export function resolveIngress(name: string, args: PlatformIngressArgs): ResolvedIngress {
    const checks = new Checks(`PlatformIngress "${name}"`);
    checks.plain("name", name, dnsLabel);
    checks.plain("ingressClass", args, oneWay);
    checks.plain("tls", args, oneEncryption);
    checks.plain("routes", Object.keys(args.routes), (keys) => (keys.length === 0 ? "is empty; give at least one" : undefined));
    const { gateway, tls } = args;
    const resolved: ResolvedIngress = {
        ...args,
        name,
        namespace: checks.input("namespace", args.namespace, present, dnsLabel),
        ingressClass: checks.optional("ingressClass", args.ingressClass, dnsLabel),
        gatewayClass: checks.optional("gatewayClass", args.gatewayClass, dnsLabel),
        gateway: gateway && {
            name: checks.input("gateway.name", gateway.name, present, dnsLabel),
            namespace: checks.optional("gateway.namespace", gateway.namespace, dnsLabel),
            listener: checks.optional("gateway.listener", gateway.listener, dnsLabel),
        },
        tls: tls && {
            ...tls,
            secret: checks.optional("tls.secret", tls.secret, existingObject),
            issuer: checks.optional("tls.issuer", tls.issuer, existingObject),
            issuerKind: checks.input("tls.issuerKind", tls.issuerKind ?? "ClusterIssuer", issuerKind),
        },
        routes: Object.fromEntries(Object.entries(args.routes).map(([key, route]) => [key, resolveRoute(checks, args, key, route)])),
        encrypted: tls?.terminatedElsewhere !== true,
    };
    checks.throwIfAny();
    return resolved;
}

function resolveRoute(checks: Checks, args: PlatformIngressArgs, key: string, route: PlatformIngressRoute): PlatformIngressRoute {
    const path = `routes["${key}"]`;
    checks.plain(path, key, dnsLabel);
    const grpc = route.grpc ?? false;
    const place = checks.input(`${path}.url`, { url: route.url, namespace: args.namespace, grpc }, servedHere, spokenAsSaid);
    if (args.ingressClass !== undefined && grpc && route.annotations === undefined) {
        checks.plain(`${path}.annotations`, undefined, () => wordless);
    }
    return {
        host: checks.input(`${path}.host`, route.host, present, hostName),
        url: pulumi.output(place).apply(({ url }) => url),
        grpc,
        annotations: checks.optional(`${path}.annotations`, route.annotations, annotations),
    };
}

const wordless = "is missing: an Ingress has no word for gRPC; write what your controller wants to know, or use a gateway";

const ways = ["ingressClass", "gatewayClass", "gateway"] as const;

const oneWay: Check<PlatformIngressSettings> = (args) => {
    const given = ways.filter((way) => args[way] !== undefined);
    return given.length === 1 ? undefined : `found ${given.length === 0 ? "none" : given.join(" and ")}; give one of ${ways.join(", ")}`;
};

const oneEncryption: Check<PlatformIngressSettings> = ({ gateway, tls }) => {
    if (gateway !== undefined) {
        return tls === undefined ? undefined : "is given together with gateway, whose listeners decide about TLS; leave it out";
    }
    const given = [tls?.secret, tls?.issuer, tls?.terminatedElsewhere === true ? true : undefined].filter((one) => one !== undefined);
    return given.length === 1 ? undefined : `has ${given.length} of secret, issuer and terminatedElsewhere; give exactly one`;
};

const issuerKind: Check<string> = (value) =>
    ["Issuer", "ClusterIssuer"].includes(value) ? undefined : `${quoted(value)} is not a kind of issuer; write "Issuer" or "ClusterIssuer"`;

interface Place {
    url: string;
    namespace: string;
    grpc: boolean;
}

const spokenAsSaid: Check<Place> = ({ url, grpc }) =>
    isGrpcUrl(url) === grpc ? undefined : `${quoted(url)} is ${grpc ? "no" : "a"} gRPC server; set grpc to ${!grpc}`;

const servedHere: Check<Place> = ({ url, namespace }) => {
    const service = serviceBehind(url);
    if (service === undefined) {
        return `${quoted(url)} is not the URL of a Service; write it like "http://history.team-a.svc:18080" or "sc://connect.team-a.svc:15002"`;
    }
    return service.namespace === namespace
        ? undefined
        : `leads to the namespace "${service.namespace}"; routes lead to Services of their own, which is "${namespace}"`;
};
