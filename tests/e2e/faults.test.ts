import assert from "node:assert/strict";

import { kubectl, serviceOf, type Pod } from "../../sandbox/support/kubectl";
import { waitFor } from "../../sandbox/support/wait";
import { executors, waitForHistory } from "../../sandbox/up/job";
import { startSums, sumsOf } from "../support/client";
import { completedInHistory } from "../support/history";
import { access, podsOf } from "../support/platform";
import { platform } from "./hooks";

// Enough work for two executors to be busy for about half a minute.
const manyRows = 15_000_000;
const fewRows = 100_000;

const namespace = () => serviceOf(platform().endpoints.connect).namespace;
const someExecutor = () => waitFor("an executor runs", async () => (await executors(access, platform().endpoints))[0], { seconds: 60 });

const isReady = ({ status }: Pod) => status.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True") ?? false;

async function readyServer(): Promise<Pod> {
    return waitFor("the Connect server is ready", async () => (await podsOf(platform().endpoints.connect)).find(isReady), { seconds: 120 });
}

describe("Spark Connect when something dies", () => {
    it("finishes a query although an executor was killed in the middle of it", async () => {
        const query = await startSums(platform().endpoints.connect, manyRows);
        await query.application;
        const victim = await someExecutor();
        await kubectl(access, ["delete", "pod", victim.metadata.name, "-n", namespace(), "--grace-period=0", "--force"]);
        assert.deepEqual(await query.answer, sumsOf(manyRows));
    });

    it("serves again after its JVM was killed during a query, and leaves none of the old executors", async () => {
        const query = await startSums(platform().endpoints.connect, manyRows);
        query.answer.catch(() => undefined);
        await query.application;
        await someExecutor();
        const old = (await executors(access, platform().endpoints)).map(({ metadata }) => metadata.name);
        const server = await readyServer();
        await kubectl(access, ["exec", "-n", namespace(), server.metadata.name, "--", "pkill", "-9", "-f", "SparkConnectServer"]);
        await waitFor(
            `none of ${old.join(", ")} is left`,
            async () => {
                const now = (await executors(access, platform().endpoints)).map(({ metadata }) => metadata.name);
                return old.some((name) => now.includes(name)) ? undefined : true;
            },
            { seconds: 30 },
        );
        query.abandon();
        await readyServer();
        const next = await startSums(platform().endpoints.connect, fewRows);
        assert.deepEqual(await next.answer, sumsOf(fewRows));
    });

    it("closes its event log when it is told to stop", async () => {
        const query = await startSums(platform().endpoints.connect, fewRows);
        const application = await query.application;
        await query.answer;
        const server = await readyServer();
        await kubectl(access, ["delete", "pod", server.metadata.name, "-n", namespace(), "--wait=true"], { timeout: 150_000 });
        await waitForHistory(access, platform().endpoints, application);
        await waitFor("the application is complete in the History Server", () => completedInHistory(application), {
            seconds: platform().endpoints.historyLateSeconds + 30,
        });
        await readyServer();
    });
});
