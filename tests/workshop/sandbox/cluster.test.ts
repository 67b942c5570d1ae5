import assert from "node:assert/strict";
import { statSync } from "node:fs";

import { clusterUp } from "../../../sandbox/cluster";
import { ourProcesses } from "../../../sandbox/cluster/cgroups";
import { cluster } from "../../../sandbox/support/paths";
import { listeners, processIdOf, Scene, skipOnOwnCluster } from "./support";

describe("sandbox cluster", () => {
    let open: Scene | undefined;
    let scene!: Scene;

    before(async function () {
        skipOnOwnCluster(this);
        open = scene = await Scene.open("sandbox-test");
        await scene.runProbe("server", "listen", "8080");
        await scene.runProbe("client", "say", "good morning");
        await Promise.all(["server", "client"].map((name) => scene.waitForProbe(name)));
    });
    after(() => open?.close());

    it("is left as it is by a second up", async () => {
        const programs = ["supervisor", "guardian", "etcd", "containerd", "kube-apiserver", "kubelet"];
        const before = programs.map(processIdOf);
        await clusterUp();
        assert.deepEqual(programs.map(processIdOf), before, "no process was restarted");
    });

    it("waits for nobody on another address than loopback and its bridge", async () => {
        const ours = new Set(ourProcesses());
        const open = (await listeners()).filter(({ process }) => ours.has(process)).map(({ address }) => address);
        assert.ok(open.includes("198.18.0.1:6443"), `the API server's own address is among ${open.join(", ")}`);
        assert.deepEqual(
            open.filter((address) => !/^(127\.0\.0\.1|198\.18\.0\.1):\d+$/.test(address)),
            [],
        );
    });

    it("keeps its keys to root", () => {
        assert.equal(statSync(cluster.kubeconfig).mode & 0o777, 0o600);
        assert.equal(statSync(cluster.data).mode & 0o777, 0o700);
    });

    it("shows logs and runs commands in pods", async () => {
        assert.equal(await scene.kubectl("logs", "client-0"), "good morning");
        assert.equal(await scene.probe("client", "write", "/data/note", "kept"), "");
        assert.equal(await scene.probe("client", "read", "/data/note"), "kept");
    });

    it("keeps the data of a claim when its pod is made anew", async () => {
        await scene.probe("client", "write", "/data/note", "kept");
        const uid = () => scene.kubectl("get", "pod", "client-0", "--output=jsonpath={.metadata.uid}");
        const old = await uid();
        await scene.kubectl("delete", "pod", "client-0");
        await scene.eventually("a new pod", async () => ((await uid()) === old ? undefined : true));
        await scene.waitForProbe("client");
        assert.equal(await scene.probe("client", "read", "/data/note"), "kept");
    });

    it("deletes a volume with its claim", async () => {
        const claim = { apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: { name: "short" } };
        const spec = {
            accessModes: ["ReadWriteOnce"],
            storageClassName: "standard-immediate",
            resources: { requests: { storage: "1Mi" } },
        };
        await scene.apply({ ...claim, spec });
        const name = await scene.eventually("a volume", async () => {
            const volume = await scene.kubectl("get", "pvc", "short", "--output=jsonpath={.spec.volumeName}");
            return volume === "" ? undefined : volume;
        });
        const directory = await scene.kubectl("get", "pv", name, "--output=jsonpath={.spec.local.path}");
        assert.ok(statSync(directory).isDirectory());
        await scene.kubectl("delete", "pvc", "short");
        await scene.eventually("no directory", () =>
            Promise.resolve(statSync(directory, { throwIfNoEntry: false }) === undefined ? true : undefined),
        );
    });

    it("refuses a pod that the namespace's security standard does not allow", async () => {
        const rude = { name: "rude", image: "spark-platform.local/pause:1", securityContext: { privileged: true } };
        await assert.rejects(
            scene.apply({ apiVersion: "v1", kind: "Pod", metadata: { name: "rude" }, spec: { containers: [rude] } }),
            /violates PodSecurity "restricted:latest"/,
        );
    });

    it("enforces a NetworkPolicy, and lifts it", async () => {
        const address = `${await scene.address("server")}:8080`;
        const dial = () => scene.probe("client", "dial", address);
        assert.equal(await dial(), "", "open before");
        const policy = { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", metadata: { name: "closed" } };
        await scene.apply({ ...policy, spec: { podSelector: { matchLabels: { probe: "server" } }, policyTypes: ["Ingress"] } });
        await scene.eventually("closed under the policy", async () => ((await dial()) === undefined ? true : undefined));
        await scene.kubectl("delete", "networkpolicy", "closed");
        await scene.eventually("open again", dial);
    });

    it("gives pods no address that a NetworkPolicy does not see", async () => {
        assert.doesNotMatch((await scene.probe("client", "read", "/proc/net/if_inet6")) ?? "", /eth0/);
    });

    it("answers names of pods and Services", async () => {
        await scene.apply({
            apiVersion: "v1",
            kind: "Service",
            metadata: { name: "server" },
            spec: { clusterIP: "None", selector: { probe: "server" }, ports: [{ port: 8080 }] },
        });
        await scene.eventually("the pod's name", () =>
            scene.probe("client", "dial", `server-0.server.${scene.namespace}.svc.cluster.local:8080`),
        );
        assert.equal(await scene.probe("client", "dial", "kubernetes.default:443"), "");
    });

    it("measures nodes and pods", async () => {
        assert.match(await scene.kubectl("top", "node"), /sandbox +\d+m/);
        await scene.eventually("use of the pod", () => scene.kubectl("top", "pod", "server-0"));
    });

    it("starts one supervisor only, however often it is asked for", async () => {
        const before = processIdOf("supervisor");
        await Promise.all([clusterUp(), clusterUp()]);
        assert.equal(processIdOf("supervisor"), before);
    });
});
