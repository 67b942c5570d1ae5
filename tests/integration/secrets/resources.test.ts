import assert from "node:assert/strict";

import { PlatformSecrets } from "../../../components";
import { kubectl } from "../../../sandbox/support/kubectl";
import { externalSecrets, sealedSecrets, teach } from "../../support/definitions";
import { access } from "../../support/platform";
import { record } from "../../support/recorder";
import { providers } from "../../support/secrets";

const namespace = "secrets-kinds";

describe("custom resources of PlatformSecrets", function () {
    this.timeout(300_000);
    let forget: (() => Promise<void>) | undefined;

    before(async function () {
        forget = await teach(externalSecrets, sealedSecrets);
        if (forget === undefined) {
            this.skip();
        }
        await kubectl(access, ["create", "namespace", namespace]).catch(() => undefined);
    });

    after(async () => {
        await kubectl(access, ["delete", "namespace", namespace, "--ignore-not-found", "--wait"]);
        await forget?.();
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
