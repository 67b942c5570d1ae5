import assert from "node:assert/strict";
import { join } from "node:path";

import { testedVersions } from "../../components/internal/spark-versions";
import { waitFor } from "../../sandbox/support/wait";
import { sumsOf } from "../support/client";
import { ConnectClient } from "../support/connect-client";
import { askHistory } from "../support/history";
import { clearNamespaces } from "../support/namespaces";
import { Program } from "../support/program";

const shared = "spark-e2e-side";
const rows = 100_000;

interface Outputs {
    connections: { url: string; clientLabels: Record<string, string> }[];
    historyUrl: string;
}

interface Session {
    application: string;
    version: string;
}

interface Application {
    attempts: { appSparkVersion: string }[];
}

describe("two teams on two lines of Spark, with one store and one history", () => {
    const program = new Program(join(__dirname, "programs/side-by-side"), { NAMESPACE: shared });
    const namespaces = testedVersions.map((_, i) => `${shared}-${i}`);
    let outputs: Outputs;
    let clients: ConnectClient[];
    const sessions: Session[] = [];

    const hostOf = (team: number) => (outputs.connections[team]?.url ?? "").replace("sc://", "");

    before(async () => {
        await clearNamespaces(shared, ...namespaces);
        await program.init();
        await program.up();
        outputs = await program.outputs<Outputs>();
        clients = await Promise.all(
            testedVersions.map((version, i) => {
                // Either client wears both labels: no label of its own keeps it from the other team.
                const labels = Object.assign({}, ...outputs.connections.map(({ clientLabels }) => clientLabels)) as Record<string, string>;
                return ConnectClient.start({ namespace: namespaces[i]!, pod: "client", version, labels });
            }),
        );
    });

    after(() => program.remove());

    for (const [team, version] of testedVersions.entries()) {
        it(`give the team on Spark ${version} its own server, which works`, async () => {
            const { url } = outputs.connections[team]!;
            const session = await clients[team]!.run<Session>("whoami.py", url);
            assert.equal(session.version, version);
            sessions.push(session);
            const query = await clients[team]!.startSums(url, rows);
            assert.deepEqual(await query.answer, sumsOf(rows));
        });

        it(`keep the team on Spark ${version} out of the other's server`, async () => {
            assert.match(await clients[team]!.run("call.py", hostOf(1 - team), "plain"), /^(UNAVAILABLE|DEADLINE_EXCEEDED)$/);
            assert.match(await clients[team]!.run("call.py", hostOf(team), "plain"), /^(UNKNOWN|INTERNAL)$/);
        });
    }

    it("show both in one History Server", async () => {
        for (const { application, version } of sessions) {
            const { attempts } = await waitFor(
                `${application} is shown`,
                async () => {
                    const found = await askHistory<Partial<Application>>(outputs.historyUrl, `/applications/${application}`);
                    return found.attempts && { attempts: found.attempts };
                },
                { seconds: 60 },
            );
            assert.deepEqual(
                attempts.map(({ appSparkVersion }) => appSparkVersion),
                [version],
            );
        }
    });
});
