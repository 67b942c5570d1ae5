import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { execa } from "execa";

import { checkout } from "../../sandbox/support/paths";
import { withLock } from "../../sandbox/toolchain";
import { Program } from "./program";

/** A project of somebody who installed the package: outside this checkout, knowing nothing of its sources. */
export interface Consumer {
    directory: string;
    program: Program;
    /** Files in the package, as npm packed them. */
    packed: string[];
    remove: () => Promise<void>;
}

interface Manifest {
    dependencies: Record<string, string>;
}

let tarball: Promise<{ file: string; packed: string[] }> | undefined;

/** `npm pack` as whoever publishes runs it, once for all tests of a process; the compiler runs anew. */
function pack(): Promise<{ file: string; packed: string[] }> {
    tarball ??= (async () => {
        const directory = await mkdtemp(join(tmpdir(), "packed-"));
        process.once("exit", () => void execa("rm", ["-rf", directory], { detached: true }));
        // The compiler's output lies in the checkout, and test files run side by side.
        const npmPack = () => execa("npm", ["pack", "--json", "--pack-destination", directory], { cwd: checkout });
        const { stdout } = await withLock(join(checkout, "node_modules/.pack.lock"), npmPack);
        const [found] = JSON.parse(stdout) as { filename: string; files: { path: string }[] }[];
        return { file: join(directory, found?.filename ?? ""), packed: (found?.files ?? []).map(({ path }) => path) };
    })();
    return tarball;
}

/**
 * Installs the packed package in an empty directory. What it depends on is linked from this checkout in place of a second download: the
 * lock file keeps those versions within the package's ranges, and nothing is linked that the package's own manifest does not name.
 *
 * @param files The consumer's own files, by path.
 * @param more Packages that the consumer brings along, such as a compiler.
 */
export async function makeConsumer(files: Record<string, string>, more: string[] = []): Promise<Consumer> {
    const { file, packed } = await pack();
    const directory = await mkdtemp(join(tmpdir(), "consumer-"));
    const installed = join(directory, "node_modules/spark-platform");
    await mkdir(installed, { recursive: true });
    await execa("tar", ["-xzf", file, "-C", installed, "--strip-components", "1"]);
    const { dependencies } = JSON.parse(await readFile(join(installed, "package.json"), "utf8")) as Manifest;
    for (const name of [...Object.keys(dependencies), ...more]) {
        const link = join(directory, "node_modules", name);
        await mkdir(dirname(link), { recursive: true });
        await symlink(join(checkout, "node_modules", name), link);
    }
    const manifest = { name: "consumer", private: true, dependencies: { "spark-platform": "0.1.0" } };
    const all = { "package.json": JSON.stringify(manifest), ...files };
    for (const [path, text] of Object.entries(all)) {
        await mkdir(dirname(join(directory, path)), { recursive: true });
        await writeFile(join(directory, path), text);
    }
    const program = new Program(directory);
    const remove = async () => {
        await program.remove();
        await rm(directory, { recursive: true, force: true });
    };
    return { directory, program, packed, remove };
}

/** Copies a folder of this checkout, such as an example, into the consumer's project. */
export const copyInto = ({ directory }: Consumer, folder: string): Promise<void> =>
    cp(join(checkout, folder), join(directory, folder), { recursive: true });
