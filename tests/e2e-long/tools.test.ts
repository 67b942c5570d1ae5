import assert from "node:assert/strict";
import { join } from "node:path";

import { kubectl } from "../../sandbox/support/kubectl";
import { NotebookServer } from "../support/notebook";
import { access } from "../support/platform";
import { Program } from "../support/program";

const namespace = "spark-e2e-tools";

interface Outputs {
    notebooks: string;
    tokenSecret: string;
    tracking: { url: string };
}

/** Logs a run; the last line tells which it was. */
const logRun = `
import mlflow
mlflow.set_experiment("e2e")
with mlflow.start_run() as run:
    mlflow.log_params({"depth": 3, "kind": "test"})
    for step, loss in enumerate([0.5, 0.25]):
        mlflow.log_metric("loss", loss, step=step)
    mlflow.log_text("carried through the server", "notes/readme.txt")
print(run.info.run_id)
`;

const readRun = (id: string) => `
import json, mlflow
run = mlflow.get_run("${id}")
text = mlflow.artifacts.load_text(run.info.artifact_uri + "/notes/readme.txt")
print(json.dumps([run.data.params, run.data.metrics, text, run.info.artifact_uri.split(":")[0]]))
`;

describe("notebooks and experiments", () => {
    const program = new Program(join(__dirname, "programs/tools"), { NAMESPACE: namespace });
    let server: NotebookServer | undefined;
    let outputs: Outputs;

    before(async () => {
        // A run that was killed took its state along, but not what it had made.
        await kubectl(access, ["delete", "namespace", namespace, "--ignore-not-found", "--wait"]);
        await program.init();
        await program.up();
        outputs = await program.outputs<Outputs>();
        const secret = await kubectl(access, ["get", "secret", outputs.tokenSecret, "-n", namespace, "-o", "jsonpath={.data.token}"]);
        server = await NotebookServer.open(outputs.notebooks, Buffer.from(secret, "base64").toString());
    });

    after(async () => {
        server?.close();
        await program.remove();
    });

    it("asks for a token", async () => {
        assert.equal((await server!.ask("/api/contents", { token: "" })).status, 403);
        assert.equal((await server!.ask("/api/contents", { token: "wrong" })).status, 403);
        assert.equal((await server!.ask("/api/contents")).status, 200);
    });

    it("runs the example that every notebook server comes with, on Spark", async () => {
        const results = await server!.run(await server!.cellsOf("examples/quick-start.ipynb"));
        assert.deepEqual(
            results.flatMap(({ error }) => error ?? []),
            [],
        );
        const sums = results[1]!.text.match(/\| +\d+\|\d+\| *\d+\|/g)!.map((row) => row.split("|").map(Number));
        assert.deepEqual(
            sums.map(([, digit, rows, total]) => [digit, rows, total]),
            Array.from({ length: 10 }, (_, digit) => [digit, 100_000, 100_000 * digit + (10 * 99_999 * 100_000) / 2]),
        );
    });

    it("keeps a run, its metrics and its artifact when the tracking server is replaced", async () => {
        const [logged] = await server!.run([logRun]);
        assert.equal(logged!.error, undefined);
        const id = logged!.text
            .trim()
            .split(/\s+/)
            .find((word) => /^[0-9a-f]{32}$/.test(word))!;
        await kubectl(access, ["delete", "pod", "-n", namespace, "-l", "app.kubernetes.io/name=mlflow", "--wait"]);
        await kubectl(access, ["rollout", "status", "-n", namespace, "deployment/team-mlflow", "--timeout=180s"]);
        const [read] = await server!.run([readRun(id)]);
        assert.equal(read!.error, undefined);
        const answer: unknown = JSON.parse(read!.text.trim().split("\n").pop() ?? "");
        assert.deepEqual(answer, [{ depth: "3", kind: "test" }, { loss: 0.25 }, "carried through the server", "mlflow-artifacts"]);
    });
});
