import { createHash, randomBytes, randomInt, randomUUID } from "node:crypto";
import type { Properties, Value } from "../values";
import { bcrypt } from "./bcrypt";
import { characterDefaults, characterProblems, randomCharacters, shuffled } from "./characters";
import { adjectives, adverbs, animals } from "./words";

export interface Made {
    id: string;
    outputs: Properties;
}

/** One kind of random resource. */
export interface Kind {
    defaults?: Properties;
    problems?: (inputs: Properties) => { property: string; reason: string }[];
    make: (inputs: Properties) => Made;
    /** Outputs that only creation can tell; a preview leaves them unknown. */
    results: string[];
    /** Outputs that are kept encrypted. */
    secrets?: string[];
    /** What an existing value says about itself, for `pulumi import`. */
    adopt?: (id: string) => { inputs: Properties; made: Made };
}

function required(...names: string[]) {
    return (inputs: Properties) =>
        names.filter((name) => inputs[name] === undefined).map((property) => ({ property, reason: `\`${property}\` is required` }));
}

/** Numbers that follow from a seed: for those who ask for the same "random" order every time. */
function seeded(seed: string): (below: number) => number {
    let counter = 0;
    return (below) => {
        const digest = createHash("sha256").update(`${seed}/${counter++}`).digest();
        return Number(digest.readBigUInt64BE() % BigInt(below));
    };
}

function chooser(seed: Value | undefined): (below: number) => number {
    return typeof seed === "string" && seed !== "" ? seeded(seed) : (below) => randomInt(below);
}

function characters(secret: boolean): Pick<Kind, "defaults" | "problems" | "make"> {
    return {
        defaults: characterDefaults,
        problems: characterProblems,
        make: (inputs): Made => {
            const result = randomCharacters(inputs);
            return secret ? { id: "none", outputs: { result, bcryptHash: bcrypt(result) } } : { id: result, outputs: { result } };
        },
    };
}

function encodings(bytes: Buffer, prefix: string): Properties {
    return {
        b64Std: prefix + bytes.toString("base64"),
        b64Url: prefix + bytes.toString("base64url"),
        hex: prefix + bytes.toString("hex"),
        dec: prefix + BigInt(`0x${bytes.toString("hex") || "0"}`).toString(),
    };
}

function text(value: Value | undefined, otherwise: string): string {
    return typeof value === "string" ? value : otherwise;
}

const pet: Kind = {
    defaults: { length: 2, separator: "-" },
    results: [],
    make: (inputs) => {
        const length = Number(inputs.length);
        const words = [...Array.from({ length: Math.max(0, length - 2) }, () => adverbs), ...(length > 1 ? [adjectives] : []), animals];
        const prefix = typeof inputs.prefix === "string" ? [inputs.prefix] : [];
        const chosen = words.map((list) => list[randomInt(list.length)] ?? "");
        return { id: [...prefix, ...chosen].join(text(inputs.separator, "-")), outputs: {} };
    },
};

const integer: Kind = {
    problems: (inputs) => [
        ...required("min", "max")(inputs),
        ...(typeof inputs.min === "number" && typeof inputs.max === "number" && inputs.min > inputs.max
            ? [{ property: "min", reason: `expected at most max (${inputs.max}), found ${inputs.min}` }]
            : []),
    ],
    results: ["result"],
    make: ({ min, max, seed }) => {
        const result = Number(min) + chooser(seed)(Number(max) - Number(min) + 1);
        return { id: String(result), outputs: { result } };
    },
    adopt: (id) => {
        const [result = 0, min = 0, max = 0] = id.split(",").map(Number);
        return { inputs: { min, max }, made: { id: String(result), outputs: { result } } };
    },
};

const shuffle: Kind = {
    problems: required("inputs"),
    results: ["results"],
    make: ({ inputs, resultCount, seed }) => {
        const items = Array.isArray(inputs) ? inputs : [];
        const count = typeof resultCount === "number" ? resultCount : items.length;
        const random = chooser(seed);
        const results: Value[] = [];
        while (items.length > 0 && results.length < count) {
            results.push(...shuffled(items, random).slice(0, count - results.length));
        }
        return { id: "-", outputs: { results } };
    },
};

function uuid(): Kind {
    return {
        results: ["result"],
        make: () => {
            const result = randomUUID();
            return { id: result, outputs: { result } };
        },
        adopt: (id) => ({ inputs: {}, made: { id, outputs: { result: id } } }),
    };
}

/** By type token. */
export const kinds: Record<string, Kind> = {
    "random:index/randomPassword:RandomPassword": {
        ...characters(true),
        results: ["result", "bcryptHash"],
        secrets: ["result", "bcryptHash"],
        adopt: (id) => ({ inputs: { length: id.length }, made: { id: "none", outputs: { result: id, bcryptHash: bcrypt(id) } } }),
    },
    "random:index/randomString:RandomString": {
        ...characters(false),
        results: ["result"],
        adopt: (id) => ({ inputs: { length: id.length }, made: { id, outputs: { result: id } } }),
    },
    "random:index/randomId:RandomId": {
        problems: required("byteLength"),
        results: ["b64Std", "b64Url", "hex", "dec"],
        make: ({ byteLength, prefix }) => {
            const bytes = randomBytes(Number(byteLength));
            return { id: bytes.toString("base64url"), outputs: encodings(bytes, text(prefix, "")) };
        },
        adopt: (id) => {
            const [encoded = "", prefix] = id.split(",").reverse();
            const bytes = Buffer.from(encoded, "base64url");
            const inputs: Properties = { byteLength: bytes.length, ...(prefix === undefined ? {} : { prefix }) };
            return { inputs, made: { id: encoded, outputs: encodings(bytes, prefix ?? "") } };
        },
    },
    "random:index/randomBytes:RandomBytes": {
        problems: required("length"),
        results: ["base64", "hex"],
        secrets: ["base64", "hex"],
        make: ({ length }) => {
            const bytes = randomBytes(Number(length));
            return { id: "none", outputs: { base64: bytes.toString("base64"), hex: bytes.toString("hex") } };
        },
        adopt: (id) => {
            const bytes = Buffer.from(id, "base64");
            return { inputs: { length: bytes.length }, made: { id: "none", outputs: { base64: id, hex: bytes.toString("hex") } } };
        },
    },
    "random:index/randomPet:RandomPet": pet,
    "random:index/randomUuid:RandomUuid": uuid(),
    "random:index/randomUuid4:RandomUuid4": uuid(),
    "random:index/randomInteger:RandomInteger": integer,
    "random:index/randomShuffle:RandomShuffle": shuffle,
};
