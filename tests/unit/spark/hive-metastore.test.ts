import assert from "node:assert/strict";

import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { HiveMetastore, SparkConnect, type MetastoreConnection } from "../../../components";
import { toDns, type pods } from "../../../components/internal/network";
import { metastoreVersion, sparkLines } from "../../../components/internal/spark-versions";
import type { HiveMetastoreArgs } from "../../../components/spark/hive-metastore";
import { metastoreSite } from "../../../components/spark/hive-metastore/conf";
import { hadoopXml, kerberosFiles, kerberosMounts, kerberosVolumes } from "../../../components/spark/kerberos";
import {
    metastoreClientLabels,
    metastoreConf,
    metastoreConnection,
    toMetastore,
    type MetastoreFacts,
} from "../../../components/spark/metastore";
import * as changes from "../../support/changes";
import { assertEveryField, assertEveryFieldMatters } from "../../support/fields";
import { podProblems, podsOf } from "../../support/pods";
import { record, type Registered } from "../../support/recorder";

const clusterEndpoint = (app: string) => ({ namespace: "stores", podLabels: { app }, clientLabels: { [`${app}-client`]: "true" } });
const kerberos = {
    principal: "hive/m-metastore.team-a.svc@EXAMPLE.COM",
    keytabSecret: "hive-key",
    configMap: "realm",
    clientPrincipal: "spark@EXAMPLE.COM",
    clientKeytabSecret: "spark-key",
};
const args: HiveMetastoreArgs = {
    namespace: "team-a",
    image: "registry.example/hive:3.1.3",
    database: { host: "db.example.org", database: "hive", credentialsSecret: "hive-user", clusterEndpoint: clusterEndpoint("db") },
    s3: { endpoint: "http://store:9000", pathStyle: true, credentialsSecret: "keys", clusterEndpoint: clusterEndpoint("store") },
    warehouse: "s3a://warehouse/tables",
};
const find = (made: Registered[], name: string) => made.find((one) => one.name === name)!;
const make = (more: object = {}) => record((opts) => new HiveMetastore("m", { ...args, ...more }, opts));
const peer = (app: string): ReturnType<typeof pods> => ({
    podSelector: { matchLabels: { app } },
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "stores" } },
});

async function connectionOf(more: object, preview: boolean): Promise<MetastoreConnection> {
    let metastore!: HiveMetastore;
    await record((opts) => (metastore = new HiveMetastore("m", { ...args, ...more }, opts)), { preview });
    return new Promise((resolve) => metastore.connection.apply(resolve as (known: object) => void));
}

