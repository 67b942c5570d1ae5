import assert from "node:assert/strict";

import { MLflow, type MLflowArgs } from "../../../components";
import { toDns } from "../../../components/internal/network";
import { storeEnvironment } from "../../../components/tools/mlflow/conf";
import { assertEveryField, assertEveryFieldMatters } from "../../support/fields";
import { podProblems, podsOf } from "../../support/pods";
import { record, type Registered } from "../../support/recorder";
import * as changes from "../../support/tool-changes";
import { database } from "./arguments";
import { s3 } from "../spark/arguments";

const args: MLflowArgs = {
    namespace: "team-a",
    image: "registry.example/mlflow:3.17.2",
    database,
    s3,
    artifacts: "s3a://mlflow/artifacts",
};

const mlflow = (more = {}) => record((opts) => new MLflow("m", { ...args, ...more }, opts));
const find = (made: Registered[], name: string) => made.find((one) => one.name === name)!.inputs;
const pod = (made: Registered[]) => find(made, "m-servers").spec.template.spec;
const environment = (made: Registered[]) =>
    Object.fromEntries(
        pod(made).containers[0].env.map(({ name, value, valueFrom }: any) => [
            name,
            value ?? `${valueFrom.secretKeyRef.name}/${valueFrom.secretKeyRef.key}`,
        ]),
    );

