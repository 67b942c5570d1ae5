import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";

import { execa } from "execa";

/**
 * Does the work while no other process does work under the same lock. The kernel's file lock is held by a child whose
 * standard input is a pipe from here: when this process is gone, whatever ended it, the child and the lock go too.
 *
 * @param onWait Called when another process has the lock and this one has to wait.
 */
export async function withLock<T>(file: string, work: () => Promise<T>, onWait?: () => void): Promise<T> {
    await mkdir(dirname(file), { recursive: true });
    const holder = execa("flock", ["--exclusive", file, "sh", "-c", "echo held; cat > /dev/null"], { reject: false, buffer: false });
    const patience = setTimeout(() => onWait?.(), 1000);
    try {
        await held(holder);
        clearTimeout(patience);
        return await work();
    } finally {
        clearTimeout(patience);
        holder.stdin.end();
        await holder;
    }
}

/** Waits until the child says that it has the lock; one that cannot be started at all is told apart by its result. */
async function held(holder: PromiseLike<{ failed: boolean; shortMessage?: string }> & { stdout: NodeJS.ReadableStream }): Promise<void> {
    const ended = holder.then(({ shortMessage }) => {
        throw new Error(`no lock could be taken with 'flock' (package util-linux): ${shortMessage ?? "it ended"}`);
    });
    await Promise.race([
        new Promise((resolve) => {
            holder.stdout.once("data", resolve);
        }),
        ended,
    ]);
    // What ends later, ends because it was told to.
    ended.then(undefined, () => undefined);
}
