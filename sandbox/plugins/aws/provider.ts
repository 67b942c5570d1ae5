import type { Change, Provider } from "../provider";
import { type Properties, same } from "../values";

/** There is no AWS behind the stand-in: it lets programs be previewed and says so when asked for more. */
function refuse(what: string): never {
    throw new Error(
        `the stand-in for the aws plugin makes previews only and cannot ${what}: install the official plugin with \`pulumi plugin install resource aws\``,
    );
}

function changes(olds: Properties, news: Properties): Change[] {
    return [...new Set([...Object.keys(olds), ...Object.keys(news)])]
        .filter((key) => key !== "__defaults" && !same(olds[key] ?? null, news[key] ?? null))
        .map((path) => ({ path, replace: false, kind: olds[path] === undefined ? "add" : news[path] === undefined ? "delete" : "update" }));
}

export function awsProvider(version: string): Provider {
    return {
        name: "aws",
        version,
        configure: () => undefined,
        check: ({ news }) => ({ inputs: news, failures: [] }),
        diff: ({ oldInputs, news }) => ({ changes: changes(oldInputs, news) }),
        // What is not in the answer of a preview counts as not known yet.
        create: ({ type, news, preview }) => (preview ? Promise.resolve({ id: "", properties: news }) : refuse(`create ${type}`)),
        update: ({ type, news, preview }) => (preview ? Promise.resolve(news) : refuse(`update ${type}`)),
        delete: ({ type }) => refuse(`delete ${type}`),
        read: ({ type }) => refuse(`read ${type}`),
        invoke: (token) => refuse(`call ${token}`),
    };
}
