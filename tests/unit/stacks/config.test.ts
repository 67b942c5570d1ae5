import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { basename, join } from "node:path";

import * as pulumi from "@pulumi/pulumi";
import fc from "fast-check";
import { parse } from "yaml";

import { memorySize } from "../../../components/internal/memory";
import { cpu, duration, size } from "../../../stacks/quantity";
import { editorSchema } from "../../../stacks/editor-schema";
import { brokenRules, isPinned } from "../../../stacks/rules";
import { check, checkout, kubeconfig, stackFile } from "./stack-file";

/** A stack file with one change, and what is said about it; nothing when it is right. */
interface Case {
    stack: string;
    file?: string;
    change?: Record<string, unknown>;
    secrets?: string[];
    env?: Record<string, string>;
    message?: string;
}

type Section = Record<string, unknown>;

const isSection = (value: unknown): value is Section => typeof value === "object" && value !== null && !Array.isArray(value);

/** The section with a change merged in; `null` takes a key away. */
function changed(section: Section, change: Section): Section {
    const merged = { ...section };
    for (const [key, value] of Object.entries(change)) {
        merged[key] = isSection(value) ? changed(isSection(merged[key]) ? merged[key] : {}, value) : value;
    }
    return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null));
}

function messageOf({ stack, file = stack, change = {}, secrets = [], env = { KUBECONFIG: kubeconfig } }: Case): string | undefined {
    try {
        check(stack, changed(stackFile(file), change), { secrets, env });
    } catch (error) {
        // Of all errors, this one is printed without a stack trace.
        assert.ok(pulumi.RunError.isInstance(error), String(error));
        return error.message;
    }
    return undefined;
}

const corpus = join(checkout, "tests/fixtures/config");

describe("a wrong stack file: field, found, expected, nearest, all in one message", () => {
    for (const file of readdirSync(corpus)) {
        it(basename(file, ".yaml").replaceAll("-", " "), () => {
            const wanted = parse(readFileSync(join(corpus, file), "utf8")) as Case;
            assert.equal(messageOf(wanted), wanted.message?.trimEnd());
        });
    }

    it("never suggests what would be refused as well", () => {
        for (const form of [size(), size("512m"), cpu, duration]) {
            fc.assert(
                fc.property(
                    fc.tuple(fc.double({ min: 0, max: 1e6, noNaN: true }), fc.constantFrom("", " ", "g", "GB", "mi", " minutes", "x")),
                    ([n, unit]) => {
                        const near = form.nearest?.(`${n}${unit}`);
                        assert.ok(near === undefined || form.check(near) === undefined, near);
                    },
                ),
            );
        }
    });

    it("keeps amounts when it suggests another notation", () => {
        assert.equal(size().nearest?.("10 GB"), "10g");
        assert.equal(size().nearest?.("1.5Gi"), "1536m");
        assert.equal(cpu.nearest?.("4 cores"), "4");
        assert.equal(duration.nearest?.("2 minutes"), "2m");
        assert.equal(memorySize({ from: "1m" })("1536m"), undefined);
    });
});

describe("the three stack files", () => {
    const stacks = ["dev", "staging", "prod"];

    for (const stack of stacks) {
        it(`${stack} is right as it is, and every resource needs a provider of the program`, () => {
            const config = stackFile(stack);
            assert.equal(check(stack, config).environment, stack);
            assert.deepEqual(config["pulumi:disable-default-providers"], ["*"]);
        });
    }

    it("say the same things in the same order: staging is prod, but smaller, and dev has no more than what the others have in its place", () => {
        const keys = (stack: string) => Object.keys(stackFile(stack));
        assert.deepEqual(keys("prod"), keys("staging"));
        const common = keys("dev").map((key) => key.replace(/:objectStore$/, ":aws"));
        assert.deepEqual(
            keys("prod").filter((key) => common.includes(key)),
            common,
        );
    });

    it("hold no knob without a place in the other file", () => {
        const paths = (value: unknown): string[] =>
            isSection(value) ? Object.entries(value).flatMap(([key, inner]) => [key, ...paths(inner).map((path) => `${key}.${path}`)]) : [];
        assert.deepEqual(paths(stackFile("prod")), paths(stackFile("staging")));
        const executor = (stack: string) => (stackFile(stack)["spark-platform:connect"] as { main: { executor: Section } }).main.executor;
        assert.deepEqual(
            Object.keys(executor("prod")).filter((key) => key !== "pod"),
            Object.keys(executor("dev")),
        );
    });

    it("name nothing of each other: what is apart in one is apart in all", () => {
        const named = (stack: string) => JSON.stringify(stackFile(stack)).match(/\b(dev|staging|prod)\b/g) ?? [];
        for (const stack of stacks) {
            assert.deepEqual([...new Set(named(stack))], [stack]);
        }
    });
});

