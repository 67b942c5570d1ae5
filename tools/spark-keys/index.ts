import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { sparkLines, type SparkLine } from "../../components/internal/spark-versions";
import { client, layOutSpark } from "../../sandbox/images/fetch";
import { recipes } from "../../sandbox/images/recipes";
import { checkout } from "../../sandbox/support/paths";

/** Writes `components/internal/spark-keys/<line>.json` anew from the jars of the images: `npm run spark-keys`. Needs Java 17. */
async function main(): Promise<void> {
    for (const [line, { tested }] of Object.entries(sparkLines)) {
        const { keys, s3a } = await keysOf(tested);
        const file = join(checkout, "components/internal/spark-keys", `${line}.json`);
        await writeFile(file, `${JSON.stringify({ version: tested, keys, s3a }, undefined, 2)}\n`);
        console.log(`Spark ${tested}: ${keys.length} keys, ${s3a.length} of S3A`);
    }
}

async function keysOf(version: SparkLine["tested"]): Promise<{ keys: string[]; s3a: string[] }> {
    const recipe = recipes.find(({ spark }) => spark?.version === version);
    if (recipe?.spark === undefined) {
        throw new Error(`there is no image of Spark ${version}`);
    }
    const home = await mkdtemp(join(tmpdir(), "spark-keys-"));
    try {
        await layOutSpark(recipe.spark, home);
        const jars = join(home, "jars");
        const text = await client("listing the keys", "java", ["-cp", `${jars}/*`, join(__dirname, "SparkKeys.java"), jars]);
        const found = text.split("\n").map((each) => each.split(" "));
        const of = (...kinds: string[]) => {
            const names = found.flatMap(([kind = "", name = ""]) => (kinds.includes(kind) && !name.endsWith(".") ? [name] : []));
            return [...new Set(names)].sort();
        };
        return { keys: of("entry", "word"), s3a: of("s3a") };
    } finally {
        await rm(home, { recursive: true, force: true });
    }
}

void main();
