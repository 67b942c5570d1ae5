import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const checkout = join(__dirname, "../..");

/** One block of code in a page. */
export interface Block {
    /** Page from the top of the checkout, for example docs/en/connect.md. */
    page: string;
    /** Line of the page that it begins in. */
    line: number;
    language: string;
    /** What follows the language: `fields of <Type>` for a piece of an object. */
    info: string;
    text: string;
}

const pages = (language: string): string[] => readdirSync(join(checkout, "docs", language)).map((file) => `docs/${language}/${file}`);

/** The pages of one language, and the README in it. */
export const pagesOf = { en: [...pages("en"), "README.md"].sort(), ru: [...pages("ru"), "README.ru.md"].sort() };

export function blocksOf(page: string): Block[] {
    const blocks: Block[] = [];
    let open: Block | undefined;
    for (const [index, line] of readFileSync(join(checkout, page), "utf8").split("\n").entries()) {
        const [, language, info] = /^```(\w*) *(.*)$/.exec(line) ?? [];
        if (language === undefined) {
            open = open && { ...open, text: `${open.text}${line}\n` };
        } else if (open) {
            blocks.push(open);
            open = undefined;
        } else {
            open = { page, line: index + 1, language, info: info ?? "", text: "" };
        }
    }
    return blocks;
}

/** The code without its comments, which are in the language of the page. */
export const withoutComments = ({ text }: Block): string => text.replace(/(^|\s+)(\/\/|#).*$/gm, "").trim();

/** Every block of TypeScript in the documentation. */
export const typescript = (): Block[] => [...pagesOf.en, ...pagesOf.ru].flatMap(blocksOf).filter(({ language }) => language === "ts");

/** Whether it is a piece of an object, which makes sense inside arguments only. */
export const isPiece = ({ info }: Block): boolean => info.startsWith("fields of ");

/**
 * A module that the compiler takes: what the block imports itself comes from this checkout, and what it does not is either a name of the
 * package or one of those that every page may take for given.
 */
export function moduleOf(block: Block, names: { package: string[]; given: string[] }): string {
    const [ours, given] = [names.package, names.given].map((known) => known.filter((name) => uses(block.text, name)));
    const from = (path: string, wanted: string[] = []) => (wanted.length === 0 ? "" : `import { ${wanted.join(", ")} } from "${path}";\n`);
    const text = block.text.replaceAll('from "spark-platform"', 'from "../components"');
    const [, type] = /^fields of (\w+)$/.exec(block.info) ?? [];
    const declared = [...text.matchAll(/^const (\w+) =/gm)].map(([, name = ""]) => name);
    return [
        `// ${block.page}:${block.line}\n`,
        from("../components", ours),
        from("../tools/docs/given", given),
        type === undefined
            ? text
            : `import type { ${type} } from "../components";\nexport const piece: Partial<${type}> = {\n${text}\n};\n`,
        // What is only declared counts as used, and so does a word that merely looks like something given.
        `export { ${[...declared, ...(given ?? [])].join(", ")} };\n`,
    ].join("");
}

/** Whether a name stands in a text that does not declare it: as a word of its own, after three dots too, but not after one. */
const uses = (text: string, name: string): boolean =>
    new RegExp(`(?<!(?<!\\.\\.)\\.)(?<!\\w)${name}\\b`).test(text) && !declares(text, name);

const declares = (text: string, name: string): boolean =>
    new RegExp(`\\b(const|let|function|class) ${name}\\b|import [^;]*\\b${name}\\b[^;]* from`).test(text);
