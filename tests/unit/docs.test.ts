import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";

import { parse } from "yaml";

import { writeModules } from "../../tools/docs";
import { blocksOf, isPiece, pagesOf, withoutComments } from "../../tools/docs/blocks";
import { checkConfig } from "../../stacks/config";
import { record } from "../support/recorder";
import { handedOver, stackFile } from "./stacks/stack-file";

const given = join(__dirname, "../../tools/docs/given.ts");

/** Loads a module anew: its bricks belong to the engine of their time. */
function load(path: string): unknown {
    Reflect.deleteProperty(require.cache, require.resolve(path));
    return createRequire(__filename)(path) as unknown;
}

// Whether the blocks compile, `npm run typecheck` says.
describe("the documentation", () => {
    it("has the same pages, and the same code in them, in both languages", () => {
        assert.deepEqual(
            pagesOf.ru,
            pagesOf.en.map((page) => page.replace("docs/en", "docs/ru").replace("README", "README.ru")),
        );
        for (const [index, page] of pagesOf.en.entries()) {
            const code = (of: string) => blocksOf(of).map((block) => `${block.language} ${block.info}\n${withoutComments(block)}`);
            assert.deepEqual(code(pagesOf.ru[index]!), code(page), page);
        }
    });

    it("has examples that the bricks take", async () => {
        const examples = writeModules().filter(({ block }) => !isPiece(block) && pagesOf.en.includes(block.page));
        // All in one program, which takes the time of one.
        const made = await record(() => [given, ...examples.map(({ path }) => path)].map(load));
        assert.ok(made.length > 100, String(made.length));
    });

    describe("pieces of stack files", () => {
        for (const block of pagesOf.en.flatMap(blocksOf).filter(({ language }) => language === "yaml")) {
            it(`${block.page}:${block.line} is right`, () => {
                const config = { ...stackFile("dev"), ...(parse(block.text) as Record<string, unknown>) };
                const values = handedOver(config);
                checkConfig({ project: "spark-platform", stack: "dev", values, secrets: [] });
            });
        }
    });
});
