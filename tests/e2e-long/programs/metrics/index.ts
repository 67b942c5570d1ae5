import { JupyterLab, SparkConnect, SparkStandalone } from "../../../../components";
import { jupyterLabImage, sparkImage } from "../../../../components/internal/images";
import { registry, smallConnect, team } from "../team";

/** A team whose bricks are all watched from another namespace: its store, a Connect server with an executor, a Standalone cluster and notebooks. */
const { NAMESPACE: given = "", WATCHERS: watchers = "", SPARK_VERSION: sparkVersion = "" } = process.env;
const monitoring = { namespace: watchers };

const own = team(given, { memory: "512m", cpuRequest: "50m", monitoring });
const { namespace, store } = own;
const { executor, ...sized } = smallConnect(own, sparkVersion);
const connect = new SparkConnect("main", { ...sized, executor: { ...executor, minimum: 1 }, monitoring });
new SparkStandalone("main", {
    namespace,
    sparkVersion,
    image: sparkImage(registry, sparkVersion),
    s3: store.connection,
    memory: "256m",
    cpuRequest: "50m",
    worker: { replicas: 1, cpuRequest: "50m", memory: "512m", memoryOverhead: "128m", daemonMemory: "128m", localStorage: "1g" },
    monitoring,
});
new JupyterLab("main", {
    namespace,
    image: jupyterLabImage(registry, sparkVersion),
    storage: "1g",
    memory: "512m",
    cpuRequest: "50m",
    monitoring,
});

export const url = connect.url;
export const clientLabels = connect.clientLabels;
