import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { execa } from "execa";

import { checkout } from "../../sandbox/support/paths";
import { copyInto, makeConsumer, type Consumer } from "../support/consumer";

const examples = readdirSync(join(checkout, "examples")).filter((name) => existsSync(join(checkout, "examples", name, "index.ts")));

/** All examples in one program, since an engine's start takes longer than all of them: so their names must differ, too. */
const together = examples.map((name) => `require("./examples/${name}");`).join("\n");

describe("the examples, on the package as npm packs it", function () {
    this.timeout(900_000);
    let consumer: Consumer;

    before(async () => {
        consumer = await makeConsumer(
            {
                "Pulumi.yaml": "name: examples\nruntime: nodejs\nmain: index.ts\n",
                "index.ts": together,
                "tsconfig.json": JSON.stringify({
                    compilerOptions: { strict: true, target: "es2022", module: "nodenext", types: ["node"], skipLibCheck: true },
                    files: ["index.ts", ...examples.map((name) => `examples/${name}/index.ts`)],
                }),
            },
            ["typescript", "ts-node", "@types/node"],
        );
        for (const name of examples) {
            await copyInto(consumer, `examples/${name}`);
        }
    });

    after(async () => {
        await consumer.remove();
    });

    it("compile", async () => {
        const tsc = [join(checkout, "node_modules/typescript/bin/tsc"), "--noEmit", "-p", "."];
        const { exitCode, stdout } = await execa(process.execPath, tsc, { cwd: consumer.directory, reject: false });
        assert.equal(exitCode, 0, stdout);
    });

    it("are previewed by the real engine", async () => {
        await consumer.program.init();
        const { exitCode, text } = await consumer.program.run(["preview"]);
        assert.equal(exitCode, 0, text);
        for (const name of ["etl-servers", "two-lines-old-servers", "science-lab-server", "standalone-shared-masters"]) {
            assert.match(text, new RegExp(`StatefulSet +${name} +create`), text);
        }
    });
});
