import type { SparkConf } from "../internal/spark-properties";
import { executorProcessConf, type ExecutorFacts } from "./executors";
import { runtimeConf, type RuntimeFacts } from "./runtime";
import { standaloneClientConf, standaloneExecutorsConf, type StandaloneFacts } from "./standalone/client";

/**
 * Everything that a driver is told whose executors are processes on the workers of a Standalone cluster. Its pod is somebody else's, as in
 * client mode, and tells its own address by environment.
 */
export const standaloneModeConf = (runtime: RuntimeFacts, executor: ExecutorFacts, cluster: StandaloneFacts): SparkConf => ({
    ...standaloneClientConf(cluster),
    ...executorProcessConf(executor),
    ...standaloneExecutorsConf(executor),
    ...runtimeConf(runtime),
    "spark.submit.deployMode": "client",
    "spark.driver.bindAddress": "0.0.0.0",
    "spark.driver.host": "${env:POD_IP}",
});
