import { importImage } from "../cluster";
import { buildImages, imageNames } from "../images";
import { runSteps } from "../support/steps";
import { ensureTools, tool } from "../toolchain";

/** Images that the dev stack runs; the others are built when somebody asks for all. */
export const devImages = ["minio", "spark:4.1.0"];

/** Builds the images that are missing, without a cluster. */
export async function makeImages(): Promise<void> {
    await ensureTools(["image-packages", "minio"]);
    await runSteps(
        imageNames.map((name) => ({
            title: `image ${name}`,
            run: async (report) => {
                const [image] = await buildImages({ names: [name], binaries: programs(), report });
                return image?.archive;
            },
        })),
    );
}

/** Builds the images that are missing and gives them to the sandbox cluster. */
export async function provideImages(names = devImages): Promise<void> {
    await runSteps(
        names.map((name) => ({
            title: `image ${name}`,
            run: async (report) => {
                const [image] = await buildImages({ names: [name], binaries: programs(), report });
                return image !== undefined && (await importImage(image.archive, image.reference)) ? "imported" : "already in the cluster";
            },
        })),
    );
}

const programs = () => ({ minio: tool("minio") });
