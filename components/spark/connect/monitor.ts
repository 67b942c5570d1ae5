import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import { labelsOf, selectorOf } from "../../internal/identity";
import { executorMetricsPath, metricsPath, podMonitor, type ResolvedMonitoring } from "../../internal/monitoring";
import type { ResolvedConnect } from "./args";
import { serverIdentity, serviceName } from "./identity";

/** Every server by itself: what it does, and at another path of the same port what its executors report to it. */
export function monitor(server: ResolvedConnect, monitoring: ResolvedMonitoring): k8s.apiextensions.CustomResourceArgs {
    const identity = serverIdentity(server);
    return podMonitor(
        {
            namespace: server.namespace,
            name: serviceName(server),
            labels: labelsOf<pulumi.Input<string>>(identity, server.sparkVersion),
            selector: selectorOf(identity),
            endpoints: [metricsPath, executorMetricsPath].map((path) => ({ port: "ui", path })),
        },
        monitoring,
    );
}
