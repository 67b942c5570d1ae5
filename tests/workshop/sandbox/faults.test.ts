import assert from "node:assert/strict";

import { clusterUp } from "../../../sandbox/cluster";
import { ourProcesses } from "../../../sandbox/cluster/cgroups";
import { processIdOf, Scene, skipOnOwnCluster } from "./support";

function kill(id: number): void {
    try {
        process.kill(id, "SIGKILL");
    } catch {
        // It died with another one.
    }
}

describe("sandbox cluster under kill -9", () => {
    let open: Scene | undefined;
    let scene!: Scene;

    before(async function () {
        skipOnOwnCluster(this);
        open = scene = await Scene.open("sandbox-faults");
        await scene.runProbe("witness", "listen", "8080");
        await scene.waitForProbe("witness");
        await scene.probe("witness", "write", "/data/note", "kept");
    });
    after(() => open?.close());

    const restarts = () =>
        scene.eventually("the pod's restarts", async () =>
            Number(await scene.kubectl("get", "pod", "witness-0", "--output=jsonpath={.status.containerStatuses[0].restartCount}")),
        );
    /** Goes through the API server, the kubelet and containerd to the container. */
    const works = (what: string) => scene.eventually(what, () => scene.probe("witness", "read", "/data/note"), 60);

    for (const program of ["containerd", "kubelet", "kube-apiserver", "etcd", "kube-proxy", "kube-router", "supervisor", "guardian"]) {
        it(`${program} comes back, and pods run on`, async () => {
            const old = processIdOf(program);
            const before = await restarts();
            kill(old);
            await scene.eventually(
                `another ${program}`,
                () => Promise.resolve(processIdOf(program) !== old && ourProcesses().includes(processIdOf(program)) ? true : undefined),
                60,
            );
            assert.equal(await works(`${program} is back`), "kept");
            assert.equal(await restarts(), before, "the container was not restarted");
        });
    }

    it("comes back with its data after everything was killed at once", async () => {
        const before = await restarts();
        // Until nothing is left: the two watchers restart each other as long as one of them lives.
        for (let left = ourProcesses(); left.length > 0; left = ourProcesses()) {
            left.forEach(kill);
        }
        await clusterUp();
        assert.equal(await works("the pod runs again"), "kept");
        assert.ok((await restarts()) > before, "the kubelet has restarted the container");
        const { length } = (await scene.kubectl("get", "pods", "--output=name")).split("\n");
        assert.equal(length, 1, "it is the same pod");
    });
});
