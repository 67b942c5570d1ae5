import { createRequire } from "node:module";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";

/** Options of `runtime` in Pulumi.yaml and PulumiPlugin.yaml. */
export interface RuntimeOptions {
    typescript?: boolean;
    tsconfig?: string;
    nodeargs?: string;
}

/** A file of the SDK that the program itself uses, wherever its package manager put it. */
export function locate(module: string, directory: string): string {
    try {
        return createRequire(join(directory, "index.js")).resolve(module);
    } catch {
        throw new Error(`the package @pulumi/pulumi is not installed for the program in ${directory}: run \`npm install\` there`);
    }
}

export function environment(options: RuntimeOptions): Record<string, string> {
    return {
        ...(options.typescript === false ? {} : { PULUMI_NODEJS_TYPESCRIPT: "true" }),
        ...(options.tsconfig === undefined ? {} : { PULUMI_NODEJS_TSCONFIG_PATH: options.tsconfig }),
    };
}

/** Splits `nodeargs` as a shell would, quotes included. */
export function nodeArguments({ nodeargs = "" }: RuntimeOptions): string[] {
    return [...nodeargs.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, double, single, bare]) => double ?? single ?? bare ?? "");
}

/** Configuration in the form that programs read from `PULUMI_CONFIG`: `package:config:name`. */
export function configuration(entries: [string, string][]): string {
    const renamed = entries.map(([key, value]) => {
        const [namespace = "", ...name] = key.split(":");
        return [key.includes(":config:") ? key : `${namespace}:config:${name.join(":")}`, value];
    });
    return JSON.stringify(Object.fromEntries(renamed));
}

export interface PackageInfo {
    name: string;
    version: string;
    pulumi?: { resource?: boolean; name?: string; version?: string; server?: string };
}

function readPackage(directory: string): PackageInfo | undefined {
    try {
        return JSON.parse(readFileSync(join(directory, "package.json"), "utf8")) as PackageInfo;
    } catch {
        return undefined;
    }
}

function nodeModules(directory: string): string | undefined {
    const candidate = join(directory, "node_modules");
    if (existsSync(candidate)) {
        return candidate;
    }
    return dirname(directory) === directory ? undefined : nodeModules(dirname(directory));
}

function packagesIn(modules: string): PackageInfo[] {
    const directories = readdirSync(modules).flatMap((name) =>
        name.startsWith("@") ? readdirSync(join(modules, name)).map((inner) => join(modules, name, inner)) : [join(modules, name)],
    );
    return directories.map(readPackage).filter((found) => found !== undefined);
}

/** Every package that a program in a directory can load, with its version. */
export function installed(directory: string): PackageInfo[] {
    const modules = nodeModules(directory);
    return modules === undefined ? [] : packagesIn(modules);
}

/** The packages that bring a provider: the engine wants to know them before the program runs. */
export function providerPackages(directory: string): { name: string; version: string; server: string }[] {
    return installed(directory)
        .filter(({ pulumi }) => pulumi?.resource === true)
        .map(({ name, version, pulumi }) => ({
            name: pulumi?.name ?? name.split("/").at(-1) ?? name,
            version: `v${(pulumi?.version ?? version).replace(/^v/, "")}`,
            server: pulumi?.server ?? "",
        }));
}
