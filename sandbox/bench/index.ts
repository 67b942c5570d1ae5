import { execa } from "execa";

import { prepare } from "../up/prepare";
import { endpointsOf } from "../up/deploy";
import { checkout } from "../support/paths";
import { openDevStack } from "../up";
import { seconds, type Figure } from "./measure";
import { connectReady, firstExecutorAndPi, memoryAtRest } from "./platform";
import { previewAgainstConfigMaps } from "./preview";
import { programStart } from "./program-start";

const makeUp = () => execa("make", ["up"], { cwd: checkout });

/**
 * Measures what the README promises, on the running dev platform (it is brought up first), and prints one line a figure.
 * Exits 1 when a promise is broken.
 */
export async function bench(): Promise<void> {
    const figures: Figure[] = [];
    const add = (...more: Figure[]) => {
        figures.push(...more);
        more.forEach(print);
    };
    await makeUp();
    add({ name: "second `make up` on a running platform", unit: "s", atMost: 40, value: await seconds(makeUp) });
    const { access, env } = await prepare();
    const stack = await openDevStack(access, env);
    const endpoints = await endpointsOf(stack);
    add(await programStart(stack));
    add(...(await previewAgainstConfigMaps(stack)));
    add(...(await memoryAtRest(access, endpoints)));
    add(await connectReady(access, endpoints));
    add(...(await firstExecutorAndPi(access, endpoints)));
    const broken = figures.filter(isBroken);
    console.log(`${figures.length} figures, ${broken.length} above their limit`);
    process.exitCode = broken.length > 0 ? 1 : 0;
}

/** A figure that could not be found is no kept promise. */
const isBroken = ({ value, atMost }: Pick<Figure, "value" | "atMost">) => atMost !== undefined && !(value <= atMost);

function print({ name, unit, atMost, value }: Figure): void {
    const limit = atMost === undefined ? "" : `  (at most ${atMost} ${unit}${isBroken({ value, atMost }) ? ": BROKEN" : ""})`;
    console.log(`${value.toFixed(1).padStart(9)} ${unit.padEnd(4)} ${name}${limit}`);
}
