import { Checks, type Check } from "../../internal/checks";
import { withDefaults } from "../../internal/defaults";
import { mebibytes, memorySize } from "../../internal/memory";
import { seconds } from "../../internal/values";

/** What a job does with its data. */
export const Operation = { Filter: "filter", Aggregate: "aggregate", Join: "join", Sort: "sort", Write: "write" } as const;

/** What is known of a job before it has ever run. */
export interface RightsizingInput {
    /** Size of the data that it reads, as it lies in the store, for example 500g or 1t. */
    dataSize: string;
    /** What it does with all of it, one word for each time, of `Operation`: a job that joins twice says "join" twice. Reading is always counted. */
    operations: string[];
    /** How long it may take, for example 15m. */
    duration: string;
    /** Cores of an executor. Default: 2. */
    coresPerExecutor?: number;
    /** Dollars for a core and an hour, with the memory that comes with it, on demand. Default: 0.048. */
    corePrice?: number;
    /** What a core costs as spot, as a part of that. Default: 0.3. */
    spotPart?: number;
}

/** How many executors a job needs, of what size, and what that costs. */
export interface Rightsizing {
    executors: number;
    cores: number;
    /** Memory of an executor's container. */
    containerMemory: string;
    /** The same as Spark is told it: Java heap, and what is beside it. */
    memory: string;
    memoryOverhead: string;
    /** Partitions of a shuffle that keep every core busy with tasks of a good size. */
    shufflePartitions: number;
    /** How long it should take then. */
    seconds: number;
    /** Dollars for one run. */
    onDemand: number;
    spot: number;
}

/** Core seconds that a gibibyte of compressed Parquet costs, and the memory that a core should have for it. */
interface Cost {
    coreSeconds: number;
    gibibytesPerCore: number;
}

/**
 * Figures of plain jobs on machines of today: reading decompresses about 200 MiB a second on a core. Aggregations and joins also write, send
 * and read their part of a shuffle. Measure your own job and say what it really took: nothing here knows your data.
 */
const reading: Cost = { coreSeconds: 5, gibibytesPerCore: 2 };
const costs: Record<string, Cost> = {
    filter: { coreSeconds: 1, gibibytesPerCore: 2 },
    aggregate: { coreSeconds: 4, gibibytesPerCore: 3 },
    join: { coreSeconds: 8, gibibytesPerCore: 4 },
    sort: { coreSeconds: 8, gibibytesPerCore: 4 },
    write: { coreSeconds: 5, gibibytesPerCore: 2 },
};

/** Until the last executor runs: a pod is scheduled, its image is there, a JVM starts and asks for work. */
const startSeconds = 20;
/** What Spark takes for Python and buffers beside the heap unless it is told otherwise. */
const overheadPart = 0.1;
const leastOverheadMiB = 384;
/** Of a shuffle, compressed: small enough to stay in memory, large enough to be worth a task. */
const partitionMiB = 128;

const defaults = { coresPerExecutor: 2, corePrice: 0.048, spotPart: 0.3 };

/** @throws pulumi.InputPropertiesError naming every wrong field. */
export function rightsize(given: RightsizingInput): Rightsizing {
    const input = withDefaults(given, defaults);
    check(input);
    const work = [reading, ...input.operations.map((name) => costs[name] ?? reading)];
    const gibibytes = mebibytes(input.dataSize) / 1024;
    const coreSeconds = gibibytes * sum(work.map((cost) => cost.coreSeconds));
    const needed = coreSeconds / (seconds(input.duration) - startSeconds);
    const executors = Math.max(1, Math.ceil(needed / input.coresPerExecutor));
    const cores = executors * input.coresPerExecutor;
    const containerMiB = Math.max(...work.map((cost) => cost.gibibytesPerCore)) * input.coresPerExecutor * 1024;
    const taken = startSeconds + coreSeconds / cores;
    const onDemand = (cores * input.corePrice * taken) / 3600;
    return {
        executors,
        cores,
        ...memoryOf(containerMiB),
        shufflePartitions: Math.max(cores, Math.ceil(mebibytes(input.dataSize) / partitionMiB / cores) * cores),
        seconds: Math.ceil(taken),
        onDemand: cents(onDemand),
        spot: cents(onDemand * input.spotPart),
    };
}

function memoryOf(containerMiB: number): Pick<Rightsizing, "containerMemory" | "memory" | "memoryOverhead"> {
    const overhead = Math.max(leastOverheadMiB, Math.ceil((containerMiB * overheadPart) / (1 + overheadPart)));
    return { containerMemory: `${containerMiB / 1024}g`, memory: `${containerMiB - overhead}m`, memoryOverhead: `${overhead}m` };
}

const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);
const cents = (dollars: number): number => Math.round(dollars * 100) / 100;

const operation: Check<string[]> = (names) => {
    const unknown = names.find((name) => !(name in costs));
    return unknown === undefined ? undefined : `"${unknown}" is not one of ${Object.keys(costs).join(", ")}`;
};

const longEnough: Check<string> = (value) =>
    seconds(value) > startSeconds
        ? undefined
        : `${JSON.stringify(value)} is not a duration of more than the ${startSeconds} s in which executors start; write it like "90s", "15m" or "2h"`;

const between =
    (from: number, to: number): Check<number> =>
    (value) =>
        value > from && value <= to ? undefined : `${value} is not more than ${from} and at most ${to}`;

const coresOf: Check<number> = (value) =>
    Number.isInteger(value) && value >= 1 && value <= 16 ? undefined : `${value} is not a whole number between 1 and 16`;

function check(input: Required<RightsizingInput>): void {
    const checks = new Checks("Rightsizing");
    checks.plain("dataSize", input.dataSize, memorySize({ from: "1m" }));
    checks.plain("operations", input.operations, operation);
    checks.plain("duration", input.duration, longEnough);
    checks.plain("coresPerExecutor", input.coresPerExecutor, coresOf);
    checks.plain("corePrice", input.corePrice, between(0, 100));
    checks.plain("spotPart", input.spotPart, between(0, 1));
    checks.throwIfAny();
}
