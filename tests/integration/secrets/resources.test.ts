import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { execa } from "execa";

import { PlatformSecrets } from "../../../components";
import { kubectl } from "../../../sandbox/support/kubectl";
import { waitFor } from "../../../sandbox/support/wait";
import { access } from "../../support/platform";
import { record } from "../../support/recorder";
import { providers } from "../../support/secrets";

const namespace = "secrets-kinds";
/** Modules of the add-ons, and where they keep what they teach the API server. Fetched when the test runs; nothing of them is ours. */
const modules = [
    {
        module: "github.com/external-secrets/external-secrets@v1.3.2",
        folder: "config/crds/bases",
        files: /^external-secrets\.io_(externalsecrets|secretstores)\.yaml$/,
    },
    { module: "github.com/bitnami/sealed-secrets@v0.38.4", folder: "helm/sealed-secrets/crds", files: /sealedsecrets\.yaml$/ },
];

/** Folder of a Go module; undefined where it cannot be had. */
async function folderOf(module: string): Promise<string | undefined> {
    const { stdout, exitCode } = await execa("go", ["mod", "download", "-json", module], {
        reject: false,
        cwd: tmpdir(),
        timeout: 120_000,
    });
    return exitCode === 0 ? (JSON.parse(stdout) as { Dir: string }).Dir : undefined;
}

describe("custom resources of PlatformSecrets", function () {
    this.timeout(300_000);
    const definitions: string[] = [];

    before(async function () {
        for (const { module, folder, files } of modules) {
            const found = await folderOf(module);
            if (found === undefined) {
                console.log(`      skipped: ${module} cannot be downloaded here, and with it the real definitions`);
                this.skip();
            }
            const names = (await readdir(join(found, folder))).filter((name) => files.test(name));
            assert.ok(names.length > 0, `${module} has no ${folder}`);
            definitions.push(...names.map((name) => join(found, folder, name)));
        }
        for (const file of definitions) {
            await kubectl(access, ["apply", "--server-side", "--force-conflicts", "-f", file]);
            const established = () =>
                kubectl(access, ["wait", "--for=condition=Established", "--timeout=60s", "-f", file]).catch(() => undefined);
            await waitFor(`${file} is established`, established, { seconds: 60 });
        }
        await kubectl(access, ["create", "namespace", namespace]).catch(() => undefined);
    });

    after(async () => {
        await kubectl(access, ["delete", "namespace", namespace, "--ignore-not-found", "--wait"]);
        for (const file of definitions) {
            await kubectl(access, ["delete", "--ignore-not-found", "-f", file]);
        }
    });

    for (const provider of Object.keys(providers)) {
        it(`of ${provider} are what the API server knows, to the last field`, async () => {
            const secrets = { s3: { keys: ["access-key", "secret-key"] }, db: { keys: ["password"], values: { username: "airflow" } } };
            const made = await record(
                (opts) => new PlatformSecrets("spark", { namespace, environment: "prod", secrets, ...providers[provider] }, opts),
            );
            const objects = made.filter(({ type }) => type.startsWith("kubernetes:")).map(({ inputs }) => inputs);
            assert.ok(objects.length > 0);
            for (const object of objects) {
                await kubectl(access, ["create", "--dry-run=server", "--validate=strict", "-n", namespace, "-f", "-"], {
                    input: JSON.stringify(object),
                });
            }
        });
    }

    it("are refused with a field that there is not", async () => {
        const store = { aws: { service: "SecretsManager", regions: "eu-central-1" } };
        const object = {
            apiVersion: "external-secrets.io/v1",
            kind: "SecretStore",
            metadata: { name: "wrong" },
            spec: { provider: store },
        };
        const refused = kubectl(access, ["create", "--dry-run=server", "--validate=strict", "-n", namespace, "-f", "-"], {
            input: JSON.stringify(object),
        });
        await assert.rejects(refused, /regions|region/);
    });
});
