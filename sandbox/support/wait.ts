import { setTimeout as sleep } from "node:timers/promises";

/**
 * Asks until the answer is not `undefined`. A question that fails is asked again: what is waited for may be just what makes it fail.
 *
 * @throws Error saying what was waited for, and why the last question failed if it did, when the time is over.
 */
export async function waitFor<T>(
    what: string,
    ask: () => Promise<T | undefined>,
    { seconds, everySeconds = 1 }: { seconds: number; everySeconds?: number },
): Promise<T> {
    const deadline = Date.now() + seconds * 1000;
    for (;;) {
        let reason = "";
        try {
            const answer = await ask();
            if (answer !== undefined) {
                return answer;
            }
        } catch (error) {
            reason = `: ${error instanceof Error ? error.message : String(error)}`;
        }
        if (Date.now() > deadline) {
            throw new Error(`${what}: not within ${seconds} s${reason}`);
        }
        await sleep(everySeconds * 1000);
    }
}
