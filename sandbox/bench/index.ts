import { prepare } from "../up/prepare";
import { endpointsOf } from "../up/deploy";
import { openDevStack, up } from "../up";
import { seconds, type Figure } from "./measure";
import { connectReady, firstExecutorAndPi, memoryAtRest } from "./platform";
import { previewAgainstConfigMaps } from "./preview";
import { programStart } from "./program-start";

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
    await up();
    add({ name: "second `make up` on a running platform", unit: "s", atMost: 40, value: await seconds(up) });
    const { access, env } = await prepare();
    const stack = await openDevStack(access, env);
    const endpoints = await endpointsOf(stack);
    add(await programStart(stack));
    add(...(await previewAgainstConfigMaps(stack)));
    add(...(await memoryAtRest(access, endpoints)));
    add(await connectReady(access, endpoints));
    add(...(await firstExecutorAndPi(access, endpoints)));
    const broken = figures.filter(({ value, atMost }) => atMost !== undefined && value > atMost);
    console.log(`${figures.length} figures, ${broken.length} above their limit`);
    process.exitCode = broken.length > 0 ? 1 : 0;
}

function print({ name, unit, atMost, value }: Figure): void {
    const limit = atMost === undefined ? "" : `  (at most ${atMost} ${unit}${value > atMost ? ": BROKEN" : ""})`;
    console.log(`${value.toFixed(1).padStart(9)} ${unit.padEnd(4)} ${name}${limit}`);
}
