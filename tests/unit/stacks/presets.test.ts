import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { format, resolveConfig } from "prettier";
import { parse } from "yaml";

import { mebibytes } from "../../../components/internal/memory";
import { invariants, openNamespaces } from "../../../policy/invariants";
import type { Environment } from "../../../stacks/schema";
import { atMost, atRest, type Demand } from "../../support/demand";
import { runProgram, type Config, type Run } from "./program";
import { check, checkout } from "./stack-file";

const workspace = ["SparkWorkspace", "ObjectStore", "SparkHistoryServer"];
const notebooks = [...workspace, "SparkConnect", "JupyterLab"];
const scheduled = [...workspace, "Airflow", "Postgres"];

/** What each preset is there for: its bricks, beside SparkPlatform. */
const promised: Record<string, string[]> = {
    "connect-kubernetes": notebooks,
    "connect-standalone": [...notebooks, "SparkStandalone"],
    "airflow-connect-kubernetes": [...scheduled, "SparkConnect"],
    "airflow-connect-standalone": [...scheduled, "SparkConnect", "SparkStandalone"],
    "airflow-submit": [...scheduled, "SparkClassic"],
    "airflow-operator": [...scheduled, "ScheduledSparkApplication"],
    "connect-kubernetes-spark-3.5": notebooks,
    "connect-standalone-spark-3.5": [...notebooks, "SparkStandalone"],
    "airflow-connect-standalone-spark-3.5": [...scheduled, "SparkConnect", "SparkStandalone"],
    "airflow-submit-spark-3.5": [...scheduled, "SparkClassic"],
    "airflow-operator-spark-3.5": [...scheduled, "ScheduledSparkApplication"],
    "production-like-spark-3.5": [...scheduled, "SparkConnect", "SparkStandalone", "DatabaseBackup"],
    "data-science": [...notebooks, "HiveMetastore", "MLflow", "Postgres"],
    "data-engineering": [...scheduled, "SparkConnect", "SparkStandalone"],
    platform: [...notebooks, "JupyterHub", "SparkStandalone", "HiveMetastore", "MLflow", "Airflow", "Postgres", "DatabaseBackup"],
    "cost-optimized": notebooks,
    gpu: notebooks,
    backfill: [...scheduled, "SparkConnect"],
};

const textOf = (preset: string) => readFileSync(join(checkout, `presets/${preset}.yaml`), "utf8");
const configOf = (preset: string) => (parse(textOf(preset)) as { config: Config }).config;
const leavesLineOpen = (preset: string) => textOf(preset).includes("change sparkVersion alone");
const bricksOf = ({ made }: Run) =>
    [...new Set(made.filter(({ custom }) => !custom).map(({ type }) => type.split(":").at(-1)))].filter(
        (brick) => brick !== "SparkPlatform" && brick !== "Stack",
    );

const runs = new Map<string, Promise<Run>>();
/** One run serves all that is asked of it. */
function run(preset: string, config: Config = configOf(preset)): Promise<Run> {
    const key = preset + JSON.stringify(config);
    const known = runs.get(key) ?? runProgram("mine", { preview: false, config });
    runs.set(key, known);
    return known;
}

const gigabytes = ({ memoryMiB }: Demand) => (memoryMiB / 1024).toFixed(1);

/** What a preset asks of a cluster, as a row of the table in the documentation. */
async function row(preset: string): Promise<string[]> {
    const { made } = await run(preset);
    const [rest, most] = [atRest(made), atMost(made)];
    return [`\`${preset}\``, ...[rest, most].flatMap((demand) => [String(demand.pods), demand.cpus.toFixed(1), gigabytes(demand)])];
}

