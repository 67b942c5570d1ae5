import type { SparkConf } from "../../internal/spark-properties";
import { sparkLine } from "../../internal/spark-versions";
import { executorPodsConf, executorTemplateFile } from "../client-mode";
import { decommissionConf, executorGraceSeconds } from "../executors";
import {
    standaloneClientConf,
    standaloneDriverOwnedKeys,
    standaloneExecutorsConf,
    withoutPodsOwnedKeys,
    type StandaloneFacts,
} from "../standalone/client";
import { blockManagerPort, driverPort } from "./ports";

/** Who runs a server's executors. */
export const SparkConnectBackend = {
    /** Kubernetes: each executor is a pod of the server's namespace. */
    Kubernetes: "k8s",
    /** A Standalone cluster: executors are processes on its workers. */
    Standalone: "standalone",
    /**
     * Kubernetes, and the server itself is run by the Kubeflow Spark operator (2.3 or newer; the add-on `SparkOperatorAddOn`) from a
     * SparkConnect resource. Its limits: one server; a change of anything makes a new server; after a crash of the JVM names of executors
     * may be taken for some seconds; no user ids chosen by the namespace; no jdbc catalog of Iceberg.
     */
    Operator: "operator",
} as const;

export interface BackendFacts {
    backend: string;
    namespace: string;
    sparkVersion: string;
    image: string;
    executorServiceAccount?: string;
    executor: { cores: number; cpuRequest?: string; minimum: number; maximum: number };
    standalone?: StandaloneFacts;
}

/** What differs by who runs the executors. */
export function backendConf(server: BackendFacts): SparkConf {
    return server.standalone
        ? { ...standaloneClientConf(server.standalone), ...standaloneExecutorsConf(server.executor) }
        : kubernetesConf(server);
}

function kubernetesConf({ backend, namespace, sparkVersion, image, executorServiceAccount, executor }: BackendFacts): SparkConf {
    const { executorGraceKey } = sparkLine(sparkVersion);
    return {
        // The operator names these on the command line itself; there they are the same, but for the name of the template's file.
        ...(backend === SparkConnectBackend.Kubernetes && {
            "spark.master": "k8s://https://kubernetes.default.svc:443",
            "spark.kubernetes.namespace": namespace,
            "spark.kubernetes.container.image": image,
            "spark.kubernetes.executor.podTemplateFile": executorTemplateFile,
            "spark.kubernetes.executor.podTemplateContainerName": executorContainerOf(backend),
        }),
        // Without this key executors run as the server's account, and with its rights.
        "spark.kubernetes.authenticate.executor.serviceAccountName": executorServiceAccount,
        ...executorPodsConf,
        "spark.kubernetes.executor.request.cores": executor.cpuRequest ?? executor.cores,
        ...(executorGraceKey !== undefined && { [executorGraceKey]: `${executorGraceSeconds}s` }),
        "spark.driver.port": driverPort,
        "spark.driver.blockManager.port": blockManagerPort,
        "spark.blockManager.port": blockManagerPort,
        // A port that is taken is an error; on the next one up nobody would find the server.
        "spark.port.maxRetries": 0,
        // With shuffle tracking an executor that took part in a shuffle stays for as long as anything remembers the shuffle, which in a
        // server that never ends is for good. Without it an executor hands its results to others when it goes (see decommission),
        // and the last ones' are computed again should anyone ask.
        "spark.dynamicAllocation.shuffleTracking.enabled": false,
        ...decommissionConf,
    };
}

/** The container of the executor template that Spark completes; the operator has its own word for it. */
export const executorContainerOf = (backend: string): string =>
    backend === SparkConnectBackend.Operator ? "spark-kubernetes-executor" : "executor";

const masterKeys: Record<string, string> = {
    "spark.master": "backend",
    "spark.submit.deployMode": "the brick",
    "spark.dynamicAllocation.shuffleTracking.": "the brick: shuffle results move when an executor goes",
};

const kubernetesKeys: Record<string, string> = {
    ...masterKeys,
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
    "spark.cores.max": "executor.maximum",
};

const standaloneKeys: Record<string, string> = {
    ...masterKeys,
    ...standaloneDriverOwnedKeys,
    ...withoutPodsOwnedKeys,
    "spark.kubernetes.": "backend: executors are no pods here",
};

/** Settings that the backend decides: the key (or all below it), and what to change instead. */
export const backendOwnedKeys = (backend: string): Record<string, string> =>
    backend === SparkConnectBackend.Standalone ? standaloneKeys : kubernetesKeys;
