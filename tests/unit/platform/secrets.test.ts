import assert from "node:assert/strict";

import { SparkPlatform, type SparkPlatformArgs } from "../../../components";
import { record, type Registered } from "../../support/recorder";
import { ciphertext, providers } from "../../support/secrets";

const token = { token: ciphertext("T") };
const login = { password: ciphertext("P") };
const ciphertexts = {
    ...providers.sealed?.sealed?.ciphertexts,
    "connect-main": token,
    "jupyter-lab": token,
    jupyterhub: { ada: ciphertext("A") },
    "standalone-etl": { secret: ciphertext("S") },
    mlflow: login,
    airflow: login,
    "metastore-database": login,
    "mlflow-database": login,
    "airflow-database": login,
};

const platformOf = (provider: string): SparkPlatformArgs => ({
    images: { registry: "registry.example" },
    storage: {
        s3: { endpoint: "https://s3.example.org", ...(provider === "generated" && { credentialsSecret: "spark-s3" }) },
        credentialsFromSecrets: provider !== "generated",
        eventLogDirectory: "s3a://logs/events",
        warehouse: "s3a://warehouse/tables",
    },
    secrets: { environment: "prod", ...providers[provider], ...(provider === "sealed" && { sealed: { ciphertexts } }) },
    historyServer: {},
    connect: { main: { tls: { secret: "certificate" }, authentication: {} } },
    standalone: { etl: {} },
    hiveMetastore: { backup: { bucket: "backups" } },
    mlflow: { artifacts: "s3a://mlflow/artifacts" },
    airflow: { taskLogs: "s3a://airflow/logs" },
    jupyterLab: { lab: {} },
    jupyterHub: { users: ["ada"] },
    sparkSubmit: { once: { main: { file: "local:///opt/job.py" } } },
});

const rendered = async (provider: string) => record((opts) => new SparkPlatform("spark", platformOf(provider), opts));
const notOfSecrets = ({ brick }: Registered) => brick !== "PlatformSecrets spark";
const text = ({ type, name, inputs, brick }: Registered) => `${brick} ${name} ${type} ${JSON.stringify(inputs)}`;

describe("another provider of secrets", () => {
    const names = Object.keys(providers).filter((name) => name !== "vaultAgent");

    it("changes no object but those of PlatformSecrets itself", async () => {
        const reference = (await rendered("aws")).filter(notOfSecrets).map(text);
        assert.ok(reference.length > 80, `${reference.length} objects`);
        for (const name of names) {
            assert.deepEqual((await rendered(name)).filter(notOfSecrets).map(text), reference, name);
        }
    });

    it("is asked for every Secret that a part would make itself", async () => {
        const made = (await rendered("aws")).filter(({ type }) => type.endsWith(":ExternalSecret"));
        assert.deepEqual(
            made.map(({ inputs }) => inputs.spec.data[0].remoteRef.key),
            [
                "airflow",
                "airflow-database",
                "connect-main",
                "jupyter-lab",
                "jupyterhub",
                "metastore-database",
                "mlflow",
                "mlflow-database",
                "s3",
                "standalone-etl",
            ].map((key) => `prod/${key}`),
        );
    });

    it("Vault's agent brings annotations, a label, a token and files, and no Secret of its own", async () => {
        const agent = await rendered("vaultAgent");
        const reference = await rendered("aws");
        const names = (made: Registered[]) => made.filter(notOfSecrets).map(({ type, name, brick }) => `${brick} ${name} ${type}`);
        const ownSecrets = /(token|admin|authentication|credentials|passwords?)( |-password |-ada )/;
        assert.deepEqual(
            names(agent).filter((name) => !names(reference).includes(name) && !ownSecrets.test(name)),
            [],
        );
        assert.deepEqual(
            names(reference).filter((name) => !names(agent).includes(name)),
            [],
        );
        const template = (made: Registered[]) =>
            made.find(({ name, type }) => name === "spark-main-servers" && type.endsWith("StatefulSet"))!.inputs.spec.template;
        const [pod, usual] = [template(agent), template(reference)];
        const added = Object.keys(pod.metadata.annotations as object).filter((key) => !(key in (usual.metadata.annotations ?? {})));
        assert.ok(added.length > 5 && added.every((key) => key.startsWith("vault.hashicorp.com/")), added.join());
        assert.deepEqual(
            Object.keys(pod.metadata.labels as object).filter((key) => !(key in usual.metadata.labels)),
            ["spark-platform/spark-vault-client"],
        );
        const environment = (spec: any) => spec.containers[0].env.map(({ name }: { name: string }) => name) as string[];
        assert.deepEqual(
            environment(pod.spec).filter((name) => !environment(usual.spec).includes(name)),
            ["AWS_SHARED_CREDENTIALS_FILE", "AWS_CREDENTIAL_PROFILES_FILE"],
        );
        assert.deepEqual(
            environment(usual.spec).filter((name) => !environment(pod.spec).includes(name)),
            ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"],
        );
    });
});
