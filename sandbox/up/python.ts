import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { execa } from "execa";

import { cache, checkout } from "../support/paths";

/**
 * A Python with the locked packages of an example, made once and kept in the cache.
 *
 * @returns Path of its interpreter.
 */
export async function pythonFor(example: string): Promise<string> {
    const lock = join(checkout, "examples", example, "requirements.lock");
    const { stdout: version } = await execa("python3", ["--version"]).catch(() => {
        throw new Error("Python 3.11 or newer is needed for the client of the first job; no 'python3' is on the PATH");
    });
    const key = createHash("sha256")
        .update(version)
        .update(await readFile(lock))
        .digest("hex")
        .slice(0, 12);
    const home = join(cache, "python", `${example}-${key}`);
    if (!existsSync(join(home, "complete"))) {
        await make(home, lock);
    }
    return join(home, "bin/python");
}

async function make(home: string, lock: string): Promise<void> {
    // A virtual environment knows its own path, so it cannot be made elsewhere and moved; a mark says that it is whole.
    await rm(home, { recursive: true, force: true });
    await execa("python3", ["-m", "venv", home]).catch((error: unknown) => {
        throw new Error(
            `Python's venv module is needed for the client of the first job (Debian: apt-get install python3-venv): ${String(error)}`,
        );
    });
    await execa(join(home, "bin/pip"), ["install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r", lock]);
    await writeFile(join(home, "complete"), "");
}
