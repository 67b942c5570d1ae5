import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";

/** A name for something unfinished that tells whose it is: what a killed process leaves behind can be told from what is under way. */
export const temporaryName = () => `.work-${process.pid}-${randomBytes(4).toString("hex")}`;

/** Removes what processes that no longer run have left unfinished in a folder. */
export async function removeLeftovers(
    folder: string,
    remove = (path: string) => rm(path, { recursive: true, force: true }),
): Promise<void> {
    for (const name of await readdir(folder).catch(() => [])) {
        const owner = /^\.work-(\d+)-[0-9a-f]{8}$/.exec(name)?.[1];
        if (owner !== undefined && !existsSync(`/proc/${owner}`)) {
            await remove(join(folder, name));
        }
    }
}

/** Marks a cached file as used now. */
export async function touch(file: string): Promise<void> {
    await utimes(file, new Date(), new Date());
}

/**
 * Removes the files of one kind that were not used for longest, so that a cache of large files does not grow with every change.
 *
 * @param kept How many stay: more than one, because another checkout may be a change ahead.
 */
export async function removeOldest(folder: string, kind: RegExp, kept: number): Promise<void> {
    const files = (await readdir(folder)).filter((name) => kind.test(name)).map((name) => join(folder, name));
    const used = await Promise.all(files.map(async (file) => ({ file, time: (await stat(file)).mtimeMs })));
    for (const { file } of used.sort((a, b) => b.time - a.time).slice(kept)) {
        await rm(file, { force: true });
    }
}
