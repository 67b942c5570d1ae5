import type * as k8s from "@pulumi/kubernetes";

import type { LogFacts, LogSettings } from "../internal/logs";
import type { SparkConf } from "../internal/spark-properties";

/**
 * How processes of our images are told what to log: `log4j2.properties` of images/spark and images/hive read two variables. Only what is
 * given is set; for the rest the file has defaults, and executors on somebody's workers have what their worker was told.
 */

/** The fields of the settings, by the last part of their variables. */
const fields = { LEVEL: "level", LAYOUT: "layout" } as const;

/** Whose variables: each image has its own. */
type Software = "SPARK" | "METASTORE";

/** Settings of a container. */
export const logEnvironment = (logs: LogSettings = {}, software: Software = "SPARK"): k8s.types.input.core.v1.EnvVar[] =>
    Object.entries(fields).flatMap(([name, field]) => {
        const value = logs[field];
        return value === undefined ? [] : [{ name: `${software}_LOG_${name}`, value }];
    });

const ofExecutors = "spark.executorEnv.SPARK_LOG_";

/** What drivers tell their executors, be they pods or processes of workers. */
export const executorLogConf = (logs: LogFacts = {}): SparkConf =>
    Object.fromEntries(Object.entries(fields).map(([name, field]) => [`${ofExecutors}${name}`, logs[field]]));

/** Names that the settings decide, and the field that does. */
const owners = (prefix: string): Record<string, string> =>
    Object.fromEntries(Object.entries(fields).map(([name, field]) => [`${prefix}${name}`, `logs.${field}`]));

/** Variables that the settings decide, for a brick that users add variables to. */
export const logOwnedVariables = owners("SPARK_LOG_");

/** Settings of drivers and executors that they decide, for a brick's table of owned keys. */
export const logOwnedKeys: Record<string, string> = {
    ...owners(ofExecutors),
    ...owners("spark.kubernetes.driverEnv.SPARK_LOG_"),
    "spark.log.level": "logs.level",
};
