import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import { labelsOf, selectorOf, type Identity } from "../../internal/identity";
import { metricsPath, podMonitor, type ResolvedMonitoring } from "../../internal/monitoring";
import type { Cluster } from "./args";
import { masterIdentity, mastersName, workerIdentity, workersName } from "./identity";

/** Masters, those that stand by too. */
export const masterMonitor = (cluster: Cluster, monitoring: ResolvedMonitoring): k8s.apiextensions.CustomResourceArgs =>
    monitor(cluster, masterIdentity(cluster), mastersName(cluster), monitoring);

export const workerMonitor = (cluster: Cluster, monitoring: ResolvedMonitoring): k8s.apiextensions.CustomResourceArgs =>
    monitor(cluster, workerIdentity(cluster), workersName(cluster), monitoring);

function monitor(cluster: Cluster, identity: Identity, name: string, monitoring: ResolvedMonitoring) {
    const labels = labelsOf<pulumi.Input<string>>(identity, cluster.sparkVersion);
    const endpoints = [{ port: "ui", path: metricsPath }];
    return podMonitor({ namespace: cluster.namespace, name, labels, selector: selectorOf(identity), endpoints }, monitoring);
}
