import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { removalOf } from "../../../sandbox/cluster/machine";
import { ensureTools, withLock } from "../../../sandbox/toolchain";
import { atLeast } from "../../../sandbox/toolchain/prerequisites";
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
};

describe("tool chain", () => {
    for (const [name, module] of Object.entries(modules)) {
        it(`builds ${name} in the version that versions.json names`, () => {
            const tool = goTools[name as keyof typeof goTools];
            const goMod = readFileSync(join(moduleFolder(tool), "go.mod"), "utf8");
            assert.match(goMod, new RegExp(`${module.replaceAll(".", "\\.")} v${tool.version.replaceAll(".", "\\.")}( |$)`, "m"));
        });
    }

    it("builds Kubernetes with libraries of the same minor version", () => {
        const goMod = readFileSync(join(moduleFolder(goTools.kubernetes), "go.mod"), "utf8");
        const staging = [...goMod.matchAll(/^\t(k8s\.io\/\S+) => \1 v(\S+)$/gm)].map(([, , version]) => version);
        assert.ok(staging.length > 20);
        assert.deepEqual([...new Set(staging)], [versions.kubernetes.replace(/^1/, "0")]);
    });

    it("has nothing to do twice", async () => {
        await ensureTools();
        const started = Date.now();
        const { path } = await ensureTools();
        assert.ok(Date.now() - started < 1000, `${Date.now() - started} ms`);
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
