import assert from "node:assert/strict";

import { Project, kubectl } from "./project";

const namespace = "plugins-objects";

describe("the kubernetes and random plugins, with the real engine", () => {
    const project = new Project("objects");

    before(async () => {
        await project.init();
    });

    after(async () => {
        await project.remove();
    });

    it("shows what the API server finds wrong already in a preview", async () => {
        const { exitCode, text } = await project.preview("wrong");
        assert.notEqual(exitCode, 0);
        assert.match(text, /EndpointSlice\S* "plugins-objects" is invalid: addressType: Unsupported value: "Sideways"/);
        assert.match(text, /2 errored/, "the slice and the stack");
    });

    it("previews objects in a namespace and of a kind that the same program makes, then makes them", async () => {
        const preview = await project.preview();
        assert.equal(preview.exitCode, 0, preview.text);
        assert.doesNotMatch(preview.text, /warning/i);
        const up = await project.up();
        assert.equal(up.exitCode, 0, up.text);
        assert.match(await kubectl("get", "widget", "widget", "-n", namespace, "-o", "jsonpath={.spec.size}"), /^3$/);
        assert.match((await project.outputs()).settings, /^settings-[0-9a-f]{8}$/);
    });

    it("keeps secrets out of the state", async () => {
        const { text } = await project.run(["stack", "export"]);
        assert.ok(text.includes('"__fieldManager"'));
        assert.ok(!text.includes("clear-"), "a secret is in the state in clear");
        assert.ok(!text.includes("careless-"), "a secret in a ConfigMap is in the state in clear");
        const encoded = await kubectl("get", "secret", "login", "-n", namespace, "-o", "jsonpath={.data.password}");
        assert.ok(!text.includes(encoded), "the encoded secret is in the state");
        assert.match(Buffer.from(encoded, "base64").toString(), /^clear-[A-Za-z0-9]{20}$/);
    });

    it("finds nothing to change the second time, nor after a refresh", async () => {
        for (const args of [
            ["preview", "--expect-no-changes"],
            ["refresh", "--yes", "--skip-preview", "--expect-no-changes"],
            ["preview", "--expect-no-changes"],
        ]) {
            const { exitCode, text } = await project.run(args);
            assert.equal(exitCode, 0, `${args.join(" ")}\n${text}`);
        }
    });

    it("repairs what others changed, once refreshed", async () => {
        await kubectl("patch", "widget", "widget", "-n", namespace, "--type=merge", "-p", '{"spec":{"size":9}}');
        await kubectl("delete", "configmap", "careless", "-n", namespace);
        const refresh = await project.run(["refresh", "--yes", "--skip-preview"]);
        assert.match(refresh.text, /1 updated/);
        assert.match(refresh.text, /1 deleted/);
        const { exitCode, text } = await project.up();
        assert.equal(exitCode, 0, text);
        assert.equal(await kubectl("get", "widget", "widget", "-n", namespace, "-o", "jsonpath={.spec.size}"), "3");
        await kubectl("get", "configmap", "careless", "-n", namespace);
    });

    it("names the other manager of a field instead of fighting with it", async () => {
        await kubectl(
            "patch",
            "widget",
            "widget",
            "-n",
            namespace,
            "--field-manager=somebody",
            "--type=merge",
            "-p",
            '{"spec":{"size":7}}',
        );
        const { exitCode, text } = await project.up("contested");
        assert.notEqual(exitCode, 0);
        assert.match(text, /\.spec\.size: managed by somebody/);
        assert.match(text, /pulumi\.com\/patchForce/);
        await kubectl(
            "patch",
            "widget",
            "widget",
            "-n",
            namespace,
            "--field-manager=somebody",
            "--type=json",
            "-p",
            '[{"op":"remove","path":"/spec/size"}]',
        );
    });

    it("replaces what cannot change: under a new name where the name is its own, after deletion where it is the user's", async () => {
        const before = (await project.outputs()).settings as string;
        const login = await kubectl("get", "secret", "login", "-n", namespace, "-o", "jsonpath={.metadata.uid}");
        const { exitCode, text } = await project.up("changed");
        assert.equal(exitCode, 0, text);
        assert.notEqual((await project.outputs()).settings, before);
        assert.notEqual(await kubectl("get", "secret", "login", "-n", namespace, "-o", "jsonpath={.metadata.uid}"), login);
        assert.equal(await kubectl("get", "configmap", before, "-n", namespace, "--ignore-not-found"), "");
    });

    it("replaces, too, what only the API server knows to be immutable", async () => {
        const { exitCode, text } = await project.preview("immutable", "--diff");
        assert.equal(exitCode, 0, text);
        assert.match(text, /1 to replace/);
        const up = await project.up("immutable");
        assert.equal(up.exitCode, 0, up.text);
        assert.equal(await kubectl("get", "endpointslice", "plugins-objects", "-o", "jsonpath={.addressType}"), "FQDN");
    });

    it("does not take over what exists already", async () => {
        await kubectl("create", "configmap", "adopted", "-n", namespace, "--from-literal=colour=green");
        const { exitCode, text } = await project.up("existing");
        assert.notEqual(exitCode, 0);
        assert.match(text, /ConfigMap plugins-objects\/adopted already exists/);
    });

    it("imports it instead", async () => {
        const { exitCode, text } = await project.run(
            [
                "import",
                "kubernetes:core/v1:ConfigMap",
                "adopted",
                `${namespace}/adopted`,
                "--yes",
                "--generate-code=false",
                "--protect=false",
            ],
            "existing",
        );
        assert.equal(exitCode, 0, text);
        const preview = await project.preview("existing", "--expect-no-changes");
        assert.equal(preview.exitCode, 0, preview.text);
    });

    it("leaves nothing behind", async () => {
        await kubectl("delete", "configmap", "careless", "-n", namespace);
        const { exitCode, text } = await project.run(["destroy", "--yes", "--skip-preview"]);
        assert.equal(exitCode, 0, text);
        assert.equal(await kubectl("get", "namespace", namespace, "--ignore-not-found"), "");
        assert.equal(await kubectl("get", "crd", "widgets.plugins.example.com", "--ignore-not-found"), "");
    });
});
