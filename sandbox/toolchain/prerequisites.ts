import { accessSync, constants, readFileSync, statfsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { delimiter, isAbsolute, join } from "node:path";

import { execa } from "execa";

import { cache } from "../support/paths";
import { goTools, moduleFolder, type GoToolName } from "./tools";

/** Debian keeps programs for the administrator in directories that a user's PATH often lacks. */
const administratorPath = ["/usr/local/sbin", "/usr/sbin", "/sbin"];

export function findCommand(name: string, counts: (path: string) => boolean = () => true): string | undefined {
    const places = [...(process.env.PATH ?? "").split(delimiter), ...administratorPath];
    const candidates = isAbsolute(name) ? [name] : places.map((place) => join(place, name));
    return candidates.find((path) => counts(path) && isExecutable(path));
}

function isExecutable(path: string): boolean {
    try {
        accessSync(path, constants.X_OK);
        return true;
    } catch {
        return false;
    }
}

/** Whether the first of two dotted versions is at least the second. */
export function atLeast(found: string, wanted: string): boolean {
    const [a, b] = [found, wanted].map((version) => version.split(".").map(Number));
    for (const [index, part] of (b ?? []).entries()) {
        const difference = (a?.[index] ?? 0) - part;
        if (difference !== 0) {
            return difference > 0;
        }
    }
    return true;
}

/** A program that people install themselves. */
interface Prerequisite {
    name: string;
    command: string;
    version: string[];
    least: string;
    advice: string;
}

const python: Prerequisite = {
    name: "Python",
    command: "python3",
    version: ["--version"],
    least: "3.11",
    advice: "install it with its venv module (Debian: apt-get install python3 python3-venv)",
};

const goOf = (names: GoToolName[]): Prerequisite => ({
    name: "Go",
    command: "go",
    version: ["env", "GOVERSION"],
    least: names.map(goLine).reduce((highest, each) => (atLeast(each, highest) ? each : highest), "1.26"),
    advice: "install it from https://go.dev/dl/ and put it on the PATH",
});

/** The Go version that a module asks for. */
function goLine(name: GoToolName): string {
    return /^go (\S+)$/m.exec(readFileSync(join(moduleFolder(goTools[name]), "go.mod"), "utf8"))?.[1] ?? "1.26";
}

/** What is wrong with this machine for building these tools; empty when nothing is. */
export async function missingForBuild(names: GoToolName[]): Promise<string[]> {
    return names.length === 0 ? [] : [...(await check(goOf(names))), ...(await diskSpace())];
}

/** What is wrong with this machine for building images. */
export async function missingForImages(): Promise<string[]> {
    const maven =
        findCommand("mvn") === undefined ? ["Maven is missing (no 'mvn' on the PATH): install it (Debian: apt-get install maven)"] : [];
    return [...(await check(python)), ...(await missingPythonModules()), ...maven];
}

/** Debian ships these apart from Python itself. */
async function missingPythonModules(): Promise<string[]> {
    const { failed } = await execa("python3", ["-c", "import ensurepip, pip, venv"], { reject: false });
    return failed ? ["Python's pip and venv are missing: install them (Debian: apt-get install python3-pip python3-venv)"] : [];
}

/** Containers and their networks are made by nobody else. */
export function missingRoot(): string[] {
    return process.getuid?.() === 0
        ? []
        : ["root is needed for the sandbox cluster and its images: run it with sudo, or use a cluster of your own"];
}

export function missingNode(): string[] {
    const found = process.versions.node;
    return atLeast(found, "20.19") ? [] : [`Node.js 20.19 or newer is needed, ${found} was found: install it from https://nodejs.org/`];
}

async function check({ name, command, version, least, advice }: Prerequisite): Promise<string[]> {
    const { stdout, failed } = await execa(command, version, { reject: false, env: { GOTOOLCHAIN: "local" } });
    const found = failed ? undefined : /\d+(\.\d+)+/.exec(stdout)?.[0];
    if (found === undefined) {
        return [`${name} ${least} or newer is missing (no '${command}' that works on the PATH): ${advice}`];
    }
    return atLeast(found, least) ? [] : [`${name} ${least} or newer is needed, ${found} was found: ${advice}`];
}

const gibibyte = 1024 ** 3;
const buildSpace = 6 * gibibyte;

async function diskSpace(): Promise<string[]> {
    await mkdir(cache, { recursive: true });
    const { bavail, bsize } = statfsSync(cache);
    const free = bavail * bsize;
    return free >= buildSpace
        ? []
        : [
              `${(free / gibibyte).toFixed(1)} GiB are free in ${cache}, building needs ${buildSpace / gibibyte}: make room, or set SPARK_PLATFORM_CACHE`,
          ];
}
