import { shortened } from "../../internal/identity";
import { mebibytes } from "../../internal/memory";
import type { SparkConf } from "../../internal/spark-properties";
import { sparkLine } from "../../internal/spark-versions";
import { committerConf, s3aConf, s3aOwnedKeys, type S3Facts } from "../../storage/s3a";
import { localEventLog } from "../event-log";
import { jsonLogging } from "../spark-image";

export const connectPort = 15002;
export const uiPort = 4040;
/** Fixed, so that network policies can name them. */
export const driverPort = 7078;
export const blockManagerPort = 7079;

export const executorTemplateFile = "/opt/spark/pod-template/executor.yaml";
export const executorContainer = "executor";
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

export interface ConnectFacts {
    namespace: string;
    sparkVersion: string;
    image: string;
    memory: string;
    executorServiceAccount: string;
    executor: ExecutorFacts;
    warehouse?: string;
    s3?: S3Facts;
    eventLog?: object;
}

/** Settings that arguments, or the brick itself, decide: the key (or all below it), and what to change instead. */
export const ownedKeys: Record<string, string> = {
    ...s3aOwnedKeys,
    "spark.app.name": "the name of the server's pod",
    "spark.master": "the brick: executors are pods of its namespace",
    "spark.submit.deployMode": "the brick",
    "spark.kubernetes.namespace": "namespace",
    "spark.kubernetes.container.image": "image",
    "spark.kubernetes.driver.": "the brick",
    "spark.kubernetes.authenticate.": "serviceAccount and executorServiceAccount",
    "spark.kubernetes.executor.container.image": "image",
    "spark.kubernetes.executor.podNamePrefix": "the name of the server's pod",
    "spark.kubernetes.executor.podTemplateFile": "executor.pod",
    "spark.kubernetes.executor.podTemplateContainerName": "executor.pod",
    "spark.kubernetes.executor.request.cores": "executor.cpuRequest",
    "spark.kubernetes.executor.terminationGracePeriodSeconds": "the brick",
    "spark.connect.grpc.binding.port": `the Service, always ${connectPort}`,
    "spark.ui.port": `the probes, always ${uiPort}`,
    "spark.driver.host": "the address of the server's pod",
    "spark.driver.bindAddress": "the brick",
    "spark.driver.port": `the network policy, always ${driverPort}`,
    "spark.driver.blockManager.port": `the network policy, always ${blockManagerPort}`,
    "spark.blockManager.port": `the network policy, always ${blockManagerPort}`,
    "spark.driver.memory": "memory",
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
    "spark.dynamicAllocation.shuffleTracking.": "the brick: shuffle results move when an executor goes",
    "spark.local.dir": "executor.localStorage",
    "spark.sql.warehouse.dir": "warehouse",
    "spark.eventLog.enabled": "eventLog",
    "spark.eventLog.dir": "eventLog.directory",
    "spark.eventLog.rolling.enabled": "eventLog",
};

/** Everything a server knows before it starts. What depends on its pod is added by the start command. */
export function connectConf(server: ConnectFacts): SparkConf {
    const line = sparkLine(server.sparkVersion);
    return {
        ...kubernetesConf(server),
        ...portsConf,
        ...sizesConf(server),
        ...allocationConf(server.executor),
        ...faultsConf(server.executor),
        ...(server.s3 && { ...s3aConf(line, server.s3), ...committerConf }),
        ...(server.eventLog && eventLogConf),
        ...line.ownConf,
        ...(line.executorGraceKey !== undefined && { [line.executorGraceKey]: `${executorGraceSeconds}s` }),
        "spark.sql.warehouse.dir": server.warehouse,
        // One user's long query must not keep the others waiting for its end.
        "spark.scheduler.mode": "FAIR",
        "spark.driver.extraJavaOptions": `${jsonLogging} -XX:+ExitOnOutOfMemoryError`,
        "spark.executor.extraJavaOptions": jsonLogging,
    };
}

function kubernetesConf({ namespace, image, executorServiceAccount }: ConnectFacts): SparkConf {
    return {
        "spark.master": "k8s://https://kubernetes.default.svc:443",
        "spark.kubernetes.namespace": namespace,
        "spark.kubernetes.container.image": image,
        "spark.kubernetes.executor.podTemplateFile": executorTemplateFile,
        "spark.kubernetes.executor.podTemplateContainerName": executorContainer,
        // Without this key executors run as the server's account, and with its rights.
        "spark.kubernetes.authenticate.executor.serviceAccountName": executorServiceAccount,
        // A server owns neither Services nor volumes; asked to delete or reuse them, Spark would need rights over both.
        "spark.kubernetes.driver.service.deleteOnTermination": false,
        "spark.kubernetes.driver.ownPersistentVolumeClaim": false,
        "spark.kubernetes.driver.reusePersistentVolumeClaim": false,
        // The watch on executor pods is not renewed when the API server says that it is too old; from then on only polling sees them.
        "spark.kubernetes.executor.apiPollingInterval": "10s",
        "spark.kubernetes.executor.enablePollingWithResourceVersion": true,
        // A pod that was asked for and never appeared blocks all further ones for this long; the default is ten minutes.
        "spark.kubernetes.allocation.executor.timeout": "180s",
        // The secret is Spark's own, new with every start; without it any pod let through could call itself an executor.
        "spark.authenticate": true,
    };
}

