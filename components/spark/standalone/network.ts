import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import { clientLabelsOf, selectorOf } from "../../internal/identity";
import { fromPrometheus, type MonitoringFacts } from "../../internal/monitoring";
import { anywhere, clientsOf, pods, policySpec, tcp, tcpRange, toApiServer, toDns, toS3 } from "../../internal/network";
import type { ClusterEndpoint } from "../../storage/connections";
import type { S3Facts } from "../../storage/s3a";
import { fromKeda } from "./autoscaling";
import { driverPorts, executorPorts, masterPort, shuffleServicePort } from "./client";
import { leaderUiPort, masterUiPort, restPort, workerPort, workerPortRange, workerUiPort } from "./conf";
import { masterIdentity, serviceName, workerIdentity } from "./identity";
import { portsOf, StandaloneRecovery } from "./recovery";

type PolicySpec = k8s.types.input.networking.v1.NetworkPolicySpec;
type Egress = k8s.types.input.networking.v1.NetworkPolicyEgressRule;

export interface NetworkFacts {
    name: string;
    apiServer: string[];
    clientNamespaces: string[];
    restSubmission: boolean;
    recovery: { mode: string; shared: boolean; ensemble?: string; ensembleEndpoint?: pulumi.Unwrap<ClusterEndpoint> };
    s3?: S3Facts;
    monitoring?: MonitoringFacts;
    worker?: { autoscaling?: { kedaNamespace: string } };
}

const mastersOf = (cluster: NetworkFacts) => pods(selectorOf(masterIdentity(cluster)));
const workersOf = (cluster: NetworkFacts) => pods(selectorOf(workerIdentity(cluster)));
const clientsOfCluster = (cluster: NetworkFacts) => clientsOf(serviceName(cluster), cluster.clientNamespaces);
/** What several masters show is shown by the proxy in front of them. */
export const uiPortOf = ({ recovery }: { recovery: { shared: boolean } }): number => (recovery.shared ? leaderUiPort : masterUiPort);
const submissionPorts = (cluster: NetworkFacts) => [masterPort, ...(cluster.restSubmission ? [restPort] : [])];

/** Drivers that were submitted run on workers, each behind a watcher that takes the first free port before it. */
const portsOfSubmittedDrivers = ({ restSubmission }: NetworkFacts) =>
    restSubmission ? [...tcpRange(workerPortRange.first, workerPortRange.last), ...tcp(driverPorts.ui)] : [];

/** Drivers and workers report to the masters, which call them back; people look at the web UI, which looks at the workers' and drivers'. */
export function masterPolicy(cluster: NetworkFacts): PolicySpec {
    const [masters, workers, clients] = [mastersOf(cluster), workersOf(cluster), clientsOfCluster(cluster)];
    return policySpec(selectorOf(masterIdentity(cluster)), {
        ingress: [
            { from: clients, ports: tcp(...submissionPorts(cluster), uiPortOf(cluster)) },
            { from: [workers], ports: tcp(masterPort) },
            ...(cluster.recovery.shared ? [{ from: [masters], ports: tcp(masterUiPort) }] : []),
            ...fromPrometheus(cluster.monitoring, masterUiPort),
            ...fromKeda(cluster.worker?.autoscaling, uiPortOf(cluster)),
        ],
        egress: [
            { to: [workers], ports: [...tcp(workerPort, workerUiPort), ...portsOfSubmittedDrivers(cluster)] },
            { to: clients, ports: tcp(driverPorts.rpc, driverPorts.ui) },
            ...(cluster.recovery.shared ? [{ to: [masters], ports: tcp(masterUiPort) }] : []),
            ...toRecovery(cluster),
        ],
    });
}

function toRecovery({ recovery, apiServer, s3 }: NetworkFacts): Egress[] {
    const ways: Record<string, () => Egress[]> = {
        [StandaloneRecovery.S3]: () => [toApiServer(apiServer), ...(s3 ? toS3(s3) : [])],
        [StandaloneRecovery.ZooKeeper]: () => {
            const { ensemble = "", ensembleEndpoint } = recovery;
            const servers = ensembleEndpoint ? pods(ensembleEndpoint.podLabels, ensembleEndpoint.namespace) : anywhere;
            return [{ to: [servers], ports: tcp(...(ensembleEndpoint?.port === undefined ? portsOf(ensemble) : [ensembleEndpoint.port])) }];
        },
    };
    return ways[recovery.mode]?.() ?? [];
}

/** Executors exchange blocks with each other, with the shuffle services and with their drivers, and read and write the store. */
export function workerPolicy(cluster: NetworkFacts): PolicySpec {
    const [masters, workers, clients] = [mastersOf(cluster), workersOf(cluster), clientsOfCluster(cluster)];
    const blocks = [...tcpRange(workerPortRange.first, workerPortRange.last), ...tcp(shuffleServicePort)];
    return policySpec(selectorOf(workerIdentity(cluster)), {
        ingress: [
            { from: [masters], ports: [...tcp(workerPort, workerUiPort), ...portsOfSubmittedDrivers(cluster)] },
            { from: [workers, ...clients], ports: blocks },
            ...fromPrometheus(cluster.monitoring, workerUiPort),
        ],
        egress: [
            { to: [masters], ports: tcp(masterPort) },
            { to: [workers], ports: blocks },
            { to: clients, ports: tcp(driverPorts.rpc, driverPorts.blockManager) },
            ...(cluster.s3 ? toS3(cluster.s3) : []),
        ],
    });
}

/** The client's side of the same, both ways: masters and executors call drivers. */
export function clientPolicy(cluster: NetworkFacts): PolicySpec {
    const [masters, workers] = [mastersOf(cluster), workersOf(cluster)];
    return {
        podSelector: { matchLabels: clientLabelsOf(serviceName(cluster)) },
        policyTypes: ["Ingress", "Egress"],
        ingress: [
            { from: [masters], ports: tcp(driverPorts.rpc, driverPorts.ui) },
            { from: [workers], ports: tcp(driverPorts.rpc, driverPorts.blockManager) },
        ],
        egress: [
            { to: [masters], ports: tcp(...submissionPorts(cluster), uiPortOf(cluster)) },
            { to: [workers], ports: [...tcpRange(executorPorts.first, executorPorts.last), ...tcp(shuffleServicePort)] },
            toDns,
        ],
    };
}
