import { execa } from "execa";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { basename, join } from "node:path";

import { cache } from "../support/paths";
import { client, writeContext } from "./fetch";
import { removeLeftovers, temporaryName, touch } from "./leftovers";
import { archiveOf, baseArchive, belowOf, images, keyOf, platformBase, type Base, type Recipe } from "./recipes";

/** Every file of an image is at most this old (2025-11-20); any fixed moment would do. */
const sourceDateEpoch = "1763596800";

/** A build's own folder with buildah's storage in it; thrown away at the end. */
export class Workshop {
    private constructor(readonly folder: string) {}

    /**
     * Opens a workshop and clears away those of builds that were killed.
     *
     * @throws When a program that builds images is missing, or this is not root.
     */
    static async open(): Promise<Workshop> {
        await checkPrerequisites();
        const parent = join(cache, "images");
        await mkdir(parent, { recursive: true });
        await removeLeftovers(parent, (path) => new Workshop(path).close());
        const workshop = new Workshop(join(parent, temporaryName()));
        await mkdir(workshop.folder);
        return workshop;
    }

    path(name: string): string {
        return join(this.folder, name);
    }

    buildah(what: string, args: string[]): Promise<string> {
        return client(what, "buildah", ["--root", this.path("storage"), "--runroot", this.path("run"), ...args]);
    }

    async close(): Promise<void> {
        const mounts = readFileSync("/proc/self/mountinfo", "utf8")
            .split("\n")
            .map((line) => line.split(" ")[4] ?? "")
            .filter((mount) => mount.startsWith(`${this.folder}/`));
        for (const mount of mounts.reverse()) {
            await execa("umount", ["--lazy", mount], { reject: false });
        }
        await rm(this.folder, { recursive: true, force: true });
    }
}

async function checkPrerequisites(): Promise<void> {
    const programs = { buildah: "buildah", mmdebstrap: "mmdebstrap", mvn: "maven", python3: "python3-pip" };
    const missing: string[] = [];
    for (const [program, debianPackage] of Object.entries(programs)) {
        if ((await execa("sh", ["-c", `command -v ${program}`], { reject: false })).exitCode !== 0) {
            missing.push(debianPackage);
        }
    }
    if (missing.length > 0) {
        throw new Error(`building images needs programs that are missing here: apt-get install ${missing.join(" ")}`);
    }
    if (process.getuid?.() !== 0) {
        throw new Error(
            `building images needs root (found user id ${process.getuid?.()}): run it as root, or build with docker from images/`,
        );
    }
}

/** On Debian 12 the machine's own sources are taken, which may be a mirror; elsewhere mmdebstrap knows the usual ones. */
function debianSources(): string[] {
    const isBookworm = /^VERSION_CODENAME=bookworm$/m.test(readFileSync("/etc/os-release", "utf8"));
    return ["/etc/apt/sources.list.d/debian.sources", "/etc/apt/sources.list"].filter((file) => isBookworm && existsSync(file)).slice(0, 1);
}

/** A root file system made by Debian's package manager, without anything that depends on the machine or the hour. */
async function bootstrap({ name, files }: Base, target: string): Promise<void> {
    const list = files.find((file) => basename(file) === "packages.txt") ?? "";
    const packages = readFileSync(join(images, list), "utf8").trim().split("\n");
    const inside = "usr/local/share/spark-platform/base";
    const sources = files.map((file) => join(images, file)).join(" ");
    await client(`making the image ${name}`, "env", [
        `SOURCE_DATE_EPOCH=${sourceDateEpoch}`,
        ...["mmdebstrap", "--quiet", "--mode=root", "--variant=minbase", "--format=tar", "--skip=output/dev"],
        `--include=${packages.join(",")}`,
        ...["doc", "man", "info", "locale"].map((folder) => `--dpkgopt=path-exclude=/usr/share/${folder}/*`),
        '--essential-hook=mkdir -p "$1/usr/share/man/man1"',
        `--customize-hook=install -D -m 0644 -t "$1/${inside}" ${sources}`,
        `--customize-hook=chroot "$1" sh /${inside}/install.sh`,
        // The names and the mirror of this machine, and what was downloaded from it.
        '--customize-hook=cd "$1" && rm -rf etc/apt/sources.list* var/lib/apt/lists/* var/cache/apt/archives/*.deb && : >etc/resolv.conf && echo localhost >etc/hostname',
        ...["bookworm", target, ...debianSources()],
    ]);
}

