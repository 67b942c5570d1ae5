import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { execa } from "execa";

import { hashOf } from "../../sandbox/images/recipes";
import { cache, checkout } from "../../sandbox/support/paths";

/** A folder with the jars that the `pom.xml` of a fixture names, from Maven. */
export async function mavenJars(fixture: string): Promise<string> {
    const pom = join(checkout, "tests/fixtures", fixture, "pom.xml");
    const directory = join(cache, "maven", `${fixture}-${hashOf([await readFile(pom)])}`);
    if (!existsSync(directory)) {
        await execa("mvn", [
            "-q",
            "-B",
            "-f",
            pom,
            "dependency:copy-dependencies",
            "-DincludeScope=runtime",
            `-DoutputDirectory=${directory}`,
        ]);
    }
    return directory;
}
