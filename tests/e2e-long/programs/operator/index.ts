import { ScheduledSparkApplication, SparkApplication } from "../../../../components";
import { operatorOf, runtimeOf, team } from "../team";

/** The operator, a team's namespace and store, and applications of the lines that the test asks for. */
const { NAMESPACE: given = "", CHART: chart = "", SPARK_VERSIONS: versions = "", SCHEDULE: schedule = "" } = process.env;

const own = team(given);
const operator = operatorOf(own, given, chart);

const pi = {
    main: { file: "local:///opt/spark/examples/src/main/python/pi.py" },
    arguments: ["2"],
    driver: { memory: "512m", cpuRequest: "50m" },
    executor: { memory: "512m", cpuRequest: "50m", localStorage: "1g" },
};
const needs = { dependsOn: [operator] };

for (const version of versions.split(" ").filter(Boolean)) {
    new SparkApplication(`pi-${version.replaceAll(".", "-")}`, { runtime: runtimeOf(own, version), ...pi }, needs);
}
if (schedule !== "") {
    new ScheduledSparkApplication("ticking", { runtime: runtimeOf(own, "4.1.0"), ...pi, schedule, keepSuccessful: 1 }, needs);
}
