import type * as k8s from "@pulumi/kubernetes";

import { pods, tcp, tcpRange, toS3 } from "../internal/network";
import type { SparkConf } from "../internal/spark-properties";
import { sparkLine } from "../internal/spark-versions";
import { executorConf, executorGraceSeconds, executorOwnedKeys, type ExecutorFacts } from "./executors";
import { apiServerEgress, driverEgress, runtimeConf, runtimeOwnedKeys, type RuntimeFacts } from "./runtime";

/**
 * A driver on Kubernetes whose pod is somebody else's: a notebook, a task of Airflow, a Job. It finds these settings in its
 * `spark-defaults.conf`, the executors' pod in the file `executorTemplateFile` (see `executorTemplate`), and about itself in the
 * environment variables of `driverEnvironment`. Its pod wears `driverClientLabels`, runs as the runtime's driver account with the
 * API token mounted, and has the network rows of `driverRows`; its executors' pods have those of `executorRows`.
 */

export interface ClientModeFacts {
    runtime: RuntimeFacts;
    executor: ExecutorFacts;
    /** Whether the application is written in Python, which needs memory beside the heap. */
    python: boolean;
    /** Drivers that may run in one pod at a time, as the kernels of a notebook do. Default: 1. */
    drivers?: number;
}

type Egress = k8s.types.input.networking.v1.NetworkPolicyEgressRule;
type Ingress = k8s.types.input.networking.v1.NetworkPolicyIngressRule;

/** Fixed, so that network policies can name them. */
export const driverPort = 7078;
export const blockManagerPort = 7079;
export const uiPort = 4040;

export const executorTemplateFile = "/opt/spark/pod-template/executor.yaml";
/** The names that Spark itself and the Spark operator give to the containers. */
export const executorContainer = "spark-kubernetes-executor";
export const driverContainer = "spark-kubernetes-driver";

/** What a driver's container must be told about its pod. */
export const driverEnvironment: k8s.types.input.core.v1.EnvVar[] = [
    { name: "HOME", value: "/tmp" },
    { name: "POD_NAME", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
    { name: "POD_IP", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } },
];

/** Everything that a driver in client mode is told; Spark itself puts the pod's name and address in. */
export function clientModeConf(driver: ClientModeFacts): SparkConf {
    return {
        ...kubernetesConf(driver.runtime),
        ...executorPodConf(driver.runtime, driver.executor),
        ...executorConf(driver.executor, driver),
        ...runtimeConf(driver.runtime),
        ...portsConf(driver.drivers ?? 1),
        "spark.submit.deployMode": "client",
        "spark.driver.bindAddress": "0.0.0.0",
        "spark.driver.host": "${env:POD_IP}",
        // Executors belong to this pod, and go when it goes.
        "spark.kubernetes.driver.pod.name": "${env:POD_NAME}",
    };
}

/** How any driver looks after the pods of its executors. */
export const executorPodsConf: SparkConf = {
    // What a driver has belongs to its pod and goes with it; asked to delete or reuse it, Spark would need rights over Services and volumes.
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

/** What holds for every driver on Kubernetes, wherever it runs. */
export function kubernetesConf({ namespace, image, imagePullSecrets = [], executorServiceAccount }: RuntimeFacts): SparkConf {
    return {
        "spark.master": "k8s://https://kubernetes.default.svc:443",
        "spark.kubernetes.namespace": namespace,
        "spark.kubernetes.container.image": image,
        "spark.kubernetes.container.image.pullSecrets": imagePullSecrets.length > 0 ? imagePullSecrets.join(",") : undefined,
        // Without this key executors run as the driver's account, and with its rights.
        "spark.kubernetes.authenticate.executor.serviceAccountName": executorServiceAccount,
        ...executorPodsConf,
    };
}

/** How executor pods are made. */
export function executorPodConf({ sparkVersion }: RuntimeFacts, { cores, cpuRequest }: ExecutorFacts): SparkConf {
    const { executorGraceKey } = sparkLine(sparkVersion);
    return {
        "spark.kubernetes.executor.podTemplateFile": executorTemplateFile,
        "spark.kubernetes.executor.podTemplateContainerName": executorContainer,
        "spark.kubernetes.executor.request.cores": cpuRequest ?? cores,
        ...(executorGraceKey !== undefined && { [executorGraceKey]: `${executorGraceSeconds}s` }),
    };
}

/** Fixed ports. One driver has its own or fails; several in one pod take the next free ones, of which all are open. */
export function portsConf(drivers: number): SparkConf {
    return {
        "spark.ui.port": uiPort,
        "spark.driver.port": driverPort,
        "spark.driver.blockManager.port": blockManagerPort,
        "spark.blockManager.port": blockManagerPort,
        "spark.port.maxRetries": drivers === 1 ? 0 : 2 * drivers,
    };
}

const driverPorts = (drivers: number) =>
    drivers === 1 ? tcp(driverPort, blockManagerPort) : tcpRange(driverPort, driverPort + 2 * drivers);

/** Settings that the brick or its arguments decide, in whatever mode a driver runs. */
export const driverOwnedKeys: Record<string, string> = {
    ...runtimeOwnedKeys,
    ...executorOwnedKeys,
    "spark.master": "the brick",
    "spark.kubernetes.namespace": "runtime.namespace",
    "spark.kubernetes.container.image": "runtime.image",
    "spark.kubernetes.container.image.pullSecrets": "runtime.imagePullSecrets",
    "spark.kubernetes.executor.container.image": "runtime.image",
    "spark.kubernetes.driver.": "the brick",
    "spark.kubernetes.authenticate.": "runtime.driverServiceAccount and runtime.executorServiceAccount",
    "spark.ui.port": `the network policy, always ${uiPort}`,
    "spark.driver.host": "the address of the driver's pod",
    "spark.driver.bindAddress": "the brick",
    "spark.driver.port": `the network policy, always ${driverPort}`,
    "spark.driver.blockManager.port": `the network policy, always ${blockManagerPort}`,
    "spark.blockManager.port": `the network policy, always ${blockManagerPort}`,
    "spark.port.maxRetries": "the network policy",
};

export interface Rows {
    ingress: Ingress[];
    egress: Egress[];
}

/** Ways into and out of a driver: executors call home; out to the API server, the executors' blocks and what the runtime names. */
export function driverRows(runtime: RuntimeFacts, executorLabels: Record<string, string>, { drivers = 1 } = {}): Rows {
    const executors = [pods(executorLabels)];
    return {
        ingress: [{ from: executors, ports: driverPorts(drivers) }],
        egress: [apiServerEgress(runtime), { to: executors, ports: tcp(blockManagerPort) }, ...driverEgress(runtime)],
    };
}

/** Executors exchange blocks with each other and with their driver, and read and write the store. Nobody else reaches them. */
export function executorRows(
    { s3 }: RuntimeFacts,
    driverLabels: Record<string, string>,
    executorLabels: Record<string, string>,
    { drivers = 1 } = {},
): Rows {
    const [driver, executors] = [pods(driverLabels), pods(executorLabels)];
    return {
        ingress: [{ from: [driver, executors], ports: tcp(blockManagerPort) }],
        egress: [{ to: [driver], ports: driverPorts(drivers) }, { to: [executors], ports: tcp(blockManagerPort) }, ...(s3 ? toS3(s3) : [])],
    };
}
