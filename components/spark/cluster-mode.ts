import type { SparkConf } from "../internal/spark-properties";
import { driverContainer, executorPodConf, kubernetesConf, portsConf } from "./client-mode";
import { driverSizeConf, type DriverFacts } from "./drivers";
import { executorConf, type ExecutorFacts } from "./executors";
import { runtimeConf, type RuntimeFacts } from "./runtime";

export interface ClusterModeFacts {
    runtime: RuntimeFacts;
    driver: DriverFacts;
    executor: ExecutorFacts;
    /** Whether the application is written in Python, which needs memory beside the heap. */
    python: boolean;
}

/** Everything that an application is told whose driver gets a pod of its own; the pod's name and template come from who submits it. */
export function clusterModeConf({ runtime, driver, executor, ...kind }: ClusterModeFacts): SparkConf {
    return {
        ...kubernetesConf(runtime),
        ...driverSizeConf(driver, kind),
        ...executorPodConf(runtime, executor),
        ...executorConf(executor, kind),
        ...runtimeConf(runtime),
        ...portsConf(1),
        "spark.submit.deployMode": "cluster",
        "spark.kubernetes.authenticate.driver.serviceAccountName": runtime.driverServiceAccount,
        "spark.kubernetes.driver.podTemplateContainerName": driverContainer,
    };
}
