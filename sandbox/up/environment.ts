import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { scratch } from "../support/paths";

/** Writes `.sandbox/env`, which a shell reads to use the same `pulumi`, `kubectl`, cluster and state as `make up` does. */
export async function writeEnvironment(env: Record<string, string>): Promise<void> {
    const lines = Object.entries(env).map(([name, value]) => `export ${name}='${value.replaceAll("'", `'\\''`)}'`);
    await mkdir(scratch, { recursive: true });
    await writeFile(join(scratch, "env"), `# Written by make up. Use it with:  . .sandbox/env\n${lines.join("\n")}\n`, { mode: 0o600 });
}
