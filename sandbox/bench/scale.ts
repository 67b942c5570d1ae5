import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { openTestStack } from "../../tests/support/platform";
import { Program } from "../../tests/support/program";
import { checkout } from "../support/paths";
import { prepare } from "../up/prepare";
import { isBroken, middle, print, seconds, type Figure } from "./measure";
import { programHook } from "./program-hook";
import { programStart } from "./program-start";

const starts = { dev: 2.5, prod: 3.5 };
const workspaces = [1, 10, 50];
const runs = 3;

/** How long programs take to start, and what many workspaces cost. Needs an API server and deploys nothing. Exits 1 when a promise is broken. */
export async function benchScale(): Promise<void> {
    const { release } = await prepare({ images: [] });
    const figures: Figure[] = [];
    const add = (...more: Figure[]) => {
        figures.push(...more);
        more.forEach(print);
    };
    try {
        for (const [name, atMost] of Object.entries(starts)) {
            const { stack, remove } = await openTestStack(`bench-${name}`, { from: `Pulumi.${name}.yaml` });
            try {
                add(await programStart(stack, { of: name, atMost }));
            } finally {
                await remove();
            }
        }
        add(...(await previewsOfWorkspaces()));
    } finally {
        await release();
    }
    process.exitCode = figures.some(isBroken) ? 1 : 0;
}

/** Writes down how much memory the process that ran the program has taken at most. */
const scales = (file: string) =>
    programHook(
        "/bench/scale/index.ts",
        `process.on("exit", () => require("node:fs").writeFileSync(${JSON.stringify(file)}, String(process.resourceUsage().maxRSS)));`,
    );

async function previewsOfWorkspaces(): Promise<Figure[]> {
    const directory = await mkdtemp(join(tmpdir(), "spark-platform-bench-"));
    const file = (name: string) => join(directory, name);
    const [script, written, objects] = [file("scales.js"), file("kibibytes"), file("objects.json")];
    await writeFile(script, scales(written));
    const program = new Program(join(checkout, "sandbox/bench/scale"), { NODE_OPTIONS: `--require=${script}` });
    await program.init();
    const figures: Figure[] = [];
    try {
        for (const count of workspaces) {
            figures.push(...(await ofWorkspaces(program, count, objects)));
        }
        const megabytes = (Number(await readFile(written, "utf8")) * 1024) / 1e6;
        const most = workspaces.at(-1);
        return [...figures, { name: `memory of the program with ${most} workspaces`, unit: "MB", atMost: 400, value: megabytes }];
    } finally {
        await program.remove();
        await rm(directory, { recursive: true, force: true });
    }
}

/** In turns with the same objects written by hand: a machine that becomes slower meanwhile becomes so for both. */
async function ofWorkspaces(program: Program, count: number, file: string): Promise<Figure[]> {
    const bricks = { COUNT: String(count) };
    const objects = objectsIn(await preview(program, bricks));
    await writeFile(file, JSON.stringify(objects));
    const [own, plain]: [number[], number[]] = [[], []];
    for (let run = 0; run < runs; run++) {
        plain.push(await seconds(() => preview(program, { BARE: file })));
        own.push(await seconds(() => preview(program, bricks)));
    }
    const of = `${count} workspace${count === 1 ? "" : "s"} (${objects.length} objects)`;
    return [
        { name: `preview of ${of}`, unit: "s", value: middle(own) },
        { name: `preview of the same objects without bricks, by a program that loads the same`, unit: "s", value: middle(plain) },
        { name: `preview of ${of} over that of the same without bricks`, unit: "×", atMost: 1.3, value: middle(own) / middle(plain) },
    ];
}

async function preview(program: Program, env: Record<string, string>): Promise<string> {
    const { exitCode, text } = await program.run(["preview", "--json"], env);
    if (exitCode !== 0) {
        throw new Error(text);
    }
    return text;
}

interface Step {
    urn: string;
    newState: { type: string; inputs: object };
}

/** Objects of Kubernetes; bricks and the provider are what they cost more. */
function objectsIn(text: string): { type: string; name: string; inputs: object }[] {
    const { steps } = JSON.parse(text.slice(text.indexOf("{"))) as { steps: Step[] };
    return steps
        .filter(({ newState }) => newState.type.startsWith("kubernetes:"))
        .map(({ urn, newState: { type, inputs } }) => ({ type, inputs, name: urn.slice(urn.lastIndexOf("::") + 2) }));
}
