import assert from "node:assert/strict";

import { Postgres, type DatabaseConnection } from "../../../components";
import { toDns } from "../../../components/internal/network";
import { databaseConnection, sslModeOf, toDatabase, type DatabaseFacts } from "../../../components/storage/database";
import type { PostgresArgs } from "../../../components/storage/postgres";
import { serverArguments } from "../../../components/storage/postgres/conf";
import * as changes from "../../support/changes";
import { assertEveryField, assertEveryFieldMatters } from "../../support/fields";
import { podProblems, podsOf } from "../../support/pods";
import { record, type Registered } from "../../support/recorder";

const args: PostgresArgs = { namespace: "team-a", image: "registry.example/postgres:15", databases: { shop: {} } };
const watched = { monitoring: {}, exporterImage: "registry.example/exporters:1" };
const find = (made: Registered[], name: string) => made.find((one) => one.name === name)!;
const make = (more: object = {}) => record((opts) => new Postgres("p", { ...args, ...more }, opts));

async function connectionsOf(more: object, preview: boolean) {
    let server!: Postgres;
    await record((opts) => (server = new Postgres("p", { ...args, ...more }, opts)), { preview });
    return new Promise<Record<string, DatabaseConnection>>((resolve) => server.connections.apply(resolve as (known: object) => void));
}

