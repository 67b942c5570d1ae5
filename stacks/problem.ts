import { distance } from "fastest-levenshtein";

/** One thing that is wrong with a stack file. */
export interface Problem {
    /** The key as `pulumi config set --path` takes it, for example `connect.main.executor.maximum`. */
    field: string;
    says: string;
}

export type Plain = string | number | boolean;

/** What stands there, what should, and the valid value nearest to it, where one is near. */
export interface Finding {
    field: string;
    /** Ready to print; see `shown`. */
    found: string;
    /** "a whole number from 0" */
    expected: string;
    nearest?: Plain;
}

export function problem({ field, found, expected, nearest }: Finding): Problem {
    return { field, says: `found ${found}, expected ${expected}${nearest === undefined ? "" : `; did you mean ${shown(nearest)}?`}` };
}

/** All problems as one message. */
export function report(file: string, problems: Problem[]): string {
    const lines = problems.map(({ field, says }) => `  ${field}: ${says}`);
    return [`${file} cannot be deployed as it is, and nothing was changed:`, ...lines].join("\n");
}

/** A value as people write it in the file, short enough for one line. */
export function shown(value: unknown): string {
    if (value === undefined || value === null || value === "") {
        return "nothing";
    }
    if (typeof value === "object") {
        return Array.isArray(value) ? "a list" : "a section";
    }
    const text = JSON.stringify(value);
    return text.length <= 100 ? text : `${text.slice(0, 97)}...`;
}

export function listed(values: readonly string[]): string {
    return values.map((value) => `"${value}"`).join(", ");
}

/** The candidate that a typing error most likely meant; none when all are far away. */
export function nearest(found: string, candidates: readonly string[]): string | undefined {
    const plain = (text: string) => text.toLowerCase().replace(/[-_. ]/g, "");
    const ranked = candidates
        .map((candidate) => ({ candidate, edits: edits(plain(found), plain(candidate)) }))
        .sort((a, b) => a.edits - b.edits);
    const [best] = ranked;
    return best !== undefined && best.edits <= Math.max(2, Math.floor(found.length / 3)) ? best.candidate : undefined;
}

/** Typing errors between two words; a word within the other, like `prod` in `production`, counts as one. */
function edits(found: string, candidate: string): number {
    const within = candidate !== "" && (found.startsWith(candidate) || (found.length > 2 && candidate.includes(found)));
    return within ? Math.min(1, distance(found, candidate)) : distance(found, candidate);
}
