import * as pulumi from "@pulumi/pulumi";

import type { PodSettings } from "../../internal/pod";
import type { PlatformSecrets } from "../../secrets";
import type { S3Connection } from "../../storage/connections";

/** What an agent that brings files wants to see on a pod; what the pod's own settings say stays beside it. */
export function agentPod({ podAnnotations, podLabels, podTokenAudience }: PlatformSecrets, pod: PodSettings): PodSettings {
    return {
        ...pod,
        annotations: pulumi.all([pod.annotations ?? {}, podAnnotations]).apply(([own, agent]) => ({ ...own, ...agent })),
        labels: pulumi.all([pod.labels ?? {}, podLabels]).apply(([own, agent]) => ({ ...own, ...agent })),
        tokenAudience: pod.tokenAudience ?? podTokenAudience,
    };
}

/** The file with the keys of a store, as SDKs of AWS read it. */
export const filesOf = ({ files }: PlatformSecrets, key: string): Pick<S3Connection, "credentialsFile"> => ({
    credentialsFile: files.apply((all) => all[key]?.["aws-credentials"] ?? ""),
});
