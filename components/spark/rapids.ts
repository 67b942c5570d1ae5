import type * as pulumi from "@pulumi/pulumi";

import type { Check, Checks } from "../internal/checks";
import { withDefaults } from "../internal/defaults";
import { mebibytes, memorySize } from "../internal/memory";
import type { SparkConf } from "../internal/spark-properties";
import { sparkLine } from "../internal/spark-versions";
import { absolutePath, wholeNumber } from "../internal/values";

/**
 * GPUs for SQL: NVIDIA's RAPIDS accelerator. Every executor gets one GPU, the driver none. The image must have the plugin's jar in
 * Spark's `jars` folder and the script below; the platform's own images have neither.
 */
export interface Rapids {
    /** Tasks of an executor that use its GPU at the same time; more need more GPU memory. Default: 2. */
    concurrentTasks?: pulumi.Input<number>;
    /** Pinned memory for copies to and from the GPU, for example 2g; added to the executor's memory overhead. Default: 2g. */
    pinnedMemory?: pulumi.Input<string>;
    /** Domain of the GPU's resource name in Kubernetes: nvidia.com asks for nvidia.com/gpu. Default: nvidia.com. */
    vendor?: pulumi.Input<string>;
    /** Script in the image that prints the addresses of the GPUs. Default: /opt/sparkRapidsPlugin/getGpusResources.sh. */
    discoveryScript?: pulumi.Input<string>;
}

/** The settings with every default filled in, as far as they are known. */
export type RapidsFacts = Required<pulumi.Unwrap<Rapids>>;

const defaults = {
    concurrentTasks: 2,
    pinnedMemory: "2g",
    vendor: "nvidia.com",
    discoveryScript: "/opt/sparkRapidsPlugin/getGpusResources.sh",
};

/** Settings of the accelerator. */
export function rapidsConf({ concurrentTasks, pinnedMemory, vendor, discoveryScript }: RapidsFacts, executorCores: number): SparkConf {
    return {
        "spark.plugins": "com.nvidia.spark.SQLPlugin",
        "spark.executor.resource.gpu.amount": 1,
        "spark.executor.resource.gpu.vendor": vendor,
        "spark.executor.resource.gpu.discoveryScript": discoveryScript,
        // Cores, not GPUs, say how many tasks an executor takes; how many of them use the GPU is the plugin's own limit.
        "spark.task.resource.gpu.amount": 1 / executorCores,
        "spark.rapids.sql.concurrentGpuTasks": concurrentTasks,
        "spark.rapids.memory.pinnedPool.size": pinnedMemory,
    };
}

/** What the accelerator adds to an executor's memory overhead. */
export const rapidsOverheadMiB = (rapids: RapidsFacts): number => mebibytes(rapids.pinnedMemory);

/** Settings that the arguments decide. */
export const rapidsOwnedKeys: Record<string, string> = {
    "spark.executor.resource.gpu.": "rapids",
    "spark.task.resource.gpu.": "rapids",
    "spark.rapids.sql.concurrentGpuTasks": "rapids.concurrentTasks",
    "spark.rapids.memory.pinnedPool.size": "rapids.pinnedMemory",
};

/** The plugin looks its own classes up by the exact version of Spark, and stops the server when it finds none. */
export const fitsRapids =
    (rapids: Rapids | undefined): Check<string> =>
    (sparkVersion) => {
        const { plugin, versions } = sparkLine(sparkVersion).rapids;
        return rapids === undefined || versions.includes(sparkVersion)
            ? undefined
            : `rapids ${plugin} does not know Spark ${sparkVersion}; of this line it knows ${versions.join(", ")}`;
    };

/** Checks the accelerator's settings; what comes back must be used. */
export function resolveRapids(checks: Checks, given: Rapids): Required<Rapids> {
    const rapids = withDefaults(given, defaults);
    return {
        concurrentTasks: checks.input("rapids.concurrentTasks", rapids.concurrentTasks, wholeNumber({ from: 1 })),
        pinnedMemory: checks.input("rapids.pinnedMemory", rapids.pinnedMemory, memorySize({ from: "64m" })),
        vendor: checks.input("rapids.vendor", rapids.vendor, domain),
        discoveryScript: checks.input("rapids.discoveryScript", rapids.discoveryScript, absolutePath),
    };
}

const domain: Check<string> = (name) =>
    /^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(name) ? undefined : `${JSON.stringify(name)} is not a domain; write it like "nvidia.com"`;
