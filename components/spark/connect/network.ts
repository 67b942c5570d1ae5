import * as k8s from "@pulumi/kubernetes";

import { selectorOf } from "../../internal/identity";
import { clientsOf, pods, policySpec, tcp, toApiServer, toS3 } from "../../internal/network";
import type { S3Facts } from "../../storage/s3a";
import { blockManagerPort, connectPort, driverPort } from "./conf";
import { executorIdentity, serverIdentity, serviceName } from "./identity";

type PolicySpec = k8s.types.input.networking.v1.NetworkPolicySpec;

export interface NetworkFacts {
    name: string;
    apiServer: string[];
    clientNamespaces: string[];
    s3?: S3Facts;
    eventLog?: { s3: S3Facts };
}

/** Clients come in by gRPC, executors call home; out to the API server, the executors' blocks and the store. */
export function serverPolicy(server: NetworkFacts): PolicySpec {
    const executors = pods(selectorOf(executorIdentity(server)));
    return policySpec(selectorOf(serverIdentity(server)), {
        ingress: [
            { from: clientsOf(serviceName(server), server.clientNamespaces), ports: tcp(connectPort) },
            { from: [executors], ports: tcp(driverPort, blockManagerPort) },
        ],
        egress: [toApiServer(server.apiServer), { to: [executors], ports: tcp(blockManagerPort) }, ...stores(server)],
    });
}

/** Executors exchange blocks with each other and with their server, and read and write the store. Nobody else reaches them. */
export function executorPolicy(server: NetworkFacts): PolicySpec {
    const servers = pods(selectorOf(serverIdentity(server)));
    const executors = pods(selectorOf(executorIdentity(server)));
    return policySpec(selectorOf(executorIdentity(server)), {
        ingress: [{ from: [servers, executors], ports: tcp(blockManagerPort) }],
        egress: [
            { to: [servers], ports: tcp(driverPort, blockManagerPort) },
            { to: [executors], ports: tcp(blockManagerPort) },
            ...(server.s3 ? toS3(server.s3) : []),
        ],
    });
}

/** The store of the data and that of the logs, which are mostly one. */
function stores({ s3, eventLog }: NetworkFacts) {
    const rows = [s3, eventLog?.s3].flatMap((store) => (store ? toS3(store) : []));
    return [...new Map(rows.map((row) => [JSON.stringify(row), row])).values()];
}
