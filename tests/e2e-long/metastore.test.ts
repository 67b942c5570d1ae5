import assert from "node:assert/strict";
import { join } from "node:path";

import { kubectl, list, type Pod } from "../../sandbox/support/kubectl";
import { waitFor } from "../../sandbox/support/wait";
import { access } from "../support/platform";
import { Program } from "../support/program";
import { runSql, type Session } from "../support/spark-sql";

const namespace = "e2e-metastore";

describe("tables in a Hive Metastore", () => {
    const program = new Program(join(__dirname, "programs/metastore"), { NAMESPACE: namespace });
    let session: Omit<Session, "version">;

    before(async () => {
        await kubectl(access, ["delete", "namespace", namespace, "--ignore-not-found", "--wait"]);
        await program.init();
        await program.up();
        const { connection, s3 } = await program.outputs<{ connection: Session["metastore"]; s3: Session["s3"] }>();
        session = { namespace, metastore: connection, s3 };
    });

    after(async () => {
        await program.remove();
    });

    it("are made by Spark 4.1 on the object store, and outlive new passwords and the restart of every pod", async () => {
        const made = await runSql(
            "writer",
            [
                "CREATE DATABASE shop",
                "CREATE TABLE shop.goods (name STRING, price INT) USING parquet PARTITIONED BY (price)",
                "INSERT INTO shop.goods VALUES ('tea', 3), ('coffee', 4)",
                "SELECT name FROM shop.goods WHERE price = 4",
            ],
            { ...session, version: "4.1.0" },
        );
        assert.deepEqual(made, ["coffee"]);

        await program.up({ ROTATION: "2" });
        await kubectl(access, ["delete", "pods", "--all", "-n", namespace, "--wait=false"]);
        await waitFor("every server is ready again", allReady, { seconds: 180 });

        const read = await runSql("reader", ["SHOW TABLES IN shop", "SELECT name, price FROM shop.goods ORDER BY name"], {
            ...session,
            version: "4.1.0",
        });
        assert.deepEqual(read, ["goods", "coffee\t4", "tea\t3"]);
    });

    it("are shared with Spark 3.5", async () => {
        const both = await runSql(
            "reader-35",
            [
                "SELECT name FROM shop.goods WHERE price = 3",
                "CREATE TABLE shop.old (a INT) STORED AS ORC",
                "INSERT INTO shop.old VALUES (5)",
                "ALTER TABLE shop.goods DROP PARTITION (price = 3)",
                "SELECT count(*) FROM shop.goods",
            ],
            { ...session, version: "3.5.7" },
        );
        assert.deepEqual(both, ["tea", "1"]);
    });

    for (const [what, change, message] of [
        ["cannot be found", { host: "nowhere.invalid" }, "database nowhere.invalid:5432: Name or service not known"],
        ["does not exist", { database: "gone" }, "database team-postgres.e2e-metastore.svc:5432: FATAL: "],
    ] as const) {
        it(`say in one line of \`up\` and of the pod's log that the database ${what}, within a minute`, async () => {
            const start = Date.now();
            const { exitCode, text } = await program.tryUp({ ROTATION: "2", UNREACHABLE: JSON.stringify(change) });
            assert.notEqual(exitCode, 0);
            assert.ok(text.includes(`metastore: ${message}`), text);
            assert.ok(Date.now() - start < 60_000, `${(Date.now() - start) / 1000} s`);
            const log = await kubectl(access, ["logs", "-n", namespace, "-l", "app.kubernetes.io/instance=lost"]);
            const lines = log.split("\n").filter((line) => line !== "");
            assert.equal(lines.filter((line) => line.startsWith(`metastore: ${message}`)).length, 1, log);
            // The pod of an earlier attempt may still be there; it has no more to say either.
            assert.deepEqual(
                lines.filter((line) => !line.startsWith("metastore: database ")),
                [],
            );
        });
    }

    const allReady = async () => {
        const pods = await list<Pod & { status: { containerStatuses?: { ready: boolean }[] }; metadata: { deletionTimestamp?: string } }>(
            access,
            ["pods", "-n", namespace, "--field-selector=status.phase!=Succeeded"],
        );
        const ready = pods.filter(
            ({ metadata, status }) =>
                metadata.deletionTimestamp === undefined && status.containerStatuses?.every((container) => container.ready),
        );
        return pods.length === 4 && ready.length === 4 ? true : undefined;
    };
});