/** Puts a base image into the workshop: from the cache, or made anew. */
export async function provideBase(workshop: Workshop, base = platformBase): Promise<void> {
    const archive = baseArchive(base);
    if (!existsSync(archive)) {
        return makeBase(workshop, base, archive);
    }
    await touch(archive);
    await workshop.buildah("loading the base image", ["pull", "--quiet", `docker-archive:${archive}`]);
}

/** Makes a base image anew. */
export async function makeBase(workshop: Workshop, base: Base, archive: string): Promise<void> {
    const { reference } = base;
    const folder = workshop.path(base.name);
    await mkdir(folder);
    await bootstrap(base, join(folder, "rootfs.tar"));
    await build(workshop, { reference, folder, dockerfile: 'FROM scratch\nADD rootfs.tar /\nCMD ["/bin/bash"]\n' });
    await rm(folder, { recursive: true });
    await save(workshop, reference, archive);
}

interface Build {
    reference: string;
    folder: string;
    /** Text of the Dockerfile, where it is not a file of the folder. */
    dockerfile?: string;
    arguments?: Record<string, string>;
}

async function build(workshop: Workshop, { reference, folder, dockerfile, arguments: values = {} }: Build): Promise<void> {
    const file = join(folder, "Dockerfile");
    if (dockerfile !== undefined) {
        await execa("tee", [file], { input: dockerfile, stdout: "ignore" });
    }
    await workshop.buildah(`building ${reference}`, [
        ...["build", "--quiet", "--isolation", "chroot", "--pull-never", "--timestamp", "0"],
        ...Object.entries(values).flatMap(([name, value]) => ["--build-arg", `${name}=${value}`]),
        ...["--file", file, "--tag", reference, folder],
    ]);
}

/** Writes an image as one file that containerd and docker load; a half-written one never has the final name. */
async function save(workshop: Workshop, reference: string, archive: string): Promise<void> {
    const temporary = workshop.path("image.tar");
    await rm(temporary, { force: true });
    await workshop.buildah(`saving ${reference}`, ["push", "--quiet", reference, `docker-archive:${temporary}:${reference}`]);
    await rename(temporary, archive);
}

/** An image to build: what it is made from, and the file that it goes to. */
export interface Planned {
    recipe: Recipe;
    archive: string;
    /** The finished image that it stands on. Default: the base, which is in the workshop. */
    below?: { reference: string; archive: string };
}

/** Where an image and the one that it stands on lie in the cache, or will. */
export function planned(recipe: Recipe, binaries: Record<string, string>): Planned {
    const below = belowOf(recipe);
    return {
        recipe,
        archive: archiveOf(recipe, keyOf(recipe, binaries)),
        below: below && { reference: below.reference, archive: archiveOf(below, keyOf(below, binaries)) },
    };
}

/** Builds one image. */
export async function buildImage(workshop: Workshop, { recipe, archive, below }: Planned, binaries: Record<string, string>): Promise<void> {
    if (below) {
        await workshop.buildah(`loading ${below.reference}`, ["pull", "--quiet", `docker-archive:${below.archive}`]);
    }
    const folder = workshop.path(recipe.name.replace(":", "-"));
    await writeContext(recipe, folder, binaries);
    const sparkVersion: Record<string, string> = recipe.spark ? { SPARK_VERSION: recipe.spark.version } : {};
    await build(workshop, {
        reference: recipe.reference,
        folder,
        arguments: { BASE: (below ?? recipe.base ?? platformBase).reference, ...sparkVersion },
    });
    await rm(folder, { recursive: true });
    await save(workshop, recipe.reference, archive);
    await workshop.buildah(`clearing ${recipe.name}`, ["rmi", "--force", recipe.reference]);
}
