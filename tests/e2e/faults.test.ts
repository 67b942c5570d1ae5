import assert from "node:assert/strict";

import { serviceOf } from "../../sandbox/support/kubectl";
import { waitFor } from "../../sandbox/support/wait";
import { waitForHistory } from "../../sandbox/up/job";
import { startSums, sumsOf } from "../support/client";
import { ServerUnderTest } from "../support/connect-server";
import { completedInHistory } from "../support/history";
import { access } from "../support/platform";
import { platform } from "./hooks";

// Enough work for two executors to be busy for about half a minute.
const manyRows = 15_000_000;
const fewRows = 100_000;

describe("Spark Connect when something dies", () => {
    let server: ServerUnderTest;

    before(() => {
        const { service, namespace } = serviceOf(platform().endpoints.connect);
        server = new ServerUnderTest(namespace, `${service}-0`);
    });

    it("finishes a query although an executor was killed in the middle of it", async () => {
        const query = await startSums(platform().endpoints.connect, manyRows);
        await query.application;
        await server.killExecutor(await server.someExecutor());
        assert.deepEqual(await query.answer, sumsOf(manyRows));
    });

    it("serves again after its JVM was killed during a query, and leaves none of the old executors", async () => {
        const query = await startSums(platform().endpoints.connect, manyRows);
        query.answer.catch(() => undefined);
        await query.application;
        await server.someExecutor();
        await server.killJvm({ seconds: 30 });
        query.abandon();
        await server.ready();
        const next = await startSums(platform().endpoints.connect, fewRows);
        assert.deepEqual(await next.answer, sumsOf(fewRows));
    });

    it("closes its event log when it is told to stop", async () => {
        const query = await startSums(platform().endpoints.connect, fewRows);
        const application = await query.application;
        await query.answer;
        await server.stop();
        await waitForHistory(access, platform().endpoints, application);
        const { historyServer, historyLateSeconds } = platform().endpoints;
        await waitFor("the application is complete in the History Server", () => completedInHistory(historyServer, application), {
            seconds: historyLateSeconds + 30,
        });
        await server.ready();
    });
});
