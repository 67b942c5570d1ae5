import type * as k8s from "@pulumi/kubernetes";

import type { MetricsEndpoint } from "../internal/monitoring";

/** What turns the beans of a Java process that has no page of metrics into one; images carry the agent, and only a brick that is watched loads it. */

/** The one that the agent's makers have registered. */
export const jmxPort = 9404;

/** Key of the agent's settings in the ConfigMap of the process. */
export const jmxSettingsKey = "jmx-exporter.yaml";

export const jmxEndpoints: MetricsEndpoint[] = [{ port: "metrics", path: "/metrics" }];

export const jmxContainerPort: k8s.types.input.core.v1.ContainerPort = { name: "metrics", containerPort: jmxPort };

/** The option of Java that loads the agent: which jar, and where the settings lie. */
export const jmxOption = (jar: string, directory: string): string => `-javaagent:${jar}=${jmxPort}:${directory}/${jmxSettingsKey}`;

/** Heap, threads, collections and files of a process, which the agent shows by itself, and no beans beside them. */
export const jvmOnly = "rules: []\n";