describe("HiveMetastore", () => {
    it("makes the schema before the servers, in a preview too", async () => {
        for (const preview of [false, true]) {
            const made = await record((opts) => new HiveMetastore("m", args, opts), { preview });
            assert.deepEqual(
                made.map(({ type, name }) => `${name} ${type}`),
                [
                    "m-address kubernetes:core/v1:Service",
                    "m-client-network kubernetes:networking.k8s.io/v1:NetworkPolicy",
                    "m-disruption-budget kubernetes:policy/v1:PodDisruptionBudget",
                    "m-network kubernetes:networking.k8s.io/v1:NetworkPolicy",
                    "m-schema kubernetes:batch/v1:Job",
                    "m-schema-network kubernetes:networking.k8s.io/v1:NetworkPolicy",
                    "m-servers kubernetes:apps/v1:Deployment",
                    "m-settings kubernetes:core/v1:ConfigMap",
                ],
            );
            assert.deepEqual(find(made, "m-servers").options.dependsOn, ["m-network", "m-schema"]);
            assert.deepEqual(find(made, "m-address").options.dependsOn, ["m-schema"], "or a failed schema would be told of minutes later");
            assert.equal(find(made, "m-schema").inputs.metadata.name, undefined, "another set-up is another Job");
        }
    });

    it("tells clients how to reach it, in a first preview too", async () => {
        for (const preview of [false, true]) {
            assert.deepEqual(await connectionOf({}, preview), {
                uris: "thrift://m-metastore.team-a.svc:9083",
                version: "3.1.3",
                warehouse: "s3a://warehouse/tables",
                clusterEndpoint: {
                    namespace: "team-a",
                    podLabels: {
                        "app.kubernetes.io/name": "hive-metastore",
                        "app.kubernetes.io/component": "server",
                        "app.kubernetes.io/instance": "m",
                    },
                    clientLabels: { "spark-platform/m-metastore-client": "true" },
                },
            });
        }
        const { kerberos: identity } = await connectionOf({ kerberos }, false);
        assert.deepEqual(identity, {
            principal: "spark@EXAMPLE.COM",
            keytabSecret: "spark-key",
            configMap: "realm",
            servicePrincipal: "hive/m-metastore.team-a.svc@EXAMPLE.COM",
        });
    });

    it("is configured by references to secrets, never by secrets", async () => {
        const { data, immutable } = find(await make(), "m-settings").inputs;
        assert.equal(immutable, true);
        assert.match(
            data["metastore-site.xml"],
            /<name>javax.jdo.option.ConnectionPassword<\/name><value>\$\{env.DATABASE_PASSWORD\}<\/value>/,
        );
        assert.match(data["metastore-site.xml"], /jdbc:postgresql:\/\/db.example.org:5432\/hive\?sslmode=require</);
        assert.match(data["core-site.xml"], /<name>hadoop.security.authentication<\/name><value>simple<\/value>/);
        for (const name of ["m-servers", "m-schema"]) {
            const [container] = find(await make(), name).inputs.spec.template.spec.containers;
            assert.deepEqual(
                container.env.map(({ name, value, valueFrom }: any) => `${name} ${value ?? valueFrom.secretKeyRef.name}`),
                [
                    "METASTORE_CONF_DIR /etc/metastore",
                    "DATABASE_USERNAME hive-user",
                    "DATABASE_PASSWORD hive-user",
                    "AWS_ACCESS_KEY_ID keys",
                    "AWS_SECRET_ACCESS_KEY keys",
                ],
            );
        }
    });

    it("verifies the database by the CA that it is given, and lets hiveConf have the last word", () => {
        const facts = {
            s3: {},
            warehouse: "s3a://warehouse/tables",
            hiveConf: { "metastore.disallow.incompatible.col.type.changes": "true" },
        };
        const site = metastoreSite({
            ...facts,
            database: { host: "db", port: 6432, database: "hive", credentialsSecret: "s", caSecret: "ca" },
        });
        assert.equal(
            site["javax.jdo.option.ConnectionURL"],
            "jdbc:postgresql://db:6432/hive?sslmode=verify-full&sslrootcert=/etc/metastore-database/ca.crt",
        );
        assert.equal(site["metastore.disallow.incompatible.col.type.changes"], "true");
    });

    it("opens one port to those who wear its label, and goes to database, store and the realm's servers", async () => {
        const { ingress, egress } = find(await make(), "m-network").inputs.spec;
        assert.deepEqual(ingress, [
            {
                from: [{ podSelector: { matchLabels: { "spark-platform/m-metastore-client": "true" } } }],
                ports: [{ protocol: "TCP", port: 9083 }],
            },
        ]);
        assert.deepEqual(egress, [
            { to: [peer("db")], ports: [{ protocol: "TCP", port: 5432 }] },
            { to: [peer("store")], ports: [{ protocol: "TCP", port: 9000 }] },
            toDns,
        ]);
        const withKerberos = find(await make({ kerberos }), "m-network").inputs.spec.egress;
        assert.deepEqual(withKerberos[2].ports, [
            { protocol: "TCP", port: 88 },
            { protocol: "UDP", port: 88 },
        ]);
        assert.deepEqual(find(await make(), "m-schema-network").inputs.spec.egress, [egress[0], toDns]);
    });

    it("wears the labels that database and store ask for", async () => {
        const made = await make();
        const labels = (name: string) => Object.keys(find(made, name).inputs.spec.template.metadata.labels);
        assert.deepEqual(
            labels("m-servers").filter((label) => label.endsWith("-client")),
            ["db-client", "store-client"],
        );
        assert.deepEqual(
            labels("m-schema").filter((label) => label.endsWith("-client")),
            ["db-client"],
        );
    });

    it("runs pods that the restricted standard admits, with user ids of the namespace too", async () => {
        for (const userIdFromNamespace of [false, true]) {
            for (const spec of Object.values(podsOf(await make({ kerberos, pod: { userIdFromNamespace } })))) {
                assert.deepEqual(podProblems(spec, { userIds: !userIdFromNamespace }), []);
            }
        }
    });

    it("is asked for its port by the kernel's word where a call without a name would be an error in its log", async () => {
        const probesOf = async (more: object) => {
            const [{ startupProbe, readinessProbe, livenessProbe }] = find(await make(more), "m-servers").inputs.spec.template.spec
                .containers;
            return [startupProbe, readinessProbe, livenessProbe];
        };
        for (const { tcpSocket, exec } of await probesOf({})) {
            assert.deepEqual([tcpSocket, exec], [{ port: "thrift" }, undefined]);
        }
        const listening = " 1: 00000000000000000000000000000000:237B 00000000000000000000000000000000:0000 0A 00000000:00000000";
        const connected = " 2: 0100007F:237B 0100007F:C350 01 00000000:00000000";
        for (const { tcpSocket, exec } of await probesOf({ kerberos })) {
            assert.equal(tcpSocket, undefined);
            const [command, options, pattern, ...files] = exec.command;
            assert.deepEqual([command, options, files], ["grep", "-qsE", ["/proc/net/tcp", "/proc/net/tcp6"]]);
            assert.deepEqual(
                [listening, connected].map((line) => new RegExp(pattern).test(line)),
                [true, false],
            );
        }
    });

    it("tells a Connect server of the same program who it is", async () => {
        const server = { sparkVersion: "4.1.0", image: "spark:4.1.0", serviceAccount: "server", executorServiceAccount: "executor" };
        const made = await record((opts) => {
            const { connection } = new HiveMetastore("m", { ...args, kerberos }, opts);
            new SparkConnect("c", { namespace: "team-a", ...server, s3: args.s3, metastore: connection }, opts);
        });
        const { volumes } = find(made, "c-servers").inputs.spec.template.spec;
        const secret = volumes.find(({ name }: { name: string }) => name === "kerberos-keytab")?.secret;
        assert.equal(secret?.secretName, kerberos.clientKeytabSecret);
    });

    it("names every wrong field", () => {
        const wrong = {
            namespace: "Team",
            image: "",
            database: { host: "", database: "hive", credentialsSecret: "s" },
            s3: { endpoint: "store" },
            warehouse: "/tables",
            serviceAccount: "",
            hiveVersion: "4.0.1",
            replicas: 0,
            memory: "64m",
            cpuRequest: "much",
            databaseTimeoutSeconds: 0,
            hiveConf: { "metastore.thrift.port": "1", "spark.x": "1", "fs.s3a.secret.key": "x" },
            kerberos: { principal: "hive@EXAMPLE.COM", keytabSecret: "", configMap: "", clientPrincipal: "spark", clientKeytabSecret: "" },
            clientNamespaces: ["Team"],
        };
        assert.throws(() => new HiveMetastore("m", wrong), {
            message: [
                'HiveMetastore "m" cannot be deployed as configured:',
                '  namespace: "Team" is not a DNS label; use lower-case letters, digits and "-", starting with a letter',
                "  image: is missing",
                '  database: host "" is not the name of a server; write it like "db.example.org"',
                '  s3: endpoint "store" is not the URL of a server; write it like "https://s3.example.org" or "http://store:9000"',
                '  warehouse: "/tables" is not a directory in a bucket; write it like "s3a://bucket/directory"',
                "  serviceAccount: is missing",
                '  hiveVersion: "4.0.1" is a Hive that Spark cannot talk to: since 4.0.1 it lacks the call get_table; use 3.1.3',
                "  replicas: 0 is not a whole number between 1 and 99",
                '  memory: "64m" is not a size of at least 512m; write it like "1500m" or "4g"',
                '  cpuRequest: "much" is not a CPU quantity; write it like "500m" or "2"',
                "  databaseTimeoutSeconds: 0 is not a whole number between 1 and 240",
                '  hiveConf: "metastore.thrift.port" is decided by the brick, always 9083; "spark.x" is not a setting of the metastore; they look like "metastore.server.max.threads"; "fs.s3a.secret.key" would be readable by everyone in a ConfigMap',
                '  kerberos.principal: "hive@EXAMPLE.COM" names no host; a service\'s principal does, for example "hive/host@EXAMPLE.COM"',
                "  kerberos.keytabSecret: is missing",
                "  kerberos.configMap: is missing",
                '  kerberos.clientPrincipal: "spark" is not a principal; write it like "spark@EXAMPLE.COM" or "hive/host@EXAMPLE.COM"',
                "  kerberos.clientKeytabSecret: is missing",
                '  clientNamespaces: "Team" is not a DNS label; use lower-case letters, digits and "-", starting with a letter',
            ].join("\n"),
        });
        assert.throws(
            () => new HiveMetastore("m", { ...args, hiveVersion: "2.3.9" }),
            /hiveVersion: "2.3.9" is not a version that the image starts; use 3.1.3/,
        );
    });

    it("has no argument without effect", async () => {
        assertEveryField("HiveMetastore", changes.hiveMetastore);
        const withClient = (given: HiveMetastoreArgs, opts: pulumi.ComponentResourceOptions) => {
            const { connection } = new HiveMetastore("m", given, opts);
            new k8s.core.v1.ConfigMap("client", { data: { connection: pulumi.jsonStringify(connection) } });
        };
        await assertEveryFieldMatters(withClient, { ...args, kerberos }, changes.hiveMetastore);
    });
});