describe("Postgres", () => {
    it("makes passwords, a volume, the server and its set-up, in a preview too", async () => {
        for (const preview of [false, true]) {
            const made = await record((opts) => new Postgres("p", args, opts), { preview });
            assert.deepEqual(
                made.map(({ type, name }) => `${name} ${type}`),
                [
                    "p-address kubernetes:core/v1:Service",
                    "p-admin kubernetes:core/v1:Secret",
                    "p-admin-password random:index/randomPassword:RandomPassword",
                    "p-client-network kubernetes:networking.k8s.io/v1:NetworkPolicy",
                    "p-data kubernetes:core/v1:PersistentVolumeClaim",
                    "p-network kubernetes:networking.k8s.io/v1:NetworkPolicy",
                    "p-pod-names kubernetes:core/v1:Service",
                    "p-server kubernetes:apps/v1:StatefulSet",
                    "p-setup kubernetes:batch/v1:Job",
                    "p-setup-network kubernetes:networking.k8s.io/v1:NetworkPolicy",
                    "p-shop-credentials kubernetes:core/v1:Secret",
                    "p-shop-password random:index/randomPassword:RandomPassword",
                ],
            );
        }
    });

    it("tells clients how to reach each database, in a first preview too", async () => {
        for (const preview of [false, true]) {
            const connections = await connectionsOf({ databases: { shop: {}, airflow: { credentialsSecret: "mine" } } }, preview);
            const { shop, airflow } = connections;
            assert.deepEqual(Object.keys(connections), ["shop", "airflow"]);
            assert.deepEqual(shop, {
                host: "p-postgres.team-a.svc",
                port: 5432,
                database: "shop",
                credentialsSecret: "p-shop-credentials",
                sslMode: "require",
                clusterEndpoint: {
                    namespace: "team-a",
                    podLabels: {
                        "app.kubernetes.io/name": "postgres",
                        "app.kubernetes.io/component": "server",
                        "app.kubernetes.io/instance": "p",
                    },
                    clientLabels: { "spark-platform/p-postgres-client": "true" },
                },
            });
            assert.deepEqual([airflow!.database, airflow!.credentialsSecret], ["airflow", "mine"]);
        }
    });

    it("lets clients verify the server when it is given a certificate", async () => {
        const { shop } = await connectionsOf({ tlsSecret: "certificate" }, false);
        assert.deepEqual([shop!.sslMode, shop!.caSecret], ["verify-full", "certificate"]);
    });

    it("rotates by another user in another Secret, which sets the server up anew and leaves the server alone", async () => {
        const rotated = { databases: { shop: { rotation: 2 } } };
        const text = (made: Registered[]) =>
            Object.values(find(made, "p-shop-credentials").inputs.data)
                .map((value) => Buffer.from(String(value), "base64").toString())
                .sort();
        assert.deepEqual(text(await make()), ["p-shop-password-result", "shop_1"]);
        const made = await make(rotated);
        assert.deepEqual(text(made), ["p-shop-password-result", "shop_2"]);
        assert.deepEqual(find(made, "p-shop-password").inputs.keepers, { rotation: "2" });
        assert.deepEqual(
            [find(made, "p-shop-credentials").inputs.immutable, find(made, "p-shop-credentials").inputs.metadata.name],
            [true, undefined],
        );
        assert.deepEqual(find(made, "p-server").inputs, find(await make(), "p-server").inputs);
        assert.deepEqual(find(made, "p-setup").inputs.spec.template.spec.volumes[0].projected.sources, [
            {
                secret: {
                    name: "p-shop-credentials",
                    items: [
                        { key: "username", path: "shop/username" },
                        { key: "password", path: "shop/password" },
                    ],
                },
            },
        ]);
    });

    it("sets up after the server is there, and again on another volume", async () => {
        const setup = find(await make(), "p-setup");
        assert.deepEqual(setup.options.dependsOn, ["p-address", "p-server", "p-setup-network"]);
        const { args: told, env } = setup.inputs.spec.template.spec.containers[0];
        assert.deepEqual(told, ["/bin/bash", "/opt/postgres/setup.sh", "shop"]);
        assert.deepEqual(
            env.map((one: any) => `${one.name} ${one.value ?? one.valueFrom.secretKeyRef.name}`),
            ["PGHOST p-postgres", "PGUSER postgres", "PGSSLMODE require", "VOLUME_ID p-data-uid", "PGPASSWORD p-admin"],
        );
    });

    it("keeps every password out of pods", async () => {
        const made = (await make()).filter(({ type }) => !type.includes(":Secret"));
        assert.doesNotMatch(JSON.stringify(made), /-result/);
    });

    it("moves to a volume of another storage class before the old one goes", async () => {
        const claimOf = async (more: object) => {
            const made = await make(more);
            const used = find(made, "p-server").inputs.spec.template.spec.volumes[0].persistentVolumeClaim.claimName;
            assert.equal(find(made, "p-data").inputs.metadata.name, used);
            return used;
        };
        assert.equal(await claimOf({}), "p-postgres");
        assert.match(await claimOf({ storageClass: "fast" }), /^p-postgres-[0-9a-f]{6}$/);
    });

    it("opens one port to those who wear its label", async () => {
        const { ingress, egress } = find(await make(), "p-network").inputs.spec;
        assert.deepEqual(ingress, [
            {
                from: [{ podSelector: { matchLabels: { "spark-platform/p-postgres-client": "true" } } }],
                ports: [{ protocol: "TCP", port: 5432 }],
            },
        ]);
        assert.deepEqual(egress, [toDns]);
    });

    it("runs pods that the restricted standard admits, with user ids of the namespace too", async () => {
        for (const userIdFromNamespace of [false, true]) {
            for (const spec of Object.values(podsOf(await make({ ...watched, tlsSecret: "certificate", pod: { userIdFromNamespace } })))) {
                assert.deepEqual(podProblems(spec, { userIds: !userIdFromNamespace }), []);
            }
        }
    });

    it("shows what it counts by a program beside it, which may read that and no table", async () => {
        const made = await make(watched);
        const more = made.filter(({ name }) => /monitor|metrics/.test(name)).map(({ name, type }) => `${name} ${type}`);
        assert.deepEqual(more, [
            "p-metrics kubernetes:core/v1:Secret",
            "p-metrics-password random:index/randomPassword:RandomPassword",
            "p-monitor kubernetes:monitoring.coreos.com/v1:PodMonitor",
        ]);
        const [server, exporter] = find(made, "p-server").inputs.spec.template.spec.containers;
        assert.deepEqual(exporter, {
            name: "exporter",
            image: "registry.example/exporters:1",
            args: ["/usr/local/bin/postgres-exporter", "--config.file=/etc/exporters/postgres.yml", "--web.listen-address=:9187"],
            env: [
                { name: "DATA_SOURCE_URI", value: "127.0.0.1:5432/postgres?sslmode=require" },
                { name: "DATA_SOURCE_USER", value: "platform_metrics" },
                { name: "DATA_SOURCE_PASS", valueFrom: { secretKeyRef: { name: "p-metrics", key: "password" } } },
            ],
            ports: [{ name: "metrics", containerPort: 9187 }],
            livenessProbe: { tcpSocket: { port: "metrics" }, periodSeconds: 20, timeoutSeconds: 5, failureThreshold: 6 },
            resources: { requests: { cpu: "10m", memory: "32Mi" }, limits: { memory: "128Mi" } },
            securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } },
            terminationMessagePolicy: "FallbackToLogsOnError",
            volumeMounts: [],
        });
        const plain = await make();
        assert.deepEqual([server], find(plain, "p-server").inputs.spec.template.spec.containers);
        const told = (all: Registered[]) => find(all, "p-setup").inputs.spec.template.spec.containers[0].env.at(-1);
        assert.deepEqual(told(made), { name: "MONITOR_PASSWORD", valueFrom: { secretKeyRef: { name: "p-metrics", key: "password" } } });
        assert.equal(told(plain).name, "PGPASSWORD");
        assert.deepEqual(find(made, "p-network").inputs.spec.ingress.slice(1), [
            {
                from: [
                    {
                        podSelector: { matchLabels: { "app.kubernetes.io/name": "prometheus" } },
                        namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "monitoring" } },
                    },
                ],
                ports: [{ protocol: "TCP", port: 9187 }],
            },
        ]);
        await assert.rejects(make({ monitoring: {} }), /\n {2}exporterImage: is missing: monitoring needs an exporter$/);
    });

    it("protects its volume when told to", async () => {
        assert.equal(find(await make({ protectData: true }), "p-data").options.protect, true);
    });

    it("gives the server's settings in one order, the user's over the brick's", () => {
        assert.deepEqual(serverArguments({ memory: "1g", maxConnections: 50, parameters: { work_mem: "8MB", jit: "on" } }), [
            ...["-c", "jit=on", "-c", "log_line_prefix=%m [%p] %q%u@%d ", "-c", "log_timezone=UTC"],
            ...["-c", "max_connections=50", "-c", "shared_buffers=256MB", "-c", "work_mem=8MB"],
        ]);
    });

    it("names every wrong field", () => {
        const wrong = {
            namespace: "Team",
            image: "",
            databases: { Shop: { rotation: 0 }, postgres: { credentialsSecret: "" }, both: { credentialsSecret: "mine", rotation: 2 } },
            storage: "10Gi",
            storageClass: "",
            memory: "64m",
            cpuRequest: "much",
            maxConnections: 5,
            parameters: { port: "1", "work-mem": "8MB" },
            tlsSecret: "",
            clientNamespaces: ["Team"],
        };
        assert.throws(() => new Postgres("p", wrong), {
            message: [
                'Postgres "p" cannot be deployed as configured:',
                '  namespace: "Team" is not a DNS label; use lower-case letters, digits and "-", starting with a letter',
                "  image: is missing",
                '  databases: "Shop" is not the name of a database; use up to 40 lower-case letters and digits, starting with a letter; "postgres" is a database of the server\'s own',
                "  databases.Shop.rotation: 0 is not a whole number from 1",
                "  databases.postgres.credentialsSecret: is missing",
                "  databases.both.rotation: is for generated passwords; a given Secret is rotated by giving another",
                '  storage: "10Gi" is not a size of at least 1g; write it like "1500m" or "4g"',
                "  storageClass: is missing",
                '  memory: "64m" is not a size of at least 256m; write it like "1500m" or "4g"',
                '  cpuRequest: "much" is not a CPU quantity; write it like "500m" or "2"',
                "  maxConnections: 5 is not a whole number between 10 and 10000",
                '  parameters: "port" is decided by the brick, always 5432; "work-mem" is not a setting of PostgreSQL; they look like "work_mem"',
                "  tlsSecret: is missing",
                '  clientNamespaces: "Team" is not a DNS label; use lower-case letters, digits and "-", starting with a letter',
            ].join("\n"),
        });
        assert.throws(() => new Postgres("p", { ...args, databases: {} }), /databases: is empty; give at least one/);
    });

    it("has no argument without effect", async () => {
        assertEveryField("Postgres", changes.postgres);
        await assertEveryFieldMatters((given, opts) => new Postgres("p", given, opts), { ...args, ...watched }, changes.postgres);
    });
});

