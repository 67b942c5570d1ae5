import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { execaSync } from "execa";
import { parse } from "yaml";

const folder = join(__dirname, "../../examples/python");
const schema = JSON.parse(readFileSync(join(__dirname, "expected/schema.json"), "utf8"));

/** What a program in Python makes of the package, read by Python itself: each call with its keywords, and what it reads of resources. */
const reader = `
import ast, json, sys
tree = ast.parse(open(sys.argv[1]).read())
def package(node):
    return node.func.attr if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and getattr(node.func.value, "id", "") == "spark" else None
calls = [{"name": package(n), "positional": len(n.args), "given": {k.arg: package(k.value) for k in n.keywords}} for n in ast.walk(tree) if package(n)]
variables = {n.targets[0].id: package(n.value) for n in ast.walk(tree) if isinstance(n, ast.Assign) and package(n.value)}
read = [{"of": variables[n.value.id], "output": n.attr} for n in ast.walk(tree) if isinstance(n, ast.Attribute) and getattr(n.value, "id", "") in variables]
print(json.dumps({"calls": calls, "read": read}))
`;

interface Usage {
    calls: { name: string; positional: number; given: Record<string, string | null> }[];
    read: { of: string; output: string }[];
}

const used = JSON.parse(execaSync("python3", ["-c", reader, join(folder, "__main__.py")]).stdout) as Usage;

/** As the SDK for Python writes names. */
const snake = (name: string) => name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase();
const byPythonName = (properties: Record<string, any>) =>
    Object.fromEntries(Object.entries(properties).map(([key, value]) => [snake(key), value]));
const resourceOf = (name: string) => schema.resources[`spark-platform:index:${name}`];

/** The arguments that a class of the SDK takes: of a resource, or of a type, whose class ends in Args. */
function argumentsOf(name: string): { known: Record<string, any>; required: string[]; positional: number } {
    const resource = resourceOf(name);
    const { properties, required } = resource
        ? { properties: resource.inputProperties, required: resource.requiredInputs }
        : (schema.types[`spark-platform:index:${name.replace(/Args$/, "")}`] ?? { properties: {} });
    return { known: byPythonName(properties), required: (required ?? []).map(snake), positional: resource ? 1 : 0 };
}

// The host for Python is no part of this project's tools, so nobody runs the program here.
describe("the example in Python", () => {
    it("uses classes and arguments of the schema, and gives what is required", () => {
        assert.ok(used.calls.filter(({ name }) => resourceOf(name)).length >= 4);
        for (const { name, positional, given } of used.calls) {
            const takes = argumentsOf(name);
            const unknown = Object.keys(given).filter((argument) => !(argument in takes.known));
            const missing = takes.required.filter((argument) => !(argument in given));
            assert.deepEqual({ unknown, missing, positional }, { unknown: [], missing: [], positional: takes.positional }, name);
            for (const [argument, type] of Object.entries(given).filter(([, of]) => of !== null)) {
                assert.equal(
                    takes.known[argument].$ref,
                    `#/types/spark-platform:index:${type!.replace(/Args$/, "")}`,
                    `${name}.${argument}`,
                );
            }
        }
    });

    it("reads outputs that the bricks have", () => {
        assert.ok(used.read.length >= 8);
        for (const { of, output } of used.read) {
            assert.ok(output in byPythonName(resourceOf(of).properties), `${of}.${output}`);
        }
    });

    it("takes the package from this repository", () => {
        const { packages } = parse(readFileSync(join(folder, "Pulumi.yaml"), "utf8")) as { packages: Record<string, string> };
        const { name } = JSON.parse(readFileSync(join(folder, packages["spark-platform"]!, "package.json"), "utf8")) as { name: string };
        assert.equal(name, "spark-platform");
    });
});
