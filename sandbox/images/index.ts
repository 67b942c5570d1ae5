import { existsSync } from "node:fs";
import { dirname } from "node:path";

import type { ToolName } from "../toolchain";
import { buildImage, planned, provideBase, Workshop, type Planned } from "./build";
import { buildExtensions } from "./extension";
import { fetchDistribution, fetchJars, writeContext as writeContextOf } from "./fetch";
import { removeOldest, touch } from "./leftovers";
import { archiveOf, archivesOf, belowOf, platformBase, recipes, recipesOf } from "./recipes";

export { lockImages } from "./lock";
export { verifyImages } from "./verify";

/** An image that is ready to be imported: what pods call it, and the file it is in (a docker archive). */
export interface BuiltImage {
    name: string;
    reference: string;
    archive: string;
}

export interface BuildOptions {
    /** `minio`, `spark:4.1.0`, `jupyter-lab:4.1.0`; all of them if left out. */
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

/** Programs of the tool chain that images contain; tools are called as they are. */
export const binariesOf = (names: string[]): ToolName[] => recipesOf(names).flatMap(({ binaries }) => binaries as ToolName[]);

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
    const wanted = recipesOf(names).map((recipe) => planned(recipe, binaries));
    const missing = withWhatTheyStandOn(
        wanted.filter(({ archive }) => !existsSync(archive)),
        binaries,
    );
    const built: BuiltImage[] = [];
    const deliver = async ({ recipe, archive }: Planned): Promise<void> => {
        if (!wanted.some((image) => image.archive === archive)) {
            return;
        }
        const image = { name: recipe.name, reference: recipe.reference, archive };
        built.push(image);
        await ready?.(image);
    };

    for (const found of wanted.filter(({ archive }) => !missing.some((image) => image.archive === archive))) {
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

/** Images to build, each after the one that it stands on, should that one be missing too. */
function withWhatTheyStandOn(images: Planned[], binaries: Record<string, string>): Planned[] {
    const all = images.flatMap((image) => {
        const below = belowOf(image.recipe);
        return below && !existsSync(image.below?.archive ?? "") ? [planned(below, binaries), image] : [image];
    });
    return [...new Map(all.map((image) => [image.archive, image])).values()];
}

/** Downloads go on while the base is made: one waits for the network, the other for the processor. */
async function buildMissing(
    workshop: Workshop,
    missing: Planned[],
    {
        binaries,
        report,
        deliver,
    }: { binaries: Record<string, string>; report: (line: string) => void; deliver: (image: Planned) => Promise<void> },
): Promise<void> {
    const timed = stopwatch(report);
    const bases = [...new Set(missing.map(({ recipe }) => recipe.base ?? platformBase))];
    await Promise.all([
        ...bases.map((base) => timed(`${base.name} image`, () => provideBase(workshop, base))),
        ...missing.flatMap(({ recipe: { name, spark } }) =>
            spark
                ? [timed(`${name}: downloads`, () => Promise.all([fetchDistribution(spark), fetchJars(spark), buildExtensions(spark)]))]
                : [],
        ),
    ]);
    for (const image of missing) {
        await timed(`${image.recipe.name}: built`, () => buildImage(workshop, image, binaries));
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
