import type { Check } from "./checks";

/** A check of a value with fields, whose problems each begin with the path of a field. */
export interface Structure<T> extends Check<T> {
    problems: (value: T) => string[];
}

/**
 * Checks a value field by field, and names every field that is wrong.
 *
 * @param fields A check for each field; one that is not given is right, unless it is among `needed`.
 * @param rules What single fields cannot say; what they answer begins with a field.
 */
export function structure<T extends object>(
    fields: { [Field in keyof T]?: Check<NonNullable<T[Field]>> },
    { needed = [], rules = [] }: { needed?: (keyof T & string)[]; rules?: Check<T>[] } = {},
): Structure<T> {
    const ofField = (field: string, check: Check<unknown>, value: unknown): string[] => {
        if (value === undefined) {
            return needed.includes(field as keyof T & string) ? [`${field} is missing`] : [];
        }
        if (isStructure(check)) {
            return check.problems(value).map((problem) => `${field}.${problem}`);
        }
        const reason = check(value);
        return reason === undefined ? [] : [`${field} ${reason}`];
    };
    const problems = (value: T) => [
        ...Object.entries(fields).flatMap(([field, check]) => ofField(field, check as Check<unknown>, value[field as keyof T])),
        ...rules.flatMap((rule) => rule(value) ?? []),
    ];
    return Object.assign((value: T) => problems(value).join("; ") || undefined, { problems });
}

const isStructure = (check: Check<unknown>): check is Structure<unknown> => "problems" in check;
