import assert from "node:assert/strict";

import { assertNothingWasRepeated, StandaloneCluster, totalOf } from "../support/standalone";

const workers = 2;
const rows = 10_000;

describe("a Standalone cluster that keeps its records in the object store", () => {
    const cluster = new StandaloneCluster("spark-e2e-standalone", "4.1.0");

    before(async () => {
        await cluster.init();
        await cluster.up({ recovery: { mode: "s3", directory: "s3a://spark-state/recovery" }, worker: { replicas: workers } });
    });

    after(() => cluster.remove());

    it("has one master that leads all workers, and one that stands by", async () => {
        const { pod } = await cluster.leader({ workers, seconds: 30 });
        const others = (await cluster.masters()).filter((master) => master.pod !== pod);
        assert.deepEqual(
            others.map(({ status }) => status),
            ["STANDBY"],
        );
    });

    it("loses no task and repeats none when its leader is killed under a running application, and takes new ones", async () => {
        const driver = await cluster.drive("driver", [4, 10, rows]);
        const application = await driver.application;
        const seconds = await cluster.killLeader(workers);
        console.log(`        another master led after ${seconds.toFixed(1)} s`);
        const { activeapps } = await cluster.leader({ workers });
        assert.deepEqual(
            activeapps.map(({ id }) => id),
            [application],
        );
        assert.ok(seconds < 30, `the failover took ${seconds} s`);
        const report = await driver.report();
        assert.equal(report.total, totalOf(rows));
        assertNothingWasRepeated(report);
        const next = await cluster.drive("driver-after", [0, 2, rows]);
        assert.equal((await next.report()).total, totalOf(rows));
    });
});