describe("a metastore for Spark", () => {
    const identity = {
        principal: "spark@EXAMPLE.COM",
        keytabSecret: "key",
        configMap: "realm",
        servicePrincipal: "hive/_HOST@EXAMPLE.COM",
    };
    const metastore: MetastoreFacts = { uris: "thrift://one:9083,thrift://two:9084" };

    it("is one whose calls Spark knows", () => {
        for (const good of ["2.3.0", "2.3.9", "3.0.0", "3.1.3", "4.0.0"]) {
            assert.equal(metastoreVersion(good), undefined);
        }
        for (const bad of ["4.0.1", "4.1.0", "4.2.3", "5.0.0"]) {
            assert.equal(
                metastoreVersion(bad),
                `"${bad}" is a Hive that Spark cannot talk to: since 4.0.1 it lacks the call get_table; use 3.1.3`,
            );
        }
        for (const bad of ["2.2.0", "1.2.1", "3", "three"]) {
            assert.equal(metastoreVersion(bad), `"${bad}" is not a version of Hive from 2.3.0 to 4.0.0; write it like "3.1.3"`);
        }
    });

    it("is checked field by field", () => {
        const wrongUris = (uris: string) =>
            `uris "${uris}" is not the address of a metastore; write it like "thrift://host:9083", with commas between several`;
        const problems: [Partial<MetastoreFacts>, string | undefined][] = [
            [{}, undefined],
            [{ uris: "thrift://glue" }, wrongUris("thrift://glue")],
            [{ uris: "https://glue.eu-central-1.amazonaws.com" }, wrongUris("https://glue.eu-central-1.amazonaws.com")],
            [{ version: "4.1.0" }, `version ${metastoreVersion("4.1.0")}`],
            [{ warehouse: "/tables" }, 'warehouse "/tables" is not a directory in a bucket; write it like "s3a://bucket/directory"'],
            [{ kerberos: identity }, undefined],
            [
                { kerberos: { ...identity, principal: "spark" } },
                'kerberos.principal "spark" is not a principal; write it like "spark@EXAMPLE.COM" or "hive/host@EXAMPLE.COM"',
            ],
            [{ kerberos: { ...identity, keytabSecret: "" } }, "kerberos.keytabSecret is missing"],
            [{ kerberos: { ...identity, configMap: "" } }, "kerberos.configMap is missing"],
            [{ kerberos: { ...identity, servicePrincipal: undefined } }, "kerberos.servicePrincipal is missing"],
        ];
        for (const [change, problem] of problems) {
            assert.equal(metastoreConnection({ ...metastore, ...change }), problem);
        }
    });

    it("is told to drivers of every line in the same words", () => {
        for (const line of Object.values(sparkLines)) {
            assert.deepEqual(metastoreConf(line, { ...metastore, warehouse: "s3a://warehouse/tables" }), {
                "spark.sql.catalogImplementation": "hive",
                "spark.hadoop.hive.metastore.uris": "thrift://one:9083,thrift://two:9084",
                "spark.sql.warehouse.dir": "s3a://warehouse/tables",
            });
            assert.deepEqual(metastoreConf(line, { ...metastore, kerberos: identity }), {
                "spark.sql.catalogImplementation": "hive",
                "spark.hadoop.hive.metastore.uris": "thrift://one:9083,thrift://two:9084",
                "spark.kerberos.principal": "spark@EXAMPLE.COM",
                "spark.kerberos.keytab": "/etc/kerberos/keytab",
                "spark.hadoop.hadoop.security.authentication": "kerberos",
                "spark.hadoop.hive.metastore.sasl.enabled": true,
                "spark.hadoop.hive.metastore.kerberos.principal": "hive/_HOST@EXAMPLE.COM",
            });
        }
    });

    it("is reached at its ports, and with Kerberos the realm's servers too", () => {
        const anywhere = [{ ipBlock: { cidr: "0.0.0.0/0", except: ["169.254.0.0/16"] } }];
        const ports = (...numbers: number[]) => numbers.map((port) => ({ protocol: "TCP", port }));
        assert.deepEqual(toMetastore(metastore), [{ to: anywhere, ports: ports(9083, 9084) }]);
        const inside = { ...metastore, uris: "thrift://m:9083", clusterEndpoint: clusterEndpoint("hms"), kerberos: identity };
        assert.deepEqual(toMetastore(inside), [
            { to: [peer("hms")], ports: ports(9083) },
            { to: anywhere, ports: [...ports(88), { protocol: "UDP", port: 88 }] },
        ]);
        assert.deepEqual(metastoreClientLabels(inside), { "hms-client": "true" });
        assert.deepEqual(metastoreClientLabels(undefined), {});
    });

    it("brings key and realm as volumes only where there are any", () => {
        assert.deepEqual([kerberosVolumes(), kerberosMounts(), kerberosFiles()], [[], [], {}]);
        assert.deepEqual(
            kerberosVolumes(identity).map(({ name }) => name),
            kerberosMounts(identity).map(({ name }) => name),
        );
        assert.match(kerberosFiles(identity)["core-site.xml"]!, /<value>kerberos<\/value>/);
    });

    it("is written as XML that survives any value", () => {
        assert.equal(
            hadoopXml({ b: "<&>", a: true, c: undefined }),
            '<?xml version="1.0"?>\n<configuration>\n  <property><name>a</name><value>true</value></property>\n' +
                "  <property><name>b</name><value>&lt;&amp;&gt;</value></property>\n</configuration>\n",
        );
    });
});
