import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Project, kubectl } from "./project";

const namespace = "plugins-chart";

describe("the kubernetes plugin brings charts and manifests", () => {
    const project = new Project("chart");

    before(async () => {
        await project.init();
        await project.run(["config", "set", "--path", "pulumi:disable-default-providers[0]", "*"]);
    });

    after(async () => {
        await project.remove();
    });

    it("shows every object of a chart in the first preview", async () => {
        const { exitCode, text } = await project.preview();
        assert.equal(exitCode, 0, text);
        for (const name of [
            "shop:gadgets.plugins.example.com",
            "shop:plugins-chart/shop",
            "shop:plugins-chart/gadget",
            "group:plugins-chart/one",
            "group:plugins-chart/two",
        ]) {
            assert.ok(text.includes(` ${name} create`), `${name} is missing\n${text}`);
        }
        assert.doesNotMatch(text, /hook/);
    });

    it("reports what the chart's schema refuses", async () => {
        const { exitCode, text } = await project.preview("wrong");
        assert.notEqual(exitCode, 0);
        assert.match(text, /colour/);
    });

    it("makes them with values, value files, the cluster's capabilities and transforms", async () => {
        const { exitCode, text } = await project.up();
        assert.equal(exitCode, 0, text);
        const data = JSON.parse(await kubectl("get", "configmap", "shop", "-n", namespace, "-o", "jsonpath={.data}")) as Record<
            string,
            string
        >;
        const { gitVersion } = (JSON.parse(await kubectl("version", "-o", "json")) as { serverVersion: { gitVersion: string } })
            .serverVersion;
        assert.deepEqual(data, { colour: "blue", deployments: "true", extra: "from-a-file", transformed: "yes", version: gitVersion });
        assert.equal(await kubectl("get", "gadget", "gadget", "-n", namespace, "-o", "jsonpath={.spec.mode}"), "420");
        assert.equal((await project.outputs()).children, 4);
        assert.ok(!(await project.run(["stack", "export"])).text.includes("chart-clear"));
        const again = await project.preview("first", "--expect-no-changes");
        assert.equal(again.exitCode, 0, again.text);
    });

    it("deletes them", async () => {
        const { exitCode, text } = await project.run(["destroy", "--yes", "--skip-preview"]);
        assert.equal(exitCode, 0, text);
        assert.equal(await kubectl("get", "crd", "gadgets.plugins.example.com", "--ignore-not-found"), "");
    });
});

describe("the kubernetes plugin renders without a cluster", () => {
    const project = new Project("chart");
    const directory = mkdtempSync(join(tmpdir(), "rendered-"));

    before(async () => {
        await project.init();
    });

    after(async () => {
        await project.remove();
        rmSync(directory, { recursive: true, force: true });
    });

    it("into files, charts too", async () => {
        const { exitCode, text } = await project.run(["up", "--yes", "--skip-preview"], "first", {
            RENDER_TO: directory,
            KUBECONFIG: "/nowhere",
        });
        assert.equal(exitCode, 0, text);
        assert.deepEqual(readdirSync(join(directory, "0-crd")), [
            "apiextensions.k8s.io_v1-customresourcedefinition-default-gadgets.plugins.example.com.yaml",
        ]);
        assert.match(readFileSync(join(directory, "1-manifest/v1-configmap-plugins-chart-shop.yaml"), "utf8"), /colour: blue/);
    });
});
