import { importImage } from "../cluster";
import { binariesOf, buildImages, imageNames, verifyImages, type BuiltImage } from "../images";
import { runSteps, type Step } from "../support/steps";
import { ensureTools, tool } from "../toolchain";

/** Images that the dev stack runs; the others are built when somebody asks for all. */
export const devImages = ["minio", "spark:4.1.0"];

/** Builds all images, without a cluster. */
export async function makeImages(): Promise<void> {
    await ensureTools(["image-packages", ...binariesOf(imageNames)]);
    await runSteps([imageStep(imageNames, (image) => Promise.resolve(image.archive))]);
}

/**
 * Builds images a second time and says whether the bytes are the same.
 *
 * @param names Names of images with spaces between them; all of them if left out.
 */
export async function verify(names = imageNames.join(" ")): Promise<void> {
    const list = names.split(" ");
    await ensureTools(["image-packages", ...binariesOf(list)]);
    const verdicts = await verifyImages(list, programsOf(list), ({ name, same }) => {
        console.log(`${name}: built again, ${same ? "the same bytes" : "OTHER BYTES"}`);
    });
    process.exitCode = verdicts.every(({ same }) => same) ? 0 : 1;
}

/** Builds the images that are missing and gives them to the sandbox cluster. */
export async function provideImages(names = devImages): Promise<void> {
    const give = async ({ archive, reference }: BuiltImage) =>
        (await importImage(archive, reference)) ? "imported" : "already in the cluster";
    await runSteps([imageStep(names, give)]);
}

const programsOf = (names: string[]) => Object.fromEntries(binariesOf(names).map((name) => [name, tool(name)]));

const imageStep = (names: string[], then: (image: BuiltImage) => Promise<string>): Step => ({
    title: "images",
    run: async (report) => {
        const ready = async (image: BuiltImage) => {
            report(`${image.name}: ${await then(image)}`);
        };
        await buildImages({ names, binaries: programsOf(names), report, ready });
        return names.join(", ");
    },
});
