import type { LogFacts } from "../../internal/logs";
import type { SparkConf } from "../../internal/spark-properties";
import { clientModeConf, driverOwnedKeys } from "../client-mode";
import type { ExecutorFacts } from "../executors";
import { executorLogConf, logOwnedKeys } from "../logs";
import type { RuntimeFacts } from "../runtime";
import { standaloneDriverOwnedKeys, withoutPodsOwnedKeys, type StandaloneFacts } from "../standalone/client";
import { standaloneModeConf } from "../standalone-mode";

export interface ClassicFacts {
    runtime: RuntimeFacts;
    standalone?: StandaloneFacts;
    driverMemory: string;
    drivers: number;
    executor: ExecutorFacts;
    logs?: LogFacts;
}

/** Everything a session knows before it starts; the pod that its driver runs in tells the rest by environment. */
export function classicConf({ runtime, standalone, driverMemory, drivers, executor, logs }: ClassicFacts): SparkConf {
    return {
        ...(standalone ? standaloneModeConf(runtime, executor, standalone) : clientModeConf({ runtime, executor, python: true, drivers })),
        ...eventLogOf(runtime),
        ...executorLogConf(logs),
        "spark.driver.memory": driverMemory,
        // A page that nobody is let in to; a session that is refused its port would not start.
        "spark.ui.enabled": false,
    };
}

/** Straight to the store, where it is seen once the session ends: beside a notebook or a task there is nobody who would carry it. */
const eventLogOf = ({ eventLog }: RuntimeFacts): SparkConf =>
    eventLog === undefined ? {} : { "spark.eventLog.dir": eventLog.directory, "spark.eventLog.rolling.enabled": false };

/** Settings that arguments, or the brick itself, decide: the key (or all below it), and what to change instead. */
export const ownedKeys = ({ standalone }: { standalone: boolean }): Record<string, string> => ({
    ...driverOwnedKeys,
    ...logOwnedKeys,
    "spark.driver.memory": "driverMemory",
    "spark.ui.enabled": "the brick",
    ...(standalone && { ...standaloneDriverOwnedKeys, ...withoutPodsOwnedKeys }),
});
