import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { formatJars, formatPackages, parseJars, parsePackages, verifyJars } from "../../../sandbox/images/locks";
import { belowOf, images, keyOf, recipes, recipesOf } from "../../../sandbox/images/recipes";

const textOf = (path: string) => readFileSync(join(images, path), "utf8");
const duplicatesOf = (names: string[]) => names.filter((name, index) => names.indexOf(name) !== index);

/** The packages that a file of requirements asks for, and those that it reads. */
function askedIn(path: string): string[] {
    return textOf(path)
        .split("\n")
        .flatMap((line) => {
            const [, other] = /^-r (\S+)$/.exec(line) ?? [];
            return other === undefined ? (/^\w[\w-]*/.exec(line) ?? []).slice(0, 1) : askedIn(join(dirname(path), other));
        });
}

describe("locks of the images", () => {
    for (const recipe of recipes) {
        const { name, wheels, spark, replaces = [] } = recipe;
        describe(name, () => {
            if (wheels !== undefined) {
                it("pins every wheel with checksums, once, and covers what was asked for", () => {
                    const packages = parsePackages(textOf(wheels));
                    const names = packages.map((locked) => locked.name.toLowerCase().replaceAll("_", "-"));
                    const below = belowOf(recipe);
                    names.push(...(below ? parsePackages(textOf(below.wheels!)).map((locked) => locked.name.replaceAll("_", "-")) : []));
                    assert.deepEqual(duplicatesOf(names).sort(), [...replaces].sort());
                    const asked = askedIn(wheels.replace(/\.lock$/, ".in"));
                    assert.deepEqual(
                        asked.filter((one) => !names.includes(one)),
                        [],
                    );
                });
            }

            if (spark) {
                it("pins the distribution of exactly this version", () => {
                    const [distribution, ...rest] = parsePackages(textOf(spark.distribution));
                    assert.deepEqual([distribution!.name, distribution!.version, rest], ["pyspark", spark.version, []]);
                });

                it("has one version of every jar, and all of one line", () => {
                    const jars = parseJars(textOf(spark.jars));
                    assert.deepEqual(duplicatesOf(jars.map((jar) => `${jar.group}:${jar.artifact}`)), []);
                    const line = spark.version.split(".").slice(0, 2).join(".");
                    for (const jar of jars.filter(({ group }) => group === "org.apache.spark")) {
                        assert.match(jar.version, new RegExp(`^${line.replace(".", "\\.")}\\.`), jar.artifact);
                    }
                    const sdk = jars.filter(({ group }) => group === "software.amazon.awssdk").map(({ version }) => version);
                    assert.ok(new Set(sdk).size <= 1, "one version of the SDK");
                });
            }
        });
    }

    it("is of one generation of the SDK in each line: the one that the Hadoop inside Spark was built with", () => {
        const groups = recipes.flatMap(({ spark }) => (spark ? [[spark.version, parseJars(textOf(spark.jars))] as const] : []));
        for (const [version, jars] of groups) {
            const generations = [...new Set(jars.map(({ group }) => group))].filter(
                (group) => /amazon/.test(group) && !/eventstream/.test(group),
            );
            assert.deepEqual(generations, [version.startsWith("3.") ? "com.amazonaws" : "software.amazon.awssdk"]);
        }
    });

    it("no Dockerfile but the base's fetches anything", () => {
        for (const { folder } of recipes) {
            assert.doesNotMatch(textOf(`${folder}/Dockerfile`), /\b(curl|wget|pip|mvn|apt-get|ADD)\b/);
        }
        for (const recipe of recipes) {
            assert.deepEqual(
                Object.keys(recipe.files).filter((path) => !existsSync(join(images, path))),
                [],
            );
        }
    });
});

describe("reading locks", () => {
    it("writes what it reads", () => {
        const jars = [{ sha256: "a".repeat(64), path: "org/x/y/1/y-1.jar" }];
        assert.deepEqual(
            parseJars(formatJars(jars)).map(({ sha256, path }) => ({ sha256, path })),
            jars,
        );
        const packages = [{ name: "x", version: "1", hashes: ["b".repeat(64)] }];
        assert.deepEqual(parsePackages(formatPackages(packages)), packages);
    });

    it("refuses a file without checksum", () => {
        assert.throws(() => parsePackages("pandas==2.3.3\n"), /found "pandas==2.3.3", expected name==version and at least one --hash/);
        assert.throws(() => parseJars("org/x/y/1/y-1.jar\n"), /expected a SHA-256/);
    });

    it("names every difference between a download and its lock", async () => {
        const folder = await mkdtemp(join(tmpdir(), "jars-"));
        for (const path of ["org/x/changed/1/changed-1.jar", "org/x/extra/1/extra-1.jar"]) {
            await mkdir(dirname(join(folder, path)), { recursive: true });
            await writeFile(join(folder, path), "bytes");
        }
        const locked = parseJars(`${"0".repeat(64)}  org/x/changed/1/changed-1.jar\n${"1".repeat(64)}  org/x/missing/1/missing-1.jar\n`);
        await assert.rejects(verifyJars(folder, locked), (error: Error) => {
            assert.match(error.message, /extra-1\.jar is not in the lock/);
            assert.match(error.message, /changed-1\.jar: found [0-9a-f]{64}, expected 0{64}/);
            assert.match(error.message, /missing-1\.jar: found nothing/);
            return true;
        });
        await rm(folder, { recursive: true });
    });

    it("names the images there are when one is asked for that is not", () => {
        assert.throws(() => recipesOf(["spark:9.9.9"]), /found spark:9\.9\.9, expected minio, .*spark:/);
        assert.throws(() => keyOf(recipesOf(["minio"])[0]!), /image minio: needs the program "minio"/);
    });
});
