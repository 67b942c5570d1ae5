import type { LogFacts } from "../../internal/logs";
import { driverMetricsConf, metricsOwnedKeys } from "../../internal/monitoring";
import type { SparkConf } from "../../internal/spark-properties";
import { isPython, type MainFacts } from "../application-main";
import { driverOwnedKeys } from "../client-mode";
import { clusterModeConf } from "../cluster-mode";
import { driverOverheadMiB, driverSizeOwnedKeys, type DriverFacts } from "../drivers";
import { overhead, type ExecutorFacts } from "../executors";
import { executorLogConf, logOwnedKeys } from "../logs";
import type { RuntimeFacts } from "../runtime";

export interface ApplicationFacts {
    runtime: RuntimeFacts;
    main: MainFacts;
    driver: DriverFacts;
    executor: ExecutorFacts;
    logs?: LogFacts;
    monitoring?: object;
}

/** Settings that arguments, the brick or the operator decide: the key (or all below it), and what to change instead. */
export const ownedKeys: Record<string, string> = {
    ...driverOwnedKeys,
    ...driverSizeOwnedKeys,
    ...metricsOwnedKeys,
    ...logOwnedKeys,
    "spark.app.name": "the brick's name",
    "spark.submit.deployMode": "the brick",
    "spark.kubernetes.submission.waitAppCompletion": "the operator",
};

/** Settings that the operator passes itself, from fields of the custom resource; given twice, the later one would win. */
const givenByOperator = [
    "spark.master",
    "spark.submit.deployMode",
    "spark.kubernetes.namespace",
    "spark.kubernetes.container.image",
    "spark.kubernetes.container.image.pullSecrets",
    "spark.kubernetes.authenticate.driver.serviceAccountName",
    "spark.kubernetes.authenticate.executor.serviceAccountName",
    "spark.kubernetes.driver.podTemplateContainerName",
    "spark.kubernetes.driver.request.cores",
    "spark.kubernetes.executor.podTemplateFile",
    "spark.kubernetes.executor.podTemplateContainerName",
    "spark.kubernetes.executor.request.cores",
    "spark.driver.memory",
    "spark.driver.memoryOverhead",
    "spark.executor.instances",
    "spark.executor.cores",
    "spark.executor.memory",
    "spark.executor.memoryOverhead",
    "spark.dynamicAllocation.enabled",
    "spark.dynamicAllocation.shuffleTracking.enabled",
    "spark.dynamicAllocation.minExecutors",
    "spark.dynamicAllocation.initialExecutors",
    "spark.dynamicAllocation.maxExecutors",
];

/** What an application is told beyond the fields of its custom resource. */
export function applicationConf({ main, logs, monitoring, ...facts }: ApplicationFacts): SparkConf {
    const conf = {
        ...clusterModeConf({ ...facts, python: isPython(main) }),
        ...executorLogConf(logs),
        ...(monitoring && driverMetricsConf),
    };
    return Object.fromEntries(Object.entries(conf).filter(([key, value]) => value !== undefined && !givenByOperator.includes(key)));
}

/** Sizes as fields of the custom resource, where people and quotas look for them. */
export function sizes({ main, driver, executor }: ApplicationFacts) {
    const kind = { python: isPython(main) };
    const dynamic = executor.maximum > executor.minimum;
    return {
        driver: { memory: driver.memory, memoryOverhead: `${driverOverheadMiB(driver, kind)}m`, coreRequest: driver.cpuRequest },
        executor: {
            instances: executor.minimum,
            cores: executor.cores,
            coreRequest: executor.cpuRequest ?? String(executor.cores),
            memory: executor.memory,
            memoryOverhead: executor.memoryOverhead ?? overhead(executor.memory, kind),
        },
        dynamicAllocation: dynamic
            ? {
                  enabled: true,
                  initialExecutors: executor.minimum,
                  minExecutors: executor.minimum,
                  maxExecutors: executor.maximum,
                  // Results of a shuffle move when an executor goes, so none has to stay for them.
                  shuffleTrackingEnabled: false,
              }
            : undefined,
    };
}
