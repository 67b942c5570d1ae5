import assert from "node:assert/strict";
import { runInThisContext } from "node:vm";

import { hooks, remembering } from "../../../stacks/stack-traces";

interface Told {
    before: string;
    /** Said again: the first time it is looked up, the second time remembered. */
    again: string[];
}

/** The trace of an error as it was told before, and by a format that remembers. */
async function told(throws: () => unknown): Promise<Told> {
    const format = hooks.prepareStackTrace!;
    const remembered = remembering(format);
    const all: Told[] = [];
    hooks.prepareStackTrace = (error, frames) => {
        const again = [remembered(error, frames), remembered(error, frames)].map(String);
        return all[all.push({ before: String(format(error, frames)), again }) - 1]?.before;
    };
    try {
        await throws();
    } catch (error) {
        assert.ok((error as Error).stack);
    } finally {
        hooks.prepareStackTrace = format;
    }
    return all.at(-1)!;
}

class Thrower {
    public constructor(message: string) {
        this.fail(message);
    }

    private fail(message: string): never {
        throw new TypeError(message);
    }
}

describe("remembered stack traces", () => {
    const cases: Record<string, () => unknown> = {
        "of a function": () => {
            throw new Error("a message");
        },
        "of a constructor": () => new Thrower("another"),
        "of a callback of the language's own": () => ["a"].map((text) => new Thrower(text)),
        "with a message that looks like a trace": () => new Thrower("first\n    at second (file.ts:1:2)\n    at third"),
        "of evaluated text": () => runInThisContext("throw new Error('evaluated')"),
        "without a message": () => {
            throw new Error();
        },
        "of functions that waited": () =>
            Promise.all([
                (async () => {
                    await Promise.resolve();
                    return new Thrower("late");
                })(),
            ]),
    };
    for (const [name, throws] of Object.entries(cases)) {
        it(`say letter by letter what they said before: ${name}`, async () => {
            const { before, again } = await told(throws);
            assert.match(before, /stack-traces\.test\.ts:\d+:\d+/);
            assert.deepEqual([...new Set(again)], [before]);
        });
    }
});
