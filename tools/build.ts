import { cpSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";

import { execa } from "execa";

const root = resolve(__dirname, "..");
const dist = join(root, "dist");

/** JavaScript and types for people who install the package: `npm run build`, and `npm pack` by itself. */
async function build(): Promise<void> {
    rmSync(dist, { recursive: true, force: true });
    await execa("npx", ["tsc", "-p", "tsconfig.build.json"], { cwd: root, stdio: "inherit" });
    // Tables that are read when they are asked for, which the compiler does not copy.
    cpSync(join(root, "components/internal/spark-keys"), join(dist, "internal/spark-keys"), { recursive: true });
}

void build();
