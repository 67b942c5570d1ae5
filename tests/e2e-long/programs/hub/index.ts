import { JupyterHub, ObjectStore, SparkConnect, SparkWorkspace } from "../../../../components";
import { jupyterHubImage, jupyterLabImage, minioImage, sparkImage } from "../../../../components/internal/images";

/** A team whose members have a notebook server each, on Spark by Connect; the test says of which line, and when idle servers go. */
const { NAMESPACE: team = "", SPARK_VERSION: sparkVersion = "", IDLE: idleTimeout = "1h" } = process.env;
const registry = "spark-platform.local";
const small = { cpuRequest: "50m" };

const { namespace, serverAccount, executorAccount } = new SparkWorkspace("team", { namespace: team });
const store = new ObjectStore("team", { namespace, image: minioImage(registry), buckets: ["warehouse"], storage: "1g", ...small });
const connect = new SparkConnect("team", {
    namespace,
    sparkVersion,
    image: sparkImage(registry, sparkVersion),
    serviceAccount: serverAccount,
    executorServiceAccount: executorAccount,
    s3: store.connection,
    memory: "1g",
    ...small,
    executor: { memory: "512m", cpuRequest: "100m", maximum: 2, localStorage: "1g" },
});
const hub = new JupyterHub("team", {
    namespace,
    image: jupyterHubImage(registry),
    serverImage: jupyterLabImage(registry, sparkVersion),
    users: ["ada", "grace"],
    connect: [{ url: connect.url, clientLabels: connect.clientLabels }],
    server: { memory: "768m", storage: "128m", idleTimeout, serviceAccount: executorAccount, ...small },
    storage: "64m",
    ...small,
});

export const url = hub.url;
export const passwordsSecret = hub.passwordsSecret;
