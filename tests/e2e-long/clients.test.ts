import assert from "node:assert/strict";
import { join } from "node:path";

import { testedVersions } from "../../components/internal/spark-versions";
import type { ClassicFacts } from "../../components/tools/classic";
import type { EndpointFacts } from "../../components/tools/endpoints";
import { kubectl, list, type Pod } from "../../sandbox/support/kubectl";
import { waitFor } from "../../sandbox/support/wait";
import { AirflowApi } from "../support/airflow";
import { answerIn, jobProgram, submitJob, type JobAnswer } from "../support/client-job";
import { NotebookServer } from "../support/notebook";
import { clearNamespaces } from "../support/namespaces";
import { access } from "../support/platform";
import { Program } from "../support/program";
import { sparkImageOf } from "../support/spark-image";
import { operatorChart } from "../support/spark-operator";

const namespace = "spark-e2e-clients";
const warehouse = "s3a://warehouse/clients";
const rows = 70_000;
const expected = { count: rows, total: (rows * (rows - 1)) / 2 };

/** What the master of a session is called, by who runs its executors. */
const masters: Record<string, RegExp> = {
    connect: /^k8s:/,
    "connect-standalone": /^spark:/,
    "connect-operator": /^k8s:/,
    standalone: /^spark:/,
    kubernetes: /^k8s:/,
};

interface Outputs {
    url: string;
    secret: string;
    connect?: EndpointFacts[];
    classic?: ClassicFacts;
}

/** One client: the backends that it runs the job on, how it does, and whether MLflow tracks what it runs. */
interface Client {
    tracked: boolean;
    backends: string[];
    run: (outputs: Outputs, version: string, backend: string) => Promise<JobAnswer | undefined>;
}

const keysOf = async (secret: string): Promise<Record<string, string>> => {
    const { data } = JSON.parse(await kubectl(access, ["get", "secret", secret, "-n", namespace, "-o", "json"])) as {
        data: Record<string, string>;
    };
    return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value, "base64").toString()]));
};

async function inNotebook({ url, secret }: Outputs): Promise<JobAnswer> {
    const server = await NotebookServer.open(url, (await keysOf(secret)).token ?? "");
    try {
        const [result] = await server.run([`import sys; sys.argv = ["job.py", "${warehouse}"]\n${await jobProgram()}`]);
        assert.equal(result!.error, undefined);
        return answerIn(
            result!.text
                .split("\n")
                .filter((line) => line.startsWith('{"application"'))
                .join("\n"),
        );
    } finally {
        server.close();
    }
}

async function inTask({ url, secret }: Outputs, _: string, backend: string): Promise<JobAnswer | undefined> {
    const keys = await keysOf(secret);
    const airflow = await AirflowApi.open(url, keys.username ?? "", keys.password ?? "");
    try {
        const dag = backend === "operator" ? "application" : "job";
        await waitFor("the DAGs are read", async () => ((await airflow.dags()).includes(dag) ? true : undefined), { seconds: 180 });
        const { dag_run_id: id } = await airflow.run(dag);
        const read = async () => /Returned value was: (\{.*\})/.exec(await airflow.log(dag, id, "run"))?.[1];
        const answer = await waitFor("the log of the task is there", read, { seconds: 60 });
        if (backend === "operator") {
            assert.deepEqual(JSON.parse(answer), { state: "COMPLETED", tracked: true });
            return undefined;
        }
        return JSON.parse(answer) as JobAnswer;
    } finally {
        airflow.close();
    }
}

function byCommand({ connect, classic }: Outputs, version: string): Promise<JobAnswer> {
    return submitJob({ namespace, image: sparkImageOf(version), warehouse, connect: connect?.[0], classic });
}

const everySession = ["connect", "connect-standalone", "connect-operator", "standalone", "kubernetes"];
const clients: Record<string, Client> = {
    cli: { tracked: false, backends: everySession, run: byCommand },
    notebook: { tracked: true, backends: everySession, run: inNotebook },
    airflow: { tracked: true, backends: ["connect", "connect-standalone", "standalone", "kubernetes", "operator"], run: inTask },
};

for (const version of testedVersions) {
    for (const [client, { tracked, backends, run }] of Object.entries(clients)) {
        describe(`Spark ${version}: ${client}`, () => {
            let program: Program;

            before(async () => {
                await clearNamespaces(namespace, `${namespace}-operator`);
                program = new Program(join(__dirname, "programs/clients"), {
                    NAMESPACE: namespace,
                    SPARK_VERSION: version,
                    CLIENT: client,
                    CHART: await operatorChart(),
                    PULUMI_K8S_UPSERT_EXISTING_OBJECTS: "true",
                });
                await program.init();
            });

            after(() => program.remove());

            for (const backend of backends) {
                it(`runs the job on ${backend}`, async () => {
                    await program.up({ BACKEND: backend });
                    const outputs = await program.outputs<Outputs>();
                    const start = Date.now();
                    const answer = await run(outputs, version, backend);
                    console.log(`        ${client} on ${backend}, ${version}: ${((Date.now() - start) / 1000).toFixed(1)} s`);
                    if (answer !== undefined) {
                        const { application, master, version: ran, ...result } = answer;
                        assert.deepEqual(result, tracked ? { ...expected, tracked } : expected);
                        assert.equal(ran, version);
                        assert.match(master, masters[backend]!);
                        if (outputs.classic) {
                            await leavesALogAndNoExecutor(application);
                        }
                    }
                });
            }
        });
    }
}

/** A store shows a file when it is closed: what is there is complete. */
async function leavesALogAndNoExecutor(application: string): Promise<void> {
    const code =
        "import os\nfrom minio import Minio\nfrom minio.credentials import StaticProvider\n" +
        'c = Minio(endpoint="127.0.0.1:9000", secure=False, credentials=StaticProvider(os.environ["MINIO_ROOT_USER"], os.environ["MINIO_ROOT_PASSWORD"]))\n' +
        `print([o.size for o in c.list_objects(bucket_name="spark-logs", prefix="events/${application}", recursive=True)])`;
    const sizes = JSON.parse(await kubectl(access, ["exec", "-n", namespace, "team-store-0", "--", "python3", "-c", code])) as number[];
    assert.equal(sizes.length, 1);
    assert.ok(sizes[0]! > 0);
    const executors = () => list<Pod>(access, ["pods", "-n", namespace, "-l", `spark-app-selector=${application}`]);
    await waitFor("its executors are gone", async () => ((await executors()).length === 0 ? true : undefined), { seconds: 60 });
}
