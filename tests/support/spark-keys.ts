import { isRealKey } from "../../components/internal/spark-keys";
import { lineOf, sparkLines } from "../../components/internal/spark-versions";
import type { Registered } from "./recorder";

/** Where settings stand: in properties files, on command lines, and as keys of objects (custom resources). */
const spelled = [/^\s*(spark\.[\w.-]+)[ =]/gm, /-D(spark\.[\w.-]+)=/g, /--conf[= "]+(spark\.[\w.-]+)=/g];

function textsOf(value: unknown): string[] {
    if (typeof value === "string") {
        return spelled.flatMap((pattern) => [...value.matchAll(pattern)].map(([, key = ""]) => key));
    }
    if (typeof value !== "object" || value === null) {
        return [];
    }
    return Object.entries(value).flatMap(([key, inner]) => [
        ...(typeof inner === "string" && /^spark\.[\w.-]+$/.test(key) ? [key] : []),
        ...textsOf(inner),
    ]);
}

/** Settings in what a program makes that the line of their object does not have. The line is the object's version label. */
export function unknownKeys(made: Registered[]): string[] {
    const unknown = made.flatMap(({ name, inputs }) => {
        const line = lineOf(inputs.metadata?.labels?.["app.kubernetes.io/version"] ?? "") ?? "";
        const lines = line in sparkLines ? [line] : Object.keys(sparkLines);
        const keys = textsOf(inputs).filter((key) => !isFileName(key) && !lines.some((each) => isRealKey(each, key)));
        return keys.map((key) => `${name}: ${key} (${lines.join(" or ")})`);
    });
    return [...new Set(unknown)];
}

/** Keys of ConfigMaps are file names: one may look like a setting. */
const isFileName = (key: string) => /\.(conf|properties|xml|yaml|json|py|sh)$/.test(key);
