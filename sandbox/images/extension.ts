import { readdirSync } from "node:fs";
import { cp } from "node:fs/promises";
import { join } from "node:path";

import { cache } from "../support/paths";
import { client, once } from "./fetch";
import { contentOf, extensionFolder, extensions, extensionSources, hashOf, type Recipe } from "./recipes";

type Spark = NonNullable<Recipe["spark"]>;

/** Arguments of Maven for a goal of a module, with everything that it writes in a folder outside of the checkout. */
export const mavenOf = (extension: string, { version }: Spark, target: string, ...goals: string[]): string[] => [
    ...["--batch-mode", "--no-transfer-progress", "--file", join(extensionFolder(extension), "pom.xml")],
    ...[`-Dmaven.repo.local=${join(cache, "maven")}`, `-Dtarget.folder=${target}`, `-Pspark-${version.replace(/\.[0-9]+$/, "")}`],
    ...goals,
];

/** Every jar of ours for one line of Spark. One after the other: Maven's processes would write one repository at a time. */
export async function buildExtensions(spark: Spark): Promise<string[]> {
    const jars: string[] = [];
    for (const extension of extensions) {
        jars.push(await buildExtension(extension, spark));
    }
    return jars;
}

/** A module as a jar for one line of Spark: from the cache, or built by Maven. */
async function buildExtension(extension: string, spark: Spark): Promise<string> {
    const key = hashOf(extensionSources(extension).map(contentOf));
    const jar = `${extension}.jar`;
    const built = await once(join(cache, "downloads", `${extension}-${spark.version}-${key}`), async (temporary) => {
        const target = `${temporary}-target`;
        await client(`building extensions/${extension} for Spark ${spark.version}`, "mvn", [
            "--quiet",
            ...mavenOf(extension, spark, target, "-Dmaven.test.skip=true", "package"),
        ]);
        const line = readdirSync(target)[0] ?? "";
        await cp(join(target, line, `${extension}_${line}-1.0.0.jar`), join(temporary, jar));
    });
    return join(built, jar);
}
