import { shortened } from "../../internal/identity";
import { mebibytes } from "../../internal/memory";
import type { LogFacts } from "../../internal/logs";
import { driverMetricsConf, metricsOwnedKeys } from "../../internal/monitoring";
import type { SparkConf } from "../../internal/spark-properties";
import { sparkLine } from "../../internal/spark-versions";
import { committerConf, defaultRegion, s3aConf, s3aOwnedKeys, type S3Facts } from "../../storage/s3a";
import { eventLogConf } from "../event-log";
import { hdfsConf, hdfsOwnedKeys, type HdfsFacts } from "../hdfs";
import { icebergConf, icebergOwnedKeys, icebergPreparation, type IcebergFacts } from "../iceberg";
import { metastoreConf, metastoreOwnedKeys, type MetastoreFacts } from "../metastore";
import { rapidsConf, rapidsOverheadMiB, rapidsOwnedKeys, type RapidsFacts } from "../rapids";
import { executorLogConf, logOwnedKeys } from "../logs";
import { logConfiguration } from "../spark-image";
import { tracingConf, tracingOwnedKeys, type TracingFacts } from "../tracing";
import { backendConf, backendOwnedKeys, SparkConnectBackend, type BackendFacts } from "./backends";
import { connectPort, uiPort } from "./ports";

/** On every executor: the pod of the server that it works for. */
export const serverLabel = "spark-platform/server";

export interface ExecutorFacts {
    cores: number;
    cpuRequest?: string;
    memory: string;
    memoryOverhead?: string;
    minimum: number;
    maximum: number;
    idleTimeout: string;
    idleTimeoutWithCache: string;
}

export interface ConnectFacts extends BackendFacts {
    name: string;
    memory: string;
    executor: ExecutorFacts;
    warehouse?: string;
    s3?: S3Facts;
    eventLog?: object;
    iceberg?: IcebergFacts;
    rapids?: RapidsFacts;
    metastore?: MetastoreFacts;
    hdfs?: HdfsFacts;
    tls?: object;
    logs?: LogFacts;
    monitoring?: object;
    tracing?: TracingFacts;
}

/** Settings that arguments, or the brick itself, decide: the key (or all below it), and what to change instead. */
export const ownedKeys = (backend: string, catalogs: string[] = []): Record<string, string> => ({
    ...s3aOwnedKeys,
    ...metastoreOwnedKeys,
    ...hdfsOwnedKeys,
    ...rapidsOwnedKeys,
    ...metricsOwnedKeys,
    ...logOwnedKeys,
    ...tracingOwnedKeys,
    ...icebergOwnedKeys(catalogs),
    "spark.app.name": "the name of the server's pod",
    "spark.connect.grpc.binding.": `the Service, always ${connectPort}`,
    "spark.connect.authenticate.token": "authentication",
    "spark.ui.port": `the probes, always ${uiPort}`,
    "spark.driver.host": "the address of the server's pod",
    "spark.driver.bindAddress": "the brick",
    "spark.driver.port": "the network policy",
    "spark.driver.blockManager.port": "the network policy",
    "spark.blockManager.port": "the network policy",
    "spark.driver.memory": "memory",
    "spark.driver.memoryOverhead": "memoryOverhead",
    "spark.driver.memoryOverheadFactor": "memoryOverhead",
    "spark.driver.cores": "cpuRequest",
    "spark.executor.instances": "executor.minimum and executor.maximum",
    "spark.executor.cores": "executor.cores",
    "spark.executor.memory": "executor.memory",
    "spark.executor.memoryOverhead": "executor.memoryOverhead",
    "spark.executor.memoryOverheadFactor": "executor.memoryOverhead",
    "spark.dynamicAllocation.enabled": "executor.minimum and executor.maximum",
    "spark.dynamicAllocation.minExecutors": "executor.minimum",
    "spark.dynamicAllocation.initialExecutors": "executor.minimum",
    "spark.dynamicAllocation.maxExecutors": "executor.maximum",
    "spark.dynamicAllocation.executorIdleTimeout": "executor.idleTimeout",
    "spark.dynamicAllocation.cachedExecutorIdleTimeout": "executor.idleTimeoutWithCache",
    "spark.local.dir": "executor.localStorage",
    "spark.sql.warehouse.dir": "warehouse",
    "spark.eventLog.enabled": "eventLog",
    "spark.eventLog.dir": "eventLog.directory",
    "spark.eventLog.rolling.enabled": "eventLog",
    ...backendOwnedKeys(backend),
});

/** Everything a server knows before it starts. What depends on its pod is added by the start command. */
export function connectConf(server: ConnectFacts): SparkConf {
    const line = sparkLine(server.sparkVersion);
    return {
        "spark.connect.grpc.binding.port": connectPort,
        "spark.ui.port": uiPort,
        "spark.driver.bindAddress": "0.0.0.0",
        ...sizesConf(server),
        ...allocationConf(server.executor),
        ...faultsConf(server),
        ...backendConf(server),
        ...(server.s3 && { ...s3aConf(line, server.s3), ...committerConf }),
        ...(server.eventLog && eventLogConf),
        ...proxyConf(server),
        ...catalogsConf(server),
        ...(server.rapids && rapidsConf(server.rapids, server.executor.cores)),
        ...(server.monitoring && driverMetricsConf),
        ...(server.tracing && tracingConf(server.tracing, server.namespace, server.name)),
        ...line.ownConf,
        "spark.sql.warehouse.dir": server.warehouse ?? server.metastore?.warehouse,
        // One user's long query must not keep the others waiting for its end.
        "spark.scheduler.mode": "FAIR",
        "spark.driver.extraJavaOptions": `${logConfiguration} -XX:+ExitOnOutOfMemoryError`,
        "spark.executor.extraJavaOptions": logConfiguration,
        ...executorLogConf(server.logs),
    };
}

