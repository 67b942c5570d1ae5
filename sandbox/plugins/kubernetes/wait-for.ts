import { JSONPath } from "jsonpath-plus";
import type { KubeObject } from "./objects";
import { type Verdict, condition, ready, waiting } from "./verdict";

type Wish = (object: KubeObject) => Verdict;

function conditionWish(text: string): Wish {
    const [type = "", status = "True"] = text.split("=");
    return (object) => {
        const found = condition(object, type);
        const now = found === undefined ? "is not there yet" : `is ${found.status}${found.message === "" ? "" : `: ${found.message}`}`;
        return found?.status.toLowerCase() === status.toLowerCase() ? ready : waiting(`condition ${type} ${now}`);
    };
}

/** `{.status.phase}=Running`, or without a value: the field is there. */
function pathWish(text: string): Wish {
    // Braces end the expression, so that an `=` inside them is not taken for the one before the value.
    const match = /^\{(.*)\}(?:=(.*))?$/s.exec(text) ?? /^([^=]*)(?:=(.*))?$/s.exec(text);
    const path = match?.[1] ?? "";
    const value = match?.[2];
    return (object) => {
        const found = JSONPath<(string | number | boolean | object | null)[]>({
            path: `$${path.replace(/^\$/, "")}`,
            json: object,
            eval: "safe",
        });
        const shown = found.map((item) => (typeof item === "object" ? JSON.stringify(item) : String(item)));
        if (value === undefined ? found.length > 0 : found.length > 0 && shown.every((item) => item === value)) {
            return ready;
        }
        return waiting(
            `${path} ${found.length === 0 ? "is not there yet" : `is ${shown.join(", ")}`}${value === undefined ? "" : `, not yet ${value}`}`,
        );
    };
}

function parse(wish: string): Wish {
    const [, kind, rest = ""] = /^(jsonpath|condition)=(.*)$/s.exec(wish.trim()) ?? [];
    switch (kind) {
        case "jsonpath":
            return pathWish(rest.trim().replace(/^(['"])(.*)\1$/s, "$2"));
        case "condition":
            return conditionWish(rest);
        default:
            throw new Error(`the annotation pulumi.com/waitFor begins with "jsonpath=" or "condition="; found ${JSON.stringify(wish)}`);
    }
}

function wishes(text: string): string[] {
    try {
        const parsed: unknown = JSON.parse(text);
        return Array.isArray(parsed) ? parsed.map(String) : [text];
    } catch {
        return [text];
    }
}

/** The rule that the annotation `pulumi.com/waitFor` states: one expression, or a JSON list of which all must hold. */
export function customReady(text: string): (look: { object: KubeObject }) => Verdict {
    const all = wishes(text).map(parse);
    return ({ object }) => all.map((wish) => wish(object)).find((verdict) => !verdict.ready) ?? ready;
}
