import { isMap, type Document } from "yaml";

import { checkConfig } from "../config";
import { hintAt, type Software } from "../hints";
import { stackSchema } from "../schema";
import { carry, type Registries } from "./table";

const project = "spark-platform";

/** One key of the target that takes a new value. */
export interface Change {
    /** The key as in messages about stack files: `connect.main.image`. */
    field: string;
    path: string[];
    before?: string;
    after: string;
}

/** What a promotion would do. */
export interface Promotion {
    changes: Change[];
    /** Promotable keys of the target that the source does not say. They stay, because their absence may mean "the default" or "not here". */
    kept: string[];
    /** Promotable keys of the source whose section the target does not have: a trial that goes nowhere. */
    withoutPlace: string[];
}

/** Compares two stack files, key by key. */
export function promotionOf(source: Document, target: Document): Promotion {
    const registries: Registries = { from: registryOf(source), to: registryOf(target) };
    const ours = leaves(source);
    const theirs = leaves(target);
    const [placed, withoutPlace] = split(ours, ({ path }) => isMap(target.getIn(path.slice(0, -1))));
    const changes = placed
        .map(({ field, path, value, software }) => ({
            field,
            path,
            before: theirs.find((leaf) => leaf.field === field)?.value,
            after: carry[software](value, registries),
        }))
        .filter(({ before, after }) => before !== after);
    const said = new Set(ours.map(({ field }) => field));
    const fields = (list: Leaf[]) => list.map(({ field }) => field);
    return { changes, kept: fields(theirs).filter((field) => !said.has(field)), withoutPlace: fields(withoutPlace) };
}

/** Writes the changes into the target and nothing else; comments and order stay. */
export function promote(target: Document, { changes }: Promotion): string {
    for (const { path, after } of changes) {
        target.setIn(path, after);
    }
    return target.toString({ lineWidth: 0, flowCollectionPadding: false });
}

/**
 * Whether a stack file could be deployed, apart from whether its cluster can be found from here.
 *
 * @throws pulumi.RunError with every problem of it.
 */
export function checkFile(document: Document, stack: string): void {
    const config = Object.entries((document.toJS() as { config?: Record<string, unknown> }).config ?? {});
    const values = config.map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)] as const);
    const secrets = config.filter(([, value]) => JSON.stringify(value).includes('"secure":')).map(([key]) => key);
    checkConfig({ project, stack, values: Object.fromEntries(values), secrets });
}

interface Leaf {
    field: string;
    path: string[];
    value: string;
    software: Software;
}

/** Every promotable key with a text, at any depth. */
function leaves(document: Document): Leaf[] {
    const { config } = document.toJS() as { config?: Record<string, unknown> };
    return Object.entries(config ?? {})
        .filter(([key]) => key.startsWith(`${project}:`))
        .flatMap(([key, value]) => below([key.slice(project.length + 1)], value))
        .map(({ field, value, software }) => ({
            field: field.join("."),
            path: ["config", `${project}:${field[0] ?? ""}`, ...field.slice(1)],
            value,
            software,
        }));
}

function below(field: string[], value: unknown): { field: string[]; value: string; software: Software }[] {
    if (typeof value === "string") {
        const { software } = hintAt(stackSchema, field);
        return software === undefined ? [] : [{ field, value, software }];
    }
    const section = typeof value === "object" && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
    return section.flatMap(([key, inner]) => below([...field, key], inner));
}

function registryOf(document: Document): string | undefined {
    const registry = document.getIn(["config", `${project}:images`, "registry"]);
    return typeof registry === "string" ? registry : undefined;
}

function split<T>(list: T[], test: (item: T) => boolean): [T[], T[]] {
    return [list.filter(test), list.filter((item) => !test(item))];
}
