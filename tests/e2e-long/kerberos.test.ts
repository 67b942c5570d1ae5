import assert from "node:assert/strict";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { testedVersions } from "../../components/internal/spark-versions";
import type { MetastoreFacts } from "../../components/spark/metastore";
import type { S3Facts } from "../../components/storage/s3a";
import { kubectl, list, type Pod } from "../../sandbox/support/kubectl";
import { ConnectClient } from "../support/connect-client";
import { hdfs, hdfsPrincipal, startHdfs, tokenSeconds } from "../support/hdfs";
import { Kdc, kdcClientLabels, realm, realmConfigMap, ticketSeconds } from "../support/kdc";
import { clearNamespaces } from "../support/namespaces";
import { access } from "../support/platform";
import { Program } from "../support/program";
import { runSql } from "../support/spark-sql";

const namespace = "spark-e2e-kerberos";
/** As the cluster's DNS calls the address in full: Java looks it up, and asks the realm for a ticket to that name. */
const metastoreHost = `team-metastore.${namespace}.svc.cluster.local`;
const hive = `hive/${metastoreHost}`;

interface Outputs {
    connections: { url: string; clientLabels: Record<string, string> }[];
    connection: MetastoreFacts;
    s3: S3Facts;
}

const serverOf = (version: string) => `spark-${version.replaceAll(".", "-")}`;
const tableOf = (version: string) => `shop.${serverOf(version).replaceAll("-", "_")}`;
const theOther = (version: string) => testedVersions.find((one) => one !== version) ?? version;

describe("a realm of Kerberos", () => {
    const program = new Program(join(__dirname, "programs/kerberos"), { NAMESPACE: namespace });
    let kdc: Kdc;
    let outputs: Outputs;
    let clients: { version: string; client: ConnectClient; url: string }[];

    before(async () => {
        await clearNamespaces(namespace);
        await program.init();
        await program.up();
        kdc = await Kdc.start(namespace);
        await kdc.principals("keytab-hive", [hive]);
        for (const version of testedVersions) {
            await kdc.principals(`keytab-${serverOf(version)}`, [serverOf(version)]);
        }
        await kdc.outdatedKeytab("keytab-gone", "gone");
        await startHdfs(namespace, kdc);
        await program.up({
            REALM: JSON.stringify({
                name: realm,
                configMap: realmConfigMap,
                metastorePrincipal: `${hive}@${realm}`,
                hdfs: hdfs(namespace),
                hdfsPrincipal: hdfsPrincipal(namespace),
            }),
        });
        outputs = await program.outputs<Outputs>();
        clients = await Promise.all(
            testedVersions.map(async (version, i) => {
                const { url, clientLabels: labels } = outputs.connections[i]!;
                return { version, url, client: await ConnectClient.start({ namespace, pod: `client-${i}`, version, labels }) };
            }),
        );
    });

    after(() => program.remove());

    const onEveryLine = async (statements: (version: string) => string[], rows: unknown[][]) => {
        for (const { version, url, client } of clients) {
            const answers = await client.run<unknown[][][]>("sql.py", url, ...statements(version));
            assert.deepEqual(answers.at(-1), rows, version);
        }
    };

    const executors = async () =>
        (await list<Pod>(access, ["pods", "-n", namespace, "-l", "spark-role=executor"])).map(({ metadata }) => metadata.uid).sort();

    it("lets the servers of each line make tables in a metastore that asks who they are", async () => {
        const make = (version: string) => [
            "CREATE DATABASE IF NOT EXISTS shop",
            `CREATE TABLE ${tableOf(version)} USING parquet AS SELECT 1 AS id, 'tea' AS name`,
            `SELECT * FROM ${tableOf(version)}`,
        ];
        await onEveryLine(make, [[1, "tea"]]);
        await onEveryLine((version) => [`SELECT * FROM ${tableOf(theOther(version))}`], [[1, "tea"]]);
    });

    it("lets them and their executors, which have no key, write and read an HDFS", async () => {
        await onEveryLine((version) => [...writeNumbers(version, 100), sumOfNumbers(version)], [[100, 4950]]);
        await onEveryLine((version) => [sumOfNumbers(theOther(version))], [[100, 4950]]);
    });

    it("lets nobody's probe be an error in the metastore's log", async () => {
        const errors = async () =>
            (await kubectl(access, ["logs", "-n", namespace, "deployment/team-metastore"])).split("No data or no sasl data in the stream")
                .length;
        const before = await errors();
        await sleep(15_000);
        assert.equal(await errors(), before);
    });

    it("has them log in again and hand out new tokens before the old ones expire", async () => {
        const before = await executors();
        assert.equal(before.length, testedVersions.length);
        await sleep(1000 * (Math.max(ticketSeconds, tokenSeconds) + 15));
        const now = Date.now() / 1000;

        // Whoever is connected is not asked again: a new metastore asks everybody.
        await kubectl(access, ["rollout", "restart", "-n", namespace, "deployment/team-metastore"]);
        await kubectl(access, ["rollout", "status", "-n", namespace, "deployment/team-metastore", "--timeout=180s"]);
        await onEveryLine(
            (version) => [`INSERT INTO ${tableOf(version)} VALUES (2, 'coffee')`, `SELECT count(*) FROM ${tableOf(version)}`],
            [[2]],
        );
        await onEveryLine((version) => [...writeNumbers(version, 10), sumOfNumbers(version)], [[10, 45]]);

        assert.deepEqual(await executors(), before);
        for (const version of testedVersions) {
            const latest = (await kdc.logins(serverOf(version), "hive")).at(-1) ?? 0;
            assert.ok(latest > now - ticketSeconds, `the last login of ${version} that the metastore saw was ${now - latest} s earlier`);
        }
    });

    for (const version of testedVersions) {
        it(`refuses a session of ${version} whose key is not the principal's any more, and says so`, async () => {
            const identity = { principal: `gone@${realm}`, keytabSecret: "keytab-gone", configMap: realmConfigMap };
            await assert.rejects(
                session(version, { ...identity, servicePrincipal: `${hive}@${realm}` }),
                /failure to login: for principal: gone@E2E\.TEST from keytab \/etc\/kerberos\/keytab .*Checksum failed/,
            );
        });

        it(`refuses a session of ${version} without a key`, async () => {
            await assert.rejects(session(version), /TTransportException/);
        });
    }

    /** A driver of its own, let through to the metastore and to the realm. */
    async function session(version: string, kerberos?: MetastoreFacts["kerberos"]): Promise<string[]> {
        const { connection, s3 } = outputs;
        const endpoint = connection.clusterEndpoint!;
        const clusterEndpoint = { ...endpoint, clientLabels: { ...endpoint.clientLabels, ...kdcClientLabels } };
        return runSql("stranger", ["SHOW DATABASES"], { namespace, version, s3, metastore: { ...connection, clusterEndpoint, kerberos } });
    }
});

const directory = (version: string) => `${hdfs(namespace).uri}/numbers/${version}`;
const writeNumbers = (version: string, count: number) => [
    `INSERT OVERWRITE DIRECTORY '${directory(version)}' USING parquet SELECT id FROM range(0, ${count}, 1, 4)`,
];
const sumOfNumbers = (version: string) => `SELECT count(*), sum(id) FROM parquet.\`${directory(version)}\``;
