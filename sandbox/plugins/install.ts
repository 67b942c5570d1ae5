import { chmodSync, copyFileSync, existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { checkout, scratch } from "../support/paths";

/** Where the stand-ins of this checkout live. Nothing of them is put into the user's own Pulumi home. */
const place = join(scratch, "pulumi");
const home = join(place, "home");
const ownCli = join(place, "cli/pulumi");
const launchers = join(__dirname, "bin");

/** The packages that have a stand-in, and the plugin each of them asks the engine for. */
const packages = ["kubernetes", "random", "aws"];

/** Written beside a launcher; directories of a plugin cache without it are taken for official plugins. */
const mark = "stand-in";

function write(path: string, text: string): void {
    mkdirSync(dirname(path), { recursive: true });
    const unfinished = `${path}.${process.pid}`;
    writeFileSync(unfinished, text);
    chmodSync(unfinished, 0o755);
    renameSync(unfinished, path);
}

function quoted(path: string): string {
    return `'${path.replaceAll("'", `'\\''`)}'`;
}

function launcher(plugin: string): string {
    return `#!/bin/sh\nexec ${quoted(join(launchers, plugin))} "$@"\n`;
}

/** The version that programs of this checkout ask for: the engine takes a plugin only if its directory says the same. */
function versionOf(name: string): string {
    const path = join(checkout, "node_modules/@pulumi", name, "package.json");
    return (JSON.parse(readFileSync(path, "utf8")) as { version: string }).version;
}

/** A second name for a file; a copy where the cache is on another disk. */
function link(from: string, to: string): void {
    mkdirSync(dirname(to), { recursive: true });
    const unfinished = `${to}.${process.pid}`;
    rmSync(unfinished, { force: true });
    try {
        linkSync(from, unfinished);
    } catch {
        copyFileSync(from, unfinished);
        chmodSync(unfinished, 0o755);
    }
    renameSync(unfinished, to);
}

/**
 * The CLI looks for its language host beside itself first, and warns of one on PATH. So the CLI that was built here gets a
 * directory of its own with our host in it.
 */
function installCli(cli: string): void {
    link(cli, ownCli);
    write(join(dirname(ownCli), "pulumi-language-nodejs"), launcher("pulumi-language-nodejs"));
}

/** What PATH gets: the script `bin/pulumi`, told where it belongs. */
function installLauncher(): void {
    const lines = [
        "#!/bin/sh",
        `export SPARK_PLATFORM_CHECKOUT=${quoted(checkout)}`,
        `export SPARK_PLATFORM_LAUNCHERS=${quoted(join(place, "bin"))}`,
        `export SPARK_PLATFORM_CLI=${existsSync(ownCli) ? quoted(ownCli) : ""}`,
        `exec ${quoted(join(launchers, "pulumi"))} "$@"`,
        "",
    ];
    write(join(place, "bin/pulumi"), lines.join("\n"));
}

function installPlugin(name: string): void {
    const directory = join(home, "plugins", `resource-${name}-v${versionOf(name)}`);
    write(join(directory, `pulumi-resource-${name}`), launcher(`pulumi-resource-${name}`));
    write(join(directory, mark), "Made by sandbox/plugins: the official plugin is used instead as soon as this machine has it.\n");
}

/**
 * Installs the stand-in plugins for this checkout; safe to repeat.
 *
 * @param cli The Pulumi CLI built from its Go module, or nothing if the official CLI is there (it brings its own language host).
 */
export function installPlugins(cli?: string): void {
    packages.forEach(installPlugin);
    if (cli !== undefined) {
        installCli(cli);
    }
    installLauncher();
}

/**
 * What a shell, a test or `.sandbox/env` sets so that `pulumi` finds the stand-ins. A home of our own keeps them out of the
 * user's and, other than plugins on PATH, starts without a warning. The user's login stays the user's.
 */
export function pluginEnvironment(env: NodeJS.ProcessEnv = process.env): Record<string, string> {
    const before = env.PULUMI_HOME === home ? env.SPARK_PLATFORM_PULUMI_HOME : env.PULUMI_HOME;
    const usersHome = before ?? join(homedir(), ".pulumi");
    const login = env.PULUMI_CREDENTIALS_PATH ?? usersHome;
    return {
        PULUMI_HOME: home,
        SPARK_PLATFORM_PULUMI_HOME: usersHome,
        PULUMI_SKIP_UPDATE_CHECK: "true",
        ...(existsSync(join(login, "credentials.json")) ? { PULUMI_CREDENTIALS_PATH: login } : {}),
        PATH: withFirst(join(place, "bin"), env.PATH ?? ""),
    };
}

function withFirst(directory: string, path: string): string {
    return [directory, ...path.split(":").filter((entry) => entry !== directory && entry !== "")].join(":");
}
