import * as pulumi from "@pulumi/pulumi";

import { Checks, type Check } from "../../internal/checks";
import { withDefaults } from "../../internal/defaults";
import { resolveLogs, type LogSettings } from "../../internal/logs";
import { memorySize } from "../../internal/memory";
import { checkSparkConf } from "../../internal/spark-properties";
import { dnsLabel, wholeNumber } from "../../internal/values";
import type { SparkRuntime, StandaloneConnection } from "../connections";
import { resolveExecutors, type Executors, type SparkApplicationExecutor } from "../executors";
import { sparkRuntime, versionOf, type RuntimeFacts } from "../runtime";
import type { StandaloneFacts } from "../standalone/client";
import { checkedCluster, refusedOnStandalone, refuseFields } from "../standalone/connection-checks";
import { ownedKeys } from "./conf";

/** How large classic sessions are: everything but what they inherit and where their executors run. */
export interface SparkClassicSettings {
    /** Java heap of a driver, for example 2g, inside the memory of the pod that it runs in; at least 512m. Default: 1g. */
    driverMemory?: pulumi.Input<string>;
    /** Drivers that may run in one pod at a time, as the kernels of a notebook server do. On a Standalone cluster it is always one. Default: 1. */
    drivers?: pulumi.Input<number>;
    /** Size and number of the executors of one session. On a Standalone cluster, its cores and maximum bound what a session takes. */
    executor?: SparkApplicationExecutor;
    /** What drivers and their executors write on their standard output, and how; a driver's is that of its notebook or task. Default: lines from info on, as JSON; of executors on a Standalone cluster what its workers write. */
    logs?: LogSettings;
    /** Further Spark settings. Those that an argument decides are refused. */
    sparkConf?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** Arguments of `SparkClassic`. */
export interface SparkClassicArgs extends SparkClassicSettings {
    /** What sessions inherit: namespace, image of executors, accounts, stores. */
    runtime: pulumi.Input<SparkRuntime>;
    /** Standalone cluster of the runtime's namespace and version that executors run on. Plain as to whether it is given. Default: none, executors are pods. */
    standalone?: pulumi.Input<StandaloneConnection>;
}

/** The arguments with every default filled in. */
export interface ResolvedClassic {
    name: string;
    runtime: pulumi.Input<RuntimeFacts>;
    standalone?: pulumi.Input<StandaloneFacts>;
    driverMemory: pulumi.Input<string>;
    drivers: pulumi.Input<number>;
    executor: Executors;
    logs?: LogSettings;
    sparkConf: pulumi.Input<Record<string, string>>;
}

const defaults = { driverMemory: "1g", drivers: 1, sparkConf: {} };

/** @throws pulumi.InputPropertiesError naming every wrong field. */
export function resolveClassic(name: string, given: SparkClassicArgs): ResolvedClassic {
    const args = withDefaults(given, defaults);
    const checks = new Checks(`SparkClassic "${name}"`);
    checks.plain("name", name, dnsLabel);
    const executor = resolveExecutors(checks, args.executor);
    const resolved: ResolvedClassic = {
        name,
        runtime: checks.input("runtime", args.runtime, sparkRuntime, logInStore),
        standalone: args.standalone && checkedCluster(checks, args.standalone, { sparkVersion: versionOf(args.runtime), ...executor }),
        driverMemory: checks.input("driverMemory", args.driverMemory, memorySize({ from: "512m" })),
        drivers: checks.input("drivers", args.drivers, wholeNumber({ from: 1, to: 20 })),
        executor,
        logs: resolveLogs(checks, args.logs),
        sparkConf: checkSparkConf(
            checks,
            { sparkVersion: versionOf(args.runtime), sparkConf: args.sparkConf },
            ownedKeys({ standalone: args.standalone !== undefined }),
        ),
    };
    if (args.standalone !== undefined) {
        refuseFields(checks, given, refused);
    }
    checks.throwIfAny();
    return resolved;
}

/** The log is written by the session itself, with the keys of its own store. */
const logInStore: Check<RuntimeFacts> = ({ s3, eventLog }) =>
    eventLog === undefined || eventLog.s3.endpoint === s3?.endpoint
        ? undefined
        : "eventLog is in another store than s3; classic sessions write both with the keys of s3";

const refused = {
    ...refusedOnStandalone,
    drivers: "has no effect: the workers of a Standalone cluster call a driver at one port, so that a pod has one",
};
