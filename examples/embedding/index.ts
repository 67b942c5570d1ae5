import { ObjectStore, SparkConnect, SparkHistoryServer, SparkWorkspace } from "spark-platform";

// Bricks in a program of yours: each takes what it needs from the outputs of the others, or from things that you have already.
const registry = "registry.example.com/data";
const sparkVersion = "4.1.0";
const image = `${registry}/spark:${sparkVersion}`;

const workspace = new SparkWorkspace("team-a", { namespace: "team-a", quota: { cpu: "32", memory: "128g" } });
const store = new ObjectStore("lake", { namespace: workspace.namespace, image: `${registry}/minio:1`, storage: "200g", protectData: true });
const history = new SparkHistoryServer("history", {
    namespace: workspace.namespace,
    sparkVersion,
    image,
    eventLog: store.eventLog,
    retention: { days: 30 },
});
const connect = new SparkConnect("etl", {
    namespace: workspace.namespace,
    sparkVersion,
    image,
    serviceAccount: workspace.serverAccount,
    executorServiceAccount: workspace.executorAccount,
    s3: store.connection,
    eventLog: store.eventLog,
    warehouse: store.warehouse,
    executor: { maximum: 8, cores: 2, memory: "4g" },
});

export const connectUrl = connect.url;
export const historyUrl = history.url;
