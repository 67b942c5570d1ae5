import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { cache, scratch } from "../support/paths";

/** Writes `.sandbox/env`, which a shell reads to use the same `pulumi`, `kubectl`, cluster and state as `make up` does. */
export async function writeEnvironment({ PATH = "", ...others }: Record<string, string>): Promise<void> {
    const ours = PATH.split(":").filter((directory) => directory.startsWith(scratch) || directory.startsWith(cache));
    const lines = [
        "# Written by make up. Use it with:  . .sandbox/env",
        `export PATH=${[...ours.map(quoted), '"$PATH"'].join(":")}`,
        ...Object.entries(others).map(([name, value]) => `export ${name}=${quoted(value)}`),
    ];
    await mkdir(scratch, { recursive: true });
    await writeFile(join(scratch, "env"), `${lines.join("\n")}\n`, { mode: 0o600 });
}

const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
