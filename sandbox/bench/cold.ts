import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, rm } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";

import { execa } from "execa";

import { clusterIsRunning } from "../cluster";
import { checkout } from "../support/paths";
import { print, seconds } from "./measure";

/** How package managers are set up on this machine; everything else of a home directory is left behind. */
const settings = [".npmrc", ".gitconfig", ".config"];

/** Variables that lead to caches, or to the tools of a platform that is there already. */
const leftOut = /^(XDG_|GO(PATH|CACHE|MODCACHE)$|PULUMI_|SPARK_PLATFORM_|KUBECO|npm_|MAKE)/;

/**
 * Times `make up` as on a new machine: a clone in an empty directory, an empty home, no cluster. Debian's packages stay
 * installed. Takes the platform down again.
 */
export async function benchCold(): Promise<void> {
    if (await clusterIsRunning()) {
        throw new Error("the sandbox cluster runs, and a new machine has none: run 'make down' first");
    }
    const directory = await mkdtemp(join(tmpdir(), "spark-platform-cold-"));
    const home = join(directory, "home");
    const clone = join(directory, "checkout");
    await mkdir(home);
    for (const name of settings.filter((each) => existsSync(join(homedir(), each)))) {
        await cp(join(homedir(), name), join(home, name), { recursive: true });
    }
    await execa("git", ["clone", "--quiet", checkout, clone]);
    const env = { ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !leftOut.test(name))), HOME: home };
    const make = (target: string) => execa("make", [target], { cwd: clone, env, extendEnv: false, stdio: "inherit" });
    try {
        const value = await seconds(() => make("up"));
        print({ name: "cold `make up`: empty caches, no cluster", unit: "s", atMost: 35 * 60, value });
    } finally {
        await make("down");
        // Go makes its module cache read-only, which stops nobody but a plain delete.
        await execa("chmod", ["-R", "u+w", directory]);
        await rm(directory, { recursive: true, force: true });
    }
}