describe("the cluster of a stack", () => {
    it("is the current context when the file names none", () => {
        assert.deepEqual(check("dev", stackFile("dev")).provider, { context: undefined, kubeconfig: undefined });
    });

    it("is the named context", () => {
        assert.equal(check("prod", stackFile("prod")).provider.context, "spark-prod");
    });

    it("is looked for in every file of KUBECONFIG, missing ones left out, as kubectl does", () => {
        assert.equal(messageOf({ stack: "prod", env: { KUBECONFIG: `/nowhere/config:${kubeconfig}` } }), undefined);
    });

    it("may be the one that Pulumi itself runs in, unless the file names another", () => {
        const env = { HOME: "/nowhere", KUBERNETES_SERVICE_HOST: "198.51.100.1" };
        assert.equal(messageOf({ stack: "dev", env }), undefined);
        assert.match(
            messageOf({ stack: "prod", env }) ?? "",
            /cluster\.kubeconfig: found nothing, expected a kubeconfig with the context "spark-prod"/,
        );
    });

    it("comes from a file beside the project or in the home directory, wherever the program runs", () => {
        const path = (given: string) => {
            const config = changed(stackFile("dev"), { "spark-platform:cluster": { kubeconfig: given } });
            return check("dev", config).provider.kubeconfig;
        };
        assert.equal(path(kubeconfig), join(checkout, kubeconfig));
        assert.match(
            messageOf({ stack: "dev", change: { "spark-platform:cluster": { kubeconfig: "~/no/such" } } }) ?? "",
            new RegExp(`${homedir()}/no/such`),
        );
    });
});

interface EditorSchema {
    properties?: Record<string, EditorSchema>;
    additionalProperties?: EditorSchema | boolean;
    items?: EditorSchema;
}

/** The way to every key of a stack file whose name a pattern knows, by the schema that editors have: not by what the rules go by. */
function keysCalled(pattern: RegExp, { properties = {}, additionalProperties, items }: EditorSchema): string[][] {
    const inner = [
        ...Object.entries(properties),
        ...(typeof additionalProperties === "object" ? [["main", additionalProperties] as const] : []),
        ...(items ? [["0", items] as const] : []),
    ];
    return inner.flatMap(([key, schema]) => [
        ...(pattern.test(key) && schema.properties === undefined ? [[key]] : []),
        ...keysCalled(pattern, schema).map((rest) => [key, ...rest]),
    ]);
}

describe("every key of a stack file", () => {
    const { properties } = JSON.parse(editorSchema()) as { properties: { config: EditorSchema } };
    const judged = (pattern: RegExp, value: unknown) =>
        keysCalled(pattern, properties.config).map((path) => {
            const [first = "", ...rest] = path.map((key) => key.replace("spark-platform:", ""));
            const file = [first, ...rest].reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as Section;
            const field = [first, ...rest].join(".");
            return { field, isJudged: brokenRules({ ...file, environment: "staging" }).some((finding) => finding.field === field) };
        });
    const forgotten = (keys: ReturnType<typeof judged>) => keys.filter(({ isJudged }) => !isJudged).map(({ field }) => field);

    it("that names an image is judged", () => {
        const keys = judged(/image$/i, "registry.example.com/image:latest");
        assert.deepEqual(forgotten(keys), []);
        const fields = keys.map(({ field }) => field);
        assert.ok(["jupyterHub.image", "jupyterHub.serverImage", "mlflow.backup.image"].every((field) => fields.includes(field)));
    });

    it("that protects data is judged", () => {
        const keys = judged(/^protectData$/, false);
        assert.deepEqual(forgotten(keys), []);
        assert.ok(keys.length > 5);
    });
});

describe("an image", () => {
    const pinned = ["registry:5000/spark:4.1.0", "spark@sha256:0123", "spark:4.1.0@sha256:0123"];
    const floating = ["spark", "spark:latest", "registry:5000/spark", "registry:5000/spark:latest"];

    it("is pinned by a version or a digest, a registry's port is neither", () => {
        assert.deepEqual([...pinned, ...floating].filter(isPinned), pinned);
    });
});
