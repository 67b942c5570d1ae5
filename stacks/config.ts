import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";

import { refusals } from "./bricks";
import { hintAt, keysAt } from "./hints";
import { clusterProblems, kubeconfigPath } from "./kubeconfig";
import { listed, nearest, problem, report, shown, type Finding, type Problem } from "./problem";
import { brokenRules, type Raw } from "./rules";
import { environments, stackSchema, type StackFile } from "./schema";

/** A stack's configuration as the engine hands it over: texts, sections as JSON. */
export interface GivenConfig {
    project: string;
    stack: string;
    values: Record<string, string>;
    /** Keys whose values were encrypted in the file. */
    secrets: string[];
    /** Where to look for the kubeconfig. Without it nothing is said about whether the cluster can be found. */
    env?: NodeJS.ProcessEnv;
}

/** Reads the configuration of the stack that is being deployed. @throws pulumi.RunError with every problem of it. */
export function readConfig() {
    return checkConfig(givenConfig());
}

/** What the engine hands over to the program that runs. */
export function givenConfig(): GivenConfig {
    return {
        project: pulumi.getProject(),
        stack: pulumi.getStack(),
        values: pulumi.runtime.allConfig(),
        secrets: JSON.parse(process.env.PULUMI_CONFIG_SECRET_KEYS ?? "[]") as string[],
        env: process.env,
    };
}

/** The configuration of a stack, checked. @throws pulumi.RunError, because that is the error that is printed without a stack trace. */
export function checkConfig(given: GivenConfig) {
    const { raw, data, findings } = checkedForm(stackSchema, given);
    const rules = [...brokenRules(raw), ...wrongStack(raw, given.stack)];
    return settings(accepted(stackSchema, given, data, [...[...findings, ...rules].map(problem), ...(data ? refusals(data) : [])]));
}

/** What a stack file of any project of ours says, and what is wrong with its keys, its single values and its section `cluster`. */
export function checkedForm<S extends z.ZodType>(schema: S, given: GivenConfig): { raw: Raw; data?: z.infer<S>; findings: Finding[] } {
    const raw = ownSection(given);
    const parsed = schema.safeParse(raw, { reportInput: true });
    const findings = [
        ...foreignKeys(given),
        ...encrypted(given),
        ...(parsed.error?.issues ?? []).flatMap((issue) => findingsOf(schema, issue)),
        ...(given.env ? whereabouts(raw, given.env) : []),
    ];
    return { raw, data: parsed.data, findings };
}

/** The configuration when nothing is wrong with it. @throws pulumi.RunError with every problem. */
export function accepted<T>(schema: z.ZodType, { stack }: GivenConfig, data: T | undefined, problems: Problem[]): T {
    if (data === undefined || problems.length > 0) {
        throw new pulumi.RunError(report(`Pulumi.${stack}.yaml`, inOrder(schema, problems)));
    }
    return data;
}

function settings({ environment, cluster, ...platform }: StackFile) {
    return { environment, platform, provider: { context: cluster.context, kubeconfig: kubeconfigPath(cluster) } };
}

/** The keys of our namespace, but for encrypted ones, which no message may quote. A section arrives as JSON, a single value as it is. */
function ownSection({ project, values, secrets }: GivenConfig): Raw {
    return Object.fromEntries(
        Object.entries(values)
            .filter(([key]) => key.startsWith(`${project}:`) && !secrets.includes(key))
            .map(([key, value]) => [key.slice(project.length + 1), parsedSection(value)]),
    );
}

function parsedSection(value: string): unknown {
    try {
        return /^[[{]/.test(value) ? (JSON.parse(value) as unknown) : value;
    } catch {
        return value;
    }
}

/** Keys that belong to others are theirs, unless they look like ours or like a way to choose the cluster. */
function foreignKeys({ project, values }: GivenConfig): Finding[] {
    return Object.keys(values).flatMap((field) => {
        const [namespace = "", key = ""] = field.split(":");
        if (namespace === "kubernetes") {
            const expected = "the key cluster, because the provider is made from it alone";
            return [
                {
                    field,
                    found: "a key without effect",
                    expected,
                    nearest: key === "context" || key === "kubeconfig" ? `${project}:cluster` : undefined,
                },
            ];
        }
        const misspelt = namespace !== project && nearest(namespace, [project]) !== undefined;
        return misspelt ? [{ field, found: `the namespace "${namespace}"`, expected: `"${project}"`, nearest: `${project}:${key}` }] : [];
    });
}

/** An encrypted value would end in the clear in the state, since no key of ours holds a secret. */
function encrypted({ project, secrets }: GivenConfig): Finding[] {
    return secrets
        .filter((key) => key.startsWith(`${project}:`))
        .map((key) => ({
            field: key.slice(project.length + 1),
            found: "an encrypted value",
            expected: "a plain one: secrets are given by the name of a Kubernetes Secret",
        }));
}

function findingsOf(schema: z.ZodType, issue: z.core.$ZodIssue): Finding[] {
    if (issue.code === "unrecognized_keys") {
        const known = keysAt(schema, issue.path);
        return issue.keys.map((key) => ({
            field: fieldOf([...issue.path, key]),
            found: "an unknown key",
            expected: `one of ${listed(known)}`,
            nearest: nearest(key, known),
        }));
    }
    const { expected, nearest: suggest } = hintAt(schema, issue.path);
    const input = issue.input;
    const near = given(input) ? suggest?.(String(input)) : undefined;
    return [{ field: fieldOf(issue.path), found: shown(input), expected, nearest: near === input ? undefined : near }];
}

/** A path as `pulumi config set --path` takes it. */
function fieldOf(path: PropertyKey[]): string {
    return path.map((key, index) => (typeof key === "number" ? `[${key}]` : `${index === 0 ? "" : "."}${String(key)}`)).join("");
}

const given = (value: unknown): value is string | number | boolean =>
    ["string", "number", "boolean"].includes(typeof value) && value !== "";

/** The file of one environment given to the stack of another, for example by `--config-file`. */
function wrongStack({ environment }: Raw, stack: string): Finding[] {
    const known = environments.find((name) => name === stack);
    const wrong = known !== undefined && environments.some((name) => name === environment) && environment !== known;
    return wrong ? [{ field: "environment", found: shown(environment), expected: `"${stack}", since that is the stack` }] : [];
}

/** Judges the cluster only when its section is well-formed. */
function whereabouts({ cluster }: Raw, env: NodeJS.ProcessEnv): Finding[] {
    const parsed = stackSchema.shape.cluster.safeParse(cluster);
    return parsed.success ? clusterProblems(parsed.data, env) : [];
}

/** The first problem of each field, in the order of the keys; a rule has nothing to add to a value that is not well-formed. */
function inOrder(schema: z.ZodType, problems: Problem[]): Problem[] {
    const keys = keysAt(schema, []);
    const place = ({ field }: Problem) => keys.indexOf(field.split(/[.[]/, 1)[0] ?? "");
    return problems
        .filter(({ field }, index) => problems.findIndex((other) => other.field === field) === index)
        .sort((a, b) => place(a) - place(b));
}
