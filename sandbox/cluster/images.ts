import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, rename, rm, utimes, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

import { execa } from "execa";

import { cache } from "../support/paths";
import { tool } from "../toolchain";
import { images, runPaths } from "./layout";

const contentLabel = "spark-platform.local/content";
// The kubelet never collects an image that is pinned; one that comes from no registry could not be had again.
const pinned = "io.cri-containerd.pinned=pinned";

/**
 * Makes an image known to the cluster under a name, unless the same one is known already.
 *
 * @param archive Tar file in Docker's or in OCI form.
 * @param reference Name as pods use it.
 * @returns Whether it was imported.
 */
export async function importImage(archive: string, reference: string): Promise<boolean> {
    if (!existsSync(runPaths.containerdSocket)) {
        throw new Error("the sandbox cluster is not running, so no image can be imported: run 'make cluster-up'");
    }
    const content = await contentOf(archive);
    const known = await ctr("images", "list", `name==${reference}`);
    if (known.includes(`${contentLabel}=${content}`)) {
        return false;
    }
    const before = new Set(await imageNames());
    await ctr("images", "import", "--local", "--all-platforms=false", archive);
    await nameAs(reference, archive, before);
    await ctr("images", "label", reference, `${contentLabel}=${content}`, pinned);
    return true;
}

/** The archive may carry a name of its own, or none. */
async function nameAs(reference: string, archive: string, before: Set<string>): Promise<void> {
    const after = await imageNames();
    if (after.includes(reference)) {
        return;
    }
    const [added] = after.filter((name) => !before.has(name));
    if (added === undefined) {
        throw new Error(`${archive} was imported, but it names no image that could be called ${reference}`);
    }
    await ctr("images", "tag", added, reference);
    await ctr("images", "remove", added);
}

const imageNames = async () => (await ctr("images", "list", "--quiet")).split("\n").filter(Boolean);

async function ctr(...args: string[]): Promise<string> {
    const { stdout, stderr, failed } = await execa(
        tool("ctr"),
        ["--address", runPaths.containerdSocket, "--namespace", "k8s.io", ...args],
        {
            reject: false,
        },
    );
    if (failed) {
        throw new Error(`ctr ${args.slice(0, 2).join(" ")} failed: ${stderr.trim()}`);
    }
    return stdout;
}

/** The archive's table of contents names its configuration and layers by their digests. */
async function contentOf(archive: string): Promise<string> {
    for (const table of ["index.json", "manifest.json"]) {
        const { stdout, failed } = await execa("tar", ["--extract", "--to-stdout", "--file", archive, table], { reject: false });
        if (!failed) {
            return createHash("sha256").update(stdout).digest("hex").slice(0, 32);
        }
    }
    throw new Error(`${archive} is not an image: it has neither manifest.json nor index.json`);
}

/** Images of one static program each. */
const oneFileImages = [
    { reference: images.pause, binary: "pause", user: "65535:65535" },
    { reference: images.coredns, binary: "coredns", user: "0:0" },
];

/** Hash of each of them, by the build that its program is of. */
export const ownImageBuilds = () => oneFileImages.map(({ reference, binary }) => [reference, basename(dirname(tool(binary)))]);

export async function importOwnImages(): Promise<void> {
    for (const { reference, binary, user } of oneFileImages) {
        await importImage(await oneFileImage(reference, binary, user), reference);
    }
}

/** An image of one static program, as `docker save` would write it. The same program gives the same bytes. */
async function oneFileImage(reference: string, binary: string, user: string): Promise<string> {
    const program = tool(binary);
    const key = createHash("sha256")
        .update(JSON.stringify([reference, user, basename(dirname(program))]))
        .digest("hex")
        .slice(0, 16);
    const archive = join(cache, "images", `${binary}-${key}.tar`);
    if (existsSync(archive)) {
        return archive;
    }
    await mkdir(dirname(archive), { recursive: true });
    const work = await mkdtemp(join(dirname(archive), "unfinished-"));
    await copyFile(program, join(work, binary));
    await utimes(join(work, binary), 0, 0);
    await tar(work, "layer.tar", [binary]);
    const layer = await sha256(join(work, "layer.tar"));
    const config = JSON.stringify({
        architecture: process.arch === "arm64" ? "arm64" : "amd64",
        os: "linux",
        created: "1970-01-01T00:00:00Z",
        config: { User: user, Entrypoint: [`/${binary}`], WorkingDir: "/" },
        rootfs: { type: "layers", diff_ids: [`sha256:${layer}`] },
        history: [{ created: "1970-01-01T00:00:00Z" }],
    });
    const configName = `${createHash("sha256").update(config).digest("hex")}.json`;
    await writeFile(join(work, configName), config);
    await writeFile(join(work, "manifest.json"), JSON.stringify([{ Config: configName, RepoTags: [reference], Layers: ["layer.tar"] }]));
    await tar(work, "image.tar", ["manifest.json", configName, "layer.tar"]);
    await rename(join(work, "image.tar"), archive);
    await rm(work, { recursive: true });
    return archive;
}

async function tar(directory: string, archive: string, files: string[]): Promise<void> {
    const reproducible = ["--sort=name", "--mtime=@0", "--owner=0", "--group=0", "--numeric-owner", "--mode=a+rX"];
    await execa("tar", ["--create", ...reproducible, "--file", archive, ...files], { cwd: directory });
}

async function sha256(file: string): Promise<string> {
    const { stdout } = await execa("sha256sum", [file]);
    return stdout.split(" ")[0] ?? "";
}
