/** Writes stacks/config.schema.json, by which editors complete and check stack files: `npm run config-schema`. */

import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { z } from "zod";

import { stackSchema } from "./schema";

export const schemaFile = join(__dirname, "config.schema.json");

/** JSON Schema of a whole stack file. Keys of other namespaces are theirs. */
export function editorSchema(): string {
    const own = z.toJSONSchema(stackSchema, { io: "input", reused: "inline" }) as { properties: object; required: string[] };
    const prefixed = Object.fromEntries(
        Object.entries(own.properties).map(([key, schema]) => [`spark-platform:${key}`, schema as unknown]),
    );
    const schema = {
        $schema: "https://json-schema.org/draft/2020-12/schema",
        title: "Stack file of spark-platform",
        type: "object",
        properties: {
            config: {
                type: "object",
                properties: prefixed,
                required: own.required.map((key) => `spark-platform:${key}`),
                patternProperties: { "^(?!spark-platform:)": {} },
                additionalProperties: false,
            },
        },
    };
    return `${JSON.stringify(schema, null, 2)}\n`;
}

if (require.main === module) {
    writeFileSync(schemaFile, editorSchema());
}
