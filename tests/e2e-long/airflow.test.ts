import assert from "node:assert/strict";
import { join } from "node:path";

import { kubectl, list, type Pod } from "../../sandbox/support/kubectl";
import { waitFor } from "../../sandbox/support/wait";
import { AirflowApi } from "../support/airflow";
import { runBackup } from "../support/backup";
import { access } from "../support/platform";
import { Program } from "../support/program";

const namespace = "spark-e2e-airflow";
const here = (...args: string[]) => kubectl(access, ["-n", namespace, ...args], { timeout: 300_000 });
const roles = ["api-server", "scheduler", "dag-processor", "triggerer"];
const parts = roles.map((role) => `deployment/team-airflow-${role}`);

interface Outputs {
    url: string;
    adminSecret: string;
    backups: string;
}

describe("Airflow", () => {
    const program = new Program(join(__dirname, "programs/airflow"), { NAMESPACE: namespace });
    let outputs: Outputs;
    let airflow: AirflowApi | undefined;
    const runs: Record<string, string> = {};

    /** Opens the API anew: what leads to it goes away with its pod. */
    async function open(): Promise<AirflowApi> {
        const { data } = JSON.parse(await here("get", "secret", outputs.adminSecret, "-o", "json")) as { data: Record<string, string> };
        const value = (key: string) => Buffer.from(data[key] ?? "", "base64").toString();
        airflow?.close();
        airflow = await AirflowApi.open(outputs.url, value("username"), value("password"));
        return airflow;
    }

    before(async () => {
        await kubectl(access, ["delete", "namespace", namespace, "--ignore-not-found", "--wait"]);
        await program.init();
        await program.up();
        outputs = await program.outputs<Outputs>();
        await open();
    });

    after(async () => {
        airflow?.close();
        await program.remove();
        await kubectl(access, ["delete", "namespace", namespace, "--ignore-not-found", "--wait"]);
    });

    it("lets nobody in without the administrator's password", async () => {
        await assert.rejects(AirflowApi.open(outputs.url, "admin", "admin"), /answered 401/);
    });

    it("has read its example DAGs", async () => {
        const both = async () => ((await airflow!.dags()).length === 2 ? true : undefined);
        await waitFor("there are two DAGs", both, { seconds: 120 });
        assert.deepEqual(await airflow!.dags(), ["mlflow_training", "spark_etl"]);
    });

    for (const dag of ["spark_etl", "mlflow_training"]) {
        it(`runs ${dag} to a good end, each task in a pod of its own`, async () => {
            const start = Date.now();
            const { dag_run_id: id } = await airflow!.run(dag);
            runs[dag] = id;
            console.log(`        ${dag}: ${((Date.now() - start) / 1000).toFixed(0)} s`);
            const tasks = await airflow!.tasks(dag, id);
            assert.deepEqual([...new Set(tasks.map(({ state }) => state))], ["success"]);
            assert.equal(new Set(tasks.map(({ hostname }) => hostname)).size, tasks.length);
        });
    }

    it("shows the logs of tasks whose pods are gone", async () => {
        const workers = () => list<Pod>(access, ["pods", "-n", namespace, "-l", "app.kubernetes.io/component=worker"]);
        await waitFor("the pods of the tasks are gone", async () => ((await workers()).length === 0 ? true : undefined), { seconds: 120 });
        const log = await airflow!.log("spark_etl", runs.spark_etl!, "summarise");
        assert.match(log, /Done\. Returned value was: 99000/);
    });

    it("has its runs again after its database was lost and restored", async () => {
        const before = await airflow!.runs("spark_etl");
        const taken = await runBackup(namespace, outputs.backups, "backup");
        assert.ok(taken.succeeded, taken.log);
        await here("scale", "--replicas=0", ...parts);
        const running = `app.kubernetes.io/name=airflow,app.kubernetes.io/component in (${roles.join(", ")})`;
        await here("wait", "--for=delete", "pod", "-l", running, "--timeout=180s");
        const sql = "DROP SCHEMA public CASCADE; CREATE SCHEMA public AUTHORIZATION pg_database_owner;";
        await here("exec", "team-postgres-0", "--", "psql", "-q", "--dbname=airflow", "--set=ON_ERROR_STOP=1", "-c", sql);
        const restored = await runBackup(namespace, outputs.backups, "restore", /(\S+): kept in/.exec(taken.log)![1]!);
        assert.ok(restored.succeeded, restored.log);
        await here("scale", "--replicas=1", ...parts);
        await Promise.all(parts.map((part) => here("rollout", "status", part, "--timeout=300s")));
        await open();
        assert.deepEqual(await airflow!.runs("spark_etl"), before);
        await airflow!.run("spark_etl");
    });
});
