import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";

import { labelsOf, objectName } from "../../internal/identity";
import { policySpec } from "../../internal/network";
import type { ServerPod } from "../jupyter-hub/conf";
import { serverPod } from "../jupyter-hub/user-server";
import { waysToNeighbours, type Neighbours } from "../notebooks";
import type { ResolvedHubAttachment } from "./args";
import { chartLabels, chartValues } from "./conf";

const accountName = ({ name }: ResolvedHubAttachment): string => objectName(name, "notebooks");

function metadata(attachment: ResolvedHubAttachment): k8s.types.input.meta.v1.ObjectMeta {
    const identity = { application: "jupyter-hub", role: "attached-server", instance: attachment.name };
    return { name: accountName(attachment), namespace: attachment.namespace, labels: labelsOf(identity) };
}

/** Of people's code: no rights. */
export function account(attachment: ResolvedHubAttachment): k8s.core.v1.ServiceAccountArgs {
    return { metadata: metadata(attachment), automountServiceAccountToken: false };
}

/** Beside the chart's own policy, which knows the way to the hub, and to no address inside the cluster. */
export function network(attachment: ResolvedHubAttachment): k8s.networking.v1.NetworkPolicyArgs {
    const { connect, historyServer, tracking, release } = attachment;
    const facts = pulumi.output({ connect, historyServer, tracking, release }) as pulumi.Output<Neighbours & { release: string }>;
    const spec = facts.apply((known) => {
        const { podSelector, egress } = policySpec(chartLabels(known.release), { ingress: [], egress: waysToNeighbours(known) });
        return { podSelector, policyTypes: ["Egress"], egress };
    });
    return { metadata: metadata(attachment), spec };
}

export function values(attachment: ResolvedHubAttachment): pulumi.Output<string> {
    const { serverImage: image, ...server } = attachment;
    return serverPod({ ...server, image, labels: {} }).apply((pod) =>
        stringify(chartValues({ account: accountName(attachment), pod: pod as ServerPod }), { aliasDuplicateObjects: false }),
    );
}
