import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

import { runSteps, type Step } from "../support/steps";
import { installPackages, missingPackages } from "./debian";
import { buildGoTool, goToolFolder, isBuilt } from "./go";
import { missingForBuild, missingForImages, missingNode, missingRoot } from "./prerequisites";
import { findPulumi, missingPlugins, providePulumi, type PluginName, type PulumiCli } from "./pulumi";
import { debianPackages, goTools, sandboxTools, type DebianPackages, type GoToolName, type ToolName } from "./tools";

export { withLock } from "./lock";
export { findCommand } from "./prerequisites";
export { goModule } from "./go";
export { clusterTools, furtherTools, sandboxTools, type ToolName } from "./tools";

/** What the tools are used through. */
export interface Tools {
    /** Directories for the PATH: `pulumi`, `kubectl` and, when it was asked for, `helm`. */
    path: string[];
    /** The Pulumi CLI, when it was asked for. */
    pulumi?: PulumiCli;
    /** Plugins of Pulumi that are not here and that stand-ins have to replace. */
    standIns: PluginName[];
}

const isDebian = (name: ToolName): name is DebianPackages => name in debianPackages;
const isBuiltFromGo = (name: ToolName): name is GoToolName => name in goTools;

/**
 * Finds or makes the tools, and says which it chose.
 *
 * @param names Default: all that the sandbox needs.
 * @throws One error that names every missing prerequisite.
 */
export async function ensureTools(names: readonly ToolName[] = sandboxTools): Promise<Tools> {
    const found = names.includes("pulumi") ? await findPulumi() : undefined;
    let pulumi = found;
    const packages = names.filter(isDebian).flatMap(missingPackages);
    const toBuild = names.filter(isBuiltFromGo).filter((name) => (name === "pulumi" ? found === undefined : !isBuilt(name)));
    // The CLI may be downloaded; that Go is missing matters when it cannot be.
    await checkPrerequisites(
        names,
        toBuild.filter((name) => name !== "pulumi"),
    );
    const steps = [
        ...(packages.length > 0 ? [packageStep(packages)] : []),
        ...toBuild.map((name) => (name === "pulumi" ? pulumiStep((cli) => (pulumi = cli)) : buildStep(name))),
    ];
    await runSteps(steps);
    const standIns = pulumi === undefined ? [] : await missingPlugins(pulumi, console.log);
    if (steps.length > 0 || pulumi !== undefined) {
        console.log(`tools: ${describe(names, pulumi, standIns)}`);
    }
    return { path: pathOf(names, pulumi), pulumi, standIns };
}

/** A program built from Go, by the name of its binary or of a link to it. */
export function tool(binary: string): string {
    const path = findTool(binary);
    if (path === undefined) {
        throw new Error(`${binary} is not built yet: run 'make tools'`);
    }
    return path;
}

/** The same, if it is there. */
export function findTool(binary: string): string | undefined {
    for (const [name, { binaries, ...rest }] of Object.entries(goTools)) {
        const links: readonly string[] = "links" in rest ? rest.links : [];
        if ((binaries as readonly string[]).includes(binary) || links.includes(binary)) {
            const path = join(goToolFolder(name as GoToolName), binary);
            return existsSync(path) ? path : undefined;
        }
    }
    throw new Error(`"${binary}" is not a program of the tool chain`);
}

async function checkPrerequisites(names: readonly ToolName[], toBuild: GoToolName[]): Promise<void> {
    const problems = [
        ...missingNode(),
        ...(names.some(isDebian) ? missingRoot() : []),
        ...(await missingForBuild(toBuild)),
        ...(names.includes("image-packages") ? await missingForImages() : []),
    ];
    if (problems.length > 0) {
        throw new Error(`this machine lacks what the sandbox is built with:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`);
    }
}

const packageStep = (packages: string[]): Step => ({
    title: `packages of the distribution`,
    run: async () => {
        await installPackages(packages);
        return `installed ${packages.join(", ")}`;
    },
});

const pulumiStep = (choose: (cli: PulumiCli) => void): Step => ({
    title: "pulumi",
    run: async (report) => {
        const cli = await providePulumi(report);
        choose(cli);
        return `${cli.version} ${cli.origin}`;
    },
});

const buildStep = (name: GoToolName): Step => ({
    title: `${name} ${goTools[name].version}`,
    run: async (report) => {
        await buildGoTool(name, report);
        return "built from its Go module";
    },
});

function describe(names: readonly ToolName[], pulumi: PulumiCli | undefined, standIns: PluginName[]): string {
    const built = names.filter(isBuiltFromGo).filter((name) => name !== "pulumi");
    return [
        ...(pulumi === undefined ? [] : [`pulumi ${pulumi.version} ${pulumi.origin}`]),
        ...(pulumi === undefined ? [] : [standIns.length === 0 ? "official plugins" : `stand-in plugins for ${standIns.join(", ")}`]),
        ...built.map((name) => `${name} ${goTools[name].version}`),
    ].join("; ");
}

function pathOf(names: readonly ToolName[], pulumi: PulumiCli | undefined): string[] {
    const built = names.filter((name) => name === "kubernetes" || name === "helm").map(goToolFolder);
    return [...(pulumi === undefined ? [] : [dirname(pulumi.path)]), ...built];
}
