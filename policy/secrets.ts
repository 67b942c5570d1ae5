import { secretKey, secretValue } from "../components/internal/spark-properties";
import { authenticationPlaceholder } from "../components/spark/standalone/client";

/** What stands under the key of a secret without being one: nothing, switches, numbers, paths, calls, names of Secrets. */
const harmless = /^$|^(true|false|null|none)$|^[0-9.]+[a-z]?$|^[/~.$<{[]|[([$]|^file:/i;
/** Keys that name a secret, or where it lies, rather than hold it. */
const byReference = /([a-z]Secret|name|ref|file|path|class|provider)$/;
const reference = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/i;

/** Whether whoever reads this key reads a secret. */
export function isReadableSecret(key: string, value: string): boolean {
    const text = value.trim().replace(/^(["'])(.*)\1$/, "$2");
    if (secretValue.test(text)) {
        return true;
    }
    if (text === authenticationPlaceholder) {
        return false;
    }
    const namesOne = byReference.test(key) && reference.test(text);
    return secretKey.test(key) && !harmless.test(text) && !namesOne;
}

/** Keys of a file in any of the notations that settings have: `key value`, `key=value`, `key: value`, and XML's pairs. */
export function readableSecrets(text: string): string[] {
    const lines = text.split("\n").filter((line) => !/^\s*(#|\/\/|--|;)/.test(line));
    const pairs = lines.flatMap((line) => {
        const [, key, value] = /^\s*(?:-\s+|export\s+)?["']?([\w.-]+)["']?\s*(?:[=:]\s*|\s)(.*)$/.exec(line) ?? [];
        return key === undefined || value === undefined ? [] : [[key, value.replace(/,$/, "")] as const];
    });
    const elements = [...text.matchAll(/<name>([^<]*)<\/name>\s*<value>([^<]*)<\/value>/g)].map(
        ([, key = "", value = ""]) => [key, value] as const,
    );
    return [...pairs, ...elements].filter(([key, value]) => isReadableSecret(key, value)).map(([key]) => key);
}
