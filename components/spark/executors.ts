import * as pulumi from "@pulumi/pulumi";

import { bounds } from "../internal/bounds";
import type { Checks } from "../internal/checks";
import { withDefaults } from "../internal/defaults";
import { mebibytes, memorySize } from "../internal/memory";
import { checkPod, type PodSettings } from "../internal/pod";
import type { SparkConf } from "../internal/spark-properties";
import { cpuQuantity, duration, wholeNumber } from "../internal/values";

/** Size and number of an application's executors. */
export interface SparkApplicationExecutor {
    /** Tasks that one executor runs at a time. Default: 1. */
    cores?: pulumi.Input<number>;
    /** CPU request of an executor, for example 500m; less than its cores packs more executors on a node. Default: its cores. */
    cpuRequest?: pulumi.Input<string>;
    /** Java heap of an executor, for example 4g; at least 512m. Default: 1g. */
    memory?: pulumi.Input<string>;
    /** Memory beside the heap, for Python above all. Default: 384m, or a tenth of the heap where that is more; of a Python application two fifths. */
    memoryOverhead?: pulumi.Input<string>;
    /** Executors that the application starts with and never goes below. Default: 1. */
    minimum?: pulumi.Input<number>;
    /** Most executors; those above the minimum come with work and go without it. Default: as many as the minimum. */
    maximum?: pulumi.Input<number>;
    /** Time after which an executor above the minimum goes when it has no work, for example 60s. Default: 60s. */
    idleTimeout?: pulumi.Input<string>;
    /** Disk for shuffle and spill of one executor; it is evicted when it needs more. Default: 10g. */
    localStorage?: pulumi.Input<string>;
    /** Where and as whom the executors run. */
    pod?: PodSettings;
}

/** The same with every default filled in that is no other field's. */
export type Executors = Required<Omit<SparkApplicationExecutor, "pod" | "memoryOverhead" | "cpuRequest">> &
    Pick<SparkApplicationExecutor, "pod" | "memoryOverhead" | "cpuRequest">;

export interface ExecutorFacts {
    cores: number;
    cpuRequest?: string;
    memory: string;
    memoryOverhead?: string;
    minimum: number;
    maximum: number;
    idleTimeout: string;
}

const defaults = { cores: 1, memory: "1g", minimum: 1, idleTimeout: "60s", localStorage: "10g" };

export function resolveExecutors(checks: Checks, given: SparkApplicationExecutor = {}): Executors {
    const args = withDefaults(given, defaults);
    const number = bounds(checks, "executor", { minimum: args.minimum, maximum: args.maximum }, { from: 1 });
    return {
        cores: checks.input("executor.cores", args.cores, wholeNumber({ from: 1 })),
        cpuRequest: checks.optional("executor.cpuRequest", args.cpuRequest, cpuQuantity),
        memory: checks.input("executor.memory", args.memory, memorySize({ from: "512m" })),
        memoryOverhead: checks.optional("executor.memoryOverhead", args.memoryOverhead, memorySize({ from: "64m" })),
        minimum: number.minimum,
        maximum: number.maximum,
        idleTimeout: checks.input("executor.idleTimeout", args.idleTimeout, duration),
        localStorage: checks.input("executor.localStorage", args.localStorage, memorySize({ from: "256m" })),
        pod: checkPod(checks, "executor.pod", args.pod),
    };
}

/** Time that an executor has to hand its blocks to others. */
export const executorGraceSeconds = 60;

/** Share of the heap that a process needs beside it: Python's own memory is no part of the heap. */
export const overheadShare = ({ python }: { python: boolean }): number => (python ? 0.4 : 0.1);

/** Memory beside the heap of an executor, as Spark writes it. */
export const overhead = (heap: string, kind: { python: boolean }): string =>
    `${Math.max(384, Math.ceil(mebibytes(heap) * overheadShare(kind)))}m`;

/** What happens when one goes, whoever runs it: its blocks move to others, and nobody waits for it beyond that. */
export const decommissionConf: SparkConf = {
    "spark.decommission.enabled": true,
    "spark.storage.decommission.enabled": true,
    "spark.storage.decommission.shuffleBlocks.enabled": true,
    "spark.storage.decommission.rddBlocks.enabled": true,
    "spark.executor.decommission.forceKillTimeout": `${executorGraceSeconds}s`,
};

const isElastic = ({ minimum, maximum }: ExecutorFacts) => maximum > minimum;

/** What holds for executors that are pods and for those that are processes on somebody's workers. */
export function executorProcessConf(executor: ExecutorFacts): SparkConf {
    return {
        "spark.executor.cores": executor.cores,
        "spark.executor.memory": executor.memory,
        "spark.dynamicAllocation.enabled": isElastic(executor),
        ...(isElastic(executor) && {
            "spark.dynamicAllocation.minExecutors": executor.minimum,
            "spark.dynamicAllocation.initialExecutors": executor.minimum,
            "spark.dynamicAllocation.maxExecutors": executor.maximum,
            "spark.dynamicAllocation.executorIdleTimeout": executor.idleTimeout,
        }),
    };
}

/** How large executors are that are pods, how many there may be, and what happens when one goes. */
export function executorConf(executor: ExecutorFacts, kind: { python: boolean }): SparkConf {
    return {
        ...executorProcessConf(executor),
        "spark.executor.instances": executor.minimum,
        "spark.executor.memoryOverhead": executor.memoryOverhead ?? overhead(executor.memory, kind),
        // Results of a shuffle move when an executor goes, so none has to stay for them.
        ...(isElastic(executor) && { "spark.dynamicAllocation.shuffleTracking.enabled": false }),
        ...decommissionConf,
    };
}

/** Settings that the executors' arguments decide. */
export const executorOwnedKeys: Record<string, string> = {
    "spark.executor.instances": "executor.minimum",
    "spark.executor.cores": "executor.cores",
    "spark.executor.memory": "executor.memory",
    "spark.executor.memoryOverhead": "executor.memoryOverhead",
    "spark.executor.memoryOverheadFactor": "executor.memoryOverhead",
    "spark.kubernetes.executor.request.cores": "executor.cpuRequest",
    "spark.kubernetes.executor.podTemplateFile": "executor.pod",
    "spark.kubernetes.executor.podTemplateContainerName": "executor.pod",
    "spark.kubernetes.executor.terminationGracePeriodSeconds": "the brick",
    "spark.dynamicAllocation.enabled": "executor.maximum",
    "spark.dynamicAllocation.minExecutors": "executor.minimum",
    "spark.dynamicAllocation.initialExecutors": "executor.minimum",
    "spark.dynamicAllocation.maxExecutors": "executor.maximum",
    "spark.dynamicAllocation.executorIdleTimeout": "executor.idleTimeout",
    "spark.dynamicAllocation.shuffleTracking.": "the brick: shuffle results move when an executor goes",
    "spark.local.dir": "executor.localStorage",
};
