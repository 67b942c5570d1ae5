import { importImage } from "../cluster";
import { binariesOf, buildImages, imageNames, type BuiltImage } from "../images";
import { runSteps, type Step } from "../support/steps";
import { ensureTools, tool } from "../toolchain";

/** Images that the dev stack runs; the others are built when somebody asks for all. */
export const devImages = ["minio", "spark:4.1.0"];

/** Builds all images, without a cluster. */
export async function makeImages(): Promise<void> {
    await ensureTools(["image-packages", ...binariesOf(imageNames)]);
    await runSteps([imageStep(imageNames, (image) => Promise.resolve(image.archive))]);
}

/** Builds the images that are missing and gives them to the sandbox cluster. */
export async function provideImages(names = devImages): Promise<void> {
    const give = async ({ archive, reference }: BuiltImage) =>
        (await importImage(archive, reference)) ? "imported" : "already in the cluster";
    await runSteps([imageStep(names, give)]);
}

const imageStep = (names: string[], then: (image: BuiltImage) => Promise<string>): Step => ({
    title: "images",
    run: async (report) => {
        const ready = async (image: BuiltImage) => {
            report(`${image.name}: ${await then(image)}`);
        };
        const binaries = Object.fromEntries(binariesOf(names).map((name) => [name, tool(name)]));
        await buildImages({ names, binaries, report, ready });
        return names.join(", ");
    },
});
