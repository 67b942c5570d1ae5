import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { editorSchema, schemaFile } from "../../../stacks/editor-schema";

type Schema = Record<string, any>;

/** Every schema within a schema. */
function within(schema: Schema): Schema[] {
    const children = [...Object.values(schema.properties ?? {}), schema.items, schema.additionalProperties];
    return [schema, ...children.filter((child) => typeof child === "object").flatMap((child) => within(child as Schema))];
}

describe("the JSON Schema for editors", () => {
    const config = (JSON.parse(editorSchema()) as Schema).properties.config as Schema;

    it("is current (npm run config-schema)", () => {
        assert.deepEqual(JSON.parse(readFileSync(schemaFile, "utf8")), JSON.parse(editorSchema()));
    });

    it("describes every key", () => {
        const undescribed = Object.values(config.properties as Schema)
            .flatMap((schema) => within(schema as Schema))
            .filter(({ description }) => !description);
        assert.deepEqual(undescribed, []);
    });

    it("refuses unknown keys of ours, and leaves those of others alone", () => {
        assert.equal(config.additionalProperties, false);
        const [pattern = ""] = Object.keys(config.patternProperties as Schema);
        assert.match("aws:region", new RegExp(pattern));
        assert.doesNotMatch("spark-platform:conect", new RegExp(pattern));
    });
});
