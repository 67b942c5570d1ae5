import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm, symlink } from "node:fs/promises";
import { join } from "node:path";

import { execa } from "execa";

import { cache } from "../support/paths";
import { withLock } from "./lock";
import { goTools, moduleFolder, type GoTool, type GoToolName } from "./tools";

// Nothing here needs a C compiler, and the Go that is installed builds; a newer one is not fetched behind anybody's back. What is
// locked is built as it is; that includes the two sums of the k3s fork of kube-router, which the checksum database does not
// know: they are those of k3s's own public go.sum. The checkout's revision is none of the tools' business, and root may not ask
// for it in a user's checkout.
const environment = { GOTOOLCHAIN: "local", CGO_ENABLED: "0", GOFLAGS: "-mod=readonly -buildvcs=false" };

/** Arguments of `go build`, without the place of the result. */
export function buildArguments({ packages, tags, variables = {} }: GoTool): string[] {
    const settings = Object.entries(variables).map(([name, value]) => `-X ${name}=${value}`);
    return ["-trimpath", ...(tags === undefined ? [] : ["-tags", tags]), "-ldflags", ["-s", "-w", ...settings].join(" "), ...packages];
}

/** Where a tool is, or will be: its inputs name the folder. */
export function goToolFolder(name: GoToolName): string {
    const tool: GoTool = goTools[name];
    const folder = moduleFolder(tool);
    const hash = createHash("sha256").update(JSON.stringify([tool, buildArguments(tool), process.platform, process.arch]));
    for (const file of readdirSync(folder).sort()) {
        hash.update(`\0${file}\0`).update(readFileSync(join(folder, file)));
    }
    return join(cache, "tools", name, hash.digest("hex").slice(0, 16));
}

export const isBuilt = (name: GoToolName) => existsSync(goToolFolder(name));

/** Builds a tool unless it is there. An interruption leaves nothing that looks finished. */
export async function buildGoTool(name: GoToolName, report: (line: string) => void): Promise<void> {
    const folder = goToolFolder(name);
    const home = join(folder, "..");
    await withLock(
        join(home, "lock"),
        async () => {
            if (!existsSync(folder)) {
                await removeUnfinished(home);
                await build(goTools[name], home, folder);
            }
        },
        () => {
            report(`${name}: another process builds it, waiting`);
        },
    );
}

async function removeUnfinished(home: string): Promise<void> {
    const unfinished = (await readdir(home)).filter((entry) => entry.startsWith("unfinished-"));
    await Promise.all(unfinished.map((entry) => rm(join(home, entry), { recursive: true, force: true })));
}

async function build(tool: GoTool, home: string, folder: string): Promise<void> {
    await mkdir(home, { recursive: true });
    const temporary = await mkdtemp(join(home, "unfinished-"));
    const output = join(temporary, tool.output ?? "/");
    const result = await execa("go", ["build", "-o", output, ...buildArguments(tool)], {
        cwd: moduleFolder(tool),
        env: environment,
        reject: false,
        all: true,
    });
    if (result.failed) {
        await rm(temporary, { recursive: true, force: true });
        const words = result.all.trim().split("\n").slice(-5).join("\n");
        throw new Error(
            `${tool.module} ${tool.version} could not be built with 'go build' in ${moduleFolder(tool)}: ${words || result.shortMessage}`,
        );
    }
    await Promise.all((tool.links ?? []).map((link) => symlink(tool.binaries[0] ?? "", join(temporary, link))));
    await rename(temporary, folder);
}

/** Folder with the sources of a module that a tool is built from, for what else is in it: charts, definitions. */
export async function goModule(name: GoToolName, module: string): Promise<string> {
    const cwd = moduleFolder(goTools[name]);
    await execa("go", ["mod", "download", module], { cwd, env: environment });
    return (await execa("go", ["list", "-m", "-f", "{{.Dir}}", module], { cwd, env: environment })).stdout;
}
