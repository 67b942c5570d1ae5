import { existsSync } from "node:fs";
import { dirname } from "node:path";

import { buildImage, provideBase, Workshop } from "./build";
import { fetchDistribution, fetchJars, writeContext as writeContextOf } from "./fetch";
import { removeOldest, touch } from "./leftovers";
import { archiveOf, archivesOf, keyOf, recipes, recipesOf, type Recipe } from "./recipes";

export { lockImages } from "./lock";

/** An image that is ready to be imported: what pods call it, and the file it is in (a docker archive). */
export interface BuiltImage {
    name: string;
    reference: string;
    archive: string;
}

export interface BuildOptions {
    /** `minio`, `spark:4.1.0`, `spark:3.5.7`; all of them if left out. */
    names?: string[];
    /** Paths of the programs that images contain and the tool chain builds: `{ minio: "/…/minio" }`. */
    binaries?: Record<string, string>;
    /** Called with one line when something starts or ends. */
    report?: (line: string) => void;
    /** Called with each image as soon as it is there, so that importing it need not wait for the others. */
    ready?: (image: BuiltImage) => Promise<void>;
}

/** What pods call an image. */
export function referenceOf(name: string): string {
    return recipesOf([name])
        .map((recipe) => recipe.reference)
        .join();
}

/** The names of all images. */
export const imageNames = recipes.map((recipe) => recipe.name);

/**
 * Builds the images that are not in the cache yet. An image's file is named by the hash of everything it is made of, so a second
 * call finds it, and a changed script, lock or program makes a new one.
 *
 * @returns All images asked for, in the order in which they became ready.
 * @throws When a program is missing, a download differs from its lock, or a build fails: one sentence that says which.
 */
export async function buildImages({ names, binaries = {}, report = () => undefined, ready }: BuildOptions = {}): Promise<BuiltImage[]> {
    const wanted = recipesOf(names).map((recipe) => ({ recipe, archive: archiveOf(recipe, keyOf(recipe, binaries)) }));
    const missing = wanted.filter(({ archive }) => !existsSync(archive));
    const built: BuiltImage[] = [];
    const deliver = async ({ recipe, archive }: (typeof wanted)[number]): Promise<void> => {
        const image = { name: recipe.name, reference: recipe.reference, archive };
        built.push(image);
        await ready?.(image);
    };

    for (const found of wanted.filter((image) => !missing.includes(image))) {
        await touch(found.archive);
        report(`${found.recipe.name}: in the cache`);
        await deliver(found);
    }
    if (missing.length > 0) {
        const workshop = await Workshop.open();
        try {
            await buildMissing(workshop, missing, { binaries, report, deliver });
        } finally {
            await workshop.close();
        }
    }
    for (const { recipe } of missing) {
        await removeOldest(dirname(archiveOf(recipe, "")), archivesOf(recipe), 2);
    }
    return built;
}

interface Missing {
    recipe: Recipe;
    archive: string;
}

/** Downloads go on while the base is made: one waits for the network, the other for the processor. */
async function buildMissing(
    workshop: Workshop,
    missing: Missing[],
    {
        binaries,
        report,
        deliver,
    }: { binaries: Record<string, string>; report: (line: string) => void; deliver: (image: Missing) => Promise<void> },
): Promise<void> {
    const timed = stopwatch(report);
    await Promise.all([
        timed("base image", () => provideBase(workshop)),
        ...missing.flatMap(({ recipe: { name, spark } }) =>
            spark ? [timed(`${name}: downloads`, () => Promise.all([fetchDistribution(spark), fetchJars(spark)]))] : [],
        ),
    ]);
    for (const image of missing) {
        await timed(`${image.recipe.name}: built`, () => buildImage(workshop, image.recipe, binaries, image.archive));
        await deliver(image);
    }
}

const stopwatch =
    (report: (line: string) => void) =>
    async (what: string, work: () => Promise<unknown>): Promise<void> => {
        const start = Date.now();
        await work();
        report(`${what} (${((Date.now() - start) / 1000).toFixed(1)} s)`);
    };

/** Writes what `docker build` needs for one image, everything downloaded and checked, into a folder. */
export async function writeContext(name: string, folder: string, binaries: Record<string, string> = {}): Promise<void> {
    for (const recipe of recipesOf([name])) {
        await writeContextOf(recipe, folder, binaries);
    }
}
