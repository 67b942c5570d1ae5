"use strict";
// Runs a stand-in plugin from its TypeScript sources. A plugin starts at every preview, so what the compiler made of a
// file is kept, named by a hash of the source: the compiler (a quarter of a second) is loaded only after a change.
const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const { homedir } = require("node:os");
const { dirname, join } = require("node:path");

const entries = {
    "pulumi-language-nodejs": "../language/main",
    "pulumi-resource-kubernetes": "../kubernetes/main",
    "pulumi-resource-random": "../random/main",
    "pulumi-resource-aws": "../aws/main",
};

// The same place as `cache` in sandbox/support/paths.ts, which is TypeScript and cannot be loaded before this file has run.
const home = process.env.SPARK_PLATFORM_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "spark-platform");
const cache = join(home, "plugins");

// From Node 22 on, what V8 made of the libraries is kept too.
require("node:module").enableCompileCache?.(join(cache, "v8"));

function compile(source, filename) {
    const typescript = require("typescript");
    const { CommonJS } = typescript.ModuleKind;
    const compilerOptions = { module: CommonJS, target: typescript.ScriptTarget.ES2022, esModuleInterop: true, inlineSourceMap: true };
    return typescript.transpileModule(source, { fileName: filename, compilerOptions }).outputText;
}

function store(path, text) {
    try {
        mkdirSync(dirname(path), { recursive: true });
        const unfinished = `${path}.${process.pid}`;
        writeFileSync(unfinished, text);
        renameSync(unfinished, path);
    } catch {
        // A cache that cannot be written costs time, nothing else.
    }
}

function load(filename) {
    const source = readFileSync(filename, "utf8");
    // The options are part of the key by way of this file's own text.
    const key = createHash("sha256").update(readFileSync(__filename)).update(filename).update(source).digest("hex");
    const path = join(cache, `${key.slice(0, 32)}.js`);
    try {
        return readFileSync(path, "utf8");
    } catch {
        const text = compile(source, filename);
        store(path, text);
        return text;
    }
}

require.extensions[".ts"] = (module, filename) => {
    module._compile(load(filename), filename);
};

const [plugin, ...args] = process.argv.slice(2);
process.argv.splice(2, process.argv.length, ...args);
require(entries[plugin]);
