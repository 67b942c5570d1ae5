import { execa, ExecaError } from "execa";
import { createHash } from "node:crypto";
import { chmod, cp, lstat, mkdir, readdir, readFile, rename, rm, symlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

import { cache } from "../support/paths";
import { buildExtensions } from "./extension";
import { removeLeftovers, temporaryName } from "./leftovers";
import { parseJars, parsePackages, sha256, verifyJars } from "./locks";
import { images, npmFiles, type Recipe } from "./recipes";

/**
 * Wheels of the images are for this Python, whatever Python the machine has. Several platform names stand for one kind of
 * machine: older wheels carry older ones.
 */
export const pythonPlatform = (machine: string) => [
    "--only-binary=:all:",
    "--python-version=3.11",
    "--implementation=cp",
    "--abi=cp311",
    ...["manylinux2014", "manylinux_2_17", "manylinux_2_24", "manylinux_2_26", "manylinux_2_27", "manylinux_2_28"].map(
        (name) => `--platform=${name}_${machine}`,
    ),
];

export const machine = process.arch === "arm64" ? "aarch64" : "x86_64";

export const mavenDependencies = (goal: string) => [
    "-B",
    "-ntp",
    "-q",
    `-Dmaven.repo.local=${join(cache, "maven")}`,
    `org.apache.maven.plugins:maven-dependency-plugin:3.8.1:${goal}`,
];

const downloads = join(cache, "downloads");

/** Runs a registry's own client; its last words become the message when it fails. */
export async function client(what: string, command: string, args: string[]): Promise<string> {
    try {
        const { stdout } = await execa(command, args, { stdin: "ignore" });
        return stdout;
    } catch (error) {
        if (error instanceof ExecaError && error.code === "ENOENT") {
            throw new Error(
                `${what}: the command "${command}" was not found; install it (Debian: apt-get install ${debianPackage[command] ?? command})`,
            );
        }
        const said = error instanceof ExecaError ? `${String(error.stdout)}\n${String(error.stderr)}` : String(error);
        throw new Error(`${what} failed: ${said.trim().split("\n").slice(-4).join(" | ")}`);
    }
}

const debianPackage: Record<string, string> = { python3: "python3-pip", mvn: "maven", tar: "tar" };

/** Makes a folder or file under the cache once: under a temporary name first, so that an interruption leaves nothing half done. */
export async function once(target: string, make: (temporary: string) => Promise<void>): Promise<string> {
    if (await lstat(target).catch(() => undefined)) {
        return target;
    }
    await removeLeftovers(dirname(target));
    const temporary = join(dirname(target), temporaryName());
    await mkdir(temporary, { recursive: true });
    try {
        await make(temporary);
        await rename(temporary, target).catch(async (error: unknown) => {
            // Somebody else made the same thing meanwhile.
            if (!(await lstat(target).catch(() => undefined))) {
                throw error;
            }
        });
    } finally {
        await rm(temporary, { recursive: true, force: true });
    }
    return target;
}

/** The distribution of Spark: the source package of PySpark carries all of it under `deps/`. */
export async function fetchDistribution({ distribution }: NonNullable<Recipe["spark"]>): Promise<string> {
    const [locked] = parsePackages(await readFile(join(images, distribution), "utf8"));
    if (!locked) {
        throw new Error(`images/${distribution}: found nothing, expected one line for pyspark`);
    }
    const file = `${locked.name}-${locked.version}.tar.gz`;
    const folder = await once(join(downloads, `${locked.name}-${locked.version}`), async (temporary) => {
        await client(`downloading ${file}`, "python3", [
            ...["-m", "pip", "download", "--quiet", "--no-deps", "--no-binary=:all:", "--require-hashes"],
            ...["--requirement", join(images, distribution), "--dest", temporary],
        ]);
    });
    const digest = await sha256(join(folder, file));
    if (!locked.hashes.includes(digest)) {
        throw new Error(`${join(folder, file)}: found ${digest}, expected ${locked.hashes.join(" or ")}; delete the file and try again`);
    }
    return join(folder, file);
}

/** The jars that the distribution does not carry, each checked against its lock. */
export async function fetchJars({ pom, jars, version }: NonNullable<Recipe["hive"]>): Promise<string[]> {
    const text = await readFile(join(images, jars), "utf8");
    const locked = parseJars(text);
    const digest = createHash("sha256").update(text).digest("hex");
    const folder = await once(join(downloads, `jars-${version}-${digest.slice(0, 16)}`), async (temporary) => {
        await copyJars(join(images, pom), temporary);
        await verifyJars(temporary, locked);
    });
    return locked.map((jar) => join(folder, jar.path));
}

export async function copyJars(pom: string, folder: string): Promise<void> {
    await client("downloading jars", "mvn", [
        ...["--file", pom, ...mavenDependencies("copy-dependencies")],
        ...[`-DoutputDirectory=${folder}`, "-Dmdep.useRepositoryLayout=true"],
    ]);
}

/** Unpacks locked wheels for the Python of the images; pip compares every one with its checksum. */
export async function installWheels(lock: string, folder: string): Promise<void> {
    await client(`installing the wheels of images/${lock}`, "python3", [
        ...["-m", "pip", "install", "--quiet", "--no-deps", "--no-compile", "--require-hashes", "--root-user-action=ignore"],
        ...["--requirement", join(images, lock), "--target", folder, ...pythonPlatform(machine)],
    ]);
    // Scripts name the Python of this machine, and nobody runs the packages' own tests in an image.
    for (const useless of ["bin", "pandas/tests", "pyarrow/tests", "pyarrow/include"]) {
        await rm(join(folder, useless), { recursive: true, force: true });
    }
}

/** Unpacks locked npm packages; npm compares every one with its checksum. None of them may run anything. */
async function installNpm(source: string, folder: string): Promise<void> {
    await mkdir(folder, { recursive: true });
    for (const file of npmFiles(source)) {
        await cp(join(images, file), join(folder, basename(file)));
    }
    await client(`installing the packages of images/${source}`, "npm", [
        ...["ci", "--prefix", folder, "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
    ]);
    for (const file of npmFiles(source)) {
        await rm(join(folder, basename(file)));
    }
    await rm(join(folder, "node_modules/.package-lock.json"));
}

/**
 * What a server has no use for: the Scala shell of Connect (58 MB with a compiler of its own) and native libraries for other
 * operating systems.
 */
const notForServers = /^connect-repl$|-(osx|windows)-[a-z0-9_]+\.jar$/;

/** Lays out SPARK_HOME as the official distributions do. */
export async function layOutSpark(spark: NonNullable<Recipe["spark"]>, home: string): Promise<void> {
    const [archive, jars, ours] = await Promise.all([fetchDistribution(spark), fetchJars(spark), buildExtensions(spark)]);
    await mkdir(join(home, "python"), { recursive: true });
    await client("unpacking Spark", "tar", ["-xzf", archive, "-C", home, "--strip-components=1", "--no-same-owner"]);
    for (const name of ["bin", "sbin", "jars", "data", "licenses"]) {
        await rename(join(home, "deps", name), join(home, name));
    }
    await mkdir(join(home, "examples/src/main"), { recursive: true });
    await rename(join(home, "deps/examples"), join(home, "examples/src/main/python"));
    for (const [from, to] of [
        ["pyspark", "python/pyspark"],
        ["lib", "python/lib"],
    ] as const) {
        await rename(join(home, from), join(home, to));
    }
    await removeAllBut(home, ["bin", "sbin", "jars", "data", "licenses", "examples", "python"]);
    await removeMatching(join(home, "jars"), notForServers);
    await removeMatching(join(home, "bin"), /\.cmd$/);
    const py4j = (await readdir(join(home, "python/lib"))).find((name) => name.startsWith("py4j-"));
    // A name without version, so that PYTHONPATH is the same on every line.
    await symlink(String(py4j), join(home, "python/lib/py4j.zip"));
    for (const jar of [...jars, ...ours]) {
        await cp(jar, join(home, "jars", jar.slice(jar.lastIndexOf("/") + 1)), { errorOnExist: true, force: false });
    }
}

const artifactOf = (jar: string) => basename(jar).replace(/-[0-9].*$/, "");

/** Lays out the metastore: the archive's jars and its scripts for PostgreSQL; a jar of ours takes the place of an older one. */
export async function layOutHive(hive: NonNullable<Recipe["hive"]>, home: string): Promise<void> {
    const files = await fetchJars(hive);
    await mkdir(home, { recursive: true });
    for (const archive of files.filter((file) => file.endsWith(".tar.gz"))) {
        await client("unpacking Hive", "tar", ["-xzf", archive, "-C", home, "--strip-components=1", "--no-same-owner"]);
    }
    await removeAllBut(home, ["lib", "scripts", "LICENSE", "NOTICE"]);
    await removeAllBut(join(home, "scripts/metastore/upgrade"), ["postgres"]);
    await removeMatching(join(home, "lib"), /^(php|py|derby-.*)$/);
    const jars = files.filter((file) => file.endsWith(".jar"));
    const ours = jars.map(artifactOf);
    for (const name of await readdir(join(home, "lib"))) {
        if (ours.includes(artifactOf(name))) {
            await rm(join(home, "lib", name));
        }
    }
    for (const jar of jars) {
        await cp(jar, join(home, "lib", basename(jar)));
    }
}

async function removeAllBut(folder: string, kept: string[]): Promise<void> {
    for (const name of await readdir(folder)) {
        if (!kept.includes(name)) {
            await rm(join(folder, name), { recursive: true });
        }
    }
}

async function removeMatching(folder: string, pattern: RegExp): Promise<void> {
    for (const name of await readdir(folder)) {
        if (pattern.test(name)) {
            await rm(join(folder, name), { recursive: true });
        }
    }
}

/** Permissions of unpacked files depend on the umask of whoever unpacks; an image must not. */
async function equalPermissions(folder: string): Promise<void> {
    for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
        const path = join(entry.parentPath, entry.name);
        if (entry.isSymbolicLink()) {
            continue;
        }
        const executable = entry.isDirectory() || ((await lstat(path)).mode & 0o100) !== 0;
        await chmod(path, executable ? 0o755 : 0o644);
    }
    await chmod(folder, 0o755);
}

/**
 * Writes everything that an image's Dockerfile needs into a folder, so that the build itself needs no network.
 *
 * @param binaries Paths of the programs that the recipe names.
 */
export async function writeContext(recipe: Recipe, folder: string, binaries: Record<string, string> = {}): Promise<void> {
    await mkdir(folder, { recursive: true });
    await Promise.all([
        ...(recipe.wheels === undefined ? [] : [installWheels(recipe.wheels, join(folder, "site-packages"))]),
        ...(recipe.npm === undefined ? [] : [installNpm(recipe.npm, folder)]),
        ...(recipe.spark ? [layOutSpark(recipe.spark, join(folder, "spark"))] : []),
        ...(recipe.hive ? [layOutHive(recipe.hive, join(folder, "hive"))] : []),
    ]);
    const files = { ...recipe.files, [`${recipe.folder}/Dockerfile`]: "Dockerfile" };
    for (const [from, to] of Object.entries(files)) {
        await mkdir(dirname(join(folder, to)), { recursive: true });
        await cp(join(images, from), join(folder, to));
    }
    for (const name of recipe.binaries) {
        await cp(binaries[name] ?? "", join(folder, name));
    }
    await equalPermissions(folder);
}
