import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execFile } from "node:child_process";
import { kubernetes } from "../../versions.json";
import { type Properties, type Value, isObject } from "../values";
import type { Access } from "./kubeconfig";

export interface Capabilities {
    version: string;
    apis: string[];
}

export interface ChartWish {
    release: string;
    namespace: string;
    args: Properties;
    access: Access | undefined;
    capabilities: Capabilities | undefined;
}

function word(value: Value | undefined): string {
    return typeof value === "string" ? value : "";
}

/** Text of an asset: inline, or a file. */
function assetFile(asset: Value, directory: string, index: number): string {
    const path = isObject(asset) ? word(asset.path) : "";
    if (path !== "" || !isObject(asset)) {
        return path;
    }
    if (asset.uri !== undefined) {
        return word(asset.uri);
    }
    const written = join(directory, `values-${index}.yaml`);
    writeFileSync(written, word(asset.text), { mode: 0o600 });
    return written;
}

const switches: [string, string][] = [
    ["devel", "--devel"],
    ["dependencyUpdate", "--dependency-update"],
    ["verify", "--verify"],
    ["plainHttp", "--plain-http"],
];

const repository: [string, string][] = [
    ["repo", "--repo"],
    ["username", "--username"],
    ["password", "--password"],
    ["caFile", "--ca-file"],
    ["certFile", "--cert-file"],
    ["keyFile", "--key-file"],
];

function repositoryArguments(options: Value | undefined, directory: string): string[] {
    if (!isObject(options)) {
        return [];
    }
    return repository.flatMap(([key, flag], index) => {
        const value = options[key];
        if (value === undefined || value === null) {
            return [];
        }
        return [flag, typeof value === "string" ? value : assetFile(value, directory, 100 + index)];
    });
}

function clusterArguments({ access, capabilities }: ChartWish, directory: string): string[] {
    if (access === undefined || capabilities === undefined) {
        // Helm's own idea of a version without a cluster is years old when it was built from its module.
        return ["--kube-version", kubernetes];
    }
    const path = join(directory, "kubeconfig");
    writeFileSync(path, access.text, { mode: 0o600 });
    const apis = capabilities.apis.flatMap((api) => ["--api-versions", api]);
    return ["--kubeconfig", path, "--kube-context", access.context, "--dry-run=server", "--kube-version", capabilities.version, ...apis];
}

function templateArguments(wish: ChartWish, directory: string): string[] {
    const { args, release, namespace } = wish;
    const values = join(directory, "values.json");
    writeFileSync(values, JSON.stringify(args.values ?? {}), { mode: 0o600 });
    const files = (Array.isArray(args.valueYamlFiles) ? args.valueYamlFiles : []).map((asset, index) => assetFile(asset, directory, index));
    const renderer = isObject(args.postRenderer) ? args.postRenderer : {};
    const rendererArguments = Array.isArray(renderer.args)
        ? renderer.args.flatMap((argument) => ["--post-renderer-args", word(argument)])
        : [];
    return [
        "template",
        release,
        word(args.chart),
        ...(namespace === "" ? [] : ["--namespace", namespace]),
        ...(word(args.version) === "" ? [] : ["--version", word(args.version)]),
        ...(args.skipCrds === true ? [] : ["--include-crds"]),
        ...switches.filter(([key]) => args[key] === true).map(([, flag]) => flag),
        ...repositoryArguments(args.repositoryOpts, directory),
        ...files.flatMap((file) => ["--values", file]),
        ...["--values", values],
        ...(word(renderer.command) === "" ? [] : ["--post-renderer", word(renderer.command), ...rendererArguments]),
        // The official provider runs no hooks either.
        "--no-hooks",
        ...clusterArguments(wish, directory),
    ];
}

function run(helm: string, args: string[]): Promise<string> {
    return new Promise((resolve, reject) => {
        execFile(helm, args, { maxBuffer: 1 << 28 }, (error, stdout, stderr) => {
            if (error === null) {
                resolve(stdout);
            } else if ((error as NodeJS.ErrnoException).code === "ENOENT") {
                reject(
                    new Error(
                        `Helm is needed to render the chart, and "${helm}" was not found: install helm, or set SPARK_PLATFORM_HELM to its path`,
                    ),
                );
            } else {
                const said = stderr
                    .trim()
                    .split("\n")
                    .filter((line) => !line.startsWith("WARNING:"));
                reject(new Error(said.join("\n") || error.message));
            }
        });
    });
}

/** Renders a chart as `helm template` does. */
export async function template(wish: ChartWish): Promise<string> {
    const directory = mkdtempSync(join(tmpdir(), "chart-"));
    try {
        return await run(process.env.SPARK_PLATFORM_HELM ?? "helm", templateArguments(wish, directory));
    } finally {
        rmSync(directory, { recursive: true, force: true });
    }
}
