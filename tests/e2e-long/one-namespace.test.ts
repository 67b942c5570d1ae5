import assert from "node:assert/strict";
import { join } from "node:path";

import { testedVersions } from "../../components/internal/spark-versions";
import { serverLabel } from "../../components/spark/connect/conf";
import { kubectl, list, type Pod } from "../../sandbox/support/kubectl";
import { waitFor } from "../../sandbox/support/wait";
import { sumsOf } from "../support/client";
import { ConnectClient } from "../support/connect-client";
import { completedInHistory } from "../support/history";
import { clearNamespaces } from "../support/namespaces";
import { access } from "../support/platform";
import { Program } from "../support/program";
import { sparkImageOf } from "../support/spark-image";
import { masterPath, type MasterState } from "../support/standalone";

const namespace = "spark-e2e-one";
const rows = 100_000;

interface Reachable {
    url: string;
    clientLabels: Record<string, string>;
}

interface Team {
    servers: (Reachable & { kind: "pods" | "workers" })[];
    cluster: { masterUrl: string; clientLabels: Record<string, string> };
}

interface Session {
    application: string;
    server: string;
    version: string;
}

type PodOfImages = Pod & { spec: { containers: { image: string }[] } };

const hostOf = (url: string) => url.replace(/^\w+:\/\//, "");
const labelsOf = ({ servers, cluster }: Team): Record<string, string> =>
    Object.assign({}, cluster.clientLabels, ...servers.map(({ clientLabels }) => clientLabels)) as Record<string, string>;

describe("two teams on two lines of Spark in one namespace, each with Connect and Standalone", () => {
    const program = new Program(join(__dirname, "programs/one-namespace"), { NAMESPACE: namespace });
    let made: { made: Team[]; historyUrl: string };
    let clients: ConnectClient[];

    const team = (i: number) => made.made[i]!;
    const client = (i: number) => clients[i]!;

    before(async () => {
        await clearNamespaces(namespace);
        await program.init();
        await program.up();
        made = await program.outputs<typeof made>();
        clients = await Promise.all(
            testedVersions.map((version, i) => ConnectClient.start({ namespace, pod: `client-${i}`, version, labels: labelsOf(team(i)) })),
        );
    });

    after(() => program.remove());

    for (const [i, version] of testedVersions.entries()) {
        for (const kind of ["pods", "workers"] as const) {
            it(`lead the client of ${version} to its own server, whose executors are ${kind} of its own`, async () => {
                const { url } = team(i).servers.find((server) => server.kind === kind)!;
                const name = `team-${i}-${kind}-connect-0`;
                const { server, version: ran } = await client(i).run<Session>("whoami.py", url);
                assert.deepEqual({ server, ran }, { server: name, ran: version });

                const query = await client(i).startSums(url, rows);
                const application = await query.application;
                assert.deepEqual(await query.answer, sumsOf(rows));
                assert.deepEqual(await executorsOf(name), kind === "pods" ? [sparkImageOf(version)] : []);
                const known = await Promise.all(testedVersions.map((_, other) => applicationsOn(other)));
                assert.deepEqual(
                    known.map((names) => names.includes(application)),
                    testedVersions.map((_, other) => kind === "workers" && other === i),
                );
            });
        }

        it(`let the client of ${version} in to its own servers and masters, and to nobody else's`, async () => {
            for (const [other, { servers, cluster }] of made.made.entries()) {
                const answers = await Promise.all(servers.map(({ url }) => client(i).run<string>("call.py", hostOf(url), "plain")));
                const right = other === i ? /^(UNKNOWN|INTERNAL)$/ : /^(UNAVAILABLE|DEADLINE_EXCEEDED)$/;
                for (const answer of answers) {
                    assert.match(answer, right);
                }
                assert.equal(await client(i).run<boolean>("reach.py", hostOf(cluster.masterUrl)), other === i);
            }
        });
    }

    it("write one history, complete when the servers are told to stop", async () => {
        const names = testedVersions.flatMap((_, i) => ["pods", "workers"].map((kind) => `team-${i}-${kind}-connect-0`));
        const applications = await Promise.all(
            testedVersions.flatMap((_, i) => team(i).servers.map(({ url }) => client(i).run<Session>("whoami.py", url))),
        );
        await kubectl(access, ["delete", "pod", "-n", namespace, ...names, "--wait"], { timeout: 180_000 });
        for (const { application } of applications) {
            await waitFor(`${application} is complete`, () => completedInHistory(made.historyUrl, application), { seconds: 90 });
        }
    });

    /** Images of a server's executors. */
    async function executorsOf(server: string): Promise<string[]> {
        const pods = await list<PodOfImages>(access, ["pods", "-n", namespace, "-l", `spark-role=executor,${serverLabel}=${server}`]);
        return [...new Set(pods.flatMap(({ spec }) => spec.containers.map(({ image }) => image)))];
    }

    /** Applications that a team's master knows. */
    async function applicationsOn(i: number): Promise<string[]> {
        const [master] = await list<Pod>(access, [
            ...["pods", "-n", namespace, "-l"],
            `app.kubernetes.io/name=spark-standalone,app.kubernetes.io/component=master,app.kubernetes.io/instance=team-${i}`,
        ]);
        const answer = await kubectl(access, ["get", "--raw", masterPath(namespace, master!.metadata.name)]);
        const { activeapps } = JSON.parse(answer) as MasterState;
        return activeapps.map(({ id }) => id);
    }
});
