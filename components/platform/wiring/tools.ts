import { jupyterLabImage } from "../../internal/images";
import type { SparkConnect } from "../../spark/connect";
import type { SparkHistoryServer } from "../../spark/history-server";
import type { JupyterLabArgs } from "../../tools/jupyter-lab/args";
import type { SparkWorkspace } from "../../workspace";
import type { SparkPlatformJupyterLab } from "../args";
import type { ResolvedPlatform } from "../resolve";
import type { Named } from "./outputs";
import { podOf } from "./pods";

/** Notebooks reach the Connect servers of their own Spark version: a client of another one may not be understood. */
export function jupyterLab(
    platform: ResolvedPlatform,
    settings: SparkPlatformJupyterLab,
    { namespace, executorAccount }: SparkWorkspace,
    servers: Named<SparkConnect>,
    history: SparkHistoryServer | undefined,
): JupyterLabArgs {
    const sparkVersion = settings.sparkVersion ?? platform.sparkVersion;
    const reached = servers.filter(([key]) => (platform.connect[key]?.sparkVersion ?? platform.sparkVersion) === sparkVersion);
    return {
        ...settings,
        namespace,
        image: settings.image ?? jupyterLabImage(platform.images.registry, sparkVersion),
        connect: reached.map(([, { url, clientLabels }]) => ({ url, clientLabels })),
        historyServer: history && { url: history.url, clientLabels: history.clientLabels },
        // People's code runs here, as in an executor: no rights.
        serviceAccount: executorAccount,
        pod: podOf(platform, settings.pod),
    };
}
