import { JupyterHub, SparkConnect } from "../../../../components";
import { jupyterHubImage, jupyterLabImage } from "../../../../components/internal/images";
import { registry, smallConnect, team } from "../team";

/** A team whose members have a notebook server each, on Spark by Connect; the test says of which line, and when idle servers go. */
const { NAMESPACE: given = "", SPARK_VERSION: sparkVersion = "", IDLE: idleTimeout = "1h" } = process.env;
const small = { cpuRequest: "50m" };

const own = team(given, small);
const { namespace, workspace } = own;
const { executor, ...server } = smallConnect(own, sparkVersion);
const connect = new SparkConnect("team", { ...server, ...small, executor: { ...executor, maximum: 2 } });
const hub = new JupyterHub("team", {
    namespace,
    image: jupyterHubImage(registry),
    serverImage: jupyterLabImage(registry, sparkVersion),
    users: ["ada", "grace"],
    connect: [{ url: connect.url, clientLabels: connect.clientLabels }],
    server: { memory: "768m", storage: "128m", idleTimeout, serviceAccount: workspace.executorAccount, ...small },
    storage: "64m",
    ...small,
});

export const url = hub.url;
export const passwordsSecret = hub.passwordsSecret;
