import assert from "node:assert/strict";
import { join } from "node:path";

import { testedVersions } from "../../components/internal/spark-versions";
import type { S3Facts } from "../../components/storage/s3a";
import { kubectl, list } from "../../sandbox/support/kubectl";
import { ConnectClient } from "../support/connect-client";
import { restCatalog, startRestCatalog } from "../support/iceberg-rest";
import { clearNamespaces } from "../support/namespaces";
import { access } from "../support/platform";
import { Program } from "../support/program";

const namespace = "spark-e2e-iceberg";
const catalogs = ["hive", "lake", "web"];

interface Outputs {
    connections: { url: string; clientLabels: Record<string, string> }[];
    database: { credentialsSecret: string };
    s3: S3Facts;
}

/** What every line must read of a table, whoever wrote it. */
const whole = {
    columns: ["id bigint", "cost double", "label string"],
    now: [
        [1, 1.5, null],
        [2, 2.5, null],
        [30_000_000_000, 3.5, "three"],
    ],
    bySnapshot: [[1, 1.5]],
    byTime: [[1, 1.5]],
};

describe("Iceberg tables in a metastore, a database and a REST catalog", () => {
    const program = new Program(join(__dirname, "programs/iceberg"), { NAMESPACE: namespace });
    const written: Record<string, { rewritten: boolean; kept: boolean }> = {};
    let clients: { version: string; client: ConnectClient; url: string }[];
    let outputs: Outputs;

    async function up(env: Record<string, string> = {}): Promise<void> {
        await program.up(env);
        outputs = await program.outputs<Outputs>();
    }

    before(async () => {
        await clearNamespaces(namespace);
        await program.init();
        await up();
        await startRestCatalog(namespace, outputs.s3);
        await up({ REST: JSON.stringify(restCatalog(namespace)) });
        clients = await Promise.all(
            testedVersions.map(async (version, i) => {
                const { url, clientLabels: labels } = outputs.connections[i]!;
                return { version, url, client: await ConnectClient.start({ namespace, pod: `client-${i}`, version, labels }) };
            }),
        );
    });

    after(() => program.remove());

    const tableOf = (catalog: string, version: string) => `${catalog}.shop.goods_${version.replaceAll(".", "_")}`;

    for (const catalog of catalogs) {
        it(`change their schema without a rewrite, in the catalog ${catalog}, on every line`, async () => {
            for (const { version, url, client } of clients) {
                const table = tableOf(catalog, version);
                const { rewritten, kept, ...rest } = await client.run<{ rewritten: boolean; kept: boolean }>(
                    "iceberg.py",
                    url,
                    table,
                    "write",
                );
                assert.deepEqual({ rewritten, kept }, { rewritten: false, kept: true });
                Object.assign(written, { [table]: rest });
            }
        });
    }

    it("have a past, by snapshot and by time, after the servers were restarted, each line's also for the other", async () => {
        await kubectl(access, ["delete", "pods", "-n", namespace, "-l", "app.kubernetes.io/name=spark-connect", "--wait"], {
            timeout: 180_000,
        });
        for (const { version } of clients) {
            const servers = `statefulset/spark-${version.replaceAll(".", "-")}-connect`;
            await kubectl(access, ["rollout", "status", "-n", namespace, servers, "--timeout=180s"]);
        }
        for (const { client, url } of clients) {
            for (const [table, known] of Object.entries(written)) {
                assert.deepEqual(await client.run("iceberg.py", url, table, "read", JSON.stringify(known)), whole, table);
            }
        }
    });

    it("leave the database's password out of everything that a client can read, and of every config map", async () => {
        const secret = await kubectl(access, [
            "get",
            "secret",
            outputs.database.credentialsSecret,
            "-n",
            namespace,
            "-o",
            "jsonpath={.data.password}",
        ]);
        const password = Buffer.from(secret, "base64").toString();
        assert.ok(password.length >= 16);
        const maps = JSON.stringify(await list(access, ["configmaps", "-n", namespace]));
        assert.ok(!maps.includes(password));
        for (const { client, url } of clients) {
            const settings = await client.run<[string, string][]>("iceberg.py", url, "lake.shop.goods", "settings");
            assert.ok(settings.some(([key]) => key === "spark.sql.catalog.lake.uri"));
            assert.ok(!JSON.stringify(settings).includes(password));
        }
    });
});
