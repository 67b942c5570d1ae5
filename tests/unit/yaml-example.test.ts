import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { parse } from "yaml";

const schema = JSON.parse(readFileSync(join(__dirname, "expected/schema.json"), "utf8"));
const program = parse(readFileSync(join(__dirname, "../../examples/yaml/Pulumi.yaml"), "utf8"));
const resources: Record<string, { type: string; properties: Record<string, unknown> }> = program.resources;

/** What a YAML program would be told by its own host, which this project does not bring along: whether types and properties exist. */
describe("the example in YAML", () => {
    it("uses types and properties of the schema, and gives what is required", () => {
        assert.ok(Object.keys(resources).length >= 3);
        for (const [name, { type, properties }] of Object.entries(resources)) {
            const { inputProperties, requiredInputs } = schema.resources[type];
            assert.deepEqual(
                Object.keys(properties).filter((key) => !(key in inputProperties)),
                [],
                name,
            );
            assert.deepEqual(
                requiredInputs.filter((key: string) => !(key in properties)),
                [],
                name,
            );
            for (const [key, value] of Object.entries(properties)) {
                const [, nested] = /#\/types\/(.*)$/.exec(inputProperties[key].$ref ?? "") ?? [];
                const fields = nested !== undefined && typeof value === "object" ? Object.keys(value!) : [];
                assert.deepEqual(
                    fields.filter((field) => !(field in schema.types[nested!].properties)),
                    [],
                    `${name}.${key}`,
                );
            }
        }
    });

    it("refers to outputs that the bricks have", () => {
        const references = [...JSON.stringify(program).matchAll(/\$\{(\w+)\.(\w+)\}/g)];
        assert.ok(references.length >= 6);
        for (const [text, resource, output] of references) {
            const { properties } = schema.resources[resources[resource!]!.type];
            assert.ok(output! in properties, text);
        }
    });
});
