import * as k8s from "@pulumi/kubernetes";

import { selectorOf } from "../../internal/identity";
import { fromPrometheus, type MonitoringFacts } from "../../internal/monitoring";
import { clientsOf, pods, policySpec, tcp, toApiServer } from "../../internal/network";
import { toDatabase, type DatabaseFacts } from "../../storage/database";
import { toEndpoint } from "../endpoints";
import { notebookPort, waysToNeighbours, type Neighbours } from "../notebooks";
import { hubPort, proxyApiPort, webPort, type OidcFacts } from "./conf";
import { identityOf, serviceName, type Role } from "./identity";

type PolicySpec = k8s.types.input.networking.v1.NetworkPolicySpec;

export interface NetworkFacts {
    name: string;
    clientNamespaces: string[];
    apiServer: string[];
    database?: DatabaseFacts;
    oidc?: OidcFacts;
    neighbours: Neighbours;
    monitoring?: MonitoringFacts;
}

const selector = (facts: NetworkFacts, role: Role) => selectorOf(identityOf(facts, role));
const part = (facts: NetworkFacts, role: Role) => pods(selector(facts, role));

/** Servers tell the hub that they are up, and ask it who comes; the proxy leads people to it. What stops idle servers runs beside the hub and asks it by its Service, as they do. */
export function hubPolicy(facts: NetworkFacts): PolicySpec {
    const { database, oidc, apiServer } = facts;
    return policySpec(selector(facts, "hub"), {
        ingress: [
            { from: [part(facts, "proxy"), part(facts, "user-server"), part(facts, "hub")], ports: tcp(hubPort) },
            ...fromPrometheus(facts.monitoring, hubPort),
        ],
        egress: [
            { to: [part(facts, "hub")], ports: tcp(hubPort) },
            { to: [part(facts, "proxy")], ports: tcp(proxyApiPort) },
            { to: [part(facts, "user-server")], ports: tcp(notebookPort) },
            toApiServer(apiServer),
            ...(database ? [toDatabase(database)] : []),
            ...(oidc ? [toEndpoint({ url: oidc.tokenUrl }), toEndpoint({ url: oidc.userInfoUrl })] : []),
        ],
    });
}

/** The only way in for people. Its own API, which decides where they are led, is the hub's. */
export function proxyPolicy(facts: NetworkFacts): PolicySpec {
    return policySpec(selector(facts, "proxy"), {
        ingress: [
            { from: clientsOf(serviceName(facts), facts.clientNamespaces), ports: tcp(webPort) },
            { from: [part(facts, "hub")], ports: tcp(proxyApiPort) },
        ],
        egress: [
            { to: [part(facts, "hub")], ports: tcp(hubPort) },
            { to: [part(facts, "user-server")], ports: tcp(notebookPort) },
        ],
    });
}

/** Servers do not reach each other. */
export function serverPolicy(facts: NetworkFacts): PolicySpec {
    return policySpec(selector(facts, "user-server"), {
        ingress: [{ from: [part(facts, "proxy"), part(facts, "hub")], ports: tcp(notebookPort) }],
        egress: [{ to: [part(facts, "hub")], ports: tcp(hubPort) }, ...waysToNeighbours(facts.neighbours)],
    });
}
