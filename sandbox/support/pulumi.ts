import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, join } from "node:path";

import { execa } from "execa";
import { parseDocument } from "yaml";

import { checkout } from "./paths";

/** Where Pulumi keeps the state, and why there. */
export interface Backend {
    /** For people: "file backend in …" or "your own …". */
    description: string;
    /** What the CLI needs in its environment for it. */
    env: Record<string, string>;
}

/** A stack that can be worked on: the CLI's environment is complete. */
export interface OpenStack {
    name: string;
    env: Record<string, string>;
}

/** The user's own backend when there is one, else files in `directory` with a passphrase made once, readable by nobody else. */
export async function backend(directory: string, { own: useOwn = true } = {}): Promise<Backend> {
    const own = useOwn ? await ownBackend() : undefined;
    const passphrase: Record<string, string> = hasPassphrase() ? {} : { PULUMI_CONFIG_PASSPHRASE_FILE: await passphraseFile(directory) };
    if (own !== undefined) {
        return { description: `your own Pulumi backend, ${own}`, env: passphrase };
    }
    await mkdir(join(directory, "backend"), { recursive: true, mode: 0o700 });
    return { description: `files in ${directory}`, env: { ...passphrase, PULUMI_BACKEND_URL: `file://${join(directory, "backend")}` } };
}

const hasPassphrase = () => "PULUMI_CONFIG_PASSPHRASE" in process.env || "PULUMI_CONFIG_PASSPHRASE_FILE" in process.env;

/** The backend that the user logged in to. */
async function ownBackend(): Promise<string | undefined> {
    if (process.env.PULUMI_BACKEND_URL !== undefined) {
        return process.env.PULUMI_BACKEND_URL;
    }
    if (process.env.PULUMI_ACCESS_TOKEN !== undefined) {
        return "Pulumi Cloud";
    }
    const credentials = join(process.env.PULUMI_HOME ?? join(homedir(), ".pulumi"), "credentials.json");
    if (!existsSync(credentials)) {
        return undefined;
    }
    return (JSON.parse(await readFile(credentials, "utf8")) as { current?: string }).current;
}

async function passphraseFile(directory: string): Promise<string> {
    const file = join(directory, "passphrase");
    if (!existsSync(file)) {
        await mkdir(directory, { recursive: true, mode: 0o700 });
        await writeFile(file, randomBytes(24).toString("base64url"), { mode: 0o600, flag: "wx" });
    }
    return file;
}

/** A value for a key of the stack file, by its path: `["config", "spark-platform:namespace"]`. */
export interface Override {
    path: string[];
    value: unknown;
}

/**
 * Copies a stack file to where the CLI may write into it (it adds `encryptionsalt`), with the salt it had there.
 *
 * @returns Path of the copy.
 */
export async function copyStackFile(tracked: string, directory: string, overrides: Override[] = []): Promise<string> {
    const copy = join(directory, basename(tracked));
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const salt = existsSync(copy) ? (parseDocument(await readFile(copy, "utf8")).get("encryptionsalt") as string | undefined) : undefined;
    await copyFile(join(checkout, tracked), copy);
    const document = parseDocument(await readFile(copy, "utf8"));
    for (const { path, value } of overrides) {
        document.setIn(path, value);
    }
    if (salt !== undefined) {
        document.set("encryptionsalt", salt);
    }
    await writeFile(copy, document.toString());
    return copy;
}

/**
 * Makes the stack when it is not there yet. That is done in a directory of its own, because the CLI writes the new stack's
 * salt beside the project file it finds, and ours is tracked.
 */
export async function ensureStack(stack: OpenStack, directory: string): Promise<void> {
    const project = join(directory, "project");
    await mkdir(project, { recursive: true, mode: 0o700 });
    const { name } = parseDocument(await readFile(join(checkout, "Pulumi.yaml"), "utf8")).toJS() as { name: string };
    await writeFile(join(project, "Pulumi.yaml"), `name: ${name}\nruntime: nodejs\n`);
    const stacks = JSON.parse(await pulumi(stack, ["stack", "ls", "--json", "--cwd", project])) as { name: string }[];
    if (!stacks.some((each) => each.name.split("/").pop() === stack.name)) {
        await pulumi(stack, ["stack", "init", stack.name, "--no-select", "--cwd", project]);
    }
}

/** Runs the CLI in the checkout and answers what it printed; a failure carries the CLI's own words. */
export async function pulumi(stack: OpenStack, args: string[], more: Record<string, string> = {}): Promise<string> {
    const result = await execa("pulumi", ["--non-interactive", "--color", "never", ...args], {
        cwd: checkout,
        env: { ...stack.env, PULUMI_SKIP_UPDATE_CHECK: "true", ...more },
        reject: false,
        all: true,
    });
    if (result.exitCode !== 0) {
        throw new Error(`pulumi ${args.join(" ")} failed:\n${result.all}`);
    }
    return result.stdout;
}

/** Outputs of a stack. */
export async function outputs<T>(stack: OpenStack): Promise<T> {
    return JSON.parse(await pulumi(stack, ["stack", "output", "--json", "--stack", stack.name])) as T;
}
