import { SparkConnect } from "../../../../components";
import { operatorOf, smallConnect, team } from "../team";

/** The operator, a team's namespace and store, and a Connect server that the operator runs. */
const { NAMESPACE: given = "", CHART: chart = "", SPARK_VERSION: sparkVersion = "" } = process.env;

const own = team(given, { memory: "512m" });
const operator = operatorOf(own, given, chart);
const server = new SparkConnect(
    "main",
    { backend: "operator", ...smallConnect(own, sparkVersion), warehouse: own.store.warehouse },
    { dependsOn: [operator] },
);

export const url = server.url;
export const clientLabels = server.clientLabels;
