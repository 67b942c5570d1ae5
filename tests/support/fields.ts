import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import * as pulumi from "@pulumi/pulumi";

import { testedVersions } from "../../components/internal/spark-versions";
import { record } from "./recorder";
import { unknownKeys } from "./spark-keys";

const schema = JSON.parse(readFileSync(join(__dirname, "../unit/expected/schema.json"), "utf8"));

/** Paths of all public fields of a brick's arguments; "*" stands for the keys of a map. */
export const publicFields = (brick: string): string[] => Object.keys(typesOfFields(brick));

/** The same, each with its type in the schema: string, number, integer, boolean, array or object. */
export const typesOfFields = (brick: string): Record<string, string> =>
    Object.fromEntries(fields(schema.resources[`spark-platform:index:${brick}`].inputProperties));

function fields(properties: Record<string, any>): (readonly [path: string, type: string])[] {
    return Object.entries(properties).flatMap(([name, property]) => {
        const inner = typeOf(property);
        const within = `${name}${property.additionalProperties ? ".*" : ""}`;
        return inner === undefined
            ? [[name, String(property.type)] as const]
            : fields(inner.properties).map(([path, type]) => [`${within}.${path}`, type] as const);
    });
}

/** The type of ours that a property holds; types of Kubernetes count as one value. */
function typeOf(property: any): any {
    const [, name] = /^#\/types\/spark-platform:index:(.*)$/.exec(property.$ref ?? property.additionalProperties?.$ref ?? "") ?? [];
    return name === undefined || name === "Toleration" ? undefined : schema.types[`spark-platform:index:${name}`];
}

/** Another value for each field: `path` to the value. */
export type Changes = Record<string, unknown>;

/** Proves that a table of changes has every public field of a brick, so that none can be forgotten. */
export function assertEveryField(brick: string, ...changes: Changes[]): void {
    assert.deepEqual(changes.flatMap((table) => Object.keys(table)).sort(), publicFields(brick).sort());
}

/**
 * Proves that no argument is without effect: each change shows in what the program makes. A field under a map is written with "*", and changed under the key that the arguments have.
 */
export async function assertEveryFieldMatters<A extends object>(
    make: (args: A, opts: pulumi.ComponentResourceOptions) => unknown,
    args: A,
    changes: Changes,
): Promise<void> {
    const made = async (given: A) => {
        const all = await record((opts) => make(given, opts));
        assert.deepEqual(unknownKeys(all), [], "settings that Spark does not have");
        return JSON.stringify(all);
    };
    const before = await made(args);
    const without: string[] = [];
    for (const [path, value] of Object.entries(changes)) {
        if ((await made(changed(args, path.split("."), value) as A)) === before) {
            without.push(path);
        }
    }
    assert.deepEqual(without, [], "fields without effect");
    const others = "sparkVersion" in args ? testedVersions.filter((version) => version !== args.sparkVersion) : [];
    for (const sparkVersion of others) {
        await assertRealKeys(made, { ...args, sparkVersion }, changes);
    }
}

/**
 * The same, for a composition: each change shows in what it hands on to others.
 *
 * @param fields Most of them, which may be any text: they are all changed at once, each to a text of its own, which must be seen again.
 * @param changes Those that must be something else; they, and fields whose text was not seen, are changed one by one.
 */
export async function assertEveryFieldArrives<A extends object>(
    handsOn: (args: A) => unknown,
    args: A,
    fields: string[],
    changes: Changes = {},
): Promise<void> {
    const handed = (given: A) =>
        new Promise<string>((resolve) => {
            (pulumi.output(handsOn(given)) as pulumi.Output<object>).apply((known) => {
                resolve(JSON.stringify(known));
            });
        });
    const at = (given: A, path: string, value: unknown) => changed(given, path.split("."), value) as A;
    const textOf = (path: string) => `another ${path};`;
    const texts = fields.filter((path) => !(path in changes));
    const all = await handed(texts.reduce((given, path) => at(given, path, textOf(path)), args));
    const before = await handed(args);
    const without: string[] = [];
    for (const path of fields.filter((path) => !all.includes(textOf(path)))) {
        if ((await handed(at(args, path, changes[path] ?? "another"))) === before) {
            without.push(path);
        }
    }
    assert.deepEqual(without, [], "fields that do not arrive");
}

/** The same changes on another line of Spark, for the settings that they lead to. What the line does not have is refused, and right so. */
async function assertRealKeys<A extends object>(made: (args: A) => Promise<string>, args: A, changes: Changes): Promise<void> {
    const others = Object.entries(changes).filter(([path]) => path !== "sparkVersion");
    for (const [path, value] of others) {
        await made(changed(args, path.split("."), value) as A).catch((error: unknown) => {
            if (!pulumi.InputPropertiesError.isInstance(error)) {
                throw error;
            }
        });
    }
}

/** Arguments with another value at a path. */
export function changed(args: any, [head = "", ...rest]: string[], value: unknown): unknown {
    const key = head === "*" ? (Object.keys(args)[0] ?? "") : head;
    return { ...args, [key]: rest.length === 0 ? value : changed(args?.[key] ?? {}, rest, value) };
}

/** Changes of the settings that all pods share, under a path. */
export const podChanges = (path: string): Changes => ({
    [`${path}.nodes`]: "gke-spot",
    [`${path}.keepOnNode`]: true,
    [`${path}.nodeSelector`]: { disk: "ssd" },
    [`${path}.tolerations`]: [{ key: "spot", operator: "Exists" }],
    [`${path}.imagePullSecrets`]: ["registry"],
    [`${path}.priorityClassName`]: "high",
    [`${path}.labels`]: { team: "a" },
    [`${path}.annotations`]: { note: "b" },
    [`${path}.tokenAudience`]: "vault",
    [`${path}.userIdFromNamespace`]: true,
});

/** Changes of the settings that all bricks are watched by, under a path. */
export const monitoringChanges = (path: string): Changes => ({
    [`${path}.namespace`]: "watch",
    [`${path}.podLabels`]: { app: "agent" },
    [`${path}.interval`]: "15s",
    [`${path}.labels`]: { release: "stack" },
});

/** Changes of what programs write on their standard output, under a path. */
export const logChanges = (): Changes => ({ "logs.level": "warn", "logs.layout": "text" });
/** The same of a program whose lines have a layout of their own. */
export const logLevelChanges: Changes = { "logs.level": "debug" };

/** Changes of where traces go. */
export const tracingChanges: Changes = {
    endpoint: "http://other:4319",
    sampleRatio: 0.5,
    "clusterEndpoint.namespace": "team-b",
    "clusterEndpoint.podLabels": { app: "other" },
    "clusterEndpoint.port": 9999,
    "clusterEndpoint.clientLabels": { "other-client": "true" },
};

/** The same changes one level deeper. */
export const under = (path: string, changes: Changes): Changes =>
    Object.fromEntries(Object.entries(changes).map(([field, value]) => [`${path}.${field}`, value]));
