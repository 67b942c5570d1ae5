import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

import { execa } from "execa";

import { mavenOf } from "../../../sandbox/images/extension";
import { contentOf, extensionFolder, extensions, recipes } from "../../../sandbox/images/recipes";

/** A module's own tests, by class. */
function testsOf(extension: string): Record<string, string[]> {
    const folder = join(extensionFolder(extension), "src/test/java");
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith("Test.java"));
    return Object.fromEntries(
        files.map((file) => {
            const text = readFileSync(join(folder, file), "utf8");
            return [basename(file, ".java"), [...text.matchAll(/@Test\s+void (\w+)\(/g)].map(([, name]) => String(name))];
        }),
    );
}

const words = (name: string) => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

/** What Surefire wrote about one test: nothing when it passed. */
async function failureOf(reports: string, test: string, method: string): Promise<string | undefined> {
    const report = (await readdir(reports)).find((file) => file.startsWith("TEST-") && file.endsWith(`.${test}.xml`));
    const xml = await readFile(join(reports, String(report)), "utf8");
    const [, attributes, body] = new RegExp(`<testcase name="${method}"([^>]*?)(?:/>|>(.*?)</testcase>)`, "s").exec(xml) ?? [];
    assert.ok(attributes !== undefined, `${test}.${method} did not run`);
    return /<(failure|error|skipped)/.test(body ?? "") ? body : undefined;
}

async function jarOf(target: string): Promise<string> {
    const [line] = await readdir(target);
    const name = (await readdir(join(target, String(line)))).find((file) => file.endsWith(".jar"));
    return createHash("sha256")
        .update(await readFile(join(target, String(line), String(name))))
        .digest("hex");
}

for (const extension of extensions) {
    for (const { spark } of recipes) {
        if (spark === undefined) {
            continue;
        }
        describe(`extensions/${extension}, Spark ${spark.version}`, () => {
            let target: string;
            let reports: string;

            before(async () => {
                target = await mkdtemp(join(tmpdir(), `${extension}-`));
                const { all } = await execa("mvn", mavenOf(extension, spark, target, "-Dmaven.test.failure.ignore=true", "package"), {
                    all: true,
                    stdin: "ignore",
                });
                const [line] = await readdir(target);
                reports = join(target, String(line), "surefire-reports");
                assert.match(all, /Tests run: [1-9]/);
            });

            after(() => rm(target, { recursive: true, force: true }));

            for (const [test, methods] of Object.entries(testsOf(extension))) {
                for (const method of methods) {
                    it(`${test.replace("Test", "")}:${words(` ${method}`)}`.replace(/ +/g, " "), async () => {
                        assert.equal(await failureOf(reports, test, method), undefined);
                    });
                }
            }

            it("is the same jar whenever it is built", async () => {
                const again = await mkdtemp(join(tmpdir(), `${extension}-`));
                try {
                    // Without a network too, once Maven has seen everything.
                    await execa("mvn", mavenOf(extension, spark, again, "--offline", "-Dmaven.test.skip=true", "package"), {
                        stdin: "ignore",
                    });
                    assert.equal(await jarOf(again), await jarOf(target));
                } finally {
                    await rm(again, { recursive: true, force: true });
                }
            });
        });
    }
}

describe("extensions/tracing", () => {
    it("is compiled for the OpenTelemetry that the images have", () => {
        const pom = readFileSync(join(extensionFolder("tracing"), "pom.xml"), "utf8");
        const [, version = ""] = /<opentelemetry\.version>(.*)</.exec(pom) ?? [];
        for (const { spark } of recipes) {
            if (spark) {
                const found = contentOf(spark.jars)
                    .toString()
                    .split("\n")
                    .filter((line) => line.includes(" io/opentelemetry/"));
                assert.ok(found.length > 5);
                assert.deepEqual(
                    found.filter((line) => !line.endsWith(`-${version}.jar`)),
                    [],
                );
            }
        }
    });
});
