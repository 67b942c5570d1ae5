import { SparkConnect, SparkHistoryServer } from "../../../../components";
import { operatorOf, smallConnect, team } from "../team";

/** The operator, a team's namespace, store and history, and a Connect server that the operator runs. */
const { NAMESPACE: given = "", CHART: chart = "", SPARK_VERSION: sparkVersion = "" } = process.env;

const own = team(given, { memory: "512m" });
const operator = operatorOf(own, given, chart);
const { namespace, store } = own;
const connect = { ...smallConnect(own, sparkVersion), eventLog: store.eventLog, eventLogUploadSeconds: 2 };
const server = new SparkConnect("main", { backend: "operator", ...connect, warehouse: store.warehouse }, { dependsOn: [operator] });
const { image } = connect;
const history = new SparkHistoryServer("main", {
    ...{ namespace, sparkVersion, image, eventLog: store.eventLog, memory: "512m", cpuRequest: "100m", updateSeconds: 2 },
});

export const url = server.url;
export const clientLabels = server.clientLabels;
export const historyUrl = history.url;
