/** The commands behind the Makefile: `node -r ts-node/register sandbox/cli.ts <command>`. */

import { createRequire } from "node:module";

type Command = () => Promise<unknown>;

// Loaded when called: a command pays only for what it uses. (`import()` would look for files that are already compiled.)
const load = createRequire(__filename);
const cluster = () => load("./cluster") as typeof import("./cluster");
const platform = () => load("./up") as typeof import("./up");

const commands: Record<string, Command> = {
    tools: () => (load("./toolchain") as typeof import("./toolchain")).ensureTools(),
    images: () => (load("./up/images") as typeof import("./up/images")).makeImages(),
    "images-verify": () => (load("./up/images") as typeof import("./up/images")).verify(process.env.IMAGES),
    "cluster-up": () => cluster().clusterUp(),
    "cluster-down": () => cluster().clusterDown({ purge: process.env.PURGE === "1" }),
    "cluster-status": () => cluster().clusterStatus(),
    up: () => platform().up(),
    down: () => platform().down(),
    test: () => (load("./test") as typeof import("./test")).test(),
    e2e: () => (load("./test") as typeof import("./test")).endToEnd(),
    bench: () => (load("./bench") as typeof import("./bench")).bench(),
    "bench-standalone": () => (load("./bench/standalone") as typeof import("./bench/standalone")).benchStandalone(),
    "bench-scale": () => (load("./bench/scale") as typeof import("./bench/scale")).benchScale(),
    "bench-connect": () => (load("./bench/connect") as typeof import("./bench/connect")).benchConnect(),
    "bench-cold": () => (load("./bench/cold") as typeof import("./bench/cold")).benchCold(),
};

async function main(): Promise<void> {
    const [name = "", ...rest] = process.argv.slice(2);
    const command = commands[name];
    if (command === undefined || rest.length > 0) {
        throw new Error(`"${[name, ...rest].join(" ")}" is not a command; one of: ${Object.keys(commands).join(", ")}`);
    }
    await command();
}

main().catch((error: unknown) => {
    console.error(error instanceof Error ? `\n${error.message}` : error);
    process.exitCode = 1;
});
