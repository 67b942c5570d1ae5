import * as pulumi from "@pulumi/pulumi";

import type { PlatformIngressArgs, PlatformIngressRoute } from "../../edge/platform-ingress/args";
import type { SparkHistoryPortalArgs } from "../../spark/history-portal/args";
import { tlsProxyImage } from "../../internal/images";
import type { SparkHistoryServer } from "../../spark/history-server";
import type { ResolvedPlatform } from "../resolve";
import type { SparkPlatformHistoryPortal } from "../surroundings";
import type { Ground } from "./ground";
import type { Made, Named } from "./outputs";
import { letIn, podOf } from "./pods";

type Urls = Record<string, pulumi.Output<string>>;

const namedUrls = <Brick>(kind: string, bricks: Named<Brick>, url: (brick: Brick) => pulumi.Output<string>): Urls =>
    Object.fromEntries(bricks.map(([name, brick]) => [`${kind}-${name}`, url(brick)]));

/** The web UIs that there are, by the first part of their host names. */
function webUrls({ history, portal, mlflow, airflow, labs, hub, clusters }: Made): Urls {
    return {
        ...(history && { history: history.url }),
        ...(portal && { histories: portal.url }),
        ...(mlflow && { mlflow: mlflow.url }),
        ...(airflow && { airflow: airflow.url }),
        ...(hub && { jupyterhub: hub.url }),
        ...namedUrls("jupyter", labs, ({ url }) => url),
        ...namedUrls("standalone", clusters, ({ uiUrl }) => uiUrl),
    };
}

export const hostOf = ({ ingress }: ResolvedPlatform, part: string): pulumi.Output<string> | undefined =>
    ingress && pulumi.interpolate`${part}.${ingress.domain}`;

/** Nothing where the platform is reached from inside only. */
export function ingress({ platform, workspace }: Ground, made: Made): PlatformIngressArgs | undefined {
    if (platform.ingress === undefined) {
        return undefined;
    }
    const { domain, controllerNamespace, connect, ...settings } = platform.ingress;
    const route = (part: string, url: pulumi.Output<string>): PlatformIngressRoute => ({
        host: pulumi.interpolate`${part}.${domain}`,
        url,
    });
    const web = Object.entries(webUrls(made)).map(([part, url]) => [part, route(part, url)] as const);
    const servers = connect ? Object.entries(namedUrls("connect", made.servers, ({ url }) => url)) : [];
    const grpc = servers.map(([part, url]) => [part, { ...route(part, url), grpc: true, annotations: connect?.annotations }] as const);
    return { ...settings, namespace: workspace.namespace, routes: Object.fromEntries<PlatformIngressRoute>([...web, ...grpc]) };
}

export function historyPortal(
    { platform, workspace }: Ground,
    { servers, ...settings }: SparkPlatformHistoryPortal,
    { url, clientLabels }: SparkHistoryServer,
): SparkHistoryPortalArgs {
    return {
        ...settings,
        namespace: workspace.namespace,
        image: settings.image ?? tlsProxyImage(platform.images.registry),
        servers: { [platform.name]: { url, clientLabels }, ...servers },
        serviceAccount: workspace.executorAccount,
        clientNamespaces: letIn(platform, settings.clientNamespaces),
        pod: podOf(platform, settings.pod),
    };
}
