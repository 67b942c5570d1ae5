import assert from "node:assert/strict";

import { environmentOf, invariants, openNamespaces } from "../../../policy/invariants";
import { foreignSecrets, isOf } from "../../../policy/isolation";
import { podsOf } from "../../../policy/objects";
import { isReadableSecret, readableSecrets } from "../../../policy/secrets";
import { runProgram } from "../stacks/program";

const urn = (stack: string) => `urn:pulumi:${stack}::spark-platform::kubernetes:core/v1:ConfigMap::settings`;

describe("the policy", () => {
    it("knows the environment by the stack's name, and takes a name that says nothing for prod", () => {
        const names = ["dev", "staging", "prod", "team-a-dev", "analytics", "device"];
        assert.deepEqual(
            names.map((name) => environmentOf(urn(name))),
            ["dev", "staging", "prod", "dev", "prod", "prod"],
        );
    });

    it("reads the template of executors once, however many invariants ask for it", () => {
        const template = "spec: { containers: [{ name: executor }] }";
        const copy = () => ({
            type: "kubernetes:core/v1:ConfigMap",
            name: "settings",
            protect: false,
            props: { data: { "executor.yaml": template } },
        });
        const [first, second] = [podsOf(copy()), podsOf(copy())];
        assert.equal(first[0]?.pod.containers[0]?.name, "executor");
        assert.equal(first[0].pod, second[0]?.pod);
    });

    it("has a name and a sentence for every invariant", () => {
        assert.equal(new Set(invariants.map(({ name }) => name)).size, invariants.length);
        assert.ok(invariants.every(({ description }) => description.endsWith(".")));
    });

    it("looks for the closed door in the namespace of the pods", () => {
        const object = (type: string, namespace: string, spec: object) => ({
            type,
            name: "x",
            protect: false,
            props: { metadata: { namespace }, spec },
        });
        const workload = (namespace: string) =>
            object("kubernetes:apps/v1:StatefulSet", namespace, { template: { spec: { containers: [] } } });
        const policy = (namespace: string, spec: object) => object("kubernetes:networking.k8s.io/v1:NetworkPolicy", namespace, spec);
        const closed = { podSelector: {}, policyTypes: ["Ingress", "Egress"] };
        assert.deepEqual(
            openNamespaces([
                ...["a", "b", "c", "d"].map(workload),
                policy("a", closed),
                policy("b", { ...closed, policyTypes: ["Ingress"] }),
                policy("c", { ...closed, podSelector: { matchLabels: { app: "x" } } }),
                policy("d", { ...closed, ingress: [{}] }),
            ]),
            ["b", "c", "d"],
        );
    });

    it("knows whose a secret is by its path", () => {
        const own = [
            "prod/s3",
            "team-a-prod/s3",
            "prod-s3",
            "team-a-prod-s3",
            "kv/prod-s3",
            "secret/data/prod/s3",
            "prod/dev-tools",
            "rds!db-1",
        ];
        const foreign = [
            "staging/s3",
            "prod-staging/s3",
            "s3",
            "shared/s3",
            "staging-s3",
            "secret/data/dev/s3",
            "prodigy/s3",
            "*",
            "staging/prod",
        ];
        assert.deepEqual(
            [...own, ...foreign].filter((path) => isOf("prod", path)),
            own,
        );
    });

    it("refuses secrets of another environment, however they are read", () => {
        const object = (type: string, props: object) => ({ type, name: "x", protect: false, props: props as Record<string, unknown> });
        const external = (spec: object) => object("kubernetes:external-secrets.io/v1:ExternalSecret", { spec });
        const annotations = (path: string) => ({ metadata: { annotations: { "vault.hashicorp.com/agent-inject-secret-s3": path } } });
        const template = (path: string) => object("kubernetes:apps/v1:StatefulSet", { spec: { template: annotations(path) } });
        const executors = (path: string) =>
            object("kubernetes:core/v1:ConfigMap", { data: { "executor.yaml": JSON.stringify({ ...annotations(path), spec: {} }) } });
        const policy = (...Resource: string[]) =>
            object("aws:iam/rolePolicy:RolePolicy", {
                policy: JSON.stringify({ Statement: [{ Effect: "Allow", Action: ["secretsmanager:GetSecretValue"], Resource }] }),
            });
        const arn = (path: string) => `arn:aws:secretsmanager:eu-central-1:111122223333:secret:${path}`;
        const reads = (path: string) => [
            external({ data: [{ remoteRef: { key: path } }] }),
            external({ dataFrom: [{ extract: { key: path } }] }),
            template(`secret/data/${path}`),
            executors(`secret/data/${path}`),
            policy(arn(path)),
        ];
        for (const each of reads("prod/s3")) {
            assert.deepEqual(foreignSecrets(each, "prod"), [], each.type);
        }
        for (const each of reads("staging/s3")) {
            assert.equal(foreignSecrets(each, "prod").length, 1, each.type);
        }
        assert.deepEqual(foreignSecrets(policy("*"), "prod"), ["it reads the secret of any path, which is not one of prod"]);
        assert.equal(foreignSecrets(external({ dataFrom: [{ find: { name: { regexp: ".*" } } }] }), "prod").length, 1);
        assert.deepEqual(foreignSecrets(external({ dataFrom: [{ find: { path: "prod" } }] }), "prod"), []);
        assert.deepEqual(foreignSecrets(external({ secretStoreRef: { kind: "ClusterSecretStore" } }), "prod"), [
            "it asks a store of the whole cluster, which reads every environment's secrets",
        ]);
        assert.deepEqual(foreignSecrets(object("aws:iam/rolePolicy:RolePolicy", {}), "prod"), []);
    });

    it("finds the stacks of staging and prod reading their own secrets only", async () => {
        for (const stack of ["staging", "prod"] as const) {
            const { made } = await runProgram(stack, { preview: false });
            const objects = made.map(({ type, name, inputs }) => ({ type, name, props: inputs, protect: false }));
            const problems = (environment: "staging" | "prod") => objects.flatMap((object) => foreignSecrets(object, environment));
            assert.deepEqual(problems(stack), []);
            assert.ok(problems(stack === "prod" ? "staging" : "prod").length > 3);
        }
    });

    it("finds secrets in the notations that settings have", () => {
        for (const text of [
            "spark.ssl.keyPassword hunter2",
            "fs.s3a.secret.key = AKIA123",
            'password: "hunter2"',
            "export API_TOKEN=abcdef",
            "<name>javax.jdo.option.ConnectionPassword</name>\n<value>hunter2</value>",
            "url: postgresql://hive:hunter2@db:5432/hive",
        ]) {
            assert.equal(readableSecrets(text).length, 1, text);
        }
    });

    it("lets pass what only sounds like one", () => {
        for (const text of [
            "# password: hunter2",
            "spark.authenticate.secret.file /etc/spark/secret",
            "automountServiceAccountToken: false",
            "secretKeyRef:",
            "spark.hadoop.fs.s3a.aws.credentials.provider org.example.Provider",
            "expirationSeconds: 3607",
            "password = os.environ['PASSWORD']",
            "token: ${env:TOKEN}",
            "credentialsSecret: s3-credentials",
            "spark.authenticate.secret given-by-environment",
        ]) {
            assert.deepEqual(readableSecrets(text), [], text);
        }
        assert.equal(isReadableSecret("DB_PASSWORD_FILE", "/run/secrets/password"), false);
        assert.equal(isReadableSecret("DB_PASSWORD", ""), false);
    });
});
