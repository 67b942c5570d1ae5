import type { PlatformIngressGateway, PlatformIngressTls, SparkPlatformIngress, SparkPlatformIngressConnect } from "../../components";
import { oneOf, section, yesOrNo } from "../hints";
import { filled, hostName, name, texts, type Every } from "./forms";

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

export const ingress = section("The way into the platform from outside: <part>.<domain> for every web UI that there is. Default: none.", {
    domain: hostName(
        "Domain of the hosts: history, histories, mlflow, airflow, jupyterhub, jupyter-<name>, standalone-<name> and connect-<name> go before it.",
    ),
    controllerNamespace: name("Namespace of the controller or gateway, which the network policies let in."),
    ingressClass: name("Class of the Ingresses. One of ingressClass, gatewayClass and gateway is given.").optional(),
    gatewayClass: name("Class of a Gateway to make, for the Gateway API.").optional(),
    gateway: gateway.optional(),
    tls: tls.optional(),
    connect: section("The way to the Connect servers ({} with the Gateway API). Default: none, they are reached inside the cluster only.", {
        annotations: texts("What the controller of an Ingress wants to know of gRPC. Default: none; needed with ingressClass.").optional(),
    } satisfies Every<SparkPlatformIngressConnect>).optional(),
} satisfies Every<SparkPlatformIngress>);