describe("a connection to a database", () => {
    const connection: DatabaseFacts = { host: "db.example.org", database: "hive", credentialsSecret: "hive" };

    it("is checked field by field", () => {
        const problems: [Partial<DatabaseFacts>, string | undefined][] = [
            [{}, undefined],
            [{ host: "jdbc:postgresql://db" }, 'host "jdbc:postgresql://db" is not the name of a server; write it like "db.example.org"'],
            [{ port: 0 }, "port 0 is not a port"],
            [{ database: "a/b" }, 'database "a/b" is not the name of a database; use letters, digits, "_" and "-"'],
            [{ credentialsSecret: "" }, "credentialsSecret is missing"],
            [{ sslMode: "prefer" }, 'sslMode "prefer" is not one of disable, require, verify-ca, verify-full'],
            [{ sslMode: "verify-full" }, 'sslMode "verify-full" needs caSecret: without it nobody is trusted'],
            [{ sslMode: "verify-full", caSecret: "ca" }, undefined],
        ];
        for (const [change, problem] of problems) {
            assert.equal(databaseConnection({ ...connection, ...change }), problem);
        }
    });

    it("is encrypted, and verified where it is known whom to trust", () => {
        assert.equal(sslModeOf(connection), "require");
        assert.equal(sslModeOf({ ...connection, caSecret: "ca" }), "verify-full");
        assert.equal(sslModeOf({ ...connection, sslMode: "disable" }), "disable");
    });

    it("opens one port, to the server's pods or to any address but the node's own", () => {
        const clusterEndpoint = { namespace: "team-b", podLabels: { app: "db" }, clientLabels: {}, port: 6432 };
        assert.deepEqual(toDatabase(connection), {
            to: [{ ipBlock: { cidr: "0.0.0.0/0", except: ["169.254.0.0/16"] } }],
            ports: [{ protocol: "TCP", port: 5432 }],
        });
        assert.deepEqual(toDatabase({ ...connection, clusterEndpoint }), {
            to: [
                {
                    podSelector: { matchLabels: { app: "db" } },
                    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "team-b" } },
                },
            ],
            ports: [{ protocol: "TCP", port: 6432 }],
        });
    });
});
