import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { buildImages } from "../../../sandbox/images";
import { buildImage, provideBase, Workshop } from "../../../sandbox/images/build";
import { sha256 } from "../../../sandbox/images/locks";
import { images, recipesOf } from "../../../sandbox/images/recipes";
import { ensureTools, tool } from "../../../sandbox/toolchain";
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

describe("image minio", function () {
    let image: UnpackedImage;
    let archive: string;
    let folder: string;
    let endpoint: string;
    const undoing: (() => unknown)[] = [];
    const binaries = () => ({ minio: tool("minio") });
    const root = { MINIO_ROOT_USER: "root-user", MINIO_ROOT_PASSWORD: "root-password" };
    const application = { AWS_ACCESS_KEY_ID: "application", AWS_SECRET_ACCESS_KEY: "application-secret" };

    const setUp = (given: string[], env: Record<string, string> = { ...root, ...application }) =>
        image.run(["/opt/object-store/setup.py", "--endpoint", endpoint, "--timeout", "20", ...given], { user: "1000:1000", env });

    /** What the application's own key may do, by the client library inside the image. */
    const attempt = async (call: string): Promise<string> => {
        const script = [
            "import io, os, minio",
            `client = minio.Minio("${endpoint.slice("http://".length)}", os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"], secure=False, region="us-east-1")`,
            `try:\n    ${call}\n    print("allowed")\nexcept minio.S3Error as error:\n    print(error.code)`,
        ].join("\n");
        return (await image.run(["python3", "-c", script], { user: "1000:1000", env: application })).all;
    };

    before(async function () {
        skipWithoutRoot(this);
        await ensureTools(["minio"]);
        const [built] = await buildImages({ names: ["minio"], binaries: binaries() });
        archive = built!.archive;
        image = await UnpackedImage.of(archive);
        undoing.push(() => image.remove());
        folder = await mkdtemp(join(tmpdir(), "minio-"));
        await chmod(folder, 0o777);
        undoing.push(() => rm(folder, { recursive: true }));
        const [port, console] = [await freePort(), await freePort()];
        endpoint = `http://127.0.0.1:${port}`;
        const command = ["/usr/bin/tini", "-s", "-g", "--", "/usr/bin/minio", "server", "/data"];
        const server = image.run([...command, "--address", `127.0.0.1:${port}`, "--console-address", `127.0.0.1:${console}`], {
            user: "1000:1000",
            env: root,
            mounts: { "/data": folder },
        });
        undoing.push(async () => {
            await signal(server, "KILL");
            await server;
        });
    });

    after(async () => {
        for (const undo of undoing.reverse()) {
            await undo();
        }
    });

    it("makes buckets, prefixes and a user of its own, and finds them the second time", async () => {
        const wanted = ["--bucket", "data", "--bucket", "logs", "--prefix", "logs/connect/events"];
        const first = await setUp(wanted);
        assert.equal(first.exitCode, 0, first.all);
        assert.match(
            first.all,
            /bucket data: made[^]*prefix logs\/connect\/events\/: made[^]*user application: may read and write data, logs/,
        );
        const second = await setUp(wanted);
        assert.equal(second.exitCode, 0, second.all);
        assert.doesNotMatch(second.all, /: made/);
    });

    it("gives the user its buckets and nothing else", async () => {
        const put = (bucket: string) =>
            attempt(`client.put_object(bucket_name="${bucket}", object_name="x/y", data=io.BytesIO(b"1"), length=1)`);
        assert.equal(await put("data"), "allowed");
        assert.equal(await attempt('client.make_bucket(bucket_name="more")'), "AccessDenied");
        assert.equal(await attempt('client.remove_bucket(bucket_name="data")'), "AccessDenied");
        const other = await setUp(["--bucket", "other"], { ...root, AWS_ACCESS_KEY_ID: "second", AWS_SECRET_ACCESS_KEY: "second-secret" });
        assert.equal(other.exitCode, 0, other.all);
        assert.equal(await put("other"), "AccessDenied");
        assert.equal(await put("logs"), "allowed", "one user's rights are not another's");
    });

    it("says in one line what is wrong", async () => {
        const wrong = await setUp(["--bucket", "ab", "--prefix", "other/path"], root);
        assert.equal(wrong.exitCode, 1);
        assert.match(
            wrong.all,
            /^object store: --bucket: found 'ab', expected 3 to 63[^\n]*--prefix: found 'other\/path'[^\n]*AWS_ACCESS_KEY_ID is missing[^\n]*$/,
        );
        const denied = await setUp(["--bucket", "data"], { ...root, ...application, MINIO_ROOT_PASSWORD: "another-one" });
        assert.equal(denied.exitCode, 1);
        assert.match(denied.all, /^object store: http:[^\n]*AccessDenied[^\n]*$/);
    });

    it("receives the event log of a running server, and its end", async () => {
        const [directory, application_] = [await mkdtemp(join(tmpdir(), "events-")), "eventlog_v2_app"];
        await chmod(directory, 0o777);
        await mkdir(join(directory, application_));
        const at = (name: string) => join(directory, application_, name);
        await writeFile(at("events_1_app"), "first");
        await writeFile(at("appstatus_app.inprogress"), "");
        const uploader = image.run(
            [
                ...["/usr/bin/tini", "-s", "-g", "--", "python3", "/uploader/event-log-uploader.py", "--directory", "/events"],
                ...["--to", "s3a://logs/connect/events", "--endpoint", endpoint, "--interval", "0.5"],
            ],
            { env: application, mounts: { "/events": directory, "/uploader": join(images, "spark") } },
        );
        undoing.push(() => signal(uploader, "KILL"));
        const objects = join(folder, "logs/connect/events", application_);
        const until = async (name: string) => {
            for (let tries = 0; !existsSync(join(objects, name)); tries++) {
                assert.ok(tries < 100, `${name} did not arrive`);
                await new Promise((resolve) => setTimeout(resolve, 100));
            }
        };
        await until("appstatus_app.inprogress");
        await writeFile(at("events_1_app"), "first and second");
        await rename(at("appstatus_app.inprogress"), at("appstatus_app"));
        // The signal reaches it through tini, as the kubelet sends it when the server has ended.
        await signal(uploader, "TERM");
        const { all, exitCode } = await uploader;
        await rm(directory, { recursive: true });
        assert.equal(exitCode, 0, all);
        assert.match(all, /stopped, everything is sent/);
        assert.ok(existsSync(join(objects, "appstatus_app")) && !existsSync(join(objects, "appstatus_app.inprogress")));
    });

    it("is the same, byte for byte, when it is built again", async () => {
        const workshop = await Workshop.open();
        const again = workshop.path("again.tar");
        try {
            await provideBase(workshop);
            await buildImage(workshop, { recipe: recipesOf(["minio"])[0]!, archive: again }, binaries());
            assert.equal(await sha256(again), await sha256(archive));
        } finally {
            await workshop.close();
        }
    });
});
