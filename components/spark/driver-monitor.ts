import type * as k8s from "@pulumi/kubernetes";

import { driverEndpoints, fromPrometheus, podMonitor, type MonitoringFacts, type ResolvedMonitoring } from "../internal/monitoring";
import { uiPort, type Rows } from "./client-mode";

/** Spark's own name for the port, in every driver pod that it makes; a pod template that named the port too would have it twice. */
const uiPortName = "spark-ui";

/** The same port, in a driver's pod that is ours. Nobody but a monitor needs its name. */
export const watchedPorts = (monitoring: object | undefined): { ports?: k8s.types.input.core.v1.ContainerPort[] } =>
    monitoring ? { ports: [{ name: uiPortName, containerPort: uiPort }] } : {};

interface Drivers {
    /** Of the monitor. */
    metadata: k8s.types.input.meta.v1.ObjectMeta;
    /** Labels of the drivers' pods. */
    selector: Record<string, string>;
}

/** Every driver of an application that runs; the operator leaves pods out that have ended. */
export const driverMonitor = (drivers: Drivers, monitoring: ResolvedMonitoring): k8s.apiextensions.CustomResourceArgs =>
    podMonitor({ ...drivers, endpoints: driverEndpoints(uiPortName) }, monitoring);

/** A driver's ways in and out, and one more for Prometheus where it looks. */
export const watchedRows = ({ ingress, egress }: Rows, monitoring: MonitoringFacts | undefined): Rows => ({
    ingress: [...ingress, ...fromPrometheus(monitoring, uiPort)],
    egress,
});
