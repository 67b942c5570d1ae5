import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import * as bricks from "../../components";
import { changed } from "./fields";

/** The corpus of wrong values: what it is made of, and how one of them is tried. The tables are in wrong-*.ts. */

/** A wrong value, and what is said of it. */
export type Wrong = readonly [value: unknown, reason: string];

/** Wrong values by the path of their field; "*" stands for a key of a map. */
export type Wrongs = Record<string, Wrong>;

/** A wrong value, and the whole line that the message must have. */
export interface Line {
    path: string;
    value: unknown;
    says: string;
}

/**
 * Wrong values of fields that a brick's message names by their path.
 *
 * @param key How the message writes the key of a map, in place of ".*": `["a"]` or `.a`.
 */
export const fields = (wrongs: Wrongs, key = ".*"): Line[] =>
    Object.entries(wrongs).map(([path, [value, reason]]) => ({ path, value, says: `${path.replace(".*", key)}: ${reason}` }));

/** Wrong values inside one argument that is judged as a whole: the message names the argument, and what is inside it. */
export const inside = (argument: string, wrongs: Wrongs, shown = argument): Line[] =>
    Object.entries(wrongs).map(([path, [value, reason]]) => ({
        path: `${argument}.${path}`,
        value,
        says: `${shown}: ${path} ${reason}`,
    }));

/** The same fields one level deeper. */
export const below = (path: string, wrongs: Wrongs): Wrongs =>
    Object.fromEntries(Object.entries(wrongs).map(([field, wrong]) => [`${path}.${field}`, wrong]));

/** Wrong values beside arguments that must be there for them to mean something. */
export interface WrongCase {
    base?: object;
    /** Whether the brick refuses the base itself, so that nothing around the wrong value can be right. */
    isRefused?: boolean;
    lines: Line[];
}

/** What is right for a brick, and what is wrong of each field. */
export interface BrickCorpus {
    args: object;
    cases: WrongCase[];
}

type Brick = new (name: string, args: object, opts: pulumi.ComponentResourceOptions) => pulumi.ComponentResource;

const exported = Object.entries(bricks) as unknown as [string, Brick][];

/** Names of all bricks that the package exports. */
export const allBricks = exported
    .filter(([, value]) => typeof value === "function" && value.prototype instanceof pulumi.ComponentResource)
    .map(([name]) => name);

/** The message with which a brick refuses arguments; none when it takes them. */
export function refusal(brick: string, name: string, args: object, opts: pulumi.ComponentResourceOptions): string | undefined {
    const Make = exported.find(([one]) => one === brick)?.[1];
    assert.ok(Make, `the package exports no ${brick}`);
    try {
        new Make(name, args, opts);
        return undefined;
    } catch (error) {
        if (!pulumi.InputPropertiesError.isInstance(error)) {
            throw error;
        }
        return error.message;
    }
}

/** A brick's arguments with one wrong value among them. */
export const withWrong = (args: object, { base }: WrongCase, { path, value }: Line): object =>
    changed({ ...args, ...base }, path.split("."), value) as object;
