import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import { PlatformSecrets, SparkConnect, SparkHistoryServer } from "../../../components";
import { goDuration } from "../../../components/secrets/providers/external";
import { assertEveryFieldMatters, publicFields } from "../../support/fields";
import { record, type Registered } from "../../support/recorder";
import { providerChanges, providers } from "../../support/secrets";

const args = {
    namespace: "team-a",
    environment: "prod",
    secrets: { s3: { keys: ["access-key", "secret-key"] }, db: { keys: ["password"], values: { username: "airflow" } } },
};
const find = (made: Registered[], name: string) => made.find((one) => one.name === name)!;
const secretsOf = (provider: string, preview = false) =>
    record((opts) => new PlatformSecrets("spark", { ...args, ...providers[provider] }, opts), { preview });
const list = (made: Registered[]) => made.map(({ type, name }) => `${name} ${type}`);
const external = [
    "spark-db kubernetes:external-secrets.io/v1:ExternalSecret",
    "spark-s3 kubernetes:external-secrets.io/v1:ExternalSecret",
    "spark-store kubernetes:external-secrets.io/v1:SecretStore",
];
const account = "spark-account kubernetes:core/v1:ServiceAccount";

const children: Record<string, string[]> = {
    generated: [
        "spark-db kubernetes:core/v1:Secret",
        "spark-db-password random:index/randomPassword:RandomPassword",
        "spark-s3 kubernetes:core/v1:Secret",
        "spark-s3-access-key random:index/randomPassword:RandomPassword",
        "spark-s3-secret-key random:index/randomPassword:RandomPassword",
    ],
    aws: [account, ...external],
    vault: [account, ...external],
    azure: [account, ...external],
    gcp: [account, ...external],
    ibm: external,
    sealed: ["spark-db kubernetes:bitnami.com/v1alpha1:SealedSecret", "spark-s3 kubernetes:bitnami.com/v1alpha1:SealedSecret"],
    vaultAgent: ["spark-network kubernetes:networking.k8s.io/v1:NetworkPolicy"],
};

const stores: Record<string, object> = {
    aws: { aws: { service: "SecretsManager", region: "eu-central-1", auth: { jwt: { serviceAccountRef: { name: "spark-secrets" } } } } },
    vault: {
        vault: {
            server: "https://vault.example.org:8200",
            path: "secret",
            version: "v2",
            caProvider: { type: "Secret", name: "vault-ca", key: "ca.crt" },
            auth: { kubernetes: { mountPath: "kubernetes", role: "prod", serviceAccountRef: { name: "spark-secrets" } } },
        },
    },
    azure: {
        azurekv: {
            vaultUrl: "https://acme.vault.azure.net",
            tenantId: "66666666-2222-3333-4444-555555555555",
            authType: "WorkloadIdentity",
            serviceAccountRef: { name: "spark-secrets" },
        },
    },
    gcp: {
        gcpsm: {
            projectID: "acme-data",
            auth: {
                workloadIdentity: {
                    clusterLocation: "europe-west3",
                    clusterName: "prod",
                    serviceAccountRef: { name: "spark-secrets" },
                },
            },
        },
    },
    ibm: {
        ibm: {
            serviceUrl: "https://0a1b.eu-de.secrets-manager.appdomain.cloud",
            auth: { secretRef: { secretApiKeySecretRef: { name: "ibm-key", key: "apiKey" } } },
        },
    },
};

const remoteNames: Record<string, string> = { aws: "prod/db", vault: "prod/db", azure: "prod-db", gcp: "prod-db", ibm: "kv/prod-db" };

/** What consumers read of a brick of secrets. */
async function outputsOf(provider: string, preview = false) {
    let secrets!: PlatformSecrets;
    await record((opts) => (secrets = new PlatformSecrets("spark", { ...args, ...providers[provider] }, opts)), { preview });
    const { names, podAnnotations, podLabels, podTokenAudience, files } = secrets;
    const all = pulumi.output({ names, podAnnotations, podLabels, podTokenAudience, files });
    return new Promise<pulumi.Unwrap<typeof all>>((resolve) => all.apply(resolve));
}

