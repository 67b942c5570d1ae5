import assert from "node:assert/strict";

import type { SparkStandaloneRecovery } from "../../components";
import { testedVersions } from "../../components/internal/spark-versions";
import { waitFor } from "../../sandbox/support/wait";
import { assertNothingWasRepeated, StandaloneCluster, totalOf } from "../support/standalone";
import { startZooKeeper, zooKeeper } from "../support/zookeeper";

const rows = 10_000;
/** As many workers as there is memory for; each takes about 1 GiB. */
const many = Number(process.env.STANDALONE_WORKERS ?? 10);

/** What the masters know from where, how long a failover may take, and what must be there before them. */
const recoveries: Record<
    string,
    { recovery: (namespace: string) => SparkStandaloneRecovery; seconds: number; meanwhile?: typeof startZooKeeper }
> = {
    s3: { recovery: () => ({ mode: "s3", directory: "s3a://spark-state/recovery" }), seconds: 20 },
    filesystem: { recovery: () => ({ mode: "filesystem", storage: "64m" }), seconds: 60 },
    zookeeper: { recovery: (namespace) => ({ mode: "zookeeper", ...zooKeeper(namespace) }), seconds: 60, meanwhile: startZooKeeper },
};

const say = (text: string) => {
    console.log(`        ${text}`);
};

for (const version of testedVersions) {
    for (const [mode, { recovery, seconds, meanwhile }] of Object.entries(recoveries)) {
        describe(`Spark ${version}, Standalone with the recovery ${mode}`, () => {
            const cluster = new StandaloneCluster(`spark-e2e-sa-${mode}`, version);

            before(async () => {
                await cluster.init();
                await cluster.up(
                    { recovery: recovery(cluster.namespace), worker: { replicas: 1 } },
                    meanwhile && (() => meanwhile(cluster)),
                );
            });

            after(() => cluster.remove());

            it("loses no task and repeats none when the leading master is killed", async () => {
                await cluster.leader({ workers: 1 });
                const driver = await cluster.drive("driver", [5, 10, rows]);
                const application = await driver.application;
                const taken = await cluster.killLeader(1);
                say(`failover, ${mode}, ${version}: ${taken.toFixed(1)} s`);
                assert.ok(taken < seconds, `${taken} s`);
                const { activeapps } = await cluster.leader({ workers: 1 });
                assert.deepEqual(
                    activeapps.map(({ id }) => id),
                    [application],
                );
                const report = await driver.report();
                assert.equal(report.total, totalOf(rows));
                assertNothingWasRepeated(report);
                const next = await cluster.drive("driver-after", [0, 2, rows]);
                assert.equal((await next.report()).total, totalOf(rows), "an application that came after the failover");
            });
        });
    }

    describe(`Spark ${version}, Standalone with many workers`, () => {
        const cluster = new StandaloneCluster("spark-e2e-sa-many", version);

        before(() => cluster.init());
        after(() => cluster.remove());

        for (const replicas of [...new Set([1, 3, many])]) {
            it(`registers ${replicas} of them`, async () => {
                await cluster.up({ recovery: { mode: "none" }, worker: { replicas } });
                await cluster.leader({ workers: replicas, seconds: 30 });
                const slowest = Math.max(...(await cluster.registrationSeconds()));
                say(`registration of ${replicas} workers after their start, ${version}: ${slowest.toFixed(1)} s`);
                assert.ok(slowest < 30, `${slowest} s`);
            });
        }

        it("fails no job while most of them leave under load", async () => {
            const shares = { "spark.cores.max": many, "spark.executor.cores": 1 };
            const driver = await cluster.drive("driver", [4, 4 * many, rows], shares);
            await driver.application;
            const someResults = async () => ((await driver.finishedTasks()) >= many ? true : undefined);
            await waitFor("there are shuffle results", someResults, { seconds: 120 });
            const kept = Math.min(2, many - 1);
            await cluster.scaleWorkers(kept);
            const report = await driver.report();
            assert.equal(report.total, totalOf(rows));
            say(`${many} to ${kept} workers under load, ${version}: ${JSON.stringify(report.stages)}`);
            await cluster.leader({ workers: kept });
        });

        it("lets executors go that have nothing to do, and keeps what they made", async () => {
            const driver = await cluster.drive("driver-elastic", [2, 8, rows, 45], {
                "spark.dynamicAllocation.enabled": true,
                "spark.dynamicAllocation.minExecutors": 0,
                "spark.dynamicAllocation.maxExecutors": 2,
                "spark.dynamicAllocation.executorIdleTimeout": "5s",
                "spark.executor.cores": 1,
            });
            const report = await driver.report();
            assert.equal(report.idleExecutors, 0);
            assert.equal(report.again, totalOf(rows));
            assert.ok((report.skippedStages ?? 0) > 0, "the second job computed the shuffle again");
        });

        it("runs a driver on a worker when it was told to take submissions over HTTP", async () => {
            await cluster.up({ recovery: { mode: "none" }, worker: { replicas: 2 }, restSubmission: true });
            await cluster.leader({ workers: 2 });
            // Of the programs in Spark's own jars one that runs a job; PySpark's distribution has no examples for Java.
            const jar = (await cluster.kubectl("exec", "main-master-0", "--", "sh", "-c", "ls /opt/spark/jars/spark-mllib_*.jar")).trim();
            const { masterUrl } = cluster.made().connection;
            const program = `--class org.apache.spark.mllib.util.LinearDataGenerator file://${jar} ${masterUrl} file:///tmp/linear`;
            await cluster.submitToCluster("submission", program);
            const ended = async () => (await cluster.masters())[0]?.completeddrivers[0]?.state;
            assert.equal(await waitFor("the driver ends", ended, { seconds: 120 }), "FINISHED");
        });
    });
}
