import { existsSync } from "node:fs";
import { isAbsolute } from "node:path";

import { execa } from "execa";

import { findCommand } from "./prerequisites";
import { debianPackages, type DebianPackage, type DebianPackages } from "./tools";

const isThere = (brings: string) => (isAbsolute(brings) ? existsSync(brings) : findCommand(brings) !== undefined);

export function missingPackages(group: DebianPackages): string[] {
    const packages: readonly DebianPackage[] = debianPackages[group];
    return packages.filter(({ brings }) => !isThere(brings)).map(({ name }) => name);
}

/** Installs what is missing; says clearly what to do where that is not possible. */
export async function installPackages(names: string[]): Promise<void> {
    const advice = `apt-get install --no-install-recommends ${names.join(" ")}`;
    if (findCommand("apt-get") === undefined) {
        throw new Error(`${names.join(", ")}: missing, and this is not Debian or Ubuntu: install what has these names there`);
    }
    if (process.getuid?.() !== 0) {
        throw new Error(`${names.join(", ")}: missing, and installing needs root: run 'sudo ${advice}', then repeat`);
    }
    const install = () => aptGet(["install", "--yes", "--no-install-recommends", ...names]);
    // A fresh machine has no list of packages yet.
    const first = await install();
    const result = first.failed ? await aptGet(["update"]).then(install) : first;
    if (result.failed) {
        throw new Error(`'${advice}' failed: ${result.all.trim().split("\n").slice(-3).join("\n")}`);
    }
}

const aptGet = (args: string[]) =>
    execa("apt-get", ["--quiet", "--option", "DPkg::Lock::Timeout=120", ...args], {
        env: { DEBIAN_FRONTEND: "noninteractive" },
        reject: false,
        all: true,
    });
