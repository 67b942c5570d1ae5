import { join, resolve } from "node:path";

import { ComponentProvider, getPulumiComponents } from "@pulumi/pulumi/provider/experimental/provider";

import * as components from "../../components";
import { assertSame } from "../support/snapshot";

/**
 * What Pulumi's analyzer makes of our classes is what the other languages get. The committed file shows every change of the
 * public surface in a review.
 */
describe("The schema for other languages", function () {
    this.timeout(300_000);

    it("is the committed one", async () => {
        const provider = new ComponentProvider({
            components: getPulumiComponents(components),
            dirname: resolve(__dirname, "../.."),
            name: "spark-platform",
        });
        const schema = `${JSON.stringify(JSON.parse(await provider.getSchema()), undefined, 2)}\n`;
        assertSame(schema, join(__dirname, "expected/schema.json"));
    });
});
