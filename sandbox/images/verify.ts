import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { pipeline } from "node:stream/promises";

import { buildImage, makeBase, planned, provideBase, Workshop, type Planned } from "./build";
import { baseArchive, platformBase, recipesOf, type Base } from "./recipes";

/** Whether an image that was built again is the one in the cache, byte for byte. */
export interface Verdict {
    name: string;
    same: boolean;
}

async function digestOf(file: string): Promise<string> {
    const hash = createHash("sha256");
    await pipeline(createReadStream(file), hash);
    return hash.digest("hex");
}

/**
 * Builds images of the cache once more from the same inputs, their base too, and compares the bytes.
 *
 * @param names `minio`, `spark:4.1.0`; each must have been built before.
 * @throws When one is not in the cache: it would be compared with itself.
 */
export async function verifyImages(
    names: string[],
    binaries: Record<string, string>,
    told: (verdict: Verdict) => void = () => undefined,
): Promise<Verdict[]> {
    const wanted = recipesOf(names).map((recipe) => planned(recipe, binaries));
    for (const { recipe, archive } of wanted) {
        if (!existsSync(archive)) {
            throw new Error(`image ${recipe.name}: found none in the cache, expected one to compare with; run 'make images' first`);
        }
    }
    const verdicts: Verdict[] = [];
    const tell = (verdict: Verdict) => {
        verdicts.push(verdict);
        told(verdict);
    };
    for (const base of [...new Set(wanted.map(({ recipe }) => recipe.base ?? platformBase))]) {
        tell(await verifyBase(base));
    }
    for (const image of wanted) {
        tell(await verifyImage(image, binaries));
    }
    return verdicts;
}

/** Debian's packages are those of the day, so a base of an earlier day may differ without a fault of ours. */
async function verifyBase(base: Base): Promise<Verdict> {
    return inWorkshop(async (workshop) => {
        const again = workshop.path("again.tar");
        await makeBase(workshop, base, again);
        return { name: base.name, same: (await digestOf(again)) === (await digestOf(baseArchive(base))) };
    });
}

async function verifyImage(image: Planned, binaries: Record<string, string>): Promise<Verdict> {
    return inWorkshop(async (workshop) => {
        const again = workshop.path("again.tar");
        await provideBase(workshop, image.recipe.base);
        await buildImage(workshop, { ...image, archive: again }, binaries);
        return { name: image.recipe.name, same: (await digestOf(again)) === (await digestOf(image.archive)) };
    });
}

/** Each in a workshop of its own, so that nothing is left of the one before. */
async function inWorkshop<T>(work: (workshop: Workshop) => Promise<T>): Promise<T> {
    const workshop = await Workshop.open();
    try {
        return await work(workshop);
    } finally {
        await workshop.close();
    }
}
