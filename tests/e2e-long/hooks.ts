import { imageNames } from "../../sandbox/images";
import { furtherTools, sandboxTools } from "../../sandbox/toolchain";
import { prepare, type Prepared } from "../../sandbox/up/prepare";

let prepared: Prepared | undefined;

/** The cluster with all images and all tools; each test makes what it needs in namespaces of its own. */
export const mochaHooks = {
    async beforeAll() {
        prepared = await prepare({ images: imageNames, tools: [...sandboxTools, ...furtherTools] });
    },
    async afterAll() {
        await prepared?.release();
    },
};