const portsConf: SparkConf = {
    "spark.connect.grpc.binding.port": connectPort,
    "spark.ui.port": uiPort,
    "spark.driver.bindAddress": "0.0.0.0",
    "spark.driver.port": driverPort,
    "spark.driver.blockManager.port": blockManagerPort,
    "spark.blockManager.port": blockManagerPort,
    // A port that is taken is an error; on the next one up nobody would find the server.
    "spark.port.maxRetries": 0,
};

function sizesConf({ memory, executor }: ConnectFacts): SparkConf {
    return {
        "spark.driver.memory": memory,
        "spark.executor.cores": executor.cores,
        "spark.kubernetes.executor.request.cores": executor.cpuRequest ?? executor.cores,
        "spark.executor.memory": executor.memory,
        "spark.executor.memoryOverhead": executor.memoryOverhead ?? `${Math.max(384, Math.ceil(mebibytes(executor.memory) / 10))}m`,
    };
}

/**
 * Executors come with work and go without it.
 *
 * With shuffle tracking an executor that took part in a shuffle stays for as long as anything remembers the shuffle, which in a
 * server that never ends is for good. Without it an executor hands its results to others when it goes (see decommission), and
 * the last ones' are computed again should anyone ask.
 */
function allocationConf(executor: ExecutorFacts): SparkConf {
    return {
        "spark.dynamicAllocation.enabled": true,
        "spark.dynamicAllocation.shuffleTracking.enabled": false,
        "spark.dynamicAllocation.minExecutors": executor.minimum,
        "spark.dynamicAllocation.initialExecutors": executor.minimum,
        "spark.dynamicAllocation.maxExecutors": executor.maximum,
        "spark.dynamicAllocation.executorIdleTimeout": executor.idleTimeout,
        "spark.dynamicAllocation.cachedExecutorIdleTimeout": executor.idleTimeoutWithCache,
        "spark.cleaner.periodicGC.interval": "5min",
    };
}

/** A server that lives for weeks sees many executors fail; only many at once mean that something is wrong with itself. */
function faultsConf({ maximum }: ExecutorFacts): SparkConf {
    return {
        "spark.executor.maxNumFailures": Math.max(20, 4 * maximum),
        "spark.executor.failuresValidityInterval": "1h",
        "spark.decommission.enabled": true,
        "spark.storage.decommission.enabled": true,
        "spark.storage.decommission.shuffleBlocks.enabled": true,
        "spark.storage.decommission.rddBlocks.enabled": true,
        "spark.executor.decommission.forceKillTimeout": `${executorGraceSeconds}s`,
    };
}

/** Time that an executor has to hand its blocks to others. */
export const executorGraceSeconds = 60;

/**
 * The log is written to the server's own disk and carried to the store by another process: S3 shows a file only when it is
 * closed, and the file of a server that never ends is not. Rolled files keep each upload small.
 */
const eventLogConf: SparkConf = {
    "spark.eventLog.enabled": true,
    "spark.eventLog.dir": `file://${localEventLog}`,
    "spark.eventLog.rolling.enabled": true,
    "spark.eventLog.rolling.maxFileSize": "10m",
    "spark.eventLog.compress": true,
    "spark.eventLog.compression.codec": "zstd",
    "spark.eventLog.logStageExecutorMetrics": true,
};

/** Spark cuts nothing: beyond this the names of executor pods are refused. */
const longestPodNamePrefix = 38;
/** "-<ordinal of the server>-<seconds since 1970, hexadecimal>". */
const prefixSuffixLength = 3 + 9;

/**
 * What the container runs. `exec` makes the JVM the process that hears SIGTERM. Names of executors differ with every start, as a
 * JVM that is started again in the same pod would otherwise ask for names that its earlier life's pods still have.
 */
export function startCommand(instance: string): string {
    const prefix = shortened(instance, longestPodNamePrefix - prefixSuffixLength);
    return [
        `executors="${prefix}-\${POD_NAME##*-}-$(printf %x "$(date +%s)")"`,
        [
            "exec /opt/spark/bin/spark-submit --class org.apache.spark.sql.connect.service.SparkConnectServer",
            '--name "$POD_NAME"',
            '--conf "spark.driver.host=$POD_IP"',
            '--conf "spark.kubernetes.driver.pod.name=$POD_NAME"',
            '--conf "spark.kubernetes.executor.podNamePrefix=$executors"',
            `--conf "spark.kubernetes.executor.label.${serverLabel}=$POD_NAME"`,
            "spark-internal",
        ].join(" "),
    ].join("\n");
}

/** Container memory for a heap: metaspace, code, threads and network buffers live beside it, and Spark does not count them in client mode. */
export function containerMiB(heap: string): number {
    const heapMiB = mebibytes(heap);
    return heapMiB + Math.max(640, Math.ceil(heapMiB / 4));
}
