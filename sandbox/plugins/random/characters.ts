import { randomInt } from "node:crypto";
import type { Properties } from "../values";

const lower = "abcdefghijklmnopqrstuvwxyz";
const upper = lower.toUpperCase();
const digits = "0123456789";
const special = "!@#$%&*()-_=+[]{}<>:?";

export const characterDefaults = {
    lower: true,
    minLower: 0,
    minNumeric: 0,
    minSpecial: 0,
    minUpper: 0,
    number: true,
    numeric: true,
    special: true,
    upper: true,
};

interface Class {
    characters: string;
    atLeast: number;
}

/** The character classes that the inputs allow, and how many of each are asked for. */
function classes(inputs: Properties): Class[] {
    const settings = { ...characterDefaults, ...inputs };
    const numeric = inputs.numeric ?? inputs.number ?? true;
    const table: [boolean, string, number][] = [
        [settings.lower, lower, settings.minLower],
        [settings.upper, upper, settings.minUpper],
        [numeric === true, digits, settings.minNumeric],
        [
            settings.special,
            typeof inputs.overrideSpecial === "string" && inputs.overrideSpecial !== "" ? inputs.overrideSpecial : special,
            settings.minSpecial,
        ],
    ];
    return table.filter(([allowed]) => allowed).map(([, characters, atLeast]) => ({ characters, atLeast }));
}

function pick(characters: string, count: number): string[] {
    return Array.from({ length: count }, () => characters[randomInt(characters.length)] ?? "");
}

/** Fisher and Yates, with the system's cryptographic randomness. */
export function shuffled<Item>(items: Item[], random: (below: number) => number = randomInt): Item[] {
    const result = [...items];
    for (let last = result.length - 1; last > 0; last -= 1) {
        const other = random(last + 1);
        [result[last], result[other]] = [result[other] as Item, result[last] as Item];
    }
    return result;
}

/** What is wrong with a wish for random characters, in the user's terms. */
export function characterProblems(inputs: Properties): { property: string; reason: string }[] {
    const length = inputs.length;
    if (typeof length !== "number") {
        return length === undefined ? [{ property: "length", reason: "a length is required" }] : [];
    }
    const allowed = classes(inputs);
    const least = allowed.reduce((sum, { atLeast }) => sum + atLeast, 0);
    return [
        ...(length < 1 ? [{ property: "length", reason: `expected at least 1, found ${length}` }] : []),
        ...(least > length
            ? [{ property: "length", reason: `the minimums of the classes add up to ${least}, more than the length ${length}` }]
            : []),
        ...(allowed.length === 0 ? [{ property: "lower", reason: "every class of characters is switched off" }] : []),
    ];
}

export function randomCharacters(inputs: Properties): string {
    const allowed = classes(inputs);
    const required = allowed.flatMap(({ characters, atLeast }) => pick(characters, atLeast));
    const rest = pick(allowed.map(({ characters }) => characters).join(""), Number(inputs.length) - required.length);
    return shuffled([...required, ...rest]).join("");
}
