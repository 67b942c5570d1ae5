import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";

/** One file of a lock in the format of `sha256sum`: digest, two spaces, path in the layout of a Maven repository. */
export interface LockedJar {
    sha256: string;
    path: string;
    group: string;
    artifact: string;
    version: string;
    file: string;
}

/**
 * Reads `jars.lock`.
 *
 * @throws When a line is not of its form.
 */
export function parseJars(text: string): LockedJar[] {
    return linesOf(text).map((line) => {
        const match = /^([0-9a-f]{64}) {2}(.+)\/([^/]+)\/([^/]+)\/([^/]+\.(?:jar|tar\.gz))$/.exec(line);
        if (!match) {
            throw new Error(
                `jars.lock: found "${line}", expected a SHA-256, two spaces and the path of a jar or an archive in a Maven repository`,
            );
        }
        const [, sha256, folder, artifact, version, file] = match as unknown as [string, string, string, string, string, string];
        return {
            sha256,
            path: `${folder}/${artifact}/${version}/${file}`,
            group: folder.replaceAll("/", "."),
            artifact,
            version,
            file,
        };
    });
}

export const formatJars = (jars: { sha256: string; path: string }[]) =>
    jars
        .map(({ sha256, path }) => `${sha256}  ${path}\n`)
        .sort((a, b) => (a.slice(66) < b.slice(66) ? -1 : 1))
        .join("");

/** One pinned Python package: `name==version --hash=sha256:… --hash=sha256:…`, the form that pip checks itself. */
export interface LockedPackage {
    name: string;
    version: string;
    hashes: string[];
}

/**
 * Reads a `*.lock` of pip.
 *
 * @throws When a line is not of its form; a package without a checksum is such a line.
 */
export function parsePackages(text: string): LockedPackage[] {
    return linesOf(text).map((line) => {
        const match = /^([A-Za-z0-9._-]+)==([^\s]+)((?: --hash=sha256:[0-9a-f]{64})+)$/.exec(line);
        if (!match) {
            throw new Error(`requirements.lock: found "${line}", expected name==version and at least one --hash=sha256:…`);
        }
        const [, name, version, hashes] = match as unknown as [string, string, string, string];
        return {
            name,
            version,
            hashes: hashes
                .trim()
                .split(" ")
                .map((hash) => hash.replace("--hash=sha256:", "")),
        };
    });
}

export const formatPackages = (packages: LockedPackage[]) =>
    packages
        .map(
            ({ name, version, hashes }) =>
                `${name.toLowerCase()}==${version} ${[...hashes]
                    .sort()
                    .map((hash) => `--hash=sha256:${hash}`)
                    .join(" ")}\n`,
        )
        .sort()
        .join("");

function linesOf(text: string): string[] {
    return text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
}

export async function sha256(file: string): Promise<string> {
    const hash = createHash("sha256");
    await pipeline(createReadStream(file), hash);
    return hash.digest("hex");
}

/** Jars and archives; Maven puts files of its own beside them. */
export const isLocked = (path: string) => /\.(jar|tar\.gz)$/.test(path);

/**
 * Compares a folder that Maven filled with its lock.
 *
 * @throws When a file is missing, is not in the lock, or has another content; all of them are named.
 */
export async function verifyJars(folder: string, jars: LockedJar[]): Promise<void> {
    const found = (await readdir(folder, { recursive: true })).filter(isLocked);
    const problems = found.filter((path) => !jars.some((jar) => jar.path === path)).map((path) => `${path} is not in the lock`);
    for (const jar of jars) {
        const digest = found.includes(jar.path) ? await sha256(join(folder, jar.path)) : "nothing";
        if (digest !== jar.sha256) {
            problems.push(`${jar.path}: found ${digest}, expected ${jar.sha256}`);
        }
    }
    if (problems.length > 0) {
        throw new Error(`jars from Maven differ from jars.lock: ${problems.join("; ")}`);
    }
}
