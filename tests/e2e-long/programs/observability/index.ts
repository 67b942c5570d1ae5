import { Observability, SparkConnect } from "../../../../components";
import { smallConnect, team } from "../team";

/** A Connect server that is watched from another namespace, with the dashboard and the alerts for it. */
const { NAMESPACE: given = "", WATCHERS: watchers = "", SPARK_VERSION: sparkVersion = "" } = process.env;

const own = team(given, { memory: "512m", cpuRequest: "100m" });
const { executor, ...server } = smallConnect(own, sparkVersion);
const connect = new SparkConnect("main", { ...server, executor: { ...executor, minimum: 1 }, monitoring: { namespace: watchers } });
new Observability("main", { namespace: own.namespace });

export const url = connect.url;
export const clientLabels = connect.clientLabels;
