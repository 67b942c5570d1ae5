// Pulumi compiles a plugin with options of its own, which do not know the list of time zones.
/// <reference lib="es2022.intl" />
import * as pulumi from "@pulumi/pulumi";

import { Checks, type Check } from "../../internal/checks";
import { withDefaults } from "../../internal/defaults";
import { resolveLogs, type LogSettings } from "../../internal/logs";
import { resolveMonitoring, type Monitoring, type ResolvedMonitoring } from "../../internal/monitoring";
import { checkSparkConf } from "../../internal/spark-properties";
import { dnsLabel, duration, oneOf, wholeNumber } from "../../internal/values";
import { applicationMain, type SparkApplicationMain } from "../application-main";
import type { SparkRuntime } from "../connections";
import { resolveDriver, type Driver, type SparkApplicationDriver } from "../drivers";
import { resolveExecutors, type Executors, type SparkApplicationExecutor } from "../executors";
import { sparkRuntime, versionOf, type RuntimeFacts } from "../runtime";
import { ownedKeys } from "./conf";

/** What happens when an application has ended. */
export const sparkRestarts = {
    /** It has ended. */
    never: "Never",
    /** It is started again when it failed. */
    onFailure: "OnFailure",
    /** It is started again however it ended, as a stream is. */
    always: "Always",
} as const;

/** What happens when a run is due while the one before still works. */
export const sparkConcurrency = {
    /** Both work. */
    allow: "Allow",
    /** The new one is left out. */
    forbid: "Forbid",
    /** The old one is stopped. */
    replace: "Replace",
} as const;

