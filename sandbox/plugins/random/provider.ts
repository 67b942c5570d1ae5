import type { Change, Provider } from "../provider";
import { type Properties, Secret, reveal, same, unknown } from "../values";
import { type Kind, kinds } from "./resources";

function kindOf(type: string): Kind {
    const kind = kinds[type];
    if (kind === undefined) {
        throw new Error(`the stand-in for the random plugin does not know ${type}; install the official plugin`);
    }
    return kind;
}

/** Every input decides the value, so every change makes a new one. */
export function changes(olds: Properties, news: Properties): Change[] {
    // The official plugin notes in the inputs which of them it filled in.
    const keys = [...new Set([...Object.keys(olds), ...Object.keys(news)])].filter((key) => key !== "__defaults").sort();
    return keys
        .filter((key) => !same(olds[key] ?? null, news[key] ?? null))
        .map((path) => ({ path, replace: true, kind: olds[path] === undefined ? "add" : news[path] === undefined ? "delete" : "update" }));
}

function withSecrets(kind: Kind, outputs: Properties): Properties {
    const hidden = kind.secrets ?? [];
    return Object.fromEntries(Object.entries(outputs).map(([key, value]) => [key, hidden.includes(key) ? new Secret(value) : value]));
}

export function randomProvider(version: string): Provider {
    return {
        name: "random",
        version,
        configure: () => undefined,
        check: ({ type, news }) => {
            const kind = kindOf(type);
            const given = Object.fromEntries(Object.entries(news).filter(([key, value]) => value !== null && key !== "__defaults"));
            const inputs = { ...kind.defaults, ...given };
            return { inputs, failures: kind.problems?.(reveal(inputs) as Properties) ?? [] };
        },
        diff: ({ oldInputs, news }) => ({ changes: changes(oldInputs, news) }),
        create: ({ type, news, preview }) => {
            const kind = kindOf(type);
            if (preview) {
                const results = Object.fromEntries(kind.results.map((name) => [name, unknown]));
                return Promise.resolve({ id: "", properties: { ...news, ...withSecrets(kind, results) } });
            }
            const { id, outputs } = kind.make(reveal(news) as Properties);
            return Promise.resolve({ id, properties: { ...news, id, ...withSecrets(kind, outputs) } });
        },
        update: ({ olds, news }) => Promise.resolve({ ...olds, ...news }),
        delete: () => Promise.resolve(),
        read: ({ type, id, inputs, properties }) => {
            const kind = kindOf(type);
            if (Object.keys(properties).length > 0) {
                return Promise.resolve({ id, inputs, properties });
            }
            if (kind.adopt === undefined) {
                throw new Error(`${type} cannot be imported`);
            }
            const adopted = kind.adopt(id);
            const known = { ...kind.defaults, ...adopted.inputs };
            const { made } = adopted;
            return Promise.resolve({
                id: made.id,
                inputs: known,
                properties: { ...known, id: made.id, ...withSecrets(kind, made.outputs) },
            });
        },
    };
}
