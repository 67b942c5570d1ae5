import { execa } from "execa";

import { prepare } from "../up/prepare";
import { endpointsOf } from "../up/deploy";
import { waitForIdle } from "../up/job";
import { clusterIsRunning } from "../cluster";
import { checkout } from "../support/paths";
import { openDevStack } from "../up";
import { isBroken, print, seconds, type Figure } from "./measure";
import { connectReady, firstExecutorAndPi, memoryAtRest } from "./platform";
import { previewAgainstConfigMaps } from "./preview";
import { programStart } from "./program-start";
import { sparkPi } from "./spark-pi";

const makeUp = () => execa("make", ["up"], { cwd: checkout });

async function makeUpAgain(): Promise<void> {
    const { stdout } = await makeUp();
    if (!/up --stack dev: \d+ unchanged \[/.test(stdout)) {
        throw new Error(`the second 'make up' changed something:\n${stdout}`);
    }
}

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
    const wasDown = !(await clusterIsRunning());
    const first = await seconds(makeUp);
    if (wasDown) {
        add({ name: "warm `make up`: caches there, cluster down", unit: "s", atMost: 240, value: first });
    }
    add({
        name: "second `make up` on a running platform, which changes nothing",
        unit: "s",
        atMost: 40,
        value: await seconds(makeUpAgain),
    });
    const { access, env } = await prepare();
    const stack = await openDevStack(access, env);
    const endpoints = await endpointsOf(stack);
    add(await programStart(stack));
    add(...(await previewAgainstConfigMaps(stack)));
    await waitForIdle(access, endpoints);
    add(...(await memoryAtRest(access, endpoints)));
    add(await connectReady(access, endpoints));
    add(...(await firstExecutorAndPi(access, endpoints)));
    add(...(await sparkPi(access)));
    const broken = figures.filter(isBroken);
    console.log(`${figures.length} figures, ${broken.length} above their limit`);
    process.exitCode = broken.length > 0 ? 1 : 0;
}
