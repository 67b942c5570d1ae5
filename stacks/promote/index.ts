/** `npm run promote -- dev staging [--dry-run]`: the stack file of one environment takes the software of another. */

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { parseDocument, type Document } from "yaml";

import { listed } from "../problem";
import { environments } from "../schema";
import { checkFile, promote, promotionOf, type Promotion } from "./promotion";
import { takesFrom } from "./table";

const usage = "npm run promote -- dev staging [--dry-run], or staging prod";

/** Runs the command in a directory with stack files; answers what it says. @throws Error that says what is wrong and that nothing was changed. */
export function run(args: string[], directory: string): string {
    const { from, to, dryRun } = understood(args);
    const source = read(directory, from);
    const target = read(directory, to);
    checkFile(source, from);
    const promotion = promotionOf(source, target);
    const text = promote(target, promotion);
    checkFile(target, to);
    if (promotion.changes.length > 0 && !dryRun) {
        writeFileSync(join(directory, fileOf(to)), text);
    }
    return report(promotion, { from, to, dryRun });
}

interface Order {
    from: string;
    to: string;
    dryRun: boolean;
}

function understood(args: string[]): Order {
    const { values, positionals } = parseArgs({
        args,
        allowPositionals: true,
        options: { "dry-run": { type: "boolean", default: false } },
    });
    const [from = "", to = "", ...rest] = positionals;
    const unknown = [from, to].filter((name) => !environments.some((environment) => environment === name));
    if (unknown.length > 0 || rest.length > 0) {
        throw new Error(`give two of ${listed(environments)}: ${usage}`);
    }
    const expected = takesFrom[to as keyof typeof takesFrom];
    if (from !== expected) {
        throw new Error(
            expected === undefined ? `${to} takes from nowhere: ${usage}` : `${to} takes from ${expected}, not from ${from}: ${usage}`,
        );
    }
    return { from, to, dryRun: values["dry-run"] };
}

const fileOf = (stack: string) => `Pulumi.${stack}.yaml`;

function read(directory: string, stack: string): Document {
    const file = join(directory, fileOf(stack));
    if (!existsSync(file)) {
        throw new Error(`there is no ${file}`);
    }
    const document = parseDocument(readFileSync(file, "utf8"));
    const [error] = document.errors;
    if (error !== undefined) {
        throw new Error(`${file} is not YAML: ${error.message}`);
    }
    return document;
}

function report({ changes, kept, withoutPlace }: Promotion, { from, to, dryRun }: Order): string {
    const head =
        changes.length === 0
            ? `${fileOf(to)} has the software of ${fileOf(from)} already.`
            : `${fileOf(to)} ${dryRun ? "would take" : "took"} from ${fileOf(from)}:`;
    return [
        head,
        ...changes.map(({ field, before = "not said", after }) => `  ${field}: ${before} -> ${after}`),
        ...section(`Left as it is, because ${fileOf(from)} does not say it:`, kept),
        ...section(`Not taken, because ${fileOf(to)} has no such section:`, withoutPlace),
    ].join("\n");
}

const section = (title: string, fields: string[]): string[] => (fields.length === 0 ? [] : [title, ...fields.map((field) => `  ${field}`)]);

if (require.main === module) {
    try {
        console.log(run(process.argv.slice(2), join(__dirname, "../..")));
    } catch (error) {
        console.error(error instanceof Error ? error.message : error);
        process.exitCode = 1;
    }
}
