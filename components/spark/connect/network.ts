import * as k8s from "@pulumi/kubernetes";

import { selectorOf } from "../../internal/identity";
import { fromPrometheus, type MonitoringFacts } from "../../internal/monitoring";
import { clientsOf, pods, policySpec, tcp, toApiServer, toS3 } from "../../internal/network";
import type { S3Facts } from "../../storage/s3a";
import type { Rows } from "../client-mode";
import { toHdfs, type HdfsFacts } from "../hdfs";
import { toIceberg, type IcebergFacts } from "../iceberg";
import { toKdc } from "../kerberos";
import { toMetastore, type MetastoreFacts } from "../metastore";
import { standaloneDriverRows, type StandaloneFacts } from "../standalone/client";
import { toCollector, type TracingFacts } from "../tracing";
import { checkIdentity, executorIdentity, serverIdentity, serviceName } from "./identity";
import { blockManagerPort, connectPort, driverPort, proxyPort, uiPort } from "./ports";

type PolicySpec = k8s.types.input.networking.v1.NetworkPolicySpec;
type Egress = k8s.types.input.networking.v1.NetworkPolicyEgressRule;

export interface NetworkFacts {
    name: string;
    apiServer: string[];
    clientNamespaces: string[];
    s3?: S3Facts;
    eventLog?: { s3: S3Facts };
    iceberg?: IcebergFacts;
    metastore?: MetastoreFacts;
    hdfs?: HdfsFacts;
    standalone?: StandaloneFacts;
    tls?: object;
    monitoring?: MonitoringFacts;
    tracing?: TracingFacts;
}

/** Where clients come in: past the proxy, whose port is the only open one then. */
export const clientPort = ({ tls }: { tls?: object }): number => (tls ? proxyPort : connectPort);

/** Clients come in by gRPC, executors call home; out to those who run the executors, the executors' blocks, the store, the catalogs and the collector of traces. */
export function serverPolicy(server: NetworkFacts): PolicySpec {
    const backend = server.standalone ? standaloneDriverRows(server.standalone) : kubernetesRows(server);
    return policySpec(selectorOf(serverIdentity(server)), {
        ingress: [
            { from: clientsOf(serviceName(server), server.clientNamespaces), ports: tcp(clientPort(server)) },
            ...backend.ingress,
            ...fromPrometheus(server.monitoring, uiPort),
        ],
        egress: [...backend.egress, ...stores(server), ...catalogs(server), ...fileSystem(server), ...toCollector(server.tracing)],
    });
}

/** Out to all that the server will ask, and nowhere else. */
export function checkPolicy(server: NetworkFacts): PolicySpec {
    const backend = server.standalone ? standaloneDriverRows(server.standalone) : { egress: [] };
    return policySpec(selectorOf(checkIdentity(server)), {
        ingress: [],
        egress: [...backend.egress, ...stores(server), ...catalogs(server), ...toHdfs(server.hdfs)],
    });
}

/** Executors never ask catalogs for anything. */
const catalogs = ({ iceberg, metastore }: NetworkFacts): Egress[] => [
    ...(metastore ? toMetastore(metastore) : []),
    ...(iceberg ? toIceberg(iceberg) : []),
];

/** Executors have tokens, and need nobody of the realm; where there is a metastore of it too, its rows lead there already. */
const fileSystem = ({ hdfs, metastore }: NetworkFacts): Egress[] => [
    ...toHdfs(hdfs),
    ...(metastore?.kerberos === undefined ? toKdc(hdfs?.kerberos) : []),
];

function kubernetesRows(server: NetworkFacts): Rows {
    const executors = pods(selectorOf(executorIdentity(server)));
    return {
        ingress: [{ from: [executors], ports: tcp(driverPort, blockManagerPort) }],
        egress: [toApiServer(server.apiServer), { to: [executors], ports: tcp(blockManagerPort) }],
    };
}

/** Executors exchange blocks with each other and with their server, and read and write the stores. Nobody else reaches them. */
export function executorPolicy(server: NetworkFacts): PolicySpec {
    const servers = pods(selectorOf(serverIdentity(server)));
    const executors = pods(selectorOf(executorIdentity(server)));
    return policySpec(selectorOf(executorIdentity(server)), {
        ingress: [{ from: [servers, executors], ports: tcp(blockManagerPort) }],
        egress: [
            { to: [servers], ports: tcp(driverPort, blockManagerPort) },
            { to: [executors], ports: tcp(blockManagerPort) },
            ...(server.s3 ? toS3(server.s3) : []),
            ...toHdfs(server.hdfs),
        ],
    });
}

/** The store of the data and that of the logs, which are mostly one. */
function stores({ s3, eventLog }: NetworkFacts) {
    const rows = [s3, eventLog?.s3].flatMap((store) => (store ? toS3(store) : []));
    return [...new Map(rows.map((row) => [JSON.stringify(row), row])).values()];
}
