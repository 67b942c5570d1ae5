import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import { secretData } from "../../internal/environment";
import { selectorOf } from "../../internal/identity";
import type { Cluster } from "./args";
import { authenticationKey } from "./client";
import { masterUiPort } from "./conf";
import { masterLabels, ofMasters } from "./daemons";
import { clientsName, masterIdentity, serviceName } from "./identity";
import { clientPolicy, uiPortOf } from "./network";

/** A new secret makes a new Secret under a new name, which rolls masters and workers; drivers of before are locked out. */
export function authentication(cluster: Cluster, secret: pulumi.Input<string>): k8s.core.v1.SecretArgs {
    return {
        metadata: { namespace: cluster.namespace, labels: masterLabels(cluster) },
        immutable: true,
        data: secretData({ [authenticationKey]: secret }),
    };
}

/** The web UI of whichever master leads. */
export function address(cluster: Cluster): k8s.core.v1.ServiceArgs {
    return {
        metadata: ofMasters(cluster, serviceName(cluster)),
        spec: {
            selector: selectorOf(masterIdentity(cluster)),
            ports: [{ name: "http", port: masterUiPort, targetPort: uiPortOf(cluster) }],
        },
    };
}

export function clientNetwork(cluster: Cluster): k8s.networking.v1.NetworkPolicyArgs {
    return { metadata: ofMasters(cluster, clientsName(cluster)), spec: cluster.known.apply(clientPolicy) };
}
