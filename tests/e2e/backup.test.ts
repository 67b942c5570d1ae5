import assert from "node:assert/strict";
import { join } from "node:path";

import { kubectl } from "../../sandbox/support/kubectl";
import { Project } from "../integration/plugins/project";
import { runBackup } from "../support/backup";
import { access } from "../support/platform";

const namespace = "backup-e2e";
const here = (args: string[], input?: string) => kubectl(access, ["-n", namespace, ...args], { input });
const sql = (statement: string) =>
    here(["exec", "e2e-postgres-0", "--", "psql", "-qAt", "--dbname=shop", "--set=ON_ERROR_STOP=1", "-c", statement]);

const rows = 200_000;
const contents = `SET ROLE shop_owner;
    CREATE TABLE items (id serial PRIMARY KEY, name text NOT NULL);
    INSERT INTO items (name) SELECT 'item ' || n FROM generate_series(1, ${rows}) n;
    CREATE VIEW longest AS SELECT max(length(name)) AS length FROM items;`;
const emptied = "DROP SCHEMA public CASCADE; CREATE SCHEMA public AUTHORIZATION pg_database_owner;";
const summary = "SELECT count(*), sum(id), (SELECT length FROM longest) FROM items";

/** Ends the next dump as soon as it has begun. */
const endDump = `DO $$ DECLARE ended boolean := false; BEGIN
    FOR attempt IN 1..6000 LOOP
        PERFORM pg_stat_clear_snapshot();
        SELECT coalesce(bool_or(pg_terminate_backend(pid)), false) INTO ended FROM pg_stat_activity WHERE application_name = 'pg_dump';
        EXIT WHEN ended;
        PERFORM pg_sleep(0.01);
    END LOOP;
END $$`;

describe("Backups of a database", () => {
    const project = new Project("backup", "test", join(__dirname, "programs"));
    let cronJob = "";
    let first = "";
    let second = "";

    const run = (...command: string[]) => runBackup(namespace, cronJob, ...command);

    /** What the store's own user does to the objects of a backup: `code` finds the client as `c`. */
    const tamper = (code: string) =>
        here([
            ...["exec", "e2e-store-0", "--", "python3", "-c"],
            `import io, os\nfrom minio import Minio\nfrom minio.credentials import StaticProvider\n` +
                `c = Minio(endpoint="127.0.0.1:9000", secure=False, credentials=StaticProvider(os.environ["MINIO_ROOT_USER"], os.environ["MINIO_ROOT_PASSWORD"]))\n${code}`,
        ]);
    const object = (id: string, file: string) => `bucket_name="spark-backups", object_name="backups/shop/${id}/${file}"`;

    async function backUp(): Promise<string> {
        const { succeeded, log } = await run("backup");
        assert.ok(succeeded, log);
        return /(\S+): kept in/.exec(log)![1]!;
    }

    before(async () => {
        // A run that was killed took its state along, but not what it had made.
        await kubectl(access, ["delete", "namespace", namespace, "--ignore-not-found", "--wait"]);
        await project.init();
        const { exitCode, text } = await project.up();
        assert.equal(exitCode, 0, text);
        cronJob = (await project.outputs()).cronJob;
        await sql(contents);
    });

    after(async () => {
        await project.remove();
        await kubectl(access, ["delete", "namespace", namespace, "--ignore-not-found", "--wait"]);
    });

    it("are made, verified and listed", async () => {
        first = await backUp();
        second = await backUp();
        const { log } = await run("list");
        assert.deepEqual(
            log
                .trim()
                .split("\n")
                .map((line) => line.split(" ").slice(0, 2).join(" ")),
            [`${first} whole`, `${second} whole`],
        );
    });

    it("are none when the dump was cut short", async () => {
        const [{ succeeded, log }] = await Promise.all([run("backup"), sql(endDump)]);
        assert.ok(!succeeded, log);
        assert.match(log, /pg_dump ended with 1: /);
        assert.doesNotMatch(log, /kept in/);
        assert.equal((await run("list")).log.trim().split("\n").length, 2);
    });

    it("are not restored over anything that is there", async () => {
        const { succeeded, log } = await run("restore", first);
        assert.ok(!succeeded, log);
        assert.match(log, /the database shop is not empty, it has .*public\.items.*; restore into an empty one/);
    });

    it("are not restored when the dump is not the one that was uploaded, or has no manifest", async () => {
        await sql(emptied);
        const dump = object(second, "database.dump");
        await tamper(
            `b = bytearray(c.get_object(${dump}).read()); b[len(b) // 2] ^= 1; c.put_object(${dump}, data=io.BytesIO(bytes(b)), length=len(b))`,
        );
        const broken = await run("restore", second);
        assert.ok(!broken.succeeded, broken.log);
        assert.match(broken.log, /its checksum differs/);
        await tamper(`c.remove_object(${object(second, "manifest.json")})`);
        const unfinished = await run("restore", second);
        assert.ok(!unfinished.succeeded, unfinished.log);
        assert.match(unfinished.log, /there is no such backup .*, or it never came to its end/);
        assert.equal((await sql("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace")).trim(), "0");
    });

    it("come back into a database that was destroyed", async () => {
        const { exitCode, text } = await project.up(first);
        assert.equal(exitCode, 0, text);
        assert.equal((await sql(summary)).trim(), `${rows}|${(rows * (rows + 1)) / 2}|${`item ${rows}`.length}`);
        assert.equal((await sql("SELECT tableowner FROM pg_tables WHERE tablename = 'items'")).trim(), "shop_owner");
        await sql("SET ROLE shop_owner; INSERT INTO items (name) VALUES ('one more')");
    });
});