describe("MLflow", () => {
    it("makes an administrator, the servers and their network, in a preview too", async () => {
        for (const preview of [false, true]) {
            const made = await record((opts) => new MLflow("m", args, opts), { preview });
            assert.deepEqual(
                made.map(({ type, name }) => `${name} ${type}`),
                [
                    "m-address kubernetes:core/v1:Service",
                    "m-admin kubernetes:core/v1:Secret",
                    "m-admin-password random:index/randomPassword:RandomPassword",
                    "m-client-network kubernetes:networking.k8s.io/v1:NetworkPolicy",
                    "m-disruption-budget kubernetes:policy/v1:PodDisruptionBudget",
                    "m-network kubernetes:networking.k8s.io/v1:NetworkPolicy",
                    "m-servers kubernetes:apps/v1:Deployment",
                    "m-session kubernetes:core/v1:Secret",
                    "m-session-key random:index/randomPassword:RandomPassword",
                ],
            );
        }
    });

    it("tells clients how to reach it, and as whom", async () => {
        let server!: MLflow;
        await record((opts) => (server = new MLflow("m", args, opts)));
        assert.deepEqual(await new Promise((resolve) => server.connection.apply(resolve)), {
            url: "http://m-mlflow.team-a.svc:5000",
            credentialsSecret: "m-mlflow-admin",
            clientLabels: { "spark-platform/m-mlflow-client": "true" },
        });
        const own = await mlflow({ adminSecret: "ours" });
        assert.equal(
            own.some(({ name }) => name.startsWith("m-admin")),
            false,
        );
        assert.equal(environment(own).MLFLOW_AUTH_ADMIN_PASSWORD, "ours/password");
    });

    it("keeps passwords out of addresses and arguments", async () => {
        const made = await mlflow();
        assert.deepEqual(environment(made), {
            PGHOST: "p-postgres.team-a.svc",
            PGPORT: "5432",
            PGDATABASE: "mlflow",
            PGSSLMODE: "require",
            PGUSER: "p-mlflow/username",
            PGPASSWORD: "p-mlflow/password",
            MLFLOW_AUTH_ADMIN_USERNAME: "m-mlflow-admin/username",
            MLFLOW_AUTH_ADMIN_PASSWORD: "m-mlflow-admin/password",
            MLFLOW_FLASK_SERVER_SECRET_KEY: "m-mlflow-session/session-key",
            AWS_DEFAULT_REGION: "us-east-1",
            MLFLOW_BOTO_CLIENT_ADDRESSING_STYLE: "path",
            MLFLOW_S3_ENDPOINT_URL: "http://s-store.team-a.svc:9000",
            AWS_REQUEST_CHECKSUM_CALCULATION: "when_required",
            AWS_RESPONSE_CHECKSUM_VALIDATION: "when_required",
            AWS_ACCESS_KEY_ID: "s-s3-credentials/access-key",
            AWS_SECRET_ACCESS_KEY: "s-s3-credentials/secret-key",
        });
        assert.doesNotMatch(JSON.stringify(find(made, "m-servers")), /-result/);
        assert.deepEqual(pod(made).containers[0].args, [
            ...["python3", "-m", "mlflow", "server", "--host", "0.0.0.0", "--port", "5000", "--app-name", "basic-auth", "--workers", "2"],
            ...["--backend-store-uri", "postgresql+psycopg2://"],
            ...["--serve-artifacts", "--artifacts-destination", "s3://mlflow/artifacts"],
            "--allowed-hosts",
            "localhost,localhost:*,127.0.0.1,127.0.0.1:*,m-mlflow,m-mlflow:*,m-mlflow.team-a,m-mlflow.team-a:*,m-mlflow.team-a.svc,m-mlflow.team-a.svc:*,m-mlflow.team-a.svc.cluster.local,m-mlflow.team-a.svc.cluster.local:*",
        ]);
    });

    it("lets browsers in by the names that they are told", async () => {
        const given = pod(await mlflow({ hosts: ["mlflow.example.org"] })).containers[0].args;
        assert.match(given.at(-3), /,mlflow\.example\.org$/);
        assert.deepEqual(given.slice(-2), ["--cors-allowed-origins", "https://mlflow.example.org"]);
    });

    it("uses AWS's own store with the pods' cloud identity", () => {
        assert.deepEqual(storeEnvironment({ region: "eu-central-1" }), [
            { name: "AWS_DEFAULT_REGION", value: "eu-central-1" },
            { name: "MLFLOW_BOTO_CLIENT_ADDRESSING_STYLE", value: "virtual" },
        ]);
    });

    it("brings the database up to date before a server starts, and trusts its certificate by the authority given", async () => {
        const { initContainers, volumes } = pod(await mlflow({ database: { ...database, caSecret: "db-ca" } }));
        assert.deepEqual(initContainers[0].args, ["python3", "/opt/mlflow/migrate.py"]);
        const env = Object.fromEntries(initContainers[0].env.map(({ name, value }: any) => [name, value]));
        assert.equal(env.PGSSLMODE, "verify-full");
        assert.equal(env.PGSSLROOTCERT, "/etc/database-ca/ca.crt");
        assert.deepEqual(volumes[0], { name: "database-ca", secret: { secretName: "db-ca", items: [{ key: "ca.crt", path: "ca.crt" }] } });
    });

    it("goes to its database and its store and nowhere else", async () => {
        const made = await mlflow();
        const { ingress, egress } = find(made, "m-network").spec;
        assert.deepEqual(ingress[0].from, [{ podSelector: { matchLabels: { "spark-platform/m-mlflow-client": "true" } } }]);
        assert.deepEqual(
            egress.slice(0, -1).map(({ to, ports }: any) => [to[0].podSelector.matchLabels.app, ports[0].port]),
            [
                ["postgres", 5432],
                ["store", 9000],
            ],
        );
        assert.deepEqual(egress.at(-1), toDns);
        const { labels } = find(made, "m-servers").spec.template.metadata;
        assert.equal(labels["store-client"], "true");
        assert.equal(labels["postgres-client"], "true");
    });

    it("runs pods that the restricted standard admits, with user ids of the namespace too", async () => {
        for (const userIdFromNamespace of [false, true]) {
            const [spec] = Object.values(podsOf(await mlflow({ pod: { userIdFromNamespace } })));
            assert.deepEqual(podProblems(spec, { userIds: !userIdFromNamespace }), []);
        }
    });

    it("shows what its processes count on a port that is not the web's", async () => {
        const made = await mlflow({ monitoring: {} });
        const [server, exporter] = pod(made).containers;
        assert.deepEqual(server.args.slice(-2), ["--expose-prometheus", "/run/metrics"]);
        assert.deepEqual(server.volumeMounts.slice(0, -1), [{ name: "metrics", mountPath: "/run/metrics" }]);
        assert.deepEqual(exporter, {
            name: "exporter",
            image: args.image,
            args: ["python3", "/opt/mlflow/metrics.py", "--directory", "/run/metrics", "--port", "5001"],
            ports: [{ name: "metrics", containerPort: 5001 }],
            livenessProbe: { tcpSocket: { port: "metrics" }, periodSeconds: 20, timeoutSeconds: 5, failureThreshold: 6 },
            resources: { requests: { cpu: "10m", memory: "32Mi" }, limits: { memory: "128Mi" } },
            securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } },
            terminationMessagePolicy: "FallbackToLogsOnError",
            volumeMounts: [{ name: "metrics", mountPath: "/run/metrics", readOnly: true }],
        });
        assert.deepEqual(pod(made).volumes[0], { name: "metrics", emptyDir: { sizeLimit: "64Mi" } });
        assert.deepEqual(podProblems(pod(made), { userIds: true }), []);
        assert.deepEqual(find(made, "m-network").spec.ingress.slice(1), [
            {
                from: [
                    {
                        podSelector: { matchLabels: { "app.kubernetes.io/name": "prometheus" } },
                        namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "monitoring" } },
                    },
                ],
                ports: [{ protocol: "TCP", port: 5001 }],
            },
        ]);
        assert.equal(pod(await mlflow()).containers.length, 1);
    });

    it("names every wrong field at once, before anything is made", () => {
        const label = 'is not a DNS label; use lower-case letters, digits and "-", starting with a letter';
        const wrong = {
            namespace: "Team",
            image: "",
            database: { ...database, host: "db host" },
            s3: { endpoint: "store" },
            artifacts: "s3://mlflow",
            serviceAccount: "",
            replicas: 0,
            workers: 1.5,
            memory: "1Gi",
            cpuRequest: "-1",
            adminSecret: "",
            hosts: ["https://mlflow"],
            clientNamespaces: ["b_c"],
        };
        assert.throws(() => new MLflow("M", wrong), {
            message: [
                'MLflow "M" cannot be deployed as configured:',
                `  name: "M" ${label}`,
                `  namespace: "Team" ${label}`,
                "  image: is missing",
                '  database: host "db host" is not the name of a server; write it like "db.example.org"',
                '  s3: endpoint "store" is not the URL of a server; write it like "https://s3.example.org" or "http://store:9000"',
                '  artifacts: "s3://mlflow" is not a directory in a bucket; write it like "s3a://bucket/directory"',
                "  serviceAccount: is missing",
                "  replicas: 0 is not a whole number from 1",
                "  workers: 1.5 is not a whole number from 1",
                '  memory: "1Gi" is not a size of at least 512m; write it like "1500m" or "4g"',
                '  cpuRequest: "-1" is not a CPU quantity; write it like "500m" or "2"',
                "  adminSecret: is missing",
                '  hosts: "https://mlflow" is not a host name; write it like "spark.example.org"',
                `  clientNamespaces: "b_c" ${label}`,
            ].join("\n"),
        });
    });

    it("has no argument without effect", async () => {
        assertEveryField("MLflow", changes.mlflow);
        await assertEveryFieldMatters((given, opts) => new MLflow("m", given, opts), args, changes.mlflow);
    });
});