/** What an application does and how large it is: everything but what it inherits. */
export interface SparkApplicationSettings {
    /** The program. */
    main: SparkApplicationMain;
    /** Arguments of the program. Default: none. */
    arguments?: pulumi.Input<pulumi.Input<string>[]>;
    /** Size of the driver. */
    driver?: SparkApplicationDriver;
    /** Size and number of the executors. */
    executor?: SparkApplicationExecutor;
    /** When the application is started again: Never, OnFailure or Always. Default: Never. */
    restart?: pulumi.Input<string>;
    /** How often it is started again at most, where it is so on failure. Default: 3. */
    retries?: pulumi.Input<number>;
    /** Time before it is started again, for example 30s. Default: 30s. */
    retryInterval?: pulumi.Input<string>;
    /** Time after its end until the operator deletes it with its pods; an `up` after a refresh then runs it anew. Default: it stays. */
    timeToLive?: pulumi.Input<string>;
    /** What drivers and executors write on their standard output, and how: with other settings the application is another one, and runs anew; of a schedule the next run is. Default: lines from info on, as JSON. */
    logs?: LogSettings;
    /** A monitor for the Prometheus operator, and what drivers must be told to show metrics: with it the application is another one, and runs anew; of a schedule the next run is. Of one that ends before anybody looks nothing is seen. Plain as to whether it is given: decides which objects exist. Default: none. */
    monitoring?: Monitoring;
    /** Further Spark settings. Those that an argument decides are refused. */
    sparkConf?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** Arguments of `SparkApplication`. The Spark operator runs it: the add-on `SparkOperatorAddOn` brings it and the API. */
export interface SparkApplicationArgs extends SparkApplicationSettings {
    /** What the application inherits: namespace, image, accounts, stores. */
    runtime: pulumi.Input<SparkRuntime>;
}

/** What a scheduled application is like: everything but what it inherits. */
export interface ScheduledSparkApplicationSettings extends SparkApplicationSettings {
    /** When it runs, as cron writes it: "0 3 * * *", or "@daily", "@every 30m". */
    schedule: pulumi.Input<string>;
    /** Time zone of the schedule, for example Europe/Berlin. Default: that of the operator, mostly UTC. */
    timeZone?: pulumi.Input<string>;
    /** What happens when a run is due while the one before still works: Allow, Forbid or Replace. Default: Forbid. */
    concurrency?: pulumi.Input<string>;
    /** Whether no further runs are started. Default: false. */
    suspended?: pulumi.Input<boolean>;
    /** Runs that succeeded and are kept, with their logs. Default: 3. */
    keepSuccessful?: pulumi.Input<number>;
    /** Runs that failed and are kept, with their logs. Default: 3. */
    keepFailed?: pulumi.Input<number>;
}

/** Arguments of `ScheduledSparkApplication`. The Spark operator runs it: the add-on `SparkOperatorAddOn` brings it and the API. */
export interface ScheduledSparkApplicationArgs extends ScheduledSparkApplicationSettings {
    /** What the application inherits: namespace, image, accounts, stores. */
    runtime: pulumi.Input<SparkRuntime>;
}

/** The arguments with every default filled in. */
export interface ResolvedApplication {
    name: string;
    /** What the custom resource is, for the names and labels of everything that belongs to it. */
    part: "application" | "schedule";
    runtime: pulumi.Input<RuntimeFacts>;
    main: SparkApplicationMain;
    arguments: pulumi.Input<string[]>;
    driver: Driver;
    executor: Executors;
    restart: pulumi.Input<string>;
    retries: pulumi.Input<number>;
    retryInterval: pulumi.Input<string>;
    timeToLive?: pulumi.Input<string>;
    logs?: LogSettings;
    monitoring?: ResolvedMonitoring;
    sparkConf: pulumi.Input<Record<string, string>>;
}

/** The same of a scheduled one. */
export interface ResolvedSchedule extends ResolvedApplication {
    schedule: pulumi.Input<string>;
    timeZone?: pulumi.Input<string>;
    concurrency: pulumi.Input<string>;
    suspended: pulumi.Input<boolean>;
    keepSuccessful: pulumi.Input<number>;
    keepFailed: pulumi.Input<number>;
}

/** The operator names Services and pods after the application and adds to it; what is longer it refuses when it is too late. */
const longestName = 40;
const applicationName: Check<string> = (name) =>
    dnsLabel(name) ??
    (name.length > longestName ? `"${name}" has ${name.length} characters; at most ${longestName} are allowed` : undefined);

const cronField = String.raw`(\*|[0-9A-Za-z]+(-[0-9A-Za-z]+)?)(\/[0-9]+)?`;
const cron = new RegExp(`^(${cronField}(,${cronField})*)( ${cronField}(,${cronField})*){4}$`);
export const cronSchedule: Check<string> = (value) =>
    cron.test(value) || /^@(hourly|daily|weekly|monthly|yearly|every [0-9]+[smh]([0-9]+[smh])*)$/.test(value)
        ? undefined
        : `"${value}" is not a schedule; write it like "0 3 * * *", "@daily" or "@every 30m"`;

export const timeZone: Check<string> = (value) =>
    Intl.supportedValuesOf("timeZone").includes(value) || value === "UTC"
        ? undefined
        : `"${value}" is not a time zone; write it like "Europe/Berlin"`;

const defaults = { arguments: [], restart: sparkRestarts.never as string, retries: 3, retryInterval: "30s", sparkConf: {} };

function resolve(checks: Checks, name: string, given: SparkApplicationArgs): ResolvedApplication {
    const args = withDefaults(given, defaults);
    checks.plain("name", name, applicationName);
    return {
        name,
        part: "application",
        runtime: checks.input("runtime", args.runtime, sparkRuntime),
        main: applicationMain(checks, args.main),
        arguments: args.arguments as pulumi.Input<string[]>,
        driver: resolveDriver(checks, args.driver),
        executor: resolveExecutors(checks, args.executor),
        restart: checks.input("restart", args.restart, oneOf(Object.values(sparkRestarts))),
        retries: checks.input("retries", args.retries, wholeNumber({ from: 0, to: 100 })),
        retryInterval: checks.input("retryInterval", args.retryInterval, duration),
        timeToLive: checks.optional("timeToLive", args.timeToLive, duration),
        logs: resolveLogs(checks, args.logs),
        monitoring: resolveMonitoring(checks, args.monitoring),
        sparkConf: checkSparkConf(checks, { sparkVersion: versionOf(args.runtime), sparkConf: args.sparkConf }, ownedKeys),
    };
}

/** @throws pulumi.InputPropertiesError naming every wrong field. */
export function resolveApplication(name: string, given: SparkApplicationArgs): ResolvedApplication {
    const checks = new Checks(`SparkApplication "${name}"`);
    const resolved = resolve(checks, name, given);
    checks.throwIfAny();
    return resolved;
}

const scheduleDefaults = { concurrency: sparkConcurrency.forbid as string, suspended: false, keepSuccessful: 3, keepFailed: 3 };

/** @throws pulumi.InputPropertiesError naming every wrong field. */
export function resolveSchedule(name: string, given: ScheduledSparkApplicationArgs): ResolvedSchedule {
    const args = withDefaults(given, scheduleDefaults);
    const checks = new Checks(`ScheduledSparkApplication "${name}"`);
    const resolved = {
        ...resolve(checks, name, given),
        part: "schedule" as const,
        schedule: checks.input("schedule", args.schedule, cronSchedule),
        timeZone: checks.optional("timeZone", args.timeZone, timeZone),
        concurrency: checks.input("concurrency", args.concurrency, oneOf(Object.values(sparkConcurrency))),
        suspended: args.suspended,
        keepSuccessful: checks.input("keepSuccessful", args.keepSuccessful, wholeNumber({ from: 0, to: 100 })),
        keepFailed: checks.input("keepFailed", args.keepFailed, wholeNumber({ from: 0, to: 100 })),
    };
    checks.throwIfAny();
    return resolved;
}
