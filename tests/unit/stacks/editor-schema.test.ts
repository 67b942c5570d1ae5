import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { editorSchema, schemaFile } from "../../../stacks/editor-schema";
import { checkout } from "./stack-file";

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

describe("defaults that the stack schema names", () => {
    const components = JSON.parse(readFileSync(join(checkout, "tests/unit/expected/schema.json"), "utf8")) as Schema;
    const stack = (JSON.parse(editorSchema()) as Schema).properties.config.properties as Schema;

    /** Every value by its path, with the default that its description names. */
    function defaults(properties: Schema, inside: (schema: Schema) => Schema | undefined, around = ""): Record<string, string> {
        return Object.fromEntries(
            Object.entries(properties).flatMap(([key, schema]: [string, Schema]) => {
                const path = `${around}${key.replace("spark-platform:", "")}`;
                const [, named] = /Default: (.+?)\.( |$)/.exec((schema.description ?? "") as string) ?? [];
                const below = inside(schema) ?? inside((schema.additionalProperties ?? {}) as Schema);
                return [[path, named], ...Object.entries(below === undefined ? {} : defaults(below, inside, `${path}.`))];
            }),
        ) as Record<string, string>;
    }

    it("are the components' own", () => {
        const type = ({ $ref }: Schema) => ($ref === undefined ? undefined : components.types[$ref.replace("#/types/", "")]?.properties);
        const platform = components.resources["spark-platform:index:SparkPlatform"].inputProperties as Schema;
        const own = defaults(platform, type);
        const said = defaults(stack, ({ properties }) => properties as Schema | undefined);
        const common = Object.keys(own).filter((path) => /^\d/.test(own[path] ?? ""));
        assert.ok(common.length > 15, `${common.length} defaults`);
        assert.deepEqual(
            Object.fromEntries(common.map((path) => [path, said[path]])),
            Object.fromEntries(common.map((path) => [path, own[path]])),
        );
    });
});