/** A Connect server and a History Server that read the store with the keys of a provider; answers their objects, not the provider's. */
async function workloads(provider: string): Promise<Registered[]> {
    const made = await record((opts) => {
        const secrets = new PlatformSecrets("keys", { ...args, ...providers[provider] }, opts);
        const agent = provider === "vaultAgent";
        const s3 = {
            endpoint: "https://s3.example.org",
            ...(agent
                ? { credentialsFile: secrets.files.apply((files) => files.s3?.["aws-credentials"] ?? "") }
                : { credentialsSecret: secrets.names.apply((names) => names.s3 ?? "") }),
        };
        const needs = { annotations: secrets.podAnnotations, labels: secrets.podLabels, tokenAudience: secrets.podTokenAudience };
        const pod = agent ? needs : {};
        const common = { namespace: "team-a", sparkVersion: "4.1.0", image: "registry.example/spark:1", serviceAccount: "server" };
        const eventLog = { directory: "s3a://logs/events", s3 };
        new SparkConnect("c", { ...common, executorServiceAccount: "executor", s3, eventLog, pod, executor: { pod } }, opts);
        new SparkHistoryServer("h", { ...common, eventLog, pod }, opts);
    });
    return made.filter(({ name }) => !name.startsWith("keys"));
}

describe("PlatformSecrets", () => {
    for (const provider of Object.keys(providers)) {
        it(`makes what ${provider} needs, in a preview too`, async () => {
            for (const preview of [false, true]) {
                assert.deepEqual(list(await secretsOf(provider, preview)), children[provider]);
            }
        });

        it(`has no argument of ${provider} without effect`, async () => {
            const changes = {
                ...providerChanges[provider],
                environment: provider === "generated" || provider === "sealed" ? undefined : "staging",
                namespace: "team-b",
                "secrets.*.keys": ["access-key", "secret-key"]
                    .slice(0, provider === "sealed" ? 1 : 2)
                    .concat(provider === "sealed" ? [] : ["more"]),
                "secrets.*.values": { note: "x" },
            };
            const given = { ...args, ...providers[provider] };
            const make = (changed: typeof given, opts: pulumi.ComponentResourceOptions) => {
                const { podAnnotations } = new PlatformSecrets("spark", changed, opts);
                return new pulumi.ComponentResource("test:index:Consumer", "consumer", { podAnnotations }, opts);
            };
            const effective = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
            await assertEveryFieldMatters(make, given, effective);
        });
    }

    it("has a change in these tests for every public argument", () => {
        const tested = [
            ...Object.values(providerChanges).flatMap((changes) => Object.keys(changes)),
            ...["environment", "namespace", "secrets.*.keys", "secrets.*.values"],
        ];
        assert.deepEqual(tested.sort(), publicFields("PlatformSecrets").sort());
    });

    it("asks each provider in its own words, by an account and a store of the namespace's own", async () => {
        for (const [provider, store] of Object.entries(stores)) {
            const made = await secretsOf(provider);
            const { apiVersion, kind, metadata, spec } = find(made, "spark-store").inputs;
            assert.deepEqual(
                { apiVersion, kind, spec },
                { apiVersion: "external-secrets.io/v1", kind: "SecretStore", spec: { provider: store } },
            );
            assert.equal(metadata.namespace, "team-a");
            const secret = find(made, "spark-db").inputs;
            assert.deepEqual(secret.spec, {
                refreshInterval: "1h0m0s",
                secretStoreRef: { kind: "SecretStore", name: "spark-secrets" },
                target: {
                    name: "spark-db",
                    creationPolicy: "Owner",
                    deletionPolicy: "Retain",
                    template: { engineVersion: "v2", mergePolicy: "Merge", data: { username: "airflow" } },
                },
                data: [{ secretKey: "password", remoteRef: { key: remoteNames[provider], property: "password" } }],
            });
        }
    });

    it("keeps environments apart: another environment asks for other secrets", async () => {
        for (const provider of Object.keys(stores)) {
            const made = await record(
                (opts) => new PlatformSecrets("spark", { ...args, ...providers[provider], environment: "dev" }, opts),
            );
            const [{ remoteRef }] = find(made, "spark-db").inputs.spec.data;
            assert.equal(remoteRef.key, remoteNames[provider]!.replace("prod", "dev"));
        }
    });

    it("tells a cloud who asks", async () => {
        const annotations = async (provider: string) => find(await secretsOf(provider), "spark-account").inputs.metadata.annotations;
        assert.deepEqual(await annotations("aws"), { "eks.amazonaws.com/role-arn": "arn:aws:iam::111122223333:role/secrets" });
        assert.deepEqual(await annotations("azure"), {
            "azure.workload.identity/client-id": "11111111-2222-3333-4444-555555555555",
            "azure.workload.identity/tenant-id": "66666666-2222-3333-4444-555555555555",
        });
        assert.deepEqual(await annotations("gcp"), { "iam.gke.io/gcp-service-account": "reader@acme-data.iam.gserviceaccount.com" });
        const withoutRole = await record((opts) => new PlatformSecrets("spark", { ...args, aws: { region: "eu-central-1" } }, opts));
        assert.deepEqual(list(withoutRole), external);
    });

    it("passes ciphertexts on as they are", async () => {
        const { spec } = find(await secretsOf("sealed"), "spark-db").inputs;
        assert.deepEqual(spec.encryptedData, { password: "C".repeat(700) });
        assert.equal(spec.template.metadata.name, "spark-db");
        assert.deepEqual(spec.template.data, { username: "airflow" });
    });

    it("gives the same names whoever keeps the values; Vault's agent gives files", async () => {
        const names = { s3: "spark-s3", db: "spark-db" };
        for (const provider of Object.keys(providers)) {
            for (const preview of [false, true]) {
                const outputs = await outputsOf(provider, preview);
                assert.deepEqual(outputs.names, provider === "vaultAgent" ? {} : names, provider);
                assert.equal(Object.keys(outputs.podAnnotations).length > 0, provider === "vaultAgent");
            }
        }
        assert.deepEqual((await outputsOf("vaultAgent")).files, {
            s3: {
                "access-key": "/vault/secrets/s3/access-key",
                "secret-key": "/vault/secrets/s3/secret-key",
                "aws-credentials": "/vault/secrets/s3/aws-credentials",
            },
            db: { password: "/vault/secrets/db/password", username: "/vault/secrets/db/username" },
        });
    });

    it("tells Vault's agent where everything is", async () => {
        const { podAnnotations } = await outputsOf("vaultAgent");
        const about = (part: string) =>
            Object.fromEntries(
                Object.entries(podAnnotations).flatMap(([key, value]) => (key.includes(part) ? [[key.split("/")[1], value]] : [])),
            );
        assert.deepEqual(about("-db.password"), {
            "agent-inject-secret-db.password": "secret/data/prod/db",
            "agent-inject-file-db.password": "db/password",
            "agent-inject-template-db.password": '{{- with secret "secret/data/prod/db" }}{{ index .Data.data "password" }}{{ end }}',
        });
        assert.equal(podAnnotations["vault.hashicorp.com/agent-pre-populate-only"], "true");
        assert.equal(podAnnotations["vault.hashicorp.com/agent-service-account-token-volume-name"], "identity-token");
        assert.equal(podAnnotations["vault.hashicorp.com/auth-path"], "auth/kubernetes");
    });

    it("changes no object of a workload when the provider is another", async () => {
        const expected = JSON.stringify(await workloads("generated"));
        for (const provider of Object.keys(providers).filter((one) => one !== "vaultAgent")) {
            assert.equal(JSON.stringify(await workloads(provider)), expected, provider);
        }
    });

    it("changes pods and the way to their keys, and nothing else, when Vault's agent brings files", async () => {
        const [before, after] = [await workloads("generated"), await workloads("vaultAgent")];
        assert.deepEqual(list(after), list(before));
        const different = list(after.filter((one, index) => JSON.stringify(one) !== JSON.stringify(before[index])));
        assert.deepEqual(
            different.filter((one) => !/StatefulSet|ConfigMap|c-check/.test(one)),
            [],
        );
        const server = (made: Registered[]) =>
            made.find(({ name, type }) => name.startsWith("h-") && type.endsWith("StatefulSet"))!.inputs.spec.template;
        assert.deepEqual(
            Object.keys(server(after).metadata.annotations).every((key) => key.startsWith("vault.hashicorp.com/")),
            true,
        );
        assert.doesNotMatch(JSON.stringify(after), /secretKeyRef/);
        const added = server(after).spec.volumes.filter(
            ({ name }: any) => !server(before).spec.volumes.some((one: any) => one.name === name),
        );
        assert.deepEqual(added, [
            {
                name: "identity-token",
                projected: { sources: [{ serviceAccountToken: { path: "token", audience: "vault", expirationSeconds: 3600 } }] },
            },
        ]);
    });

    it("writes durations as Kubernetes does", () => {
        assert.deepEqual(["90s", "30m", "2h"].map(goDuration), ["0h1m30s", "0h30m0s", "2h0m0s"]);
    });

    it("names every wrong field", () => {
        const wrong = (given: object) => () => new PlatformSecrets("spark", { ...args, ...given });
        const says = (...lines: string[]) => ({
            message: ['PlatformSecrets "spark" cannot be deployed as configured:', ...lines.map((line) => `  ${line}`)].join("\n"),
        });
        const secrets = {
            S3: { keys: [] },
            db: { keys: ["pass word"], values: { note: "{{ x }}" } },
            two: { keys: ["a"], values: { a: "b" } },
        };
        assert.throws(
            wrong({ namespace: "", environment: "Prod", secrets, generated: { length: 8, rotation: 0 } }),
            says(
                'secrets: "S3" is not a DNS label; use lower-case letters, digits and "-", starting with a letter',
                "namespace: is missing",
                'environment: "Prod" is not a DNS label; use lower-case letters, digits and "-", starting with a letter',
                'secrets["S3"].keys: is empty; give at least one',
                'secrets["db"].keys: "pass word" is not a key of a Secret; use letters, digits, "-", "_" and "."',
                'secrets["db"].values["note"]: "{{ x }}" has "{{" in it, which providers take for a template',
                'secrets["two"].keys: "a" stands in values too',
                "generated.length: 8 is not a whole number between 16 and 128",
                "generated.rotation: 0 is not a whole number from 1",
            ),
        );
        assert.throws(
            wrong({ generated: {}, aws: { region: "eu-central-1" } }),
            says("provider: is one of generated, aws; give one provider"),
        );
        assert.throws(
            wrong({ aws: { region: "here", roleArn: "role", refresh: "often" } }),
            says(
                'aws.region: "here" is not a region of AWS; write it like "eu-central-1"',
                'aws.roleArn: "role" is not an ARN of iam; write it like "arn:aws:iam::111122223333:role/secrets"',
                'aws.refresh: "often" is not a duration; write it like "60s", "30m" or "2h"',
            ),
        );
        const vault = { server: "vault", role: "", path: "/kv", mount: "a b", vaultNamespace: "/" };
        const vaultLines = (name: string) => [
            `${name}.server: "vault" is not the URL of a server; write it like "https://s3.example.org" or "http://store:9000"`,
            `${name}.role: is missing`,
            `${name}.path: "/kv" is not a path in Vault; write it like "team/secret"`,
            `${name}.mount: "a b" is not a path in Vault; write it like "team/secret"`,
            `${name}.vaultNamespace: "/" is not a path in Vault; write it like "team/secret"`,
        ];
        assert.throws(wrong({ vaultAgent: vault }), says(...vaultLines("vaultAgent")));
        assert.throws(
            wrong({ vault: { ...vault, caSecret: "CA", refresh: "1d" } }),
            says(
                ...vaultLines("vault"),
                'vault.caSecret: "CA" is not a DNS label; use lower-case letters, digits and "-", starting with a letter',
                'vault.refresh: "1d" is not a duration; write it like "60s", "30m" or "2h"',
            ),
        );
        assert.throws(
            wrong({ azure: { vaultUrl: "acme", clientId: "me", tenantId: "us", refresh: "" } }),
            says(
                'azure.vaultUrl: "acme" is not the URL of a server; write it like "https://s3.example.org" or "http://store:9000"',
                'azure.clientId: "me" is not an id like "11111111-2222-3333-4444-555555555555"',
                'azure.tenantId: "us" is not an id like "11111111-2222-3333-4444-555555555555"',
                'azure.refresh: "" is not a duration; write it like "60s", "30m" or "2h"',
            ),
        );
        assert.throws(
            wrong({ gcp: { projectId: "P", clusterName: "", clusterLocation: "EU", serviceAccountEmail: "me", refresh: "x" } }),
            says(
                'gcp.projectId: "P" is not a project; use 6 to 30 lower-case letters, digits and "-"',
                "gcp.clusterName: is missing",
                'gcp.clusterLocation: "EU" is not a DNS label; use lower-case letters, digits and "-", starting with a letter',
                'gcp.serviceAccountEmail: "me" is not a service account; write it like "reader@project.iam.gserviceaccount.com"',
                'gcp.refresh: "x" is not a duration; write it like "60s", "30m" or "2h"',
            ),
        );
        assert.throws(
            wrong({ ibm: { serviceUrl: "x", apiKeySecret: "", refresh: "x" } }),
            says(
                'ibm.serviceUrl: "x" is not the URL of a server; write it like "https://s3.example.org" or "http://store:9000"',
                "ibm.apiKeySecret: is missing",
                'ibm.refresh: "x" is not a duration; write it like "60s", "30m" or "2h"',
            ),
        );
        assert.throws(
            wrong({ sealed: { ciphertexts: { s3: { "access-key": "minio" } } } }),
            says(
                'sealed.ciphertexts: lacks ["s3"]["secret-key"], ["db"]["password"]',
                'sealed.ciphertexts["s3"]["access-key"]: is no ciphertext of kubeseal; a value in the clear must not stand here',
            ),
        );
    });
});
