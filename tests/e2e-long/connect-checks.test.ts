import assert from "node:assert/strict";

import { testedVersions } from "../../components/internal/spark-versions";
import { kubectl, list, type Pod } from "../../sandbox/support/kubectl";
import { ConnectTeam } from "../support/connect-team";
import { access } from "../support/platform";

const namespace = "spark-e2e-checks";
const store = "s3a://warehouse/tables in the store at http://team-store.spark-e2e-checks.svc:9000: ";

/** What a server is told instead of the truth, and what must be said then. */
const faults: Record<string, { broken: object; said: string }> = {
    "its key is unknown to the store": {
        broken: { s3: { credentialsSecret: "wrong-keys" } },
        said: `check-stores: ${store}the store does not know the access key`,
    },
    "its bucket does not exist": {
        broken: { warehouse: "s3a://nowhere/tables" },
        said: `check-stores: ${store.replace("warehouse", "nowhere")}the keys may not list the bucket "nowhere"`,
    },
    "its metastore cannot be reached": {
        broken: { metastore: { uris: "thrift://nowhere.invalid:9083" } },
        said: "check-stores: The Hive Metastore does not answer at nowhere.invalid:9083: Name or service not known",
    },
};

for (const version of testedVersions) {
    describe(`a Connect server of Spark ${version} that cannot work says so in one line of \`up\` and of a pod's log within a minute, when`, () => {
        const team = new ConnectTeam(namespace, version);

        before(async () => {
            await team.init();
            await team.up({});
        });

        after(() => team.remove());

        for (const [what, { broken, said }] of Object.entries(faults)) {
            it(what, async () => {
                const start = Date.now();
                const { exitCode, text } = await team.tryBroken(broken);
                const seconds = (Date.now() - start) / 1000;
                assert.notEqual(exitCode, 0, text);
                assert.ok(text.includes(said), text);
                console.log(`        up ended with the message after ${seconds.toFixed(0)} s, ${version}`);
                assert.ok(seconds < 60, `${seconds} s`);
                const checks = await list<Pod>(access, ["pods", "-n", namespace, "-l", "app.kubernetes.io/component=check"]);
                const logs = checks.map(({ metadata: { name } }) => kubectl(access, ["logs", "-n", namespace, name, "--all-containers"]));
                const lines = (await Promise.all(logs)).flatMap((log) => log.split("\n")).filter((line) => line !== "");
                assert.equal(lines.filter((line) => line.startsWith(said)).length, 1, lines.join("\n"));
                const servers = await list<Pod>(access, [
                    "pods",
                    "-n",
                    namespace,
                    "-l",
                    "app.kubernetes.io/component=server,app.kubernetes.io/instance=broken",
                ]);
                assert.deepEqual(
                    servers.map(({ metadata }) => metadata.name),
                    [],
                );
            });
        }
    });
}
