import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

import { execa } from "execa";

const bin = resolve(__dirname, "../../../sandbox/plugins/bin");

describe("the launchers", () => {
    const home = mkdtempSync(join(tmpdir(), "launch-"));

    function program(path: string, says: string): void {
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, `#!/bin/sh\necho "${says} $*"\n`);
        chmodSync(path, 0o755);
    }

    async function starts(launcher: string, args: string[], env: Record<string, string> = {}): Promise<string> {
        const own = { HOME: home, PATH: process.env.PATH ?? "", ...env };
        return (await execa(join(bin, launcher), args, { env: own, extendEnv: false, timeout: 10_000 })).stdout;
    }

    after(() => {
        rmSync(home, { recursive: true, force: true });
    });

    it("start the newest official plugin, wherever Pulumi keeps it, and pass the arguments on", async () => {
        program(join(home, ".pulumi/plugins/resource-kubernetes-v4.9.0/pulumi-resource-kubernetes"), "official 4.9.0");
        program(join(home, ".pulumi/plugins/resource-kubernetes-v4.30.0/pulumi-resource-kubernetes"), "official 4.30.0");
        assert.equal(await starts("pulumi-resource-kubernetes", ["127.0.0.1:1"]), "official 4.30.0 127.0.0.1:1");
        program(join(home, "elsewhere/plugins/resource-kubernetes-v4.34.2/pulumi-resource-kubernetes"), "user's home");
        assert.equal(
            await starts("pulumi-resource-kubernetes", ["x"], { SPARK_PLATFORM_PULUMI_HOME: join(home, "elsewhere") }),
            "user's home x",
        );
    });

    it("do not take a stand-in for an official plugin", async () => {
        const own = join(home, "own/plugins/resource-kubernetes-v9.9.9");
        program(join(own, "pulumi-resource-kubernetes"), "stand-in");
        writeFileSync(join(own, "stand-in"), "");
        assert.equal(await starts("pulumi-resource-kubernetes", ["x"], { PULUMI_HOME: join(home, "own") }), "official 4.30.0 x");
    });

    it("start the stand-in otherwise, which prints its port", async () => {
        const child = execa(join(bin, "pulumi-resource-random"), ["127.0.0.1:1"], {
            env: { HOME: home, PATH: process.env.PATH ?? "" },
            extendEnv: false,
            reject: false,
        });
        const [first] = await new Promise<string[]>((done) =>
            child.stdout.once("data", (data: Buffer) => {
                done(String(data).split("\n"));
            }),
        );
        child.kill();
        await child;
        assert.match(first!, /^\d+$/);
    });

    it("give operations a fresh copy of the stack file, and anything else the tracked one", async () => {
        const checkout = join(home, "checkout");
        mkdirSync(checkout);
        writeFileSync(join(checkout, "Pulumi.dev.yaml"), "config: {}\n");
        const cli = join(home, "cli/pulumi");
        program(cli, "$PULUMI_OPTION_CONFIG_FILE");
        const env = {
            HOME: home,
            PATH: "/usr/bin:/bin",
            SPARK_PLATFORM_CHECKOUT: checkout,
            SPARK_PLATFORM_LAUNCHERS: join(home, "bin"),
            SPARK_PLATFORM_CLI: cli,
        };
        const run = async (...args: string[]) => (await execa(join(bin, "pulumi"), args, { env, extendEnv: false, cwd: checkout })).stdout;
        const copy = join(checkout, ".sandbox/stacks/Pulumi.dev.yaml");
        assert.equal(await run("preview", "--stack", "dev"), `${copy} preview --stack dev`);
        assert.equal(await run("up", "-s", "organization/project/dev"), `${copy} up -s organization/project/dev`);
        assert.equal(await run("config", "--stack", "dev"), " config --stack dev");
        assert.equal(await run("preview", "--stack", "dev", "--config-file", "mine"), " preview --stack dev --config-file mine");
    });

    it("prefer an official CLI from the moment there is one", async () => {
        const official = join(home, ".pulumi/bin");
        program(join(official, "pulumi"), "official CLI");
        program(join(official, "pulumi-language-nodejs"), "");
        const env = {
            HOME: home,
            PATH: "/usr/bin:/bin",
            SPARK_PLATFORM_CHECKOUT: "/nowhere",
            SPARK_PLATFORM_LAUNCHERS: join(home, "bin"),
            SPARK_PLATFORM_CLI: "/none",
        };
        assert.equal((await execa(join(bin, "pulumi"), ["version"], { env, extendEnv: false })).stdout, "official CLI version");
    });
});
