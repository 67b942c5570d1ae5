import type * as k8s from "@pulumi/kubernetes";

import { selectorOf } from "../../internal/identity";
import { metricsPath, podMonitor, type ResolvedMonitoring } from "../../internal/monitoring";
import type { Cluster } from "./args";
import { ofMasters, ofWorkers } from "./daemons";
import { masterIdentity, mastersName, workerIdentity, workersName } from "./identity";

const endpoints = [{ port: "ui", path: metricsPath }];

/** Masters, those that stand by too. */
export const masterMonitor = (cluster: Cluster, monitoring: ResolvedMonitoring): k8s.apiextensions.CustomResourceArgs =>
    podMonitor(
        { metadata: ofMasters(cluster, mastersName(cluster)), selector: selectorOf(masterIdentity(cluster)), endpoints },
        monitoring,
    );

export const workerMonitor = (cluster: Cluster, monitoring: ResolvedMonitoring): k8s.apiextensions.CustomResourceArgs =>
    podMonitor(
        { metadata: ofWorkers(cluster, workersName(cluster)), selector: selectorOf(workerIdentity(cluster)), endpoints },
        monitoring,
    );
