import { mebibytes } from "../../internal/memory";
import { masterMetricsConf, metricsOwnedKeys, workerMetricsConf } from "../../internal/monitoring";
import type { SparkConf } from "../../internal/spark-properties";
import { seconds } from "../../internal/values";
import { s3aOwnedKeys } from "../../storage/s3a";
import { driverPorts, executorPorts, masterPort, shuffleServicePort } from "./client";
import { masterHost } from "./identity";
import { recoveryConf, type RecoveryFacts } from "./recovery";

export const masterUiPort = 8080;
/** Where the proxy listens that leads to the master which leads. */
export const leaderUiPort = 8090;
export const restPort = 6066;
export const workerPort = 7076;
export const workerUiPort = 8081;

export const workFolder = "/var/spark/work";
export const localFolder = "/var/spark/local";

export interface StandaloneConfFacts extends RecoveryFacts {
    defaultCores: number;
    restSubmission: boolean;
    worker: { keepFinished: string };
    monitoring?: object;
}

/** Settings that arguments, or the brick itself, decide: the key (or all below it), and what to change instead. */
export const ownedKeys: Record<string, string> = {
    ...s3aOwnedKeys,
    ...metricsOwnedKeys,
    "spark.authenticate": "the brick, always true",
    "spark.authenticate.": "authenticationSecret",
    "spark.decommission.enabled": "the brick",
    "spark.deploy.defaultCores": "defaultCores",
    "spark.deploy.recoveryDirectory": "recovery",
    "spark.deploy.recoveryMode": "recovery.mode",
    "spark.deploy.recoveryMode.factory": "recovery.mode",
    "spark.deploy.zookeeper.": "recovery.ensemble",
    "spark.master.rest.enabled": "restSubmission",
    "spark.master.rest.port": `the network policy, always ${restPort}`,
    "spark.master.ui.port": `the Service, always ${masterUiPort}`,
    "spark.worker.ui.port": `the network policy, always ${workerUiPort}`,
    "spark.shuffle.service.enabled": "the brick, always true",
    "spark.shuffle.service.port": `the network policy, always ${shuffleServicePort}`,
    "spark.ui.reverseProxy": "the brick, always true",
    "spark.worker.cleanup.enabled": "worker.keepFinished",
    "spark.worker.cleanup.appDataTtl": "worker.keepFinished",
    "spark.local.dir": "worker.localStorage",
};

/** Settings that masters and workers share. */
const commonConf: SparkConf = {
    // The secret comes by environment.
    "spark.authenticate": true,
    "spark.decommission.enabled": true,
    // One address shows all: workers and drivers are reached through the master.
    "spark.ui.reverseProxy": true,
    // Pages ask nobody who they are, so they change nothing.
    "spark.ui.killEnabled": false,
    // A port that is taken is an error; on the next one up nobody would find the process.
    "spark.port.maxRetries": 0,
};

export function masterConf(cluster: StandaloneConfFacts): SparkConf {
    return {
        ...commonConf,
        ...recoveryConf(cluster),
        ...(cluster.monitoring && masterMetricsConf),
        "spark.deploy.defaultCores": cluster.defaultCores,
        "spark.master.rest.enabled": cluster.restSubmission,
        "spark.master.ui.decommission.allow.mode": "DENY",
    };
}

export function workerConf({ worker, monitoring }: StandaloneConfFacts): SparkConf {
    return {
        ...commonConf,
        ...(monitoring && workerMetricsConf),
        "spark.shuffle.service.enabled": true,
        "spark.shuffle.service.port": shuffleServicePort,
        // Executors end with their worker, and masters tell drivers that the results went too: nobody would ask for what a file remembers.
        "spark.shuffle.service.db.enabled": false,
        "spark.worker.cleanup.enabled": true,
        "spark.worker.cleanup.interval": 300,
        "spark.worker.cleanup.appDataTtl": seconds(worker.keepFinished),
    };
}

/** Address of the masters for workers and drivers: whoever is asked and does not lead stays silent. */
export function masterUrl(cluster: { name: string; namespace: string; masters: number }): string {
    const hosts = Array.from(
        { length: cluster.masters },
        (_, ordinal) => `${masterHost(cluster, cluster.namespace, ordinal)}:${masterPort}`,
    );
    return `spark://${hosts.join(",")}`;
}

/**
 * What a master's container runs. `exec` makes the JVM the process that hears SIGTERM. The name that everybody calls a master by is
 * also what it listens on, and names are behind: until its own leads to this very pod, it would listen nowhere.
 */
export function masterCommand(cluster: { name: string; namespace: string }): string {
    return [
        `host="${masterHost(cluster, cluster.namespace, "${POD_NAME##*-}")}"`,
        `until getent ahosts "$host" | grep -q "^$POD_IP "; do sleep 0.2; done`,
        [
            "exec /opt/spark/bin/spark-class org.apache.spark.deploy.master.Master",
            `--host "$host" --port ${masterPort} --webui-port ${masterUiPort}`,
            "--properties-file /opt/spark/conf/spark-defaults.conf",
        ].join(" "),
    ].join("\n");
}

/** A worker is known by its pod's address, which nobody has to look up. */
export function workerCommand(cluster: {
    name: string;
    namespace: string;
    masters: number;
    worker: { cores: number; memory: string };
}): string {
    return [
        "exec /opt/spark/bin/spark-class org.apache.spark.deploy.worker.Worker",
        `--host "$POD_IP" --port ${workerPort} --webui-port ${workerUiPort}`,
        `--cores ${cluster.worker.cores} --memory ${mebibytes(cluster.worker.memory)}m --work-dir ${workFolder}`,
        `--properties-file /opt/spark/conf/spark-defaults.conf ${masterUrl(cluster)}`,
    ].join(" ");
}

/** Container memory for a daemon's heap: metaspace, code and threads live beside it. */
export function daemonMiB(heap: string): number {
    return mebibytes(heap) + Math.max(256, Math.ceil(mebibytes(heap) / 4));
}

export interface WorkerSizes {
    cores: number;
    memory: string;
    memoryOverhead?: string;
    daemonMemory: string;
}

/**
 * Container memory of a worker. Executors are its children and share its limit, and the master counts nothing but their heaps; so
 * there is room for what lives beside the heaps of as many executors as there can be, one for every core.
 */
export function workerMiB({ cores, memory, memoryOverhead, daemonMemory }: WorkerSizes): number {
    const heaps = mebibytes(memory);
    // A tenth of each heap adds up to a tenth of all of them; the least that each gets adds up with their number.
    const beside = memoryOverhead === undefined ? Math.max(cores * 384, Math.ceil(heaps / 10)) : cores * mebibytes(memoryOverhead);
    return daemonMiB(daemonMemory) + heaps + beside;
}

/** Drivers that were submitted to the cluster run inside workers, as executors do. */
export const workerPortRange = { first: driverPorts.rpc, last: executorPorts.last };
