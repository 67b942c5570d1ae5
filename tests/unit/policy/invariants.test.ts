import assert from "node:assert/strict";

import { environmentOf, invariants, openNamespaces } from "../../../policy/invariants";
import { isReadableSecret, readableSecrets } from "../../../policy/secrets";

const urn = (stack: string) => `urn:pulumi:${stack}::spark-platform::kubernetes:core/v1:ConfigMap::settings`;

describe("the policy", () => {
    it("knows the environment by the stack's name, and takes a name that says nothing for prod", () => {
        const names = ["dev", "staging", "prod", "team-a-dev", "analytics", "device"];
        assert.deepEqual(
            names.map((name) => environmentOf(urn(name))),
            ["dev", "staging", "prod", "dev", "prod", "prod"],
        );
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
        ]) {
            assert.deepEqual(readableSecrets(text), [], text);
        }
        assert.equal(isReadableSecret("DB_PASSWORD_FILE", "/run/secrets/password"), false);
        assert.equal(isReadableSecret("DB_PASSWORD", ""), false);
    });
});
