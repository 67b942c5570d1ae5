import { dirname } from "node:path/posix";

import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { labels } from "../internal/metadata";
import { structure } from "../internal/structure";
import { absolutePath, existingObject } from "../internal/values";
import { driverEnvironment, executorTemplateFile } from "../spark/client-mode";
import type { ClassicConnection } from "../spark/connections";
import { authenticationEnvironment } from "../spark/standalone/client";
import { credentialsEnvironment } from "../storage/s3a";

/** What a pod of a tool gets so that its programs can be drivers of Spark. */

/** A connection whose values are known. */
export type ClassicFacts = pulumi.Unwrap<ClassicConnection>;

export const classicConnection = structure<ClassicFacts>(
    {
        settings: existingObject,
        clientLabels: labels,
        serviceAccount: existingObject,
        authenticationSecret: existingObject,
        credentialsSecret: existingObject,
        credentialsFile: absolutePath,
    },
    { needed: ["settings"] },
);

type EnvVar = k8s.types.input.core.v1.EnvVar;

/** What the container is told: about its own pod, and what is secret. Its home stays its own. */
export function classicEnvironment(classic: ClassicFacts | undefined): pulumi.Output<EnvVar[]> {
    if (classic === undefined) {
        return pulumi.output([]);
    }
    const own: EnvVar[] = [
        ...driverEnvironment.filter(({ name }) => name !== "HOME"),
        { name: "SPARK_LOCAL_DIRS", value: "/tmp" },
        ...authenticationEnvironment(classic.authenticationSecret),
    ];
    return credentialsEnvironment(classic).apply((keys) => pulumi.output([...own, ...keys]));
}

/** Two volumes of one ConfigMap: what lies beside spark-defaults.conf Spark would hand to every executor. */
export function classicVolumes(classic: ClassicFacts | undefined): k8s.types.input.core.v1.Volume[] {
    if (classic === undefined) {
        return [];
    }
    const { settings: name } = classic;
    const only = (key: string) => ({ name, items: [{ key, path: key }] });
    return [
        { name: "spark-settings", configMap: only("spark-defaults.conf") },
        // Executors on a Standalone cluster are no pods.
        { name: "spark-templates", configMap: { ...only("executor.yaml"), optional: true } },
    ];
}

export const classicMounts = (classic: ClassicFacts | undefined): k8s.types.input.core.v1.VolumeMount[] =>
    classic === undefined
        ? []
        : [
              { name: "spark-settings", mountPath: "/opt/spark/conf", readOnly: true },
              { name: "spark-templates", mountPath: dirname(executorTemplateFile), readOnly: true },
          ];

/** Whether executors are made by asking Kubernetes. */
export const asksKubernetes = (classic: ClassicFacts | undefined): boolean => classic?.serviceAccount !== undefined;
