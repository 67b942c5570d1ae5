import { setTimeout as sleep } from "node:timers/promises";

/**
 * Asks until the answer is not `undefined`.
 *
 * @throws Error saying what was waited for, when the time is over.
 */
export async function waitFor<T>(
    what: string,
    ask: () => Promise<T | undefined>,
    { seconds, everySeconds = 1 }: { seconds: number; everySeconds?: number },
): Promise<T> {
    const deadline = Date.now() + seconds * 1000;
    for (;;) {
        const answer = await ask();
        if (answer !== undefined) {
            return answer;
        }
        if (Date.now() > deadline) {
            throw new Error(`${what}: not within ${seconds} s`);
        }
        await sleep(everySeconds * 1000);
    }
}
