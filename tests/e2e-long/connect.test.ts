import assert from "node:assert/strict";

import { testedVersions } from "../../components/internal/spark-versions";
import { waitFor } from "../../sandbox/support/wait";
import { sumsOf } from "../support/client";
import type { ConnectClient } from "../support/connect-client";
import { ServerUnderTest } from "../support/connect-server";
import { ConnectTeam } from "../support/connect-team";
import { completedInHistory } from "../support/history";

/** Enough work for two executors to be busy for about half a minute. */
const manyRows = 15_000_000;
const fewRows = 100_000;

interface Session {
    application: string;
    server: string;
    version: string;
}

const say = (text: string) => {
    console.log(`        ${text}`);
};

for (const version of testedVersions) {
    describe(`two Connect servers of Spark ${version} behind TLS and a token`, () => {
        const team = new ConnectTeam("spark-e2e-connect", version);
        const first = new ServerUnderTest(team.namespace, "main-connect-0");
        let client: ConnectClient;
        let token: string;

        /** The address of one server, or of both, with what else a client says in it. */
        const remote = (url = team.made.connection.url) => `${url};token=${token}`;
        const hostOf = (url: string) => url.replace(/^sc:\/\//, "").replace(/\/.*$/, "");
        const replica = (ordinal: number) => team.made.connection.replicaUrls[ordinal] ?? "";

        before(async () => {
            await team.init();
            await team.up({
                replicas: 2,
                tls: { secret: "certificate" },
                authentication: {},
                executor: { maximum: 2, idleTimeout: "15s" },
            });
            token = await team.token();
            client = await team.client("client");
        });

        after(() => team.remove());

        it("answer a client that has the token", async () => {
            const query = await client.startSums(remote(), fewRows);
            assert.deepEqual(await query.answer, sumsOf(fewRows));
        });

        it("refuse a wrong token, no token, and no TLS", async () => {
            const host = hostOf(team.made.connection.url);
            assert.equal(await client.run("call.py", host, "tls", "wrong"), "UNAUTHENTICATED");
            assert.equal(await client.run("call.py", host, "tls"), "UNAUTHENTICATED");
            assert.equal(await client.run("call.py", host, "plain", token), "UNAVAILABLE");
            assert.match(await client.run("call.py", host, "tls", token), /^(UNKNOWN|INTERNAL)$/);
        });

        it("keep a client on one of them, session after session, and lead to each by an address of its own", async () => {
            const sessions: Session[] = [];
            for (let session = 0; session < 6; session++) {
                sessions.push(await client.run<Session>("whoami.py", remote()));
            }
            assert.equal(new Set(sessions.map(({ server }) => server)).size, 1);
            assert.deepEqual(new Set(sessions.map((session) => session.version)), new Set([version]));
            for (const ordinal of [0, 1]) {
                const { server } = await client.run<Session>("whoami.py", remote(replica(ordinal)));
                assert.equal(server, `main-connect-${ordinal}`);
            }
        });

        it("give all executors back while they live", async () => {
            const { application, server } = await client.run<Session>("whoami.py", remote(replica(0)));
            const query = await client.startSums(remote(replica(0)), fewRows);
            await query.answer;
            assert.ok((await first.executors()).length > 0);
            const start = Date.now();
            await waitFor("no executor is left", async () => ((await first.executors()).length === 0 ? true : undefined), { seconds: 90 });
            say(`no executor left after ${((Date.now() - start) / 1000).toFixed(0)} s, idle timeout 15 s, ${version}`);
            assert.deepEqual(await client.run<Session>("whoami.py", remote(replica(0))), { application, server, version });
        });

        it("finish a query that loses an executor", async () => {
            const query = await client.startSums(remote(replica(0)), manyRows);
            await query.application;
            await first.killExecutor(await first.someExecutor());
            assert.deepEqual(await query.answer, sumsOf(manyRows));
        });

        it("leave no executor half a minute after the JVM was killed, and serve again", async () => {
            const query = await client.startSums(remote(replica(0)), manyRows);
            query.answer.catch(() => undefined);
            await query.application;
            await first.someExecutor();
            const start = Date.now();
            const seconds = await first.killJvm({ seconds: 30 });
            query.abandon();
            await first.ready();
            say(
                `executors gone ${seconds.toFixed(1)} s after kill -9, ready after ${((Date.now() - start) / 1000).toFixed(0)} s, ${version}`,
            );
            const next = await client.startSums(remote(replica(0)), fewRows);
            assert.deepEqual(await next.answer, sumsOf(fewRows));
        });

        it("leave a complete event log when they are told to stop", async () => {
            const query = await client.startSums(remote(replica(0)), fewRows);
            const application = await query.application;
            await query.answer;
            await first.stop();
            const complete = () => completedInHistory(team.made.historyUrl, application);
            await waitFor("the application is complete in the History Server", complete, { seconds: 60 });
            await first.ready();
        });
    });
}
