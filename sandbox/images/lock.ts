import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";

import { client, copyJars, pythonPlatform } from "./fetch";
import { formatJars, formatPackages, isLocked, parsePackages, sha256, type LockedPackage } from "./locks";
import { belowOf, images, recipesOf, type Recipe } from "./recipes";

const comment = (source: string) => `# Made by sandbox/images/lock.ts from ${source}.\n`;

/** What `pip install --dry-run --report` says of one package. */
interface Report {
    install: { metadata: { name: string; version: string }; download_info: { archive_info: { hashes: { sha256: string } } } }[];
}

async function resolve(folder: string, args: string[]): Promise<LockedPackage[]> {
    const report = join(folder, "report.json");
    await client("resolving Python packages", "python3", [
        ...["-m", "pip", "install", "--quiet", "--dry-run", "--ignore-installed", "--target", join(folder, "none"), "--report", report],
        ...args,
    ]);
    const { install } = JSON.parse(await readFile(report, "utf8")) as Report;
    return install.map(({ metadata, download_info: { archive_info } }) => ({
        name: metadata.name,
        version: metadata.version,
        hashes: [archive_info.hashes.sha256],
    }));
}

/** The same versions for both kinds of machine: the second one is resolved with the first one's as constraints. */
async function lockWheels(folder: string, recipe: Recipe, wheels: string): Promise<void> {
    const source = wheels.replace(/\.lock$/, ".in");
    const requirements = join(images, source);
    const constraints = join(folder, "constraints.txt");
    const there = await packagesBelow(recipe);
    const pinned = (packages: LockedPackage[]) => packages.map(({ name, version }) => `${name}==${version}\n`).join("");
    await writeFile(constraints, pinned(there));
    const first = await resolve(folder, ["--requirement", requirements, "--constraint", constraints, ...pythonPlatform("x86_64")]);
    await writeFile(constraints, pinned(first));
    const second = await resolve(folder, ["--requirement", requirements, "--constraint", constraints, ...pythonPlatform("aarch64")]);
    const both = first.map(({ name, version, hashes }) => ({
        name,
        version,
        hashes: [...new Set([...hashes, ...second.filter((other) => other.name === name).flatMap((other) => other.hashes)])],
    }));
    const missing = both.filter(({ name }) => !there.some((other) => canonical(other.name) === canonical(name)));
    await mkdir(dirname(join(images, wheels)), { recursive: true });
    await writeFile(join(images, wheels), comment(basename(source)) + formatPackages(missing));
}

/** Python's packages have one name in many spellings. */
const canonical = (name: string) => name.toLowerCase().replace(/[-_.]+/g, "-");

/** What an image finds in the one that it stands on, and keeps as it is. */
async function packagesBelow(recipe: Recipe): Promise<LockedPackage[]> {
    const below = belowOf(recipe);
    const there = below ? [...(await packagesBelow(below)), ...(await packagesOf(below))] : [];
    const replaced = (recipe.replaces ?? []).map(canonical);
    return there.filter(({ name }) => !replaced.includes(canonical(name)));
}

async function packagesOf({ wheels }: Recipe): Promise<LockedPackage[]> {
    return wheels === undefined ? [] : parsePackages(await readFile(join(images, wheels), "utf8"));
}

async function lockSpark(folder: string, { version, distribution, pom, jars }: NonNullable<Recipe["spark"]>): Promise<void> {
    const [found] = await resolve(folder, ["--no-deps", "--no-binary=:all:", `pyspark==${version}`]);
    await writeFile(join(images, distribution), comment("PyPI: the distribution of Spark") + formatPackages(found ? [found] : []));

    await lockJars(folder, { version, pom, jars });
}

async function lockJars(folder: string, { version, pom, jars }: NonNullable<Recipe["hive"]>): Promise<void> {
    const copied = join(folder, `jars-${version}`);
    await copyJars(join(images, pom), copied);
    const paths = (await readdir(copied, { recursive: true })).filter(isLocked);
    const digests = await Promise.all(paths.map(async (path) => ({ path, sha256: await sha256(join(copied, path)) })));
    await writeFile(join(images, jars), comment("pom.xml; the form is that of sha256sum") + formatJars(digests));
}

/** Resolves the dependencies of all images, or of those named, anew and writes the locks; what changed is what `git diff` shows. */
export async function lockImages(report: (line: string) => void, names?: string[]): Promise<void> {
    const folder = await mkdtemp(join(tmpdir(), "lock-"));
    try {
        for (const recipe of recipesOf(names)) {
            if (recipe.wheels !== undefined) {
                report(`${recipe.name}: wheels`);
                await lockWheels(folder, recipe, recipe.wheels);
            }
            if (recipe.spark) {
                report(`${recipe.name}: distribution and jars`);
                await lockSpark(folder, recipe.spark);
            }
            if (recipe.hive) {
                report(`${recipe.name}: archive and jars`);
                await lockJars(folder, recipe.hive);
            }
        }
    } finally {
        await rm(folder, { recursive: true, force: true });
    }
}
