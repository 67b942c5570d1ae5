import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { moduleOf, typescript, type Block } from "./blocks";

/** Where the blocks of the documentation lie as modules, for the compiler and for the tests; nobody keeps them. */
export const directory = join(__dirname, "../../.docs");

/** Names that a module exports by `export const` or in braces. */
function exportsOf(path: string): string[] {
    const text = readFileSync(join(__dirname, path), "utf8");
    const constants = [...text.matchAll(/^export const (\w+)/gm)].map(([, name = ""]) => name);
    const lists = [...text.matchAll(/^export (?:type )?\{([^}]*)\}/gm)].flatMap(([, names = ""]) => names.match(/\w+/g) ?? []);
    return [...constants, ...lists];
}

/** Writes every block of TypeScript as a module. @returns The modules' paths, by block. */
export function writeModules(): { block: Block; path: string }[] {
    const names = { package: exportsOf("../../components/index.ts"), given: exportsOf("given.ts") };
    rmSync(directory, { recursive: true, force: true });
    mkdirSync(directory);
    return typescript().map((block) => {
        const path = join(directory, `${block.page.replace(/\W/g, "-")}-${block.line}.ts`);
        writeFileSync(path, moduleOf(block, names));
        return { block, path };
    });
}

if (require.main === module) {
    writeModules();
}
