import assert from "node:assert/strict";

import * as fc from "fast-check";

import { bcrypt } from "../../../sandbox/plugins/random/bcrypt";
import { characterProblems, randomCharacters } from "../../../sandbox/plugins/random/characters";
import { changes, randomProvider } from "../../../sandbox/plugins/random/provider";
import { kinds } from "../../../sandbox/plugins/random/resources";
import { Secret, reveal, unknown } from "../../../sandbox/plugins/values";

const count = (text: string, expression: RegExp) => text.match(expression)?.length ?? 0;

const text = (value: unknown): string => {
    assert.ok(typeof value === "string");
    return value;
};

const call = (type: string, news: Record<string, any>, preview = false) => ({
    urn: "",
    type,
    id: "",
    olds: {},
    oldInputs: {},
    news,
    timeout: 0,
    preview,
    ignoreChanges: [],
});

describe("random characters", () => {
    it("have the length, the classes and the minimums asked for", () => {
        const wish = fc.record({
            length: fc.integer({ min: 12, max: 60 }),
            minLower: fc.nat(3),
            minUpper: fc.nat(3),
            minNumeric: fc.nat(3),
            minSpecial: fc.nat(3),
        });
        fc.assert(
            fc.property(wish, (inputs) => {
                const text = randomCharacters(inputs);
                assert.equal(text.length, inputs.length);
                assert.ok(count(text, /[a-z]/g) >= inputs.minLower);
                assert.ok(count(text, /[A-Z]/g) >= inputs.minUpper);
                assert.ok(count(text, /[0-9]/g) >= inputs.minNumeric);
                assert.ok(count(text, /[^A-Za-z0-9]/g) >= inputs.minSpecial);
            }),
        );
    });

    it("keep to the special characters that are allowed", () => {
        assert.match(randomCharacters({ length: 200, special: true, overrideSpecial: "_-" }), /^[A-Za-z0-9_-]+$/);
        assert.match(randomCharacters({ length: 200, special: false, upper: false }), /^[a-z0-9]+$/);
    });

    it("are refused where the wish cannot be granted", () => {
        const reasons = (inputs: Record<string, any>) => characterProblems(inputs).map(({ reason }) => reason);
        assert.deepEqual(reasons({ length: 2, minLower: 2, minUpper: 2 }), [
            "the minimums of the classes add up to 4, more than the length 2",
        ]);
        assert.deepEqual(reasons({ length: 0 }), ["expected at least 1, found 0"]);
        assert.deepEqual(reasons({}), ["a length is required"]);
        assert.deepEqual(reasons({ length: unknown }), []);
        assert.match(reasons({ length: 3, lower: false, upper: false, numeric: false, special: false })[0] ?? "", /every class/);
    });
});

describe("bcrypt", () => {
    // From the test suite of crypt_blowfish.
    for (const [salt, password, expected] of [
        ["10410410410410410410410410410410", "U*U", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"],
        ["10410410410410410410410410410410", "U*U*", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK"],
    ] as const) {
        it(`agrees with the original for ${password}`, () => {
            assert.equal(bcrypt(password, Buffer.from(salt, "hex"), 5), expected);
        });
    }
});

describe("the random plugin", () => {
    const provider = randomProvider("1.0.0");
    const password = "random:index/randomPassword:RandomPassword";

    it("makes passwords that stay secret", async () => {
        const { properties } = await provider.create(call(password, { length: 16 }));
        assert.ok(properties.result instanceof Secret && properties.bcryptHash instanceof Secret);
        assert.equal(text(reveal(properties.result)).length, 16);
    });

    it("does not know in a preview what it will make", async () => {
        const { id, properties } = await provider.create(call(password, { length: 16 }, true));
        assert.equal(id, "");
        assert.deepEqual(properties.result, new Secret(unknown));
    });

    it("makes a new value for any change, and only then", () => {
        assert.deepEqual(changes({ length: 3, __defaults: [] }, { length: 3 }), []);
        assert.deepEqual(changes({ length: 3 }, { length: 3, keepers: { day: "1" } }), [{ path: "keepers", replace: true, kind: "add" }]);
    });

    it("fills in defaults", async () => {
        const { inputs, failures } = await provider.check({
            urn: "",
            type: "random:index/randomPet:RandomPet",
            name: "pet",
            olds: {},
            news: { separator: "_" },
            seed: new Uint8Array(),
            proposedName: undefined,
            namingDisabled: false,
        });
        assert.deepEqual([inputs, failures], [{ length: 2, separator: "_" }, []]);
    });

    it("adopts an existing password", async () => {
        const live = await provider.read({ urn: "", type: password, id: "correct horse", inputs: {}, properties: {} });
        assert.deepEqual(live?.properties.result, new Secret("correct horse"));
        assert.equal(live.id, "none");
    });

    it("makes each of its other kinds", () => {
        const made = (name: string, inputs: Record<string, any>) => {
            const kind = kinds[`random:index/${name.charAt(0).toLowerCase()}${name.slice(1)}:${name}`];
            return kind!.make({ ...kind!.defaults, ...inputs });
        };
        assert.match(made("RandomPet", { length: 3, prefix: "x" }).id, /^x-[a-z]+-[a-z]+-[a-z]+$/);
        assert.match(text(made("RandomUuid", {}).outputs.result), /^[0-9a-f]{8}-[0-9a-f]{4}-4/);
        assert.match(text(made("RandomId", { byteLength: 4, prefix: "p" }).outputs.hex), /^p[0-9a-f]{8}$/);
        assert.equal(text(made("RandomBytes", { length: 5 }).outputs.hex).length, 10);
        const number = Number(made("RandomInteger", { min: 3, max: 5 }).outputs.result);
        assert.ok(number >= 3 && number <= 5);
        const inputs = ["a", "b", "c"];
        assert.deepEqual([...(made("RandomShuffle", { inputs }).outputs.results as string[])].sort(), inputs);
        assert.equal((made("RandomShuffle", { inputs, resultCount: 5 }).outputs.results as string[]).length, 5);
        assert.deepEqual(made("RandomShuffle", { inputs, seed: "s" }).outputs, made("RandomShuffle", { inputs, seed: "s" }).outputs);
    });
});
