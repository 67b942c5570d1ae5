import assert from "node:assert/strict";

import * as fc from "fast-check";

import { Secret, type Value, fromStruct, hasSecret, hasUnknown, reveal, same, toStruct, unknown } from "../../../sandbox/plugins/values";

const anyValue: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
    value: fc.oneof(
        { maxDepth: 4, withCrossShrink: true },
        fc.constant(null),
        fc.boolean(),
        fc.integer(),
        fc.string(),
        fc.constant(unknown),
        tie("value").map((inner) => new Secret(inner)),
        fc.array(tie("value"), { maxLength: 3 }),
        fc.dictionary(fc.stringMatching(/^[a-z.$-]{1,6}$/), tie("value"), { maxKeys: 3, noNullPrototype: true }),
    ),
})).value;

describe("values on the wire", () => {
    it("come back as they went, secret and unknown ones included", () => {
        fc.assert(
            fc.property(anyValue, (value) => {
                assert.deepEqual(fromStruct(toStruct({ value })), { value });
            }),
        );
    });

    it("equal themselves, unless something in them is not known", () => {
        fc.assert(fc.property(anyValue, (value) => same(value, value) === !hasUnknown(value) || hasSecret(value)));
    });

    it("have no secrets left when revealed", () => {
        fc.assert(fc.property(anyValue, (value) => !hasSecret(reveal(value))));
    });

    it("leave out what a program left undefined", () => {
        assert.deepEqual(fromStruct(toStruct({ a: undefined as unknown as Value, b: 1 })), { b: 1 });
    });
});