describe("the presets", () => {
    after(() => {
        runs.clear();
    });

    it("are all there, each with its bricks", () => {
        const files = readdirSync(join(checkout, "presets")).filter((file) => file.endsWith(".yaml"));
        assert.deepEqual(
            files.sort(),
            Object.keys(promised)
                .map((preset) => `${preset}.yaml`)
                .sort(),
        );
    });

    for (const [preset, bricks] of Object.entries(promised)) {
        it(`${preset} is complete, and makes what it is there for`, async () => {
            const config = configOf(preset);
            assert.equal(textOf(preset).split("\n")[0], "# yaml-language-server: $schema=stacks/config.schema.json");
            assert.deepEqual(config["pulumi:disable-default-providers"], ["*"]);
            check("mine", config);
            const made = await run(preset);
            assert.deepEqual(bricksOf(made).sort(), [...bricks].sort());
        });

        it(`${preset} keeps to the policy`, async () => {
            const environment = configOf(preset)["spark-platform:environment"] as Environment;
            const { made } = await run(preset);
            // What is protected is an option, which only the real engine shows.
            const objects = made.map(({ type, name, inputs }) => ({ type, name, props: inputs, protect: true }));
            const asked = invariants.filter((invariant) => invariant.in?.includes(environment) !== false);
            const problems = objects.flatMap((object) =>
                asked.flatMap((invariant) => invariant.problems(object, environment).map((problem) => `${object.name}: ${problem}`)),
            );
            assert.deepEqual([...problems, ...openNamespaces(objects)], []);
        });

        it(`${preset} fits into the quota that it sets, at its largest`, async () => {
            const { quota } = configOf(preset)["spark-platform:workspace"] as { quota: { cpu: string; memory: string; pods: number } };
            const most = atMost((await run(preset)).made);
            const found = `${most.pods} pods, ${most.cpus} CPUs, ${gigabytes(most)} GiB`;
            assert.ok(most.cpus > 0 && most.memoryMiB > 0, found);
            assert.ok(most.pods <= quota.pods && most.cpus <= Number(quota.cpu) && most.memoryMiB <= mebibytes(quota.memory), found);
        });
    }

    for (const preset of Object.keys(promised).filter(leavesLineOpen)) {
        it(`${preset} runs on Spark 3.5 as well`, async () => {
            const made = await run(preset, { ...configOf(preset), "spark-platform:sparkVersion": "3.5.7" });
            assert.deepEqual(bricksOf(made).sort(), bricksOf(await run(preset)).sort());
        });
    }

    for (const line of ["", "-spark-3.5"]) {
        it(`airflow-submit${line} makes each task a driver that may make executors`, async () => {
            const { made } = await run(`airflow-submit${line}`);
            const task = parse(made.find(({ inputs }) => inputs.data?.["pod.yaml"])!.inputs.data["pod.yaml"]);
            const settings = made.find(({ inputs }) => inputs.data?.["executor.yaml"])!;
            const volumes = task.spec.volumes.map(({ configMap }: any) => configMap?.name);
            assert.ok(volumes.includes(settings.name));
            const maker = made.find(({ type, name }) => type.endsWith(":RoleBinding") && name.startsWith("spark-server"))!;
            assert.equal(task.spec.serviceAccountName, maker.inputs.subjects[0].name);
        });

        it(`airflow-operator${line} lets tasks make applications`, async () => {
            const { made } = await run(`airflow-operator${line}`);
            const task = parse(made.find(({ inputs }) => inputs.data?.["pod.yaml"])!.inputs.data["pod.yaml"]);
            const binding = made.find(
                ({ type, inputs }) => type.endsWith(":RoleBinding") && inputs.subjects[0].name === task.spec.serviceAccountName,
            )!;
            const role = made.find(({ type, inputs }) => type.endsWith(":Role") && inputs.metadata.name === binding.inputs.roleRef.name)!;
            assert.ok(
                role.inputs.rules.some(({ resources, verbs }: any) => resources.includes("sparkapplications") && verbs.includes("create")),
            );
        });
    }

    it("put on GPUs what asks for them, and nothing else", async () => {
        const { made } = await run("gpu");
        const settings = made.find(({ inputs }) => inputs.data?.["executor.yaml"])!.inputs.data;
        assert.match(settings["spark-defaults.conf"], /^spark\.plugins com\.nvidia\.spark\.SQLPlugin$/m);
        assert.match(settings["executor.yaml"], /nvidia\.com\/gpu\.present/);
        const workloads = made.filter(({ inputs }) => inputs.spec?.template).map(({ inputs }) => JSON.stringify(inputs.spec.template.spec));
        assert.ok(workloads.length > 0 && workloads.every((pod) => !pod.includes("nvidia.com/gpu")));
    });

    it("keep the server off the spot nodes that executors run on", async () => {
        const { made } = await run("cost-optimized");
        const executors = made.find(({ inputs }) => inputs.data?.["executor.yaml"])!.inputs.data["executor.yaml"] as string;
        const server = JSON.stringify(made.find(({ name }) => name === "spark-main-servers")!.inputs.spec.template);
        assert.match(executors, /values:\n +- spot\n/);
        assert.match(server, /"values":\["on-demand"\]/);
    });

    for (const language of ["en", "ru"]) {
        // UPDATE_GOLDEN=1 writes the numbers anew.
        it(`cost what docs/${language}/presets.md says`, async () => {
            const file = join(checkout, `docs/${language}/presets.md`);
            const text = readFileSync(file, "utf8");
            const rows = await Promise.all(Object.keys(promised).map(row));
            const written = rows.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
            const [, before = "", head = "", after = ""] = /^([^]*<!-- computed -->\n\n)(\|.*\n\|.*\n)(?:\|.*\n)*([^]*)$/.exec(text) ?? [];
            const options = { ...(await resolveConfig(file)), filepath: file };
            const expected = await format(`${before}${head}${written}\n${after}`, options);
            if (process.env.UPDATE_GOLDEN) {
                writeFileSync(file, expected);
            }
            assert.equal(readFileSync(file, "utf8"), expected);
        });
    }
});
