import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { labelsOf, selectorOf, type Identity } from "../../internal/identity";
import { credentialsEnvironment } from "../../storage/s3a";
import { logEnvironment } from "../logs";
import { logConfiguration } from "../spark-image";
import type { Cluster } from "./args";
import { authenticationEnvironment } from "./client";
import { masterIdentity, workerIdentity } from "./identity";

/** What masters and workers have in common. */

export const masterLabels = (cluster: Cluster) => labelsOf<pulumi.Input<string>>(masterIdentity(cluster), cluster.sparkVersion);
export const workerLabels = (cluster: Cluster) => labelsOf<pulumi.Input<string>>(workerIdentity(cluster), cluster.sparkVersion);

export const ofMasters = (cluster: Cluster, name: string) => ({ name, namespace: cluster.namespace, labels: masterLabels(cluster) });
export const ofWorkers = (cluster: Cluster, name: string) => ({ name, namespace: cluster.namespace, labels: workerLabels(cluster) });

/** The names of what the pods mount and read. */
export interface Given {
    settings: pulumi.Input<string>;
    secret: pulumi.Input<string>;
}

/** A new text makes a new ConfigMap under a new name (immutable, not named here), which rolls the pods. */
export function settingsOf(
    { namespace }: Cluster,
    labels: Record<string, pulumi.Input<string>>,
    conf: pulumi.Input<string>,
): k8s.core.v1.ConfigMapArgs {
    return { metadata: { namespace, labels }, immutable: true, data: { "spark-defaults.conf": conf } };
}

export function accountOf(metadata: object, annotations: Cluster["masterAccountAnnotations"]): k8s.core.v1.ServiceAccountArgs {
    return { metadata: { ...metadata, annotations }, automountServiceAccountToken: false };
}

export const settingsVolume = (name: pulumi.Input<string>): k8s.types.input.core.v1.Volume => ({ name: "settings", configMap: { name } });

/** On different nodes where there are several. */
export const spread = (identity: Identity): Partial<k8s.types.input.core.v1.PodSpec> => ({
    topologySpreadConstraints: [
        {
            maxSkew: 1,
            topologyKey: "kubernetes.io/hostname",
            whenUnsatisfiable: "ScheduleAnyway",
            labelSelector: { matchLabels: selectorOf(identity) },
        },
    ],
});

export function daemonEnvironment(
    { logs }: Cluster,
    heap: pulumi.Input<string>,
    secret: pulumi.Input<string>,
): k8s.types.input.core.v1.EnvVar[] {
    return [
        { name: "HOME", value: "/tmp" },
        { name: "POD_NAME", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
        { name: "POD_IP", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } },
        { name: "SPARK_DAEMON_MEMORY", value: heap },
        { name: "SPARK_DAEMON_JAVA_OPTS", value: `-XX:+ExitOnOutOfMemoryError ${logConfiguration}` },
        ...logEnvironment(logs),
        ...authenticationEnvironment(secret),
    ];
}

/** With the store's keys; executors have the environment of their worker. */
export function withKeys(
    own: pulumi.Input<k8s.types.input.core.v1.EnvVar[]>,
    s3: Cluster["s3"],
): pulumi.Output<k8s.types.input.core.v1.EnvVar[]> {
    return pulumi.all([own, s3 === undefined ? [] : credentialsEnvironment(s3)]).apply(([first, keys]) => [...first, ...keys]);
}
