import { SparkSubmit } from "../../../../components";
import { runtimeOf, team } from "../team";

/** A team's namespace, its store, and applications as the test asks for: mode, version and what is to go wrong. */
const { NAMESPACE: given = "", SPARK_VERSION: sparkVersion = "", STEP: step = "" } = process.env;
const runtime = runtimeOf(team(given), sparkVersion);
const pi = { file: "local:///opt/spark/examples/src/main/python/pi.py" };
const small = { driver: { memory: "512m", cpuRequest: "50m" }, executor: { memory: "512m", cpuRequest: "50m", localStorage: "1g" } };
const [what, deployMode] = step.split(" ");

if (what === "pi") {
    new SparkSubmit("pi", { runtime, main: pi, arguments: ["2"], deployMode, ...small });
}
if (what === "more-pi") {
    new SparkSubmit("pi", { runtime, main: pi, arguments: ["3"], deployMode, ...small });
}
if (what === "failing") {
    new SparkSubmit("failing", { runtime, main: { file: "local:///opt/nowhere.py" }, deployMode, ...small });
}