/** Behind the proxy nobody else shall find the server; a line that cannot hide has the network policy alone. */
function proxyConf({ tls, sparkVersion }: ConnectFacts): SparkConf {
    const { connectAddressKey } = sparkLine(sparkVersion);
    return tls && connectAddressKey !== undefined ? { [connectAddressKey]: "127.0.0.1" } : {};
}

function catalogsConf({ sparkVersion, metastore, hdfs, iceberg, s3 }: ConnectFacts): SparkConf {
    return {
        ...(metastore && metastoreConf(sparkLine(sparkVersion), metastore)),
        ...(hdfs && hdfsConf(hdfs)),
        ...(iceberg && icebergConf(iceberg, s3 && (s3.region ?? defaultRegion))),
    };
}

function sizesConf({ backend, memory, executor, rapids }: ConnectFacts): SparkConf {
    const overhead =
        executor.memoryOverhead === undefined
            ? Math.max(384, Math.ceil(mebibytes(executor.memory) / 10))
            : mebibytes(executor.memoryOverhead);
    return {
        "spark.driver.memory": memory,
        "spark.executor.cores": executor.cores,
        "spark.executor.memory": executor.memory,
        // On a Standalone cluster the workers' own memory has room beside the heaps of their executors.
        ...(backend !== SparkConnectBackend.Standalone && {
            "spark.executor.memoryOverhead": `${overhead + (rapids ? rapidsOverheadMiB(rapids) : 0)}m`,
        }),
    };
}

/** Executors come with work and go without it. */
function allocationConf(executor: ExecutorFacts): SparkConf {
    return {
        "spark.dynamicAllocation.enabled": true,
        "spark.dynamicAllocation.minExecutors": executor.minimum,
        "spark.dynamicAllocation.initialExecutors": executor.minimum,
        "spark.dynamicAllocation.maxExecutors": executor.maximum,
        "spark.dynamicAllocation.executorIdleTimeout": executor.idleTimeout,
        "spark.dynamicAllocation.cachedExecutorIdleTimeout": executor.idleTimeoutWithCache,
        "spark.cleaner.periodicGC.interval": "5min",
    };
}

/**
 * A server that lives for weeks sees many executors fail; only many at once mean that something is wrong with itself. On a Standalone
 * cluster it is the master that counts, for every application alike.
 */
function faultsConf({ backend, executor: { maximum } }: ConnectFacts): SparkConf {
    return backend === SparkConnectBackend.Standalone
        ? {}
        : { "spark.executor.maxNumFailures": Math.max(20, 4 * maximum), "spark.executor.failuresValidityInterval": "1h" };
}

/** Spark's own server behind a query that is planned before it listens; of extensions/connect-server. */
export const serverClass = "sparkplatform.connect.SparkConnectServer";

/** Spark cuts nothing: beyond this the names of executor pods are refused. */
export const longestPodNamePrefix = 38;
/** "-<ordinal of the server>-<seconds since 1970, hexadecimal>". */
const prefixSuffixLength = 3 + 9;

/**
 * What the container runs. `exec` makes the JVM the process that hears SIGTERM. Names of executors differ with every start, as a
 * JVM that is started again in the same pod would otherwise ask for names that its earlier life's pods still have.
 */
export function startCommand(instance: string, { backend, iceberg }: { backend: string; iceberg?: IcebergFacts }): string {
    const prefix = shortened(instance, longestPodNamePrefix - prefixSuffixLength);
    const areOwnPods = backend === SparkConnectBackend.Kubernetes;
    return [
        ...(iceberg ? icebergPreparation(iceberg) : []),
        ...(areOwnPods ? [`executors="${prefix}-\${POD_NAME##*-}-$(printf %x "$(date +%s)")"`] : []),
        [
            `exec /opt/spark/bin/spark-submit --class ${serverClass}`,
            '--name "$POD_NAME"',
            '--conf "spark.driver.host=$POD_IP"',
            ...(areOwnPods
                ? [
                      '--conf "spark.kubernetes.driver.pod.name=$POD_NAME"',
                      '--conf "spark.kubernetes.executor.podNamePrefix=$executors"',
                      `--conf "spark.kubernetes.executor.label.${serverLabel}=$POD_NAME"`,
                  ]
                : []),
            "spark-internal",
        ].join(" "),
    ].join("\n");
}

/** Container memory for a heap: metaspace, code, threads and network buffers live beside it, and Spark does not count them in client mode. */
export function containerMiB(heap: string, overhead?: string): number {
    const heapMiB = mebibytes(heap);
    return heapMiB + (overhead === undefined ? Math.max(640, Math.ceil(heapMiB / 4)) : mebibytes(overhead));
}
