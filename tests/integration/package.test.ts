import assert from "node:assert/strict";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { execa } from "execa";

import { checkout } from "../../sandbox/support/paths";
import { makeConsumer, type Consumer } from "../support/consumer";

const program = `
const k8s = require("@pulumi/kubernetes");
const { ObjectStore, SparkConnect, SparkWorkspace } = require("spark-platform");

const workspace = new SparkWorkspace("team", { namespace: "team-packed" });
const store = new ObjectStore("store", { namespace: workspace.namespace, image: "registry.example/minio:1" });
const connect = new SparkConnect("connect", {
    namespace: workspace.namespace,
    sparkVersion: "4.1.0",
    image: "registry.example/spark:4.1.0",
    serviceAccount: workspace.serverAccount,
    executorServiceAccount: workspace.executorAccount,
    s3: store.connection,
    eventLog: store.eventLog,
    // Asks for the table of Spark's settings, which is a file beside the code.
    sparkConf: { "spark.sql.shuffle.partitions": "17" },
});
exports.url = connect.url;
`;

const typed = `
import { SparkConnectBackend, SparkWorkspace, type SparkConnectArgs } from "spark-platform";

const workspace = new SparkWorkspace("team", { namespace: "team-packed", quota: { pods: 20 } });
export const account = workspace.serverAccount;
export const backend: SparkConnectArgs["backend"] = SparkConnectBackend.Kubernetes;
// @ts-expect-error There is no such argument, and the types say so.
new SparkWorkspace("other", { namespace: "other", quotas: {} });
`;

describe("the package as npm packs it", function () {
    this.timeout(900_000);
    let consumer: Consumer;

    before(async () => {
        consumer = await makeConsumer(
            {
                "Pulumi.yaml": "name: consumer\nruntime: { name: nodejs, options: { typescript: false } }\nmain: index.js\n",
                "index.js": program,
                "types.ts": typed,
                "module.mjs": `import { SparkPlatform } from "spark-platform";\nconsole.log(typeof SparkPlatform);\n`,
            },
            ["typescript", "@types/node"],
        );
    });

    after(async () => {
        await consumer.remove();
    });

    it("holds JavaScript, types and tables, and nothing of the workshop", () => {
        const others = consumer.packed.filter((path) => !/^dist\/.*\.(js|d\.ts)$|^dist\/internal\/spark-keys\/.*\.json$/.test(path));
        // npm packs what `main` names, always. It is the plugin's; `exports` and `types` lead everybody else to dist.
        const main = "components/index.ts";
        assert.deepEqual(others.sort(), ["CHANGELOG.md", "LICENSE", "README.md", "README.ru.md", main, "package.json"]);
        assert.ok(consumer.packed.includes("dist/internal/spark-keys/4.1.json"));
    });

    it("is previewed by the real engine in a plain Node.js program", async () => {
        await consumer.program.init();
        const { exitCode, text } = await consumer.program.run(["preview"]);
        assert.equal(exitCode, 0, text);
        assert.match(text, /kubernetes:apps\/v1:StatefulSet +connect-servers +create/);
        assert.match(text, /url *: "sc:\/\/connect\S*\.team-packed\.svc:15002"/);
    });

    it("loads from a module of the newer kind, too", async () => {
        const { stdout } = await execa(process.execPath, ["module.mjs"], { cwd: consumer.directory });
        assert.equal(stdout, "function");
    });

    for (const [module, resolution] of [
        ["nodenext", "nodenext"],
        ["preserve", "bundler"],
        ["commonjs", "node10"],
    ] as const) {
        it(`has types for a compiler that looks modules up as ${resolution}`, async () => {
            const options = ["--strict", "--noEmit", "--skipLibCheck", "--types", "node", "--target", "es2022"];
            const modules = [
                "--module",
                module,
                "--moduleResolution",
                resolution,
                ...(resolution === "node10" ? ["--ignoreDeprecations", "6.0"] : []),
            ];
            const { stdout, exitCode } = await execa(
                process.execPath,
                [join(checkout, "node_modules/typescript/bin/tsc"), ...options, ...modules, "types.ts"],
                {
                    cwd: consumer.directory,
                    reject: false,
                },
            );
            assert.equal(exitCode, 0, stdout);
        });
    }
});

describe("the package as a plugin of its own source", function () {
    this.timeout(900_000);

    it("tells the engine the schema that other languages are generated from", async () => {
        const { stdout } = await execa("pulumi", ["package", "get-schema", checkout], { cwd: tmpdir() });
        const { name, resources } = JSON.parse(stdout) as { name: string; resources: Record<string, unknown> };
        assert.equal(name, "spark-platform");
        assert.ok("spark-platform:index:SparkConnect" in resources, Object.keys(resources).join());
    });
});
