import { z } from "zod";

import type { Check } from "../components/internal/checks";
import { nearest, type Plain } from "./problem";

/** What a value of the stack file should look like, for people. */
export interface Hint {
    expected: string;
    nearest?: (found: string) => Plain | undefined;
    software?: Software;
}

/** What of a stack is software: it is pinned and promoted, while everything else is an environment's own. */
export type Software = "image" | "version";

/** What texts of one kind look like, and the check that decides. */
export interface Form {
    check: Check<string>;
    expected: string;
    nearest?: (found: string) => string | undefined;
    pattern?: string;
    software?: Software;
}

/** Beside the schema, not in it: the JSON Schema for editors has no place for functions. */
const hints = z.registry<Hint>();

function hinted<S extends z.ZodType>(schema: S, description: string, hint: Hint): S {
    const described = schema.meta({ ...schema.meta(), description });
    hints.add(described, hint);
    return described;
}

/** A text that a check of the components judges; the pattern is for editors, which cannot run the check. */
export const text = (description: string, form: Form) => {
    const schema = z.string().refine((found) => form.check(found) === undefined);
    const { expected, pattern, software } = form;
    const nearest = (found: string) => [form.nearest?.(found) ?? ""].find((near) => form.check(near) === undefined);
    return hinted(pattern === undefined ? schema : schema.meta({ pattern }), description, { expected, nearest, software });
};

/** A text that YAML may have taken for a number or a truth value. */
export const scalar = (description: string) =>
    hinted(z.union([z.string(), z.number(), z.boolean()]).transform(String), description, { expected: "a text, a number, true or false" });

/** One of a closed set. */
export const oneOf = <T extends string>(description: string, values: readonly T[]) =>
    hinted(z.enum(values), description, {
        expected: `one of ${values.map((value) => `"${value}"`).join(", ")}`,
        nearest: (found) => nearest(found, values),
    });

export const wholeNumber = (description: string, from: number, to?: number) => {
    const schema = z.int().min(from);
    return hinted(to === undefined ? schema : schema.max(to), description, {
        expected: to === undefined ? `a whole number from ${from}` : `a whole number from ${from} to ${to}`,
        nearest: (found) =>
            Number.isFinite(Number(found)) ? Math.min(Math.max(Math.round(Number(found)), from), to ?? Infinity) : undefined,
    });
};

/** A part of a whole. */
export const share = (description: string) => hinted(z.number().min(0).max(1), description, { expected: "a number from 0 to 1" });

/** A promise: 100 would leave no room for a single error. */
export const percent = (description: string) =>
    hinted(z.number().min(50).lt(100), description, { expected: "a percentage from 50 to less than 100" });

export const yesOrNo = (description: string) =>
    hinted(z.boolean(), description, { expected: "true or false", nearest: (found) => yesNo[found.toLowerCase()] });

const yesNo: Record<string, boolean> = { yes: true, on: true, true: true, no: false, off: false, false: false };

/** A section with known keys; any other key is an error. */
export const section = <S extends z.ZodRawShape>(description: string, shape: S) =>
    hinted(z.strictObject(shape), description, { expected: `a section with the keys ${Object.keys(shape).join(", ")}` });

/** A section whose keys are the user's own names. */
export const named = <S extends z.ZodType>(description: string, value: S) =>
    hinted(z.record(z.string(), value), description, { expected: "a section with one entry for each name" });

export const list = <S extends z.ZodType>(description: string, item: S) => hinted(z.array(item), description, { expected: "a list" });

/** The hint of the value at a path; of the nearest section around it where the path leads nowhere. */
export function hintAt(root: z.ZodType, path: PropertyKey[]): Hint {
    return hints.get(unwrapped(schemaAt(root, path))) ?? { expected: "something else" };
}

/** The keys that a section knows; none where the names are the user's own. */
export function keysAt(root: z.ZodType, path: PropertyKey[]): string[] {
    const schema = unwrapped(schemaAt(root, path));
    return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

/** The place of every value that a test picks, `*` for each entry of a section whose names are the user's own. */
export function placesOf(root: z.ZodType, picks: (key: string, hint: Hint | undefined) => boolean, around: string[] = []): string[] {
    const schema = unwrapped(root);
    const keys = schema instanceof z.ZodObject ? Object.keys(schema.shape) : inside(schema, "*") === schema ? [] : ["*"];
    return keys.flatMap((key) => {
        const inner = unwrapped(inside(schema, key));
        const place = [...around, key];
        return [...(picks(key, hints.get(inner)) ? [place.join(".")] : []), ...placesOf(inner, picks, place)];
    });
}

function schemaAt(root: z.ZodType, path: PropertyKey[]): z.ZodType {
    return path.reduce<z.ZodType>((schema, key) => inside(unwrapped(schema), key), root);
}

function inside(schema: z.ZodType, key: PropertyKey): z.ZodType {
    if (schema instanceof z.ZodObject) {
        return (schema.shape as Record<PropertyKey, z.ZodType | undefined>)[key] ?? schema;
    }
    if (schema instanceof z.ZodRecord) {
        return schema.valueType as z.ZodType;
    }
    return schema instanceof z.ZodArray ? (schema.element as z.ZodType) : schema;
}

function unwrapped(schema: z.ZodType): z.ZodType {
    return schema instanceof z.ZodOptional ? unwrapped(schema.unwrap() as z.ZodType) : schema;
}
