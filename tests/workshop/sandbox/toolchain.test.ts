import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { execa } from "execa";

import { removalOf } from "../../../sandbox/cluster/machine";
import { checkout } from "../../../sandbox/support/paths";
import { ensureTools, tool, withLock } from "../../../sandbox/toolchain";
import { atLeast } from "../../../sandbox/toolchain/prerequisites";
import type { PulumiCli } from "../../../sandbox/toolchain/pulumi";
import { goTools, moduleFolder } from "../../../sandbox/toolchain/tools";
import versions from "../../../sandbox/versions.json";

/** The module whose version is meant, by tool. */
const modules: Record<string, string> = {
    pulumi: "github.com/pulumi/pulumi/pkg/v3",
    kubernetes: "k8s.io/kubernetes",
    containerd: "github.com/containerd/containerd/v2",
    etcd: "go.etcd.io/etcd/server/v3",
    coredns: "github.com/coredns/coredns",
    "kube-router": "github.com/k3s-io/kube-router/v2",
    "metrics-server": "sigs.k8s.io/metrics-server",
    helm: "helm.sh/helm/v3",
    minio: "github.com/minio/minio",
    "statsd-exporter": "github.com/prometheus/statsd_exporter",
    "postgres-exporter": "github.com/prometheus-community/postgres_exporter",
};

describe("tool chain", () => {
    for (const [name, module] of Object.entries(modules)) {
        it(`builds ${name} in the version that versions.json names`, () => {
            const { version, ...rest } = goTools[name as keyof typeof goTools];
            const goMod = readFileSync(join(moduleFolder({ version, ...rest }), "go.mod"), "utf8");
            assert.match(goMod, new RegExp(`${module.replaceAll(".", "\\.")} v${version.replaceAll(".", "\\.")}( |$)`, "m"));
        });
    }

    it("builds Kubernetes with libraries of the same minor version", () => {
        const goMod = readFileSync(join(moduleFolder(goTools.kubernetes), "go.mod"), "utf8");
        const staging = [...goMod.matchAll(/^\t(k8s\.io\/\S+) => \1 v(\S+)$/gm)].map(([, , version]) => version);
        assert.ok(staging.length > 20);
        assert.deepEqual([...new Set(staging)], [versions.kubernetes.replace(/^1/, "0")]);
    });

    it("finds again what it has made", async () => {
        await ensureTools();
        const made = () => statSync(tool("kubectl")).ctimeMs;
        const before = made();
        const { path } = await ensureTools();
        assert.equal(made(), before);
        assert.ok(path.length >= 2);
    });

    it("compares versions by number", () => {
        assert.ok(atLeast("1.26.10", "1.26.6"));
        assert.ok(atLeast("3.11", "3.11"));
        assert.ok(!atLeast("3.9.2", "3.11"));
    });

    it("lets one work at a time under a lock", async () => {
        const directory = await mkdtemp(join(tmpdir(), "lock-"));
        let inside = 0;
        const work = async () => {
            inside += 1;
            assert.equal(inside, 1);
            await sleep(50);
            inside -= 1;
        };
        await Promise.all([1, 2, 3].map(() => withLock(join(directory, "lock"), work)));
        await assert.rejects(
            withLock(join(directory, "lock"), () => Promise.reject(new Error("own"))),
            /own/,
        );
        await withLock(join(directory, "lock"), work);
        await rm(directory, { recursive: true });
    });
});

