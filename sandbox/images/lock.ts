import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { client, copyJars, pythonPlatform } from "./fetch";
import { formatJars, formatPackages, sha256, type LockedPackage } from "./locks";
import { images, recipes, type Recipe } from "./recipes";

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
async function lockWheels(folder: string, lock: string): Promise<void> {
    const requirements = join(images, lock.replace(/\.lock$/, ".in"));
    const first = await resolve(folder, ["--requirement", requirements, ...pythonPlatform("x86_64")]);
    const constraints = join(folder, "constraints.txt");
    await writeFile(constraints, first.map(({ name, version }) => `${name}==${version}\n`).join(""));
    const second = await resolve(folder, ["--requirement", requirements, "--constraint", constraints, ...pythonPlatform("aarch64")]);
    const both = first.map(({ name, version, hashes }) => ({
        name,
        version,
        hashes: [...new Set([...hashes, ...second.filter((other) => other.name === name).flatMap((other) => other.hashes)])],
    }));
    await writeFile(join(images, lock), comment("requirements.in") + formatPackages(both));
}

async function lockSpark(folder: string, { version, distribution, pom, jars }: NonNullable<Recipe["spark"]>): Promise<void> {
    const [found] = await resolve(folder, ["--no-deps", "--no-binary=:all:", `pyspark==${version}`]);
    await writeFile(join(images, distribution), comment("PyPI: the distribution of Spark") + formatPackages(found ? [found] : []));

    const copied = join(folder, `jars-${version}`);
    await copyJars(join(images, pom), copied);
    const paths = (await readdir(copied, { recursive: true })).filter((path) => path.endsWith(".jar"));
    const digests = await Promise.all(paths.map(async (path) => ({ path, sha256: await sha256(join(copied, path)) })));
    await writeFile(join(images, jars), comment("pom.xml; the form is that of sha256sum") + formatJars(digests));
}

/** Resolves every image's dependencies anew and writes the locks; what changed is what `git diff` shows. */
export async function lockImages(report: (line: string) => void): Promise<void> {
    const folder = await mkdtemp(join(tmpdir(), "lock-"));
    try {
        for (const recipe of recipes) {
            report(`${recipe.name}: wheels`);
            await lockWheels(folder, recipe.wheels);
            if (recipe.spark) {
                report(`${recipe.name}: distribution and jars`);
                await lockSpark(folder, recipe.spark);
            }
        }
    } finally {
        await rm(folder, { recursive: true, force: true });
    }
}
