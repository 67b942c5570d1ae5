import * as k8s from "@pulumi/kubernetes";

import { serverClass } from "./conf";
import { executorMetadata, executorSpec } from "./executor";
import type { ResolvedConnect } from "./args";
import { resourceName } from "./identity";

/** The group and version of the Kubeflow Spark operator's SparkConnect, as its release 2.3 has it. */
const apiVersion = "sparkoperator.k8s.io/v1alpha1";

interface PodTemplate {
    metadata: k8s.types.input.meta.v1.ObjectMeta;
    spec: k8s.types.input.core.v1.PodSpec;
}

/**
 * What the operator makes a server from. Sizes and settings are not said here: the operator knows few of them, writes those on a command
 * line without quotes, and reads none of them again. They are in the `spark-defaults.conf` of the pod, as with the other backends.
 *
 * No labels of the brick: the operator would put them on executors too, which then were servers to every selector.
 */
export function sparkConnect(server: ResolvedConnect, template: PodTemplate): k8s.apiextensions.CustomResourceArgs {
    return {
        apiVersion,
        kind: "SparkConnect",
        metadata: {
            name: resourceName(server),
            namespace: server.namespace,
            labels: { "app.kubernetes.io/part-of": "spark-platform", "app.kubernetes.io/managed-by": "pulumi" },
            annotations: { "pulumi.com/waitFor": "jsonpath={.status.state}=Ready" },
        },
        spec: {
            sparkVersion: server.sparkVersion,
            image: server.image,
            server: { template },
            executor: { template: { metadata: executorMetadata(server), spec: executorSpec(server) } },
        },
    };
}

/**
 * The script that the operator starts. Spark's own goes by another that makes daemons of things and stays between Kubernetes and the JVM;
 * PySpark's distribution, which the images are made of, has neither.
 */
export const operatorScript = {
    name: "start-connect-server.sh",
    directory: "/opt/spark/sbin",
    text: `#!/bin/bash
exec /opt/spark/bin/spark-submit --class ${serverClass} --name "$POD_NAME" "$@" spark-internal
`,
};

/** The name of the container that the operator completes. */
export const operatorContainer = "spark-kubernetes-driver";
