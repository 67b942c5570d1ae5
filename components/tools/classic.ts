import { basename } from "node:path/posix";

import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { logSettings } from "../internal/logs";
import { labels } from "../internal/metadata";
import { structure } from "../internal/structure";
import { absolutePath, existingObject } from "../internal/values";
import { driverEnvironment, executorTemplateFile } from "../spark/client-mode";
import type { ClassicConnection } from "../spark/connections";
import { driverFileMounts, driverFileVolumes } from "../spark/driver-files";
import { logEnvironment } from "../spark/logs";
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
        logs: logSettings,
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
        ...logEnvironment(classic.logs),
    ];
    return credentialsEnvironment(classic).apply((keys) => pulumi.output([...own, ...keys]));
}

/** Executors on a Standalone cluster are no pods, so that there may be no template; and the pod has volumes of its own. */
const files = { templates: [basename(executorTemplateFile)], mayLackTemplates: true, prefix: "spark-" };

export const classicVolumes = (classic: ClassicFacts | undefined): k8s.types.input.core.v1.Volume[] =>
    classic === undefined ? [] : driverFileVolumes({ ...files, settings: classic.settings });

export const classicMounts = (classic: ClassicFacts | undefined): k8s.types.input.core.v1.VolumeMount[] =>
    classic === undefined ? [] : driverFileMounts(files);

/** Whether executors are made by asking Kubernetes. */
export const asksKubernetes = (classic: ClassicFacts | undefined): boolean => classic?.serviceAccount !== undefined;
