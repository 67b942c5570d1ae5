import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { execa } from "execa";
import { stringify } from "yaml";

import { ruleGroups } from "../../../components/observability/alerts";
import { metrics } from "../../../components/observability/metrics";
import { findTool } from "../../../sandbox/toolchain";

/** One value a minute, for more than the longest window that a rule looks at. */
const minutes = 400;
type Values = (number | "stale")[];
type Observed = Partial<Record<keyof typeof metrics | "up", Values>>;

const always = (value: number): Values => Array.from({ length: minutes + 1 }, () => value);
/** Another value in the last minutes. */
const lately = (count: number, value: number, before: number): Values => always(before).fill(value, minutes + 1 - count);
/** A counter that grows by so much every minute; in the last ones by another amount. */
const growing = (step: number, count = 0, other = step): Values => {
    let sum = 0;
    return always(0).map((_, minute) => (sum += minute > minutes - count ? other : step));
};

/** A driver that ended so many minutes ago: from then on nobody looks. */
const ended = (count: number, values: Values): Values => [...values].fill("stale", minutes + 1 - count);

/** A server that does its work and has nothing to complain of. */
const healthy: Observed = {
    up: always(1),
    succeededJobs: growing(10),
    failedJobs: growing(0),
    heapUsed: always(50),
    heapMax: always(100),
    executors: always(2),
    wantedExecutors: always(2),
    lostExecutors: growing(0),
    droppedEvents: growing(0),
};

/** Labels of what is observed. */
const server = { namespace: "team-a", app_kubernetes_io_name: "spark-connect", app_kubernetes_io_component: "server" };
const ofApplication = { app_kubernetes_io_name: "spark-submit", app_kubernetes_io_component: "driver" };

/** What is observed in place of that, and every alert that fires then. */
const cases: Record<string, { observed: Observed; fires: string[]; labels?: Partial<typeof server> }> = {
    "a healthy server": { observed: {}, fires: [] },
    "a server that has been away for ten minutes": { observed: { up: lately(10, 0, 1) }, fires: ["SparkServersUnavailable critical"] },
    "one look that failed": { observed: { up: always(1).fill(0, 200, 201) }, fires: [] },
    "every twentieth look that fails": {
        observed: { up: always(1).map((_, minute) => (minute % 20 === 0 ? 0 : 1)) },
        fires: ["SparkServersUnavailable warning"],
    },
    "a fifth of the jobs that fails for an hour": {
        observed: { succeededJobs: growing(10, 60, 8), failedJobs: growing(0, 60, 2) },
        fires: ["SparkJobsFailing critical"],
    },
    "a twelfth of the jobs that always fails": {
        observed: { succeededJobs: growing(11), failedJobs: growing(1) },
        fires: ["SparkJobsFailing warning"],
    },
    "no jobs at all": { observed: { succeededJobs: growing(0) }, fires: [] },
    "a heap that has been full for half an hour": { observed: { heapUsed: lately(30, 95, 50) }, fires: ["SparkDriverHeapFull warning"] },
    "a heap that is full for a moment": { observed: { heapUsed: lately(5, 95, 50) }, fires: [] },
    "executors that die one after the other": { observed: { lostExecutors: growing(0, 10, 1) }, fires: ["SparkExecutorsLost warning"] },
    "an executor that died": { observed: { lostExecutors: growing(0, 1, 1) }, fires: [] },
    "executors that do not come": { observed: { wantedExecutors: lately(20, 5, 2) }, fires: ["SparkExecutorsMissing warning"] },
    "executors that take ten minutes": { observed: { wantedExecutors: lately(10, 5, 2) }, fires: [] },
    "events that are dropped": { observed: { droppedEvents: growing(0, 5, 7) }, fires: ["SparkEventsDropped warning"] },
    "everything at once in another namespace": {
        observed: { up: always(0), heapUsed: always(99), wantedExecutors: always(9) },
        fires: [],
        labels: { namespace: "team-b" },
    },
    "an application that starts slowly, fails and is at work": {
        observed: { up: lately(10, 0, 1), succeededJobs: growing(10, 60, 8), failedJobs: growing(0, 60, 2) },
        fires: [],
        labels: ofApplication,
    },
    "an application whose executors die one after the other": {
        observed: { lostExecutors: growing(0, 10, 1) },
        fires: ["SparkExecutorsLost warning"],
        labels: ofApplication,
    },
    "an application that ended after all this": {
        observed: Object.fromEntries(
            Object.entries({
                ...{ up: lately(20, 0, 1), succeededJobs: growing(10, 60, 8), failedJobs: growing(0, 60, 2) },
                ...{ lostExecutors: growing(0, 20, 1), droppedEvents: growing(0, 20, 7) },
                ...{ heapUsed: lately(30, 95, 50), heapMax: always(100), wantedExecutors: lately(30, 5, 2), executors: always(2) },
            }).map(([name, values]) => [name, ended(5, values)]),
        ),
        fires: [],
        labels: ofApplication,
    },
};

