import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { pulumi, type OpenStack } from "../support/pulumi";
import { median, type Figure } from "./measure";
import { programHook } from "./program-hook";

/** Writes down how long the process that runs the program has been alive. */
const stopwatch = (file: string) =>
    programHook("/stacks/index.ts", `require("node:fs").writeFileSync(${JSON.stringify(file)}, String(performance.now()));`);

/** What passes in a real preview between the start of the program's process and its last declared resource. */
export async function programStart(stack: OpenStack, { of = "dev", atMost = 2.5 } = {}): Promise<Figure> {
    const directory = await mkdtemp(join(tmpdir(), "spark-platform-bench-"));
    const [script, written] = [join(directory, "stopwatch.js"), join(directory, "milliseconds")];
    await writeFile(script, stopwatch(written));
    const timed = { ...stack, env: { ...stack.env, NODE_OPTIONS: `--require=${script}` } };
    const measure = async () => {
        await pulumi(timed, ["preview", "--stack", stack.name]);
        return Number(await readFile(written, "utf8")) / 1000;
    };
    try {
        return { name: `start of the program in a preview of the ${of} stack`, unit: "s", atMost, value: await median(3, measure) };
    } finally {
        await rm(directory, { recursive: true, force: true });
    }
}
