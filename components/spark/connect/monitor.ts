import type * as k8s from "@pulumi/kubernetes";

import { selectorOf } from "../../internal/identity";
import { driverEndpoints, podMonitor, type ResolvedMonitoring } from "../../internal/monitoring";
import type { ResolvedConnect } from "./args";
import { serverIdentity, serviceName } from "./identity";
import { metadata } from "./labels";

/** Every server by itself: what it does, and at another path of the same port what its executors report to it. */
export function monitor(server: ResolvedConnect, monitoring: ResolvedMonitoring): k8s.apiextensions.CustomResourceArgs {
    return podMonitor(
        { metadata: metadata(server, serviceName(server)), selector: selectorOf(serverIdentity(server)), endpoints: driverEndpoints("ui") },
        monitoring,
    );
}
