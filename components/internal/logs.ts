import type * as pulumi from "@pulumi/pulumi";

import type { Check, Checks } from "./checks";
import { structure } from "./structure";
import { oneOf } from "./values";

/** From which line on a program writes: each level has those before it too. */
export const logLevels = {
    /** What went wrong. */
    error: "error",
    /** What may go wrong. */
    warn: "warn",
    /** What happens. */
    info: "info",
    /** What happens inside. */
    debug: "debug",
    /** Every step; a program that knows nothing finer than debug takes it for debug. */
    trace: "trace",
} as const;

/** What a line looks like. */
export const logLayouts = {
    /** One JSON object a line, for programs that collect logs. */
    json: "json",
    /** Text, for people who read with their eyes; an exception takes several lines. */
    text: "text",
} as const;

/** What a program writes on its standard output, and how. A change replaces the pods one after the other; an application that runs to its end is another one, and runs anew. */
export interface LogSettings {
    /** From which line on: error, warn, info, debug or trace. Default: info. */
    level?: pulumi.Input<string>;
    /** What a line looks like: json, one object with the same fields on every line of Spark, or text. Default: json; of Airflow text. */
    layout?: pulumi.Input<string>;
}

/** What a program writes on its standard output whose lines have a layout of their own. A change replaces the pods. */
export interface LogLevelSettings {
    /** From which line on: error, warn, info, debug or trace; of two that the program does not tell apart, the same lines. Default: what the program writes by itself. */
    level?: pulumi.Input<string>;
}

/** The settings when they are known. */
export type LogFacts = pulumi.Unwrap<LogSettings>;
export type LogLevelFacts = pulumi.Unwrap<LogLevelSettings>;

const level = oneOf(Object.values(logLevels));
const layout = oneOf(Object.values(logLayouts));

/** The check of settings inside a connection. */
export const logSettings: Check<LogFacts> = structure<LogFacts>({ level, layout });

/** Checks the argument of a brick; what is not given stays so, which leaves the program its own. */
export function resolveLogs(checks: Checks, given: LogSettings | undefined): LogSettings | undefined {
    return (
        given && {
            level: checks.optional("logs.level", given.level, level),
            layout: checks.optional("logs.layout", given.layout, layout),
        }
    );
}

/** As `resolveLogs`, of a program whose lines have a layout of their own. */
export function resolveLogLevel(checks: Checks, given: LogLevelSettings | undefined): LogLevelSettings | undefined {
    return given && { level: checks.optional("logs.level", given.level, level) };
}

/** The levels of a program by ours. */
type Levels = Record<keyof typeof logLevels, string>;

/** Those of Python's own logging. */
export const pythonLevels: Levels = { error: "ERROR", warn: "WARNING", info: "INFO", debug: "DEBUG", trace: "DEBUG" };
/** Those of Jupyter's programs. */
export const jupyterLevels: Levels = { ...pythonLevels, warn: "WARN" };
/** Those of PostgreSQL. */
export const postgresLevels: Levels = { error: "error", warn: "warning", info: "info", debug: "debug1", trace: "debug5" };

/** What a program calls a level that was checked. */
export const levelIn = (levels: Levels, ours: string): string => levels[ours as keyof Levels];
