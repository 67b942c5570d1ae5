import { createHash } from "node:crypto";
import { existsSync, statSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, dirname, join } from "node:path";

import { execa } from "execa";

import { cache, checkout, scratch } from "../support/paths";
import versions from "../versions.json";
import { buildGoTool, goToolFolder, isBuilt } from "./go";
import { atLeast, findCommand, missingForBuild } from "./prerequisites";

/** The Pulumi CLI that is used, and where it comes from. */
export interface PulumiCli {
    path: string;
    origin: "installed" | "downloaded" | "built";
    version: string;
}

/** The oldest CLI that works with the packages of this project. */
const oldest = "3.225";
const releases = "https://get.pulumi.com/releases/sdk";
const connectSeconds = 10;

const downloaded = () => join(cache, "tools", "pulumi-official", versions.pulumi);
const unreachable = () => join(cache, "tools", "pulumi-official", "unreachable");
const hour = 3_600_000;

/** The CLI, if one is there already. */
export async function findPulumi(): Promise<PulumiCli | undefined> {
    return (await installedPulumi()) ?? cachedPulumi();
}

async function installedPulumi(): Promise<PulumiCli | undefined> {
    const path = findCommand("pulumi", isUsers);
    if (path === undefined) {
        return undefined;
    }
    const { stdout } = await execa(path, ["version"], { reject: false, env: { PULUMI_SKIP_UPDATE_CHECK: "true" } });
    const version = /\d+\.\d+\.\d+/.exec(stdout)?.[0] ?? "0";
    if (!atLeast(version, oldest)) {
        console.log(`pulumi: ${path} is version ${version}, older than ${oldest}; it is not used`);
        return undefined;
    }
    return { path, origin: "installed", version };
}

/** What came from here may be on the PATH, too, as in a shell that read `.sandbox/env` of this or another checkout. */
const isUsers = (path: string) => !path.startsWith(join(cache, "tools")) && !path.includes(`/${basename(scratch)}/pulumi/`);

function cachedPulumi(): PulumiCli | undefined {
    const official = join(downloaded(), "pulumi");
    if (existsSync(official)) {
        return { path: official, origin: "downloaded", version: versions.pulumi };
    }
    return isBuilt("pulumi") ? { path: join(goToolFolder("pulumi"), "pulumi"), origin: "built", version: versions.pulumi } : undefined;
}

/** Downloads the official CLI, or builds it where that is not possible. */
export async function providePulumi(report: (line: string) => void): Promise<PulumiCli> {
    if (await isReachable()) {
        report(`downloading pulumi ${versions.pulumi}`);
        await download().catch((error: unknown) => {
            report(`the download failed (${String(error)}), building it`);
        });
    }
    if (cachedPulumi() === undefined) {
        const [problem] = await missingForBuild(["pulumi"]);
        if (problem !== undefined) {
            throw new Error(`the Pulumi CLI was not found, could not be downloaded, and cannot be built: ${problem}`);
        }
        await buildGoTool("pulumi", report);
    }
    return cachedPulumi() as PulumiCli;
}

/** Whether Pulumi's downloads answer; a "no" is believed for an hour, so that not every run waits for it. */
async function isReachable(): Promise<boolean> {
    const mark = unreachable();
    if (existsSync(mark) && Date.now() - statSync(mark).mtimeMs < hour) {
        return false;
    }
    try {
        const { ok } = await fetch(`${releases}/pulumi-${versions.pulumi}-checksums.txt`, {
            method: "HEAD",
            signal: AbortSignal.timeout(connectSeconds * 1000),
        });
        return ok;
    } catch {
        await mkdir(dirname(mark), { recursive: true });
        await writeFile(mark, "");
        return false;
    }
}

async function download(): Promise<void> {
    const file = `pulumi-v${versions.pulumi}-${process.platform}-${process.arch}.tar.gz`;
    const [archive, checksums] = await Promise.all([
        fetch(`${releases}/${file}`).then((answer) => answer.arrayBuffer()),
        fetch(`${releases}/pulumi-${versions.pulumi}-checksums.txt`).then((answer) => answer.text()),
    ]);
    const content = Buffer.from(archive);
    const sum = createHash("sha256").update(content).digest("hex");
    if (!checksums.includes(`${sum}  ${file}`)) {
        throw new Error(`${file} does not have the published checksum`);
    }
    await mkdir(dirname(downloaded()), { recursive: true });
    const temporary = await mkdtemp(join(dirname(downloaded()), "unfinished-"));
    await execa("tar", ["-xzf", "-", "-C", temporary, "--strip-components", "1"], { input: content });
    await rename(temporary, downloaded()).catch(() => rm(temporary, { recursive: true, force: true }));
}

/** The provider plugins that programs of this project load. */
export const providers = ["kubernetes", "random", "aws"] as const;

/** Something the engine starts: a provider of resources, or what runs programs of a language. */
export type PluginName = (typeof providers)[number] | "nodejs";

/** The official plugins that are not here and cannot be had; stand-ins take their place. */
export async function missingPlugins(cli: PulumiCli, report: (line: string) => void): Promise<PluginName[]> {
    const language: PluginName[] = hasLanguageHost(cli) ? [] : ["nodejs"];
    const missing: PluginName[] = [];
    for (const name of providers) {
        if (!(await hasProvider(cli, name, report))) {
            missing.push(name);
        }
    }
    return [...language, ...missing];
}

/** The user's own; the one that `.sandbox/env` names has the stand-ins in it. */
const pulumiHome = () => process.env.SPARK_PLATFORM_PULUMI_HOME ?? process.env.PULUMI_HOME ?? join(homedir(), ".pulumi");

function hasLanguageHost({ path, origin }: PulumiCli): boolean {
    const name = "pulumi-language-nodejs";
    return (
        origin !== "built" &&
        (existsSync(join(dirname(path), name)) || existsSync(join(pulumiHome(), "bin", name)) || findCommand(name) !== undefined)
    );
}

async function hasProvider(cli: PulumiCli, name: string, report: (line: string) => void): Promise<boolean> {
    const manifest = await readFile(join(checkout, "node_modules/@pulumi", name, "package.json"), "utf8");
    const { version } = JSON.parse(manifest) as { version: string };
    if (existsSync(join(pulumiHome(), "plugins", `resource-${name}-v${version}`))) {
        return true;
    }
    if (!(await isReachable())) {
        return false;
    }
    report(`installing the plugin ${name} ${version}`);
    const result = await execa(cli.path, ["plugin", "install", "resource", name, version], {
        reject: false,
        timeout: 600_000,
        env: { PULUMI_HOME: pulumiHome() },
    });
    return !result.failed;
}
