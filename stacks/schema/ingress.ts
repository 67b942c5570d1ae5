import type { PlatformIngressGateway, PlatformIngressSettings, PlatformIngressTls } from "../../components";
import { oneOf, section, yesOrNo } from "../hints";
import { filled, name, type Every } from "./forms";

const tls = section("Who encrypts; exactly one of secret, issuer and terminatedElsewhere.", {
    secret: filled("Secret with the keys tls.crt and tls.key for all hosts. Default: none.", "the name of a Secret").optional(),
    issuer: filled("Issuer of cert-manager that signs a certificate for each host. Default: none.", "the name of an issuer").optional(),
    issuerKind: oneOf("Kind of the issuer. Default: ClusterIssuer.", ["Issuer", "ClusterIssuer"]).optional(),
    terminatedElsewhere: yesOrNo("Whether something in front of the cluster encrypts. Default: false.").optional(),
} satisfies Every<PlatformIngressTls>);

const gateway = section("A Gateway that exists already; its listeners decide about TLS.", {
    name: name("Name of the Gateway."),
    namespace: name("Namespace of the Gateway. Default: the platform's.").optional(),
    listener: name("Listener of the Gateway. Default: all that fit the host.").optional(),
} satisfies Every<PlatformIngressGateway>);

/** Settings of the way in; the platform adds its namespace and its servers. */
export const ingressFields = {
    ingressClass: name("Class of the Ingresses. One of ingressClass, gatewayClass and gateway is given.").optional(),
    gatewayClass: name("Class of a Gateway to make, for the Gateway API.").optional(),
    gateway: gateway.optional(),
    tls: tls.optional(),
} satisfies Every<PlatformIngressSettings>;

export const ingress = section("The way into the platform from outside. Default: none.", ingressFields);
