import * as pulumi from "@pulumi/pulumi";

import { Checks } from "../../internal/checks";
import { withDefaults } from "../../internal/defaults";
import { resolveLogs, type LogSettings } from "../../internal/logs";
import { resolveMonitoring, type Monitoring, type ResolvedMonitoring } from "../../internal/monitoring";
import { checkSparkConf } from "../../internal/spark-properties";
import { dnsLabel, duration, oneOf, wholeNumber } from "../../internal/values";
import { applicationMain, type SparkApplicationMain } from "../application-main";
import type { SparkRuntime, StandaloneConnection } from "../connections";
import { resolveDriver, type Driver, type SparkApplicationDriver } from "../drivers";
import { resolveExecutors, type Executors, type SparkApplicationExecutor } from "../executors";
import { sparkRuntime, versionOf, type RuntimeFacts } from "../runtime";
import { checkedCluster, refusedOnStandalone, refuseFields } from "../standalone/connection-checks";
import { ownedKeys } from "./conf";

/** Where the driver of an application runs. */
export const sparkDeployModes = {
    /** In the Job's own pod: its log is the Job's log. */
    client: "client",
    /** In a pod that Spark makes; the Job's pod only waits for its end. */
    cluster: "cluster",
} as const;

/** What an application does and how large it is: everything but what it inherits. */
export interface SparkSubmitSettings {
    /** The program. */
    main: SparkApplicationMain;
    /** Arguments of the program. Default: none. */
    arguments?: pulumi.Input<pulumi.Input<string>[]>;
    /** Where the driver runs: client, in the Job's own pod, or cluster, in a pod that Spark makes. Plain: decides which objects exist. Default: client. */
    deployMode?: string;
    /** Size of the driver. */
    driver?: SparkApplicationDriver;
    /** Size and number of the executors. */
    executor?: SparkApplicationExecutor;
    /** How often the application is started again when it fails. Default: 0. */
    retries?: pulumi.Input<number>;
    /** Time that the application may take, retries included, for example 2h; then it is stopped. Default: 1h. */
    deadline?: pulumi.Input<string>;
    /** Whether an `up` waits for the application's end, and fails with it. Default: true. */
    wait?: pulumi.Input<boolean>;
    /** What the driver and its executors write on their standard output, and how: with other settings the application is another one, and runs anew. Default: lines from info on, as JSON; of executors on a Standalone cluster what its workers write. */
    logs?: LogSettings;
    /** A monitor for the Prometheus operator, and what the driver must be told to show metrics: with it the application is another one, and runs anew. Of one that ends before anybody looks nothing is seen. Plain as to whether it is given: decides which objects exist. Default: none. */
    monitoring?: Monitoring;
    /** Further Spark settings. Those that an argument decides are refused. */
    sparkConf?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** Arguments of `SparkSubmit`. */
export interface SparkSubmitArgs extends SparkSubmitSettings {
    /** What the application inherits: namespace, image, accounts, stores. */
    runtime: pulumi.Input<SparkRuntime>;
    /** The Standalone cluster on whose workers the executors run, as processes and not as pods; the driver is in the Job's own pod then. Plain as to whether it is given. Default: none, executors are pods. */
    standalone?: pulumi.Input<StandaloneConnection>;
}

/** The arguments with every default filled in. */
export interface ResolvedSubmit {
    name: string;
    runtime: pulumi.Input<RuntimeFacts>;
    main: SparkApplicationMain;
    arguments: pulumi.Input<string[]>;
    cluster: boolean;
    standalone?: pulumi.Input<StandaloneConnection>;
    driver: Driver;
    executor: Executors;
    retries: pulumi.Input<number>;
    deadline: pulumi.Input<string>;
    wait: pulumi.Input<boolean>;
    logs?: LogSettings;
    monitoring?: ResolvedMonitoring;
    sparkConf: pulumi.Input<Record<string, string>>;
}

const defaults = { arguments: [], deployMode: sparkDeployModes.client as string, retries: 0, deadline: "1h", wait: true, sparkConf: {} };

/** @throws pulumi.InputPropertiesError naming every wrong field. */
export function resolveSubmit(name: string, given: SparkSubmitArgs): ResolvedSubmit {
    const args = withDefaults(given, defaults);
    const checks = new Checks(`SparkSubmit "${name}"`);
    checks.plain("name", name, dnsLabel);
    checks.plain("deployMode", args.deployMode, oneOf(Object.values(sparkDeployModes)));
    if (args.standalone) {
        checks.plain("deployMode", args.deployMode, (mode) =>
            mode === sparkDeployModes.cluster ? "cluster is for executors that are pods; with standalone it must be client" : undefined,
        );
        refuseFields(checks, args, refusedOnStandalone);
    }
    const resolved: ResolvedSubmit = {
        name,
        runtime: checks.input("runtime", args.runtime, sparkRuntime),
        main: applicationMain(checks, args.main),
        arguments: checks.input("arguments", args.arguments),
        cluster: args.deployMode === sparkDeployModes.cluster,
        driver: resolveDriver(checks, args.driver),
        executor: resolveExecutors(checks, args.executor),
        retries: checks.input("retries", args.retries, wholeNumber({ from: 0, to: 100 })),
        deadline: checks.input("deadline", args.deadline, duration),
        wait: args.wait,
        logs: resolveLogs(checks, args.logs),
        monitoring: resolveMonitoring(checks, args.monitoring),
        sparkConf: checkSparkConf(
            checks,
            { sparkVersion: versionOf(args.runtime), sparkConf: args.sparkConf },
            ownedKeys({ standalone: args.standalone !== undefined }),
        ),
    };
    const driver = { sparkVersion: versionOf(args.runtime), ...resolved.executor };
    const standalone = args.standalone && checkedCluster(checks, args.standalone, driver);
    checks.throwIfAny();
    return { ...resolved, standalone };
}
