import assert from "node:assert/strict";

import { typesOfFields } from "../support/fields";
import { record } from "../support/recorder";
import { allBricks, refusal, withWrong } from "../support/wrong";
import { corpus, hasWrongValue, isAlwaysRight } from "../support/wrong-bricks";

const name = "b";

describe("Bad input", () => {
    for (const brick of allBricks) {
        const { args = {}, cases = [] } = corpus[brick] ?? {};
        const lines = cases.flatMap((one) => one.lines.map((line) => ({ one, line })));

        it(`${brick}: every public field has a wrong value`, () => {
            const told = lines.map(({ line }) => line.path);
            const types = typesOfFields(brick);
            const missing = Object.entries(types).filter(([field, type]) => !hasWrongValue(brick, field) && !isAlwaysRight(field, type));
            assert.deepEqual(
                missing.map(([field]) => field),
                [],
                "fields without a wrong value",
            );
            assert.deepEqual(
                told.filter((field) => !(field in types)),
                [],
                "wrong values of fields that do not exist",
            );
        });

        it(`${brick}: what is wrong with each is said, and what would be right`, async () => {
            const around = cases.filter(({ isRefused }) => !isRefused).map(({ base }) => ({ ...args, ...base }));
            const wrong = lines.map(({ one, line }) => withWrong(args, one, line));
            const said = { around: [] as unknown[], wrong: [] as unknown[] };
            await record((opts) => {
                said.around = around.map((right) => refusal(brick, name, right, opts));
                said.wrong = wrong.map((one) => refusal(brick, name, one, opts));
            });
            assert.deepEqual(
                said.around.filter((message) => message !== undefined),
                [],
                "the values around the wrong ones must be right",
            );
            const expected = lines.map(({ line }) => `${brick} "${name}" cannot be deployed as configured:\n  ${line.says}`);
            const differs = (_: unknown, index: number) => said.wrong[index] !== expected[index];
            assert.deepEqual(
                lines.map(({ line }, index) => [line.path, said.wrong[index]]).filter(differs),
                lines.map(({ line }, index) => [line.path, expected[index]]).filter(differs),
            );
        });
    }
});
