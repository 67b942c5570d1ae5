import type { LogFacts } from "../../internal/logs";
import { driverMetricsConf, metricsOwnedKeys } from "../../internal/monitoring";
import type { SparkConf } from "../../internal/spark-properties";
import { isPython, type MainFacts } from "../application-main";
import { clientModeConf, driverOwnedKeys } from "../client-mode";
import { clusterModeConf } from "../cluster-mode";
import { driverSizeOwnedKeys, type DriverFacts } from "../drivers";
import type { ExecutorFacts } from "../executors";
import { executorLogConf, logOwnedKeys } from "../logs";
import type { RuntimeFacts } from "../runtime";
import { driverPorts, standaloneDriverOwnedKeys, withoutPodsOwnedKeys, type StandaloneFacts } from "../standalone/client";
import { standaloneModeConf } from "../standalone-mode";

export const driverTemplateFile = "/opt/spark/pod-template/driver.yaml";

export interface SubmitFacts {
    name: string;
    runtime: RuntimeFacts;
    main: MainFacts;
    cluster: boolean;
    driver: DriverFacts;
    executor: ExecutorFacts;
    standalone?: StandaloneFacts;
    logs?: LogFacts;
    monitoring?: object;
}

/** Settings that arguments, or the brick itself, decide: the key (or all below it), and what to change instead. */
export const ownedKeys = ({ standalone }: { standalone: boolean }): Record<string, string> => ({
    ...driverOwnedKeys,
    ...driverSizeOwnedKeys,
    ...metricsOwnedKeys,
    ...logOwnedKeys,
    ...standaloneDriverOwnedKeys,
    ...(standalone && withoutPodsOwnedKeys),
    "spark.app.name": "the brick's name",
    "spark.submit.deployMode": "deployMode",
    "spark.kubernetes.submission.waitAppCompletion": "the brick",
});

/** Everything an application knows before it starts. */
export function submitConf({ name, cluster, main, standalone, logs, monitoring, ...facts }: SubmitFacts): SparkConf {
    const application = { ...facts, python: isPython(main) };
    return {
        ...(standalone && { ...standaloneModeConf(facts.runtime, facts.executor, standalone), "spark.ui.port": driverPorts.ui }),
        ...(!standalone && (cluster ? clusterModeConf(application) : clientModeConf(application))),
        ...(!cluster && { "spark.driver.memory": facts.driver.memory }),
        ...executorLogConf(logs),
        ...(monitoring && driverMetricsConf),
        "spark.app.name": name,
    };
}

/** Kubernetes reads "$" in arguments as the begin of a variable, and "$$" as "$". */
export const escapedForPod = (text: string): string => text.replaceAll("$", "$$$$");

/** The program and its arguments, as spark-submit wants them. In cluster mode they pass through a second pod. */
export function programArguments({ main, cluster }: Pick<SubmitFacts, "main" | "cluster">, given: string[]): string[] {
    const once = given.map(escapedForPod);
    return [...(main.class === undefined ? [] : ["--class", main.class]), main.file, ...(cluster ? once.map(escapedForPod) : once)];
}
