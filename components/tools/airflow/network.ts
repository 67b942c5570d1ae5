import * as k8s from "@pulumi/kubernetes";

import { selectorOf } from "../../internal/identity";
import { fromPrometheus, type MonitoringFacts } from "../../internal/monitoring";
import { clientsOf, pods, policySpec, tcp, toApiServer, toS3, udp } from "../../internal/network";
import { toDatabase, type DatabaseFacts } from "../../storage/database";
import type { S3Facts } from "../../storage/s3a";
import { toEndpoint, type EndpointFacts, type TrackingFacts } from "../endpoints";
import { exporterPort, statsdPort, webPort } from "./conf";
import { exporterRole, identityOf, serviceName, type Role } from "./identity";

type PolicySpec = k8s.types.input.networking.v1.NetworkPolicySpec;
type Egress = k8s.types.input.networking.v1.NetworkPolicyEgressRule;

export interface NetworkFacts {
    name: string;
    database: DatabaseFacts;
    s3: S3Facts;
    connect: EndpointFacts[];
    tracking?: TrackingFacts;
    clientNamespaces: string[];
    kubernetesApi: string[];
    /** Whether tasks make applications of the Spark operator. */
    applications: boolean;
    monitoring?: MonitoringFacts;
}

/** Parts that have something to tell of, tasks among them. */
const running = ["api-server", "scheduler", "dag-processor", "triggerer", "worker"] as const;

/** Everybody asks the API server; tasks reach not the database, and Kubernetes only to make applications. */
export function partPolicy(role: Role, facts: NetworkFacts): PolicySpec {
    const part = (other: Role) => pods(selectorOf(identityOf(facts, other)));
    const callers = (["scheduler", "dag-processor", "triggerer", "worker"] as const).map(part);
    const ingress = [{ from: [...clientsOf(serviceName(facts), facts.clientNamespaces), ...callers], ports: tcp(webPort) }];
    const toApi: Egress = { to: [part("api-server")], ports: tcp(webPort) };
    const backends = [...facts.connect, ...(facts.tracking ? [facts.tracking] : [])].map(toEndpoint);
    const ways: Record<Role, Egress[]> = {
        "api-server": [toDatabase(facts.database), ...toS3(facts.s3)],
        scheduler: [toDatabase(facts.database), toApi, toApiServer(facts.kubernetesApi), ...toS3(facts.s3)],
        "dag-processor": [toDatabase(facts.database), toApi, ...toS3(facts.s3)],
        triggerer: [toDatabase(facts.database), toApi, ...toS3(facts.s3)],
        worker: [toApi, ...toS3(facts.s3), ...backends, ...(facts.applications ? [toApiServer(facts.kubernetesApi)] : [])],
        migration: [toDatabase(facts.database)],
    };
    const told = facts.monitoring !== undefined && running.some((one) => one === role);
    const toExporter: Egress[] = told ? [{ to: [pods(selectorOf(identityOf(facts, exporterRole)))], ports: udp(statsdPort) }] : [];
    const egress = [...ways[role], ...toExporter];
    return policySpec(selectorOf(identityOf(facts, role)), { ingress: role === "api-server" ? ingress : [], egress });
}

/** All parts send their numbers, and Prometheus reads them; it calls nobody itself. */
export function exporterPolicy(facts: Pick<NetworkFacts, "name" | "monitoring">): PolicySpec {
    const parts = running.map((role) => pods(selectorOf(identityOf(facts, role))));
    return policySpec(selectorOf(identityOf(facts, exporterRole)), {
        ingress: [{ from: parts, ports: udp(statsdPort) }, ...fromPrometheus(facts.monitoring, exporterPort)],
        egress: [],
    });
}
