import type { Check } from "./checks";
import { quoted } from "./values";

const qualifiedName = /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;

const keysOf =
    (what: string): Check<object> =>
    (given) => {
        const wrong = Object.keys(given).filter((key) => !qualifiedName.test(key));
        return wrong.length === 0
            ? undefined
            : `${wrong.map(quoted).join(", ")} is not the key of ${what}; write it like "team" or "example.org/team"`;
    };

/** Annotations, whose values may be any text. */
export const annotations: Check<Record<string, string>> = keysOf("an annotation");

/** Labels, as objects wear them and selectors ask for them. */
export const labels: Check<Record<string, string>> = (given) => {
    const wrong = Object.values(given).filter((value) => !/^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/.test(value));
    return (
        keysOf("a label")(given) ??
        (wrong.length === 0
            ? undefined
            : `${wrong.map(quoted).join(", ")} is not the value of a label; use at most 63 letters, digits, "-", "_" and "."`)
    );
};
