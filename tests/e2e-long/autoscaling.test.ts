import assert from "node:assert/strict";

import { testedVersions } from "../../components/internal/spark-versions";
import { startKeda } from "../support/keda";
import { StandaloneCluster, totalOf } from "../support/standalone";

const rows = 1000;
const most = 3;

describe("workers of a Standalone cluster under KEDA", () => {
    let stopKeda: (() => Promise<void>) | undefined;

    before(async () => {
        stopKeda = await startKeda();
    });

    after(() => stopKeda?.());

    for (const version of testedVersions) {
        describe(`Spark ${version}`, () => {
            const cluster = new StandaloneCluster("spark-e2e-sa-keda", version);

            before(async () => {
                await cluster.init();
                const autoscaling = { minimum: 1, maximum: most, idleTime: "15s" };
                await cluster.up({ recovery: { mode: "none" }, worker: { autoscaling, leaveTimeout: "15s" } });
                await cluster.leader({ workers: 1 });
            });

            after(() => cluster.remove());

            it("come while an application has work for them, and go when it has ended", async () => {
                const start = Date.now();
                const say = (what: string) => {
                    console.log(`        ${what} after ${Math.round((Date.now() - start) / 1000)} s, ${version}`);
                };
                const shares = { "spark.cores.max": most, "spark.executor.cores": 1 };
                const driver = await cluster.drive("driver", [5, 16, rows], shares);
                await driver.application;
                await cluster.leader({ workers: most, seconds: 240 });
                say(`${most} workers`);
                const report = await driver.report();
                assert.equal(report.total, totalOf(rows));
                assert.deepEqual(
                    report.stages.map(({ numFailedTasks }) => numFailedTasks),
                    report.stages.map(() => 0),
                );
                say("the application has ended");
                await cluster.leader({ workers: 1, seconds: 300 });
                say("1 worker");
            });
        });
    }
});
