import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { pods, tcp, tcpRange } from "../../internal/network";
import type { SparkConf } from "../../internal/spark-properties";
import type { Rows } from "../client-mode";
import type { StandaloneConnection } from "../connections";
import { decommissionConf } from "../executors";

/** A cluster whose values are known. */
export type StandaloneFacts = pulumi.Unwrap<StandaloneConnection>;

export const masterPort = 7077;
export const shuffleServicePort = 7337;
/** Executors of one worker share an address: each takes the next free port from here on. */
export const executorPorts = { first: 7079, last: 7095 };
/** Ports of every driver: masters and workers may only call these. */
export const driverPorts = { rpc: 7078, blockManager: 7079, ui: 4040 };

export const authenticationKey = "secret";
/** Spark looks here before it looks into its settings. */
const authenticationVariable = "_SPARK_AUTH_SECRET";

/** Stands for the secret where a setting must be and nobody reads it. */
export const authenticationPlaceholder = "given-by-environment";

/** What a driver must be told about the cluster it works on. Its own address and sizes are its own affair. */
export function standaloneClientConf(cluster: StandaloneFacts): SparkConf {
    return {
        "spark.master": cluster.masterUrl,
        "spark.driver.port": driverPorts.rpc,
        "spark.driver.blockManager.port": driverPorts.blockManager,
        "spark.blockManager.port": executorPorts.first,
        "spark.port.maxRetries": executorPorts.last - executorPorts.first,
        ...(cluster.authenticationSecret !== undefined && authenticationConf),
        ...shuffleConf,
        ...logsConf,
        // The masters' web UI leads to the driver's.
        "spark.ui.reverseProxy": true,
    };
}

/**
 * Drivers refuse to start without this setting, and never read it when the variable is there. The secret itself must not stand
 * in a setting: a Connect server tells settings to every client.
 */
const authenticationConf: SparkConf = {
    "spark.authenticate": true,
    "spark.authenticate.secret": authenticationPlaceholder,
};

/** Shuffle results are served by the workers, and move to other executors when their worker goes. */
const shuffleConf: SparkConf = {
    "spark.shuffle.service.enabled": true,
    "spark.shuffle.service.port": shuffleServicePort,
    "spark.dynamicAllocation.shuffleTracking.enabled": false,
    ...decommissionConf,
    // A worker that went took the results of all its executors along: the first failed fetch says so for all of them.
    "spark.files.fetchFailure.unRegisterOutputOnHost": true,
    // Results that went with a worker as planned do not count against the stage, as long as it is remembered that it was planned.
    "spark.stage.ignoreDecommissionFetchFailure": true,
    "spark.scheduler.maxRetainedRemovedDecommissionExecutors": 100,
};

/** Executors write what they say into files of their worker, which must not fill its disk. */
const logsConf: SparkConf = {
    "spark.executor.logs.rolling.strategy": "size",
    "spark.executor.logs.rolling.maxSize": 32 * 1024 * 1024,
    "spark.executor.logs.rolling.maxRetainedFiles": 3,
};

/** How many executors a driver has on a cluster, and of what size they are; the most that it may have is bound by cores. */
export function standaloneExecutorsConf({ cores, minimum, maximum }: { cores: number; minimum: number; maximum: number }): SparkConf {
    return {
        // Without a bound the first driver takes the whole cluster, and keeps it.
        "spark.cores.max": cores * maximum,
        // A master that took over knows no number of executors until an elastic driver tells it a new one, which a fixed number never is:
        // what is lost then would stay lost.
        "spark.dynamicAllocation.enabled": maximum > minimum,
    };
}

/** Settings of a driver that the cluster decides: the key (or all below it), and what to change instead. */
export const standaloneDriverOwnedKeys: Record<string, string> = {
    "spark.authenticate": "standalone.authenticationSecret",
    "spark.authenticate.": "standalone.authenticationSecret",
    "spark.shuffle.service.enabled": "the Standalone cluster",
    "spark.shuffle.service.port": "the Standalone cluster",
    "spark.cores.max": "executor.cores and executor.maximum",
};

const theWorkers = "the workers of the Standalone cluster";

/** Settings that only executors have that are pods, or whose disk and memory are their own; what decides in their place. */
export const withoutPodsOwnedKeys: Record<string, string> = {
    "spark.kubernetes.": "standalone: executors are no pods here",
    "spark.executor.instances": "executor.minimum and executor.maximum",
    "spark.executor.memoryOverhead": theWorkers,
    "spark.executor.memoryOverheadFactor": theWorkers,
    "spark.local.dir": theWorkers,
};

/** Ways into and out of a driver. Masters answer drivers by calling them, and lead people to their web UIs; executors are processes on the workers. */
export function standaloneDriverRows({ masters, workers }: StandaloneFacts): Rows {
    const [master, worker] = [pods(masters.podLabels, masters.namespace), pods(workers.podLabels, workers.namespace)];
    return {
        ingress: [
            { from: [worker], ports: tcp(driverPorts.rpc, driverPorts.blockManager) },
            { from: [master], ports: tcp(driverPorts.rpc, driverPorts.ui) },
        ],
        egress: [
            { to: [master], ports: tcp(masters.port ?? masterPort) },
            { to: [worker], ports: [...tcp(shuffleServicePort), ...tcpRange(executorPorts.first, executorPorts.last)] },
        ],
    };
}

/** The shared secret as environment; nothing where the cluster asks for none. */
export function authenticationEnvironment(secret: pulumi.Input<string> | undefined): k8s.types.input.core.v1.EnvVar[] {
    return secret === undefined
        ? []
        : [{ name: authenticationVariable, valueFrom: { secretKeyRef: { name: secret, key: authenticationKey } } }];
}