/** Lets the tool chain choose its Pulumi CLI on a machine with such a PATH and such an internet; a cache of its own is empty. */
async function choose(commands: Record<string, string>, internet: string): Promise<{ pulumi: PulumiCli; standIns: string[] }> {
    const directory = await mkdtemp(join(tmpdir(), "pulumi-choice-"));
    try {
        for (const [name, script] of Object.entries(commands)) {
            await writeFile(join(directory, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
        }
        const program = `globalThis.fetch = async (url) => { ${internet} };
            require("./sandbox/toolchain").ensureTools(["pulumi"]).then((tools) => console.log(JSON.stringify(tools)));`;
        const { stdout } = await execa(process.execPath, ["-r", "ts-node/register", "-e", program], {
            cwd: checkout,
            env: {
                PATH: `${directory}:/usr/bin:/bin`,
                SPARK_PLATFORM_CACHE: join(directory, "cache"),
                PULUMI_HOME: join(directory, "home"),
            },
        });
        return JSON.parse(stdout.split("\n").pop() ?? "") as { pulumi: PulumiCli; standIns: string[] };
    } finally {
        await rm(directory, { recursive: true });
    }
}

describe("choice of the Pulumi CLI", () => {
    it("takes the one that is installed, with stand-ins for plugins that cannot be had", async () => {
        const commands = { pulumi: "echo v3.250.0", "pulumi-language-nodejs": "" };
        const { pulumi, standIns } = await choose(commands, `throw new Error("no internet")`);
        assert.equal(`${pulumi.origin} ${pulumi.version}`, "installed 3.250.0");
        assert.deepEqual(standIns, ["kubernetes", "random", "aws"]);
    });

    it("downloads the official one, whose checksum is published, where the installed one is too old", async () => {
        const internet = `
            const { execFileSync } = require("child_process"), fs = require("fs"), { createHash } = require("crypto");
            const work = process.env.SPARK_PLATFORM_CACHE + "/..";
            fs.mkdirSync(work + "/pulumi-archive", { recursive: true });
            for (const name of ["pulumi", "pulumi-language-nodejs"]) {
                fs.writeFileSync(work + "/pulumi-archive/" + name, "#!/bin/sh\\n", { mode: 0o755 });
            }
            execFileSync("tar", ["-czf", work + "/archive.tgz", "--mtime=@0", "-C", work, "pulumi-archive"], { env: { ...process.env, GZIP: "-n" } });
            const archive = fs.readFileSync(work + "/archive.tgz");
            const name = "pulumi-v${versions.pulumi}-" + process.platform + "-" + process.arch + ".tar.gz";
            return new Response(url.endsWith(".txt") ? createHash("sha256").update(archive).digest("hex") + "  " + name : archive);`;
        const { pulumi, standIns } = await choose({ pulumi: "echo v3.100.0" }, internet);
        assert.equal(`${pulumi.origin} ${pulumi.version}`, `downloaded ${versions.pulumi}`);
        assert.deepEqual(standIns, []);
    });
});

describe("removal of rules", () => {
    const saved = `# Generated
*filter
:INPUT ACCEPT [0:0]
:FORWARD DROP [0:0]
:DOCKER - [0:0]
:KUBE-SERVICES - [0:0]
:KUBE-POD-FW-A - [0:0]
-A INPUT -p tcp --dport 22 -j ACCEPT
-A INPUT -m comment --comment "kube-router netpol - 4IA2" -j KUBE-ROUTER-INPUT
-A FORWARD -j DOCKER
-A FORWARD -m comment --comment "KUBE-ROUTER rule to explicitly ACCEPT traffic" -m mark --mark 0x20000/0x20000 -j ACCEPT
-A FORWARD -s 198.18.0.0/16 -m comment --comment "spark-platform sandbox" -j ACCEPT
-A KUBE-SERVICES -j KUBE-POD-FW-A
COMMIT
*nat
:POSTROUTING ACCEPT [0:0]
-A POSTROUTING -s 172.17.0.0/16 -j MASQUERADE
COMMIT
`;

    it("takes out what Kubernetes and the sandbox made, and nothing else", () => {
        assert.equal(
            removalOf(saved),
            `*filter
-D INPUT -m comment --comment "kube-router netpol - 4IA2" -j KUBE-ROUTER-INPUT
-D FORWARD -m comment --comment "KUBE-ROUTER rule to explicitly ACCEPT traffic" -m mark --mark 0x20000/0x20000 -j ACCEPT
-D FORWARD -s 198.18.0.0/16 -m comment --comment "spark-platform sandbox" -j ACCEPT
-F KUBE-SERVICES
-F KUBE-POD-FW-A
-X KUBE-SERVICES
-X KUBE-POD-FW-A
COMMIT
`,
        );
        assert.equal(removalOf("*filter\n:INPUT ACCEPT [0:0]\nCOMMIT\n"), "");
    });
});
