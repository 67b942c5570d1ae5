import { deployTestPlatform, type TestPlatform } from "../support/platform";

let deployed: TestPlatform | undefined;

/** The platform that all end-to-end tests share; it is there before the first and gone after the last. */
export function platform(): TestPlatform {
    if (deployed === undefined) {
        throw new Error("the platform of the end-to-end tests is not deployed");
    }
    return deployed;
}

export const mochaHooks = {
    async beforeAll() {
        deployed = await deployTestPlatform("spark-e2e");
    },
    async afterAll() {
        await deployed?.remove();
    },
};
