import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { execa } from "execa";

import { mavenOf } from "../../../sandbox/images/extension";
import { extensionFolder, recipes } from "../../../sandbox/images/recipes";

/** The module's own tests, by class. */
const tests = Object.fromEntries(
    readdirSync(join(extensionFolder, "src/test/java/sparkplatform/recovery"))
        .filter((file) => file.endsWith("Test.java"))
        .map((file) => {
            const text = readFileSync(join(extensionFolder, "src/test/java/sparkplatform/recovery", file), "utf8");
            return [file.replace(".java", ""), [...text.matchAll(/@Test\s+void (\w+)\(/g)].map(([, name]) => String(name))];
        }),
);

const words = (name: string) => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

/** What Surefire wrote about one test: nothing when it passed. */
async function failureOf(reports: string, test: string, method: string): Promise<string | undefined> {
    const xml = await readFile(join(reports, `TEST-sparkplatform.recovery.${test}.xml`), "utf8");
    const [, attributes, body] = new RegExp(`<testcase name="${method}"([^>]*?)(?:/>|>(.*?)</testcase>)`, "s").exec(xml) ?? [];
    assert.ok(attributes !== undefined, `${test}.${method} did not run`);
    return /<(failure|error|skipped)/.test(body ?? "") ? body : undefined;
}

for (const { spark } of recipes) {
    if (spark === undefined) {
        continue;
    }
    describe(`recovery of Standalone masters, Spark ${spark.version}`, () => {
        let target: string;
        let reports: string;

        before(async () => {
            target = await mkdtemp(join(tmpdir(), "standalone-recovery-"));
            const { all } = await execa("mvn", mavenOf(spark, target, "-Dmaven.test.failure.ignore=true", "package"), {
                all: true,
                stdin: "ignore",
            });
            const [line] = await readdir(target);
            reports = join(target, String(line), "surefire-reports");
            assert.match(all, /Tests run: [1-9]/);
        });

        after(() => rm(target, { recursive: true, force: true }));

        for (const [test, methods] of Object.entries(tests)) {
            for (const method of methods) {
                it(`${test.replace("Test", "")}:${words(` ${method}`)}`.replace(/ +/g, " "), async () => {
                    assert.equal(await failureOf(reports, test, method), undefined);
                });
            }
        }

        it("is the same jar whenever it is built", async () => {
            const jarOf = async (folder: string) => {
                const [line] = await readdir(folder);
                const name = (await readdir(join(folder, String(line)))).find((file) => file.endsWith(".jar"));
                return createHash("sha256")
                    .update(await readFile(join(folder, String(line), String(name))))
                    .digest("hex");
            };
            const again = await mkdtemp(join(tmpdir(), "standalone-recovery-"));
            try {
                // Without a network too, once Maven has seen everything.
                await execa("mvn", mavenOf(spark, again, "--offline", "-Dmaven.test.skip=true", "package"), { stdin: "ignore" });
                assert.equal(await jarOf(again), await jarOf(target));
            } finally {
                await rm(again, { recursive: true, force: true });
            }
        });
    });
}
