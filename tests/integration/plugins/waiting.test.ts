import assert from "node:assert/strict";
import { setTimeout } from "node:timers/promises";

import { waitFor } from "../../../sandbox/support/wait";
import { isStandIn, kubectl, Project } from "./project";

const namespace = "plugins-waiting";

describe("the kubernetes plugin waits", () => {
    const project = new Project("waiting");

    before(async () => {
        process.env.TEST_IMAGE = await kubectl(
            "get",
            "deployment",
            "coredns",
            "-n",
            "kube-system",
            "-o",
            "jsonpath={.spec.template.spec.containers[0].image}",
        );
        await project.init();
    });

    after(async () => {
        await project.remove();
    });

    it("says why what it waits for does not become ready", async function () {
        if (!isStandIn("kubernetes")) {
            console.log("      skipped: the official plugin is used here, and says it in other words");
            this.skip();
        }
        const { exitCode, text } = await project.up("broken");
        assert.notEqual(exitCode, 0);
        assert.match(text, /Deployment plugins-waiting\/no-image is not ready after 20 s: 0 of 1 pods available/);
        assert.match(text, /pod no-image-\S+, container main: (ErrImagePull|ImagePullBackOff)/);
        assert.match(text, /Deployment plugins-waiting\/crashing is not ready after 20 s/);
        assert.match(text, /pod crashing-\S+, container main: .*exit code 1/);
        assert.match(text, /Job plugins-waiting\/failing is not ready: the job failed \(BackoffLimitExceeded\)/);
        assert.match(text, /no such file/i, "the last words of the container");
        assert.match(text, /Service plugins-waiting\/lonely is not ready after 4 s: it has no ready pod/);
        assert.doesNotMatch(text, /unawaited.*error|claim.*error/);
    });

    it("keeps what it made, and goes on from there", async () => {
        const { text: state } = await project.run(["stack", "export"]);
        assert.match(state, /"initErrors"/);
        const claim = await kubectl("get", "pvc", "claim", "-n", namespace, "-o", "jsonpath={.metadata.uid}");
        const again = project.up("repaired");
        // The wish of an annotation comes true while the program waits for it.
        const [{ exitCode, text }] = await Promise.all([again, signal()]);
        assert.equal(exitCode, 0, text);
        assert.equal(await kubectl("get", "pvc", "claim", "-n", namespace, "-o", "jsonpath={.metadata.uid}"), claim);
        assert.equal(await kubectl("get", "deployment", "no-image", "-n", namespace, "-o", "jsonpath={.status.availableReplicas}"), "1");
        const { exitCode: unchanged, text: preview } = await project.preview("repaired", "--expect-no-changes");
        assert.equal(unchanged, 0, preview);
    });

    it("deletes and waits until all is gone", async () => {
        const { exitCode, text } = await project.run(["destroy", "--yes", "--skip-preview"]);
        assert.equal(exitCode, 0, text);
        assert.equal(await kubectl("get", "namespace", namespace, "--ignore-not-found"), "");
    });
});

/** Gives the ConfigMap the label that it waits for, a while after it was made. */
async function signal(): Promise<void> {
    const made = async () => (await kubectl("get", "configmap", "signal", "-n", namespace, "--ignore-not-found", "-o", "name")) !== "";
    await waitFor("the ConfigMap is made", async () => ((await made()) ? true : undefined), { seconds: 60, everySeconds: 0.5 });
    await setTimeout(1000);
    await kubectl("label", "configmap", "signal", "-n", namespace, "signal=green");
}
