import type { Monitoring } from "../../internal/monitoring";
import type { PodSettings } from "../../internal/pod";
import type { ResolvedPlatform } from "../resolve";

/** The platform's secrets for private registries reach every pod that does not name its own. */
export function podOf({ images }: ResolvedPlatform, pod: PodSettings = {}): PodSettings {
    return { ...pod, imagePullSecrets: pod.imagePullSecrets ?? images.pullSecrets };
}

/** The platform's monitoring reaches every brick that has metrics and says nothing of its own. */
export const monitoringOf = (platform: ResolvedPlatform, brick: { monitoring?: Monitoring }): Monitoring | undefined =>
    brick.monitoring ?? platform.monitoring;
