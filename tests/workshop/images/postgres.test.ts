import assert from "node:assert/strict";
import { chmod, chown, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { buildImages } from "../../../sandbox/images";
import { waitFor } from "../../../sandbox/support/wait";
import { signal, skipWithoutRoot, UnpackedImage } from "./machine";

async function freePort(): Promise<number> {
    return new Promise((resolve) => {
        const server = createServer().listen(0, "127.0.0.1", () => {
            const { port } = server.address() as { port: number };
            server.close(() => {
                resolve(port);
            });
        });
    });
}

const administrator = { POSTGRES_ADMIN_PASSWORD: "admin" };

describe("image postgres", function () {
    for (const user of ["999:999", "1000650000:0"]) {
        describe(`as user ${user}`, () => {
            let image: UnpackedImage;
            let folder: string;
            let port: string;
            let server: ReturnType<UnpackedImage["run"]>;

            const volume = (name: string) => join(folder, name);
            const inFolder = () => ({ "/var/lib/postgresql/data": volume("data"), "/run/postgres": volume("run") });

            const start = async (env: Record<string, string> = administrator) => {
                const args = ["/bin/bash", "/opt/postgres/server.sh", "-c", `port=${port}`, "-c", "fsync=off"];
                server = image.run(["/usr/bin/tini", "-s", "-g", "--", ...args], { user, env, mounts: inFolder() });
                const ready = async () => ((await client(["pg_isready", "--quiet"])).exitCode === 0 ? true : undefined);
                await waitFor("the server answers", ready, { seconds: 60 });
            };
            const stop = async () => {
                await signal(server, "INT");
                return server;
            };
            const client = (command: string[], env: Record<string, string> = {}) =>
                image.run(command, {
                    user,
                    env: { PGHOST: "127.0.0.1", PGPORT: port, PGSSLMODE: "require", ...env },
                    mounts: { "/run/credentials": volume("credentials") },
                });
            const setUp = async (username: string, password: string) => {
                await mkdir(join(volume("credentials"), "shop"), { recursive: true });
                await writeFile(join(volume("credentials"), "shop/username"), username);
                await writeFile(join(volume("credentials"), "shop/password"), password);
                return client(["/bin/bash", "/opt/postgres/setup.sh", "shop"], { PGUSER: "postgres", PGPASSWORD: "admin" });
            };
            const sql = async (statement: string, username: string, password: string, env: Record<string, string> = {}) =>
                (
                    await client(["psql", "--no-psqlrc", "--tuples-only", "--no-align", "--dbname=shop", "--command", statement], {
                        PGUSER: username,
                        PGPASSWORD: password,
                        ...env,
                    })
                ).all;

            before(async function () {
                skipWithoutRoot(this);
                const [built] = await buildImages({ names: ["postgres:15"] });
                image = await UnpackedImage.of(built!.archive);
                folder = await mkdtemp(join(tmpdir(), "postgres-"));
                await chmod(folder, 0o755);
                const [uid, gid] = user.split(":").map(Number);
                for (const name of ["data", "run", "credentials"]) {
                    await mkdir(volume(name));
                    await chown(volume(name), uid!, gid!);
                }
                port = String(await freePort());
                await start();
            });

            after(async () => {
                await signal(server, "KILL");
                await image.remove();
                await rm(folder, { recursive: true, force: true });
            });

            it("makes a database whose tables belong to its owner, whoever made them", async () => {
                const { exitCode, all } = await setUp("shop_1", "one's");
                assert.equal(exitCode, 0, all);
                assert.match(all, /database shop: user shop_1 is ready/);
                assert.equal(
                    await sql("CREATE TABLE goods (name text); INSERT INTO goods VALUES ('tea')", "shop_1", "one's"),
                    "CREATE TABLE\nINSERT 0 1",
                );
                assert.equal(await sql("SELECT tableowner FROM pg_tables WHERE tablename = 'goods'", "shop_1", "one's"), "shop_owner");
            });

            it("can be set up again", async () => {
                const { exitCode, all } = await setUp("shop_1", "one's");
                assert.equal(exitCode, 0, all);
            });

            it("lets the user before a rotation go on for an hour", async () => {
                const { exitCode, all } = await setUp("shop_2", "two");
                assert.equal(exitCode, 0, all);
                assert.equal(await sql("UPDATE goods SET name = 'coffee'", "shop_2", "two"), "UPDATE 1");
                assert.equal(await sql("SELECT name FROM goods", "shop_1", "one's"), "coffee");
                const minutes = "SELECT round(extract(epoch FROM rolvaliduntil - now()) / 60) FROM pg_roles WHERE rolname = 'shop_1'";
                assert.equal(await sql(minutes, "shop_2", "two"), "60");
            });

            it("refuses a wrong password, a connection without TLS, and the names of its own roles", async () => {
                assert.match(await sql("SELECT 1", "shop_2", "wrong"), /password authentication failed for user "shop_2"/);
                assert.match(await sql("SELECT 1", "shop_2", "two", { PGSSLMODE: "disable" }), /no pg_hba.conf entry .* no encryption/);
                const { exitCode, all } = await setUp("shop_owner", "x");
                assert.equal(exitCode, 1);
                assert.equal(all, 'postgres: database shop: the user may not be called "shop_owner": that is a role of the server\'s own');
            });

            it("lets in whoever shows what it counts, to that alone, and no longer than it is told to", async () => {
                const again = (env: Record<string, string>) =>
                    client(["/bin/bash", "/opt/postgres/setup.sh"], { PGUSER: "postgres", PGPASSWORD: "admin", ...env });
                const statements = "SELECT count(*) > 0 FROM pg_stat_activity WHERE query <> ''; SELECT pg_database_size('shop') > 0";
                const counted = async (database: string) =>
                    (
                        await client(
                            ["psql", "--no-psqlrc", "--tuples-only", "--no-align", `--dbname=${database}`, "--command", statements],
                            {
                                PGUSER: "platform_metrics",
                                PGPASSWORD: "look",
                            },
                        )
                    ).all;
                for (const time of ["first", "second"]) {
                    const { exitCode, all } = await again({ MONITOR_PASSWORD: "look" });
                    assert.deepEqual([exitCode, all], [0, ""], time);
                }
                assert.equal(await counted("postgres"), "t\nt");
                assert.match(await counted("shop"), /permission denied for database "shop"/);
                const { exitCode, all } = await again({});
                assert.deepEqual([exitCode, all], [0, ""]);
                assert.match(await counted("postgres"), /role "platform_metrics" is not permitted to log in/);
            });

            it("stops at once with clients connected, and starts again with a new administrator's password", async () => {
                const idle = client(["psql", "--dbname=shop", "--command", "SELECT pg_sleep(60)"], { PGUSER: "shop_2", PGPASSWORD: "two" });
                const sleeping = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'";
                await waitFor("a client is busy", async () => ((await sql(sleeping, "postgres", "admin")) === "1" ? true : undefined), {
                    seconds: 20,
                });
                const { exitCode, all } = await stop();
                assert.equal(exitCode, 0, all);
                assert.match(all, /database system is shut down/);
                assert.doesNotMatch(all, /one's|PASSWORD/);
                assert.notEqual((await idle).exitCode, 0);
                await start({ POSTGRES_ADMIN_PASSWORD: "another" });
                assert.equal(await sql("SELECT name FROM goods", "shop_2", "two"), "coffee");
                assert.equal(await sql("SELECT current_user", "postgres", "another"), "postgres");
                assert.match(await sql("SELECT 1", "postgres", "admin"), /password authentication failed/);
            });

            it("refuses data of another version", async () => {
                await stop();
                await mkdir(join(volume("data"), "13"));
                await writeFile(join(volume("data"), "13/PG_VERSION"), "13\n");
                const { exitCode, all } = await image.run(["/bin/bash", "/opt/postgres/server.sh"], {
                    user,
                    env: administrator,
                    mounts: inFolder(),
                });
                assert.equal(exitCode, 1);
                assert.match(all, /^postgres: \/var\/lib\/postgresql\/data holds data of PostgreSQL 13, this image is 15: /);
            });
        });
    }
});
