import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { mebibytes } from "../../internal/memory";
import type { SparkConf } from "../../internal/spark-properties";
import type { StandaloneConnection } from "../connections";

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
    "spark.decommission.enabled": true,
    "spark.storage.decommission.enabled": true,
    "spark.storage.decommission.shuffleBlocks.enabled": true,
    "spark.storage.decommission.rddBlocks.enabled": true,
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

/** What is wrong with the size of a driver's executors, as no worker would ever take them and the application would wait for good. */
export function executorProblem({ largestExecutor }: StandaloneFacts, executor: { memory: string; cores: number }): string | undefined {
    if (largestExecutor === undefined) {
        return undefined;
    }
    const { memory, cores } = largestExecutor;
    return mebibytes(executor.memory) > mebibytes(memory) || executor.cores > cores
        ? `an executor of ${executor.memory} and ${executor.cores} cores fits in none of the workers, which have ${memory} and ${cores} cores`
        : undefined;
}

/** The shared secret as environment; nothing where the cluster asks for none. */
export function authenticationEnvironment(secret: pulumi.Input<string> | undefined): k8s.types.input.core.v1.EnvVar[] {
    return secret === undefined
        ? []
        : [{ name: authenticationVariable, valueFrom: { secretKeyRef: { name: secret, key: authenticationKey } } }];
}
