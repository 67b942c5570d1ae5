import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { readAccess } from "../../../sandbox/plugins/kubernetes/kubeconfig";
import { readSettings } from "../../../sandbox/plugins/kubernetes/settings";
import { configuration, environment, nodeArguments } from "../../../sandbox/plugins/language/program";

const config = (name: string, current = name) => `
apiVersion: v1
kind: Config
clusters: [{ name: ${name}, cluster: { server: "https://${name}:6443", certificate-authority: ca.pem } }]
users: [{ name: ${name}, user: { token: t-${name} } }]
contexts: [{ name: ${name}, context: { cluster: ${name}, user: ${name}, namespace: of-${name} } }]
current-context: "${current}"
`;

describe("the kubeconfig", () => {
    const directory = mkdtempSync(join(tmpdir(), "kubeconfig-"));
    const before = process.env.KUBECONFIG;

    afterEach(() => {
        process.env.KUBECONFIG = before;
        if (before === undefined) {
            delete process.env.KUBECONFIG;
        }
    });

    after(() => {
        rmSync(directory, { recursive: true });
    });

    it("is text or a file, whose own files are found beside it", () => {
        assert.equal(readAccess(config("one"), {}).cluster.server, "https://one:6443");
        const path = join(directory, "config");
        writeFileSync(path, config("two"));
        const access = readAccess(path, {});
        assert.equal(access.cluster["certificate-authority"], join(directory, "ca.pem"));
        assert.deepEqual([access.user.token, access.namespace, access.context], ["t-two", "of-two", "two"]);
    });

    it("may be several files", () => {
        writeFileSync(join(directory, "a"), config("a", ""));
        writeFileSync(join(directory, "b"), config("b"));
        process.env.KUBECONFIG = `${join(directory, "a")}:${join(directory, "b")}`;
        assert.equal(readAccess(undefined, {}).context, "b");
        assert.equal(readAccess(undefined, { context: "a" }).cluster.server, "https://a:6443");
    });

    it("is told what it lacks", () => {
        assert.throws(() => readAccess(config("one"), { context: "two" }), /has no context "two" \(it has: one\)/);
        assert.throws(() => readAccess(config("one", ""), {}), /has no current context/);
        assert.throws(() => readAccess("/no/such/file", {}), /the kubeconfig \/no\/such\/file cannot be read/);
    });
});

describe("the kubernetes provider's settings", () => {
    it("come from arguments, else from the environment", () => {
        const variables = { "kubernetes:config:deleteUnreachable": "false", "kubernetes:config:context": "c" };
        const env = { PULUMI_K8S_DELETE_UNREACHABLE: "true", PULUMI_K8S_ENABLE_PATCH_FORCE: "true" };
        const settings = readSettings(variables, env);
        assert.deepEqual([settings.deleteUnreachable, settings.enablePatchForce, settings.context], [false, true, "c"]);
    });

    it("do not include client-side apply", () => {
        assert.throws(() => readSettings({ "kubernetes:config:enableServerSideApply": "false" }, {}), /server-side apply only/);
    });
});

describe("the language host", () => {
    it("gives programs their configuration in the form they read", () => {
        assert.equal(
            configuration([
                ["spark:replicas", "2"],
                ["a:config:b", "c"],
            ]),
            '{"spark:config:replicas":"2","a:config:b":"c"}',
        );
    });

    it("splits node's arguments as a shell does", () => {
        assert.deepEqual(nodeArguments({ nodeargs: `--max-old-space-size=4096 --title "two words" -r 'a b'` }), [
            "--max-old-space-size=4096",
            "--title",
            "two words",
            "-r",
            "a b",
        ]);
        assert.deepEqual(nodeArguments({}), []);
    });

    it("compiles TypeScript unless told not to", () => {
        assert.deepEqual(environment({ tsconfig: "t.json" }), { PULUMI_NODEJS_TYPESCRIPT: "true", PULUMI_NODEJS_TSCONFIG_PATH: "t.json" });
        assert.deepEqual(environment({ typescript: false }), {});
    });
});
