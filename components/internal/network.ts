import * as k8s from "@pulumi/kubernetes";

import { byCloudIdentity, type S3Facts } from "../storage/s3a";
import { clientLabelsOf } from "./identity";
import { parseApiServerAddress } from "./values";

type Peer = k8s.types.input.networking.v1.NetworkPolicyPeer;
type Ports = k8s.types.input.networking.v1.NetworkPolicyPort[];
type Egress = k8s.types.input.networking.v1.NetworkPolicyEgressRule;
type Ingress = k8s.types.input.networking.v1.NetworkPolicyIngressRule;

export const tcp = (...ports: number[]): Ports => ports.map((port) => ({ protocol: "TCP", port }));

export const udp = (...ports: number[]): Ports => ports.map((port) => ({ protocol: "UDP", port }));

export const tcpRange = (port: number, endPort: number): Ports => [{ protocol: "TCP", port, endPort }];

/** Pods by their labels: of the policy's own namespace, or of the one given. */
export function pods(labels: Record<string, string>, namespace?: string): Peer {
    return {
        podSelector: { matchLabels: labels },
        ...(namespace !== undefined && { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } } }),
    };
}

/** Who may use a Service: pods beside it that wear its client label, and those of the namespaces named, all or by label. */
export function clientsOf(service: string, namespaces: string[], elsewhere: Record<string, string> = {}): Peer[] {
    return [pods(clientLabelsOf(service)), ...namespaces.map((name) => pods(elsewhere, name))];
}

/** Who answers for names, by kind of cluster. Any other is named by the workspace. */
const dnsServers: Record<string, Peer> = {
    kubernetes: pods({ "k8s-app": "kube-dns" }, "kube-system"),
    openShift: pods({ "dns.operator.openshift.io/daemonset-dns": "default" }, "openshift-dns"),
    // A cache on every node, outside the pod network.
    nodeLocalCache: { ipBlock: { cidr: "169.254.20.10/32" } },
    googleCloudDns: { ipBlock: { cidr: "169.254.169.254/32" } },
};

/** Asking for names. TCP is for answers that do not fit a datagram; OpenShift's pods listen on 5353 behind their Service. */
const toNames = (servers: Peer[]): Egress => ({
    to: servers,
    ports: [53, 5353].flatMap((port) => ["UDP", "TCP"].map((protocol) => ({ protocol, port }))),
});

export const toDns: Egress = toNames(Object.values(dnsServers));

/** The same, and servers that a cluster has elsewhere. */
export const toDnsAndTo = (cidrs: string[]): Egress =>
    toNames([...Object.values(dnsServers), ...cidrs.map((cidr) => ({ ipBlock: { cidr } }))]);

/**
 * The ways into and out of pods. Both directions are always stated: nothing is open because a list was forgotten. Names can always
 * be asked for, also in a namespace that is nobody's `SparkWorkspace`.
 */
export function policySpec(
    podLabels: Record<string, string>,
    { ingress, egress }: { ingress: Ingress[]; egress: Egress[] },
): k8s.types.input.networking.v1.NetworkPolicySpec {
    return { podSelector: { matchLabels: podLabels }, policyTypes: ["Ingress", "Egress"], ingress, egress: [...egress, toDns] };
}

/** The client's side of the same: in a namespace that denies everything, whoever wears the label may also go out to the servers. */
export function clientSpec(
    service: string,
    servers: Record<string, string>,
    port: number,
): k8s.types.input.networking.v1.NetworkPolicySpec {
    return {
        podSelector: { matchLabels: clientLabelsOf(service) },
        policyTypes: ["Egress"],
        egress: [{ to: [pods(servers)], ports: tcp(port) }, toDns],
    };
}

/**
 * The API server is no pod, and its Service's address is gone by the time most network plugins look, so it can only be
 * named by the addresses of its endpoints.
 */
export function toApiServer(addresses: string[]): Egress {
    const found = addresses.map(parseApiServerAddress);
    const ports = found.flatMap(({ port }) => (port === undefined ? usualApiPorts : [port]));
    return { to: found.map(({ cidr }) => ({ ipBlock: { cidr } })), ports: tcp(...new Set(ports)) };
}

const usualApiPorts = [443, 6443];

/** Addresses of the host itself, where clouds hand out the node's own credentials. */
const linkLocal = "169.254.0.0/16";
const podIdentityAgent = "169.254.170.23/32";

/** Every address but the host's own. */
export const anywhere: Peer = { ipBlock: { cidr: "0.0.0.0/0", except: [linkLocal] } };

/** The store, and without keys of our own also the agent that gives pods their cloud identity. */
export function toS3(s3: S3Facts): Egress[] {
    const store: Peer = s3.clusterEndpoint ? pods(s3.clusterEndpoint.podLabels, s3.clusterEndpoint.namespace) : anywhere;
    const identity: Egress = { to: [{ ipBlock: { cidr: podIdentityAgent } }], ports: tcp(80) };
    return [{ to: [store], ports: tcp(s3.clusterEndpoint?.port ?? portOf(s3.endpoint)) }, ...(byCloudIdentity(s3) ? [identity] : [])];
}

/** The port of a URL, which its scheme decides where none is said. */
export function portOf(endpoint = "https://s3.amazonaws.com"): number {
    const { port, protocol } = new URL(endpoint);
    return port === "" ? ({ "http:": 80, "https:": 443 }[protocol] ?? 443) : Number(port);
}