const firing = 'count by (alertname, severity) (ALERTS{alertstate="firing"})';

/** A test of promtool: what is observed, and the whole list of what fires at its end. */
function testOf(observed: Observed, fires: string[], more: Partial<typeof server>): object {
    const all = { ...server, app_kubernetes_io_instance: "main", pod: "main-0", ...more };
    const labels = `{${Object.entries(all)
        .map(([name, value]) => `${name}="${value}"`)
        .join(", ")}}`;
    const series = Object.entries({ ...healthy, ...observed }).map(([name, values]) => ({
        series: `${name === "up" ? "up" : metrics[name as keyof typeof metrics]}${labels}`,
        values: values.join(" "),
    }));
    const samples = fires.map((alert) => {
        const [name, severity] = alert.split(" ");
        return { labels: `{alertname="${name}", severity="${severity}"}`, value: 1 };
    });
    return {
        interval: "1m",
        input_series: series,
        promql_expr_test: [{ expr: firing, eval_time: `${minutes}m`, exp_samples: samples }],
    };
}

const groups = ruleGroups("team-a", { available: 99.5, succeeded: 99 });

describe("the alerts", function () {
    this.timeout(120_000);
    let directory: string;
    let promtool: string;

    before(async function () {
        directory = await mkdtemp(join(tmpdir(), "alerts-"));
        const found = findTool("promtool");
        if (found === undefined) {
            console.log("      skipped: promtool is not built here");
            this.skip();
        }
        promtool = found;
        await writeFile(join(directory, "rules.yaml"), stringify({ groups }));
    });

    after(async () => {
        await rm(directory, { recursive: true, force: true });
    });

    const run = (...args: string[]) => execa(promtool, args, { cwd: directory, all: true, reject: false });

    it("are rules that Prometheus reads", async () => {
        const { exitCode, all } = await run("check", "rules", "rules.yaml");
        assert.equal(exitCode, 0, all);
    });

    for (const [what, { observed, fires, labels = {} }] of Object.entries(cases)) {
        it(`${fires.length === 0 ? "are silent" : `call ${fires.join(", ")}`}: ${what}`, async () => {
            const test = { rule_files: ["rules.yaml"], evaluation_interval: "1m", tests: [testOf(observed, fires, labels)] };
            await writeFile(join(directory, "test.yaml"), stringify(test));
            const { exitCode, all } = await run("test", "rules", "test.yaml");
            assert.equal(exitCode, 0, all);
        });
    }

    it("are each tried", () => {
        const severities = groups.flatMap(({ rules }) =>
            rules.flatMap(({ alert, labels }) => (alert ? [`${alert} ${labels?.severity}`] : [])),
        );
        assert.deepEqual([...new Set(Object.values(cases).flatMap(({ fires }) => fires))].sort(), severities.sort());
    });
});
