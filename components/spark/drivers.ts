import type * as pulumi from "@pulumi/pulumi";

import type { Checks } from "../internal/checks";
import { withDefaults } from "../internal/defaults";
import { mebibytes, memorySize } from "../internal/memory";
import { checkPod, type PodSettings } from "../internal/pod";
import type { SparkConf } from "../internal/spark-properties";
import { cpuQuantity } from "../internal/values";

/** Size of an application's driver. */
export interface SparkApplicationDriver {
    /** Java heap of the driver, for example 4g; at least 512m. Default: 1g. */
    memory?: pulumi.Input<string>;
    /** Memory beside the heap. Default: 640m, or a quarter of the heap where that is more; of a Python application two fifths. */
    memoryOverhead?: pulumi.Input<string>;
    /** CPU request of the driver. Default: 500m. */
    cpuRequest?: pulumi.Input<string>;
    /** Where and as whom the driver runs. */
    pod?: PodSettings;
}

export type Driver = Required<Omit<SparkApplicationDriver, "pod" | "memoryOverhead">> &
    Pick<SparkApplicationDriver, "pod" | "memoryOverhead">;

export interface DriverFacts {
    memory: string;
    memoryOverhead?: string;
    cpuRequest: string;
}

const defaults = { memory: "1g", cpuRequest: "500m" };

export function resolveDriver(checks: Checks, given: SparkApplicationDriver = {}): Driver {
    const args = withDefaults(given, defaults);
    return {
        memory: checks.input("driver.memory", args.memory, memorySize({ from: "512m" })),
        memoryOverhead: checks.optional("driver.memoryOverhead", args.memoryOverhead, memorySize({ from: "64m" })),
        cpuRequest: checks.input("driver.cpuRequest", args.cpuRequest, cpuQuantity),
        pod: checkPod(checks, "driver.pod", args.pod),
    };
}

/** Metaspace, code, threads and network buffers live beside the heap, and so does Python. */
export function driverOverheadMiB({ memory, memoryOverhead }: DriverFacts, { python }: { python: boolean }): number {
    const share = Math.ceil(mebibytes(memory) * (python ? 0.4 : 0.25));
    return memoryOverhead === undefined ? Math.max(640, share) : mebibytes(memoryOverhead);
}

/** Memory of the whole container. */
export const driverMiB = (driver: DriverFacts, kind: { python: boolean }): number =>
    mebibytes(driver.memory) + driverOverheadMiB(driver, kind);

/** Size of a driver that Spark makes the pod of. */
export const driverSizeConf = (driver: DriverFacts, kind: { python: boolean }): SparkConf => ({
    "spark.driver.memory": driver.memory,
    "spark.driver.memoryOverhead": `${driverOverheadMiB(driver, kind)}m`,
    "spark.kubernetes.driver.request.cores": driver.cpuRequest,
});

/** Settings that the driver's arguments decide. */
export const driverSizeOwnedKeys: Record<string, string> = {
    "spark.driver.memory": "driver.memory",
    "spark.driver.memoryOverhead": "driver.memoryOverhead",
    "spark.driver.memoryOverheadFactor": "driver.memoryOverhead",
    "spark.driver.cores": "driver.cpuRequest",
};
