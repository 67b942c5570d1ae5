import assert from "node:assert/strict";
import { join } from "node:path";

import versions from "../../sandbox/versions.json";
import { kubectl, list, type Pod } from "../../sandbox/support/kubectl";
import { waitFor } from "../../sandbox/support/wait";
import { access, refusal } from "../support/platform";
import { Program } from "../support/program";
import { operatorChart } from "../support/spark-operator";

const namespace = "spark-e2e-operator";

interface Application {
    metadata: { name: string };
    status?: { applicationState?: { state: string; errorMessage?: string }; driverInfo?: { podName?: string } };
}

const applications = () => list<Application>(access, ["sparkapplications", "-n", namespace]);

/** An application that failed is not waited for. */
async function completed(name: string): Promise<Application | undefined> {
    const found = (await applications()).find(({ metadata }) => metadata.name === name);
    const { state = "", errorMessage = "" } = found?.status?.applicationState ?? {};
    if (state === "FAILED" || state === "SUBMISSION_FAILED") {
        throw new Error(`${name} is ${state}: ${errorMessage}`);
    }
    return state === "COMPLETED" ? found : undefined;
}

describe("the Spark operator", () => {
    let program: Program;

    before(async () => {
        for (const left of [namespace, `${namespace}-operator`]) {
            await kubectl(access, ["delete", "namespace", left, "--ignore-not-found", "--wait"]);
        }
        program = new Program(join(__dirname, "programs/operator"), {
            NAMESPACE: namespace,
            CHART: await operatorChart(),
            PULUMI_K8S_UPSERT_EXISTING_OBJECTS: "true",
        });
        await program.init();
        await program.up();
    });

    after(async () => {
        await program.remove();
    });

    it("runs one operator as the restricted standard wants it, and nobody may talk to it", async () => {
        const pods = await list<Pod>(access, ["pods", "-n", `${namespace}-operator`]);
        assert.equal(pods.length, 1);
    });

    it("runs an application of each line to its end, side by side", async () => {
        await program.up({ SPARK_VERSIONS: versions.spark.join(" ") });
        for (const version of versions.spark) {
            const name = `pi-${version.replaceAll(".", "-")}`;
            const done = await waitFor(`${name} is completed`, () => completed(name), { seconds: 240 });
            const log = await kubectl(access, [
                "logs",
                "-n",
                namespace,
                done.status?.driverInfo?.podName ?? "",
                "-c",
                "spark-kubernetes-driver",
            ]);
            assert.match(log, /Pi is roughly 3\.1/);
            assert.match(log, new RegExp(`Running Spark version ${version}`));
        }
        const left = await list<Pod>(access, ["pods", "-n", namespace, "-l", "spark-role=executor"]);
        assert.deepEqual(
            left.map(({ metadata }) => metadata.name),
            [],
        );
    });

    it("starts a scheduled application once it is due", async () => {
        await program.up({ SPARK_VERSIONS: versions.spark.join(" "), SCHEDULE: "@every 15s" });
        const run = async () => (await applications()).find(({ metadata }) => metadata.name.startsWith("ticking-"));
        const { metadata } = await waitFor("a run has started", run, { seconds: 60 });
        await waitFor(`${metadata.name} is completed`, () => completed(metadata.name), { seconds: 120 });
    });

    it("has definitions that refuse what the bricks would not say", async () => {
        const why = await refusal({
            apiVersion: "sparkoperator.k8s.io/v1beta2",
            kind: "SparkApplication",
            metadata: { name: "wrong", namespace },
            spec: { type: "Cobol", sparkVersion: "4.1.0", mainApplicationFile: "local:///job.py", driver: {}, executor: {} },
        });
        assert.match(why ?? "", /Unsupported value: "Cobol"/);
    });
});
