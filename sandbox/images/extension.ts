import { readdirSync } from "node:fs";
import { cp } from "node:fs/promises";
import { join } from "node:path";

import { cache } from "../support/paths";
import { client, once } from "./fetch";
import { contentOf, extensionFolder, extensionSources, hashOf, type Recipe } from "./recipes";

type Spark = NonNullable<Recipe["spark"]>;

/** Arguments of Maven for a goal of the module, with everything that it writes in a folder outside of the checkout. */
export const mavenOf = ({ version }: Spark, target: string, ...goals: string[]): string[] => [
    ...["--batch-mode", "--no-transfer-progress", "--file", join(extensionFolder, "pom.xml")],
    ...[`-Dmaven.repo.local=${join(cache, "maven")}`, `-Dtarget.folder=${target}`, `-Pspark-${version.replace(/\.[0-9]+$/, "")}`],
    ...goals,
];

/** The recovery of Standalone masters as a jar for one line of Spark: from the cache, or built by Maven. */
export async function buildExtension(spark: Spark): Promise<string> {
    const key = hashOf(extensionSources().map(contentOf));
    const jar = "standalone-recovery.jar";
    const built = await once(join(cache, "downloads", `standalone-recovery-${spark.version}-${key}`), async (temporary) => {
        const target = `${temporary}-target`;
        await client(`building extensions/standalone-recovery for Spark ${spark.version}`, "mvn", [
            "--quiet",
            ...mavenOf(spark, target, "-Dmaven.test.skip=true", "package"),
        ]);
        const line = readdirSync(target)[0] ?? "";
        await cp(join(target, line, `standalone-recovery_${line}-1.0.0.jar`), join(temporary, jar));
    });
    return join(built, jar);
}
