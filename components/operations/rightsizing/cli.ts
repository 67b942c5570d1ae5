import { parseArgs } from "node:util";

import { Operation, rightsize, type Rightsizing, type RightsizingInput } from ".";

const usage = `npm run rightsize -- --data 1t --operations join,aggregate --duration 15m
    --data        size of what is read, as it lies in the store: 500g, 1t
    --operations  what is done with all of it: ${Object.values(Operation).join(", ")}; twice means twice
    --duration    how long it may take: 15m, 2h
    --cores       cores of an executor (2)
    --core-price  dollars for a core and an hour, with its memory, on demand (0.048)
    --spot-part   what spot costs, as a part of that (0.3)`;

const text = { type: "string" } as const;

/** What the arguments of the command ask. @throws With the usage when a flag is unknown. */
export function inputOf(args: string[]): RightsizingInput {
    const options = { data: text, operations: text, duration: text, cores: text, "core-price": text, "spot-part": text };
    const { values } = parseArgs({ args, options });
    const { data, operations, duration } = values;
    if (data === undefined || duration === undefined) {
        throw new Error(usage);
    }
    const number = (value: string | undefined) => (value === undefined ? undefined : Number(value));
    return {
        dataSize: data,
        operations: (operations ?? "").split(",").filter((name) => name !== ""),
        duration,
        coresPerExecutor: number(values.cores),
        corePrice: number(values["core-price"]),
        spotPart: number(values["spot-part"]),
    };
}

/** The answer for people, and as they would write it into a stack file. */
export function answerOf(found: Rightsizing): string {
    const { executors, cores, containerMemory, memory, memoryOverhead, shufflePartitions, onDemand, spot } = found;
    const each = cores / executors;
    return [
        `${executors} executors with ${each} cores and ${containerMemory} each, for ${Math.ceil(found.seconds / 60)} minutes`,
        `$${onDemand.toFixed(2)} a run on demand, $${spot.toFixed(2)} on spot`,
        "",
        "executor:",
        `  cores: ${each}`,
        `  memory: ${memory}`,
        `  memoryOverhead: ${memoryOverhead}`,
        `  maximum: ${executors}`,
        "sparkConf:",
        `  spark.sql.shuffle.partitions: "${shufflePartitions}"`,
    ].join("\n");
}

if (require.main === module) {
    try {
        console.log(answerOf(rightsize(inputOf(process.argv.slice(2)))));
    } catch (error) {
        console.error(error instanceof Error ? error.message : error);
        process.exitCode = 1;
    }
}
