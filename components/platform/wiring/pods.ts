import * as pulumi from "@pulumi/pulumi";

import type { LogLevelSettings, LogSettings } from "../../internal/logs";
import type { Monitoring } from "../../internal/monitoring";
import type { PodSettings } from "../../internal/pod";
import type { ResolvedPlatform } from "../resolve";
import type { Ground } from "./ground";

/** The platform's secrets for private registries reach every pod that does not name its own. */
export function podOf({ images }: ResolvedPlatform, pod: PodSettings = {}): PodSettings {
    return { ...pod, imagePullSecrets: pod.imagePullSecrets ?? images.pullSecrets };
}

/** The same for a pod that reaches the store, whose keys an agent may bring. */
export const storePodOf = ({ platform, secrets }: Ground, pod?: PodSettings): PodSettings => secrets.pod(podOf(platform, pod));

type Names = pulumi.Input<pulumi.Input<string>[]>;

/** Whom a server with a way in from outside lets in, beside the namespaces that its own settings name. */
export function letIn({ ingress }: ResolvedPlatform, given?: Names): Names | undefined {
    return ingress === undefined ? given : withOneMore(given, ingress.controllerNamespace);
}

/** A list that its owner may have begun; what is in it already is not put in again. */
export const withOneMore = (given: Names | undefined, one: pulumi.Input<string>): pulumi.Output<string[]> =>
    pulumi.all([given ?? [], one]).apply(([named, more]) => [...new Set([...named, more])]);

/** The platform's logs reach every brick, field by field: what a brick says of its own wins. */
export const logsOf = ({ logs }: ResolvedPlatform, brick: { logs?: LogSettings }): LogSettings | undefined =>
    (logs ?? brick.logs) && { level: brick.logs?.level ?? logs?.level, layout: brick.logs?.layout ?? logs?.layout };

/** The same of a brick whose lines have a layout of their own. */
export const logLevelOf = (platform: ResolvedPlatform, brick: { logs?: LogLevelSettings }): LogLevelSettings | undefined => {
    const logs = logsOf(platform, { logs: brick.logs });
    return logs && { level: logs.level };
};

/** The platform's monitoring reaches every brick that has metrics and says nothing of its own. */
export const monitoringOf = (platform: ResolvedPlatform, brick: { monitoring?: Monitoring }): Monitoring | undefined =>
    brick.monitoring ?? platform.monitoring;
