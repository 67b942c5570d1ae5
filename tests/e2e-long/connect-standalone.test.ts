import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { testedVersions } from "../../components/internal/spark-versions";
import { kubectl, list, type Pod } from "../../sandbox/support/kubectl";
import { checkout } from "../../sandbox/support/paths";
import { waitFor } from "../../sandbox/support/wait";
import { sumsOf, type Sums } from "../support/client";
import { ClientInPod } from "../support/client-in-pod";
import { access } from "../support/platform";
import { StandaloneCluster, type Made } from "../support/standalone";

const fewRows = 100_000;
/** Enough work for two executors to be busy while something is killed under them. */
const manyRows = 15_000_000;
const workers = 2;

interface WithConnect extends Made {
    connectUrl: string;
    connectLabels: Record<string, string>;
    uiUrl: string;
    storeUrl: string;
}

const say = (text: string) => {
    console.log(`        ${text}`);
};

for (const version of testedVersions) {
    describe(`Spark ${version}: a Connect server on a Standalone cluster, and others who work on it`, () => {
        const cluster = new StandaloneCluster("spark-e2e-sa-connect", version, "tests/e2e-long/programs/connect-standalone");
        const made = () => cluster.made() as WithConnect;
        let client: ClientInPod;
        let sums: string;

        /** Starts the busy query. */
        const start = (rows: number) => {
            const query = client.python(sums, made().connectUrl, String(rows), "40");
            const application = new Promise<string>((resolve, reject) => {
                query.stdout.once("data", (data: Buffer) => {
                    resolve((JSON.parse(data.toString().split("\n")[0] ?? "") as { application: string }).application);
                });
                query.catch(reject);
            });
            const answer = query.then(({ stdout }) => {
                const { groups, rows: counted, total } = JSON.parse(stdout.trimEnd().split("\n").pop() ?? "") as Sums;
                return { groups, rows: counted, total };
            });
            answer.catch(() => undefined);
            return { application, answer };
        };
        const applications = async () => (await cluster.leader({ workers })).activeapps.map(({ id }) => id);
        const executorsOf = async (application: string) => {
            const path = `/api/v1/namespaces/${cluster.namespace}/pods/main-connect-0:4040/proxy/api/v1/applications/${application}/executors`;
            const found = JSON.parse(await kubectl(access, ["get", "--raw", path])) as { id: string; hostPort: string }[];
            return found.filter(({ id }) => id !== "driver").map(({ hostPort }) => hostPort.split(":")[0] ?? "");
        };
        const fetched = async (url: string) => {
            const script = "import sys, urllib.request\nprint(urllib.request.urlopen(sys.argv[1], timeout=20).read().decode())";
            return (await client.python(script, url)).stdout;
        };
        /** Sizes of what the store has of an application's event log, as the uploader finds them. */
        const eventLogOf = async (application: string) => {
            const script = [
                "import importlib.util, json, sys",
                "spec = importlib.util.spec_from_file_location('uploader', '/opt/spark/event-log-uploader.py')",
                "uploader = sys.modules['uploader'] = importlib.util.module_from_spec(spec)",
                "spec.loader.exec_module(uploader)",
                "store = uploader.Store('s3a://spark-logs/events', sys.argv[1], 'us-east-1', True)",
                "print(json.dumps(store.sizes(f'eventlog_v2_{sys.argv[2]}')))",
            ].join("\n");
            const inUploader = ["exec", "main-connect-0", "-c", "event-log-uploader", "--", "/usr/bin/python3", "-c", script];
            return JSON.parse(await cluster.kubectl(...inUploader, made().storeUrl, application)) as Record<string, number>;
        };

        before(async () => {
            await cluster.init();
            await cluster.up({});
            const { connectLabels, connection } = made();
            client = await ClientInPod.start(cluster.namespace, "client", version, {
                ...connectLabels,
                ...connection.masters.clientLabels,
            });
            sums = await readFile(join(checkout, "tests/e2e/clients/sums.py"), "utf8");
        });

        after(() => cluster.remove());

        it("runs a client's query on the workers, as an application that the master knows", async () => {
            const query = start(fewRows);
            assert.deepEqual(await query.answer, sumsOf(fewRows));
            const application = await query.application;
            assert.deepEqual(await applications(), [application]);
            const addresses = (await cluster.pods("worker")).map(({ status }) => status.podIP).sort();
            assert.deepEqual([...new Set(await executorsOf(application))].sort(), addresses);
        });

        it("shows the pages of workers and of the server behind the address of the masters", async () => {
            const { uiUrl } = made();
            const { activeapps, workers: known = [] } = JSON.parse(await fetched(`${uiUrl}/json/`)) as {
                activeapps: { id: string }[];
                workers?: { id: string; state: string }[];
            };
            const alive = known.filter(({ state }) => state === "ALIVE");
            assert.equal(alive.length, workers);
            for (const { id } of alive) {
                assert.match(await fetched(`${uiUrl}/proxy/${id}/`), /Spark Worker at/);
            }
            assert.match(await fetched(`${uiUrl}/proxy/${activeapps[0]?.id}/environment/`), /Environment/);
        });

        it("finishes a query under which the leading master dies, and stays the application that it was", async () => {
            const query = start(manyRows);
            const application = await query.application;
            const seconds = await cluster.killLeader(workers);
            say(`failover under a Connect server, ${version}: ${seconds.toFixed(1)} s`);
            assert.deepEqual(await query.answer, sumsOf(manyRows));
            assert.deepEqual(await applications(), [application]);
        });

        it("finishes a query that loses a worker with its executor", async () => {
            const query = start(manyRows);
            const application = await query.application;
            await waitFor("both executors work", async () => ((await executorsOf(application)).length === 2 ? true : undefined), {
                seconds: 60,
            });
            await cluster.kubectl("delete", "pod", "main-worker-0", "--grace-period=0", "--force");
            assert.deepEqual(await query.answer, sumsOf(manyRows));
            await waitFor(
                "an executor runs on each worker again",
                async () => ((await executorsOf(application)).length === 2 ? true : undefined),
                {
                    seconds: 120,
                },
            );
        });

        it("runs SparkPi beside it by spark-submit, while up waits", async () => {
            await cluster.up({ workers: workers + 1, pi: true });
            const query = "app.kubernetes.io/name=spark-submit,app.kubernetes.io/component=driver,app.kubernetes.io/instance=pi";
            const [driver] = await list<Pod>(access, ["pods", "-n", cluster.namespace, "-l", query]);
            const { code, seconds, log } = await cluster.ended(driver?.metadata.name ?? "");
            assert.equal(code, 0, log.slice(-2000));
            assert.match(log, /Pi is roughly 3\.1/);
            say(`SparkPi by spark-submit on spark://, ${version}: ${seconds} s`);
            assert.ok(seconds < 45, `${seconds} s`);
        });

        it("does not let a driver in that has another secret", async () => {
            const known = new Set((await cluster.masters()).flatMap(({ activeapps }) => activeapps.map(({ id }) => id)));
            await cluster.kubectl("create", "secret", "generic", "wrong", "--from-literal=secret=wrong");
            await cluster.submit("intruder", "/opt/spark/examples/src/main/python/pi.py 1", { secret: "wrong" });
            const { code, log } = await cluster.ended("intruder", 180);
            assert.notEqual(code, 0);
            assert.match(log, /All masters are unresponsive|Mismatched response|[Aa]uthentication failed/);
            const after = (await cluster.masters()).flatMap(({ activeapps }) => activeapps.map(({ id }) => id));
            assert.deepEqual(
                after.filter((id) => !known.has(id)),
                [],
            );
        });

        it("listens for drivers and not for submissions that ask nobody who they are", async () => {
            const { pod } = (await cluster.masters())[0] ?? { pod: "" };
            const open = (port: number) =>
                cluster.kubectl("exec", pod, "-c", "master", "--", "bash", "-c", `: <"/dev/tcp/$POD_IP/${port}"`).then(
                    () => true,
                    () => false,
                );
            assert.deepEqual([await open(7077), await open(6066)], [true, false]);
        });

        it("leaves a complete event log when the server is told to stop", async () => {
            const query = start(fewRows);
            await query.answer;
            const application = await query.application;
            await cluster.kubectl("delete", "pod", "main-connect-0", "--wait");
            await cluster.kubectl("rollout", "status", "statefulset/main-connect", "--timeout=180s");
            // Spark takes the word from the status when the last event is written; an open log would still have it.
            const directory = `eventlog_v2_${application}`;
            const { [`${directory}/appstatus_${application}`]: status, ...events } = await eventLogOf(application);
            assert.equal(status, 0);
            assert.match(Object.keys(events).join(" "), new RegExp(`^${directory}/events_1_${application}\\S*$`));
            assert.ok(Object.values(events).every((size) => size > 0));
        });
    });
}
