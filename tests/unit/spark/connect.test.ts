import assert from "node:assert/strict";
import { join } from "node:path";

import * as pulumi from "@pulumi/pulumi";
import fc from "fast-check";
import { parse } from "yaml";

import { SparkConnect } from "../../../components";
import { toDns } from "../../../components/internal/network";
import { containerMiB, startCommand } from "../../../components/spark/connect/conf";
import * as changes from "../../support/changes";
import * as connectChanges from "../../support/connect-changes";
import { assertEveryField, assertEveryFieldMatters } from "../../support/fields";
import { podProblems, podsOf } from "../../support/pods";
import { record, type Registered } from "../../support/recorder";
import { assertSame } from "../../support/snapshot";
import { connect as args, eventLog, s3 } from "./arguments";

const connect = (more: object = {}) => record((opts) => new SparkConnect("c", { ...args, ...more }, opts));
const find = (made: Registered[], name: string) => made.find((one) => one.name === name)!.inputs;
const pod = (made: Registered[]) => find(made, "c-servers").spec.template.spec;
const conf = (made: Registered[]): Record<string, string> =>
    Object.fromEntries(
        find(made, "c-settings")
            .data["spark-defaults.conf"].trim()
            .split("\n")
            .map((line: string) => line.split(/ (.*)/)),
    );
const expected = (file: string) => join(__dirname, "expected", file);

const onStandalone = connectChanges.connectStandalone.base as { standalone: object };

describe("SparkConnect", () => {
    it("makes its settings, services, networks, budget and servers, in a preview too", async () => {
        for (const preview of [false, true]) {
            const made = await record((opts) => new SparkConnect("c", args, opts), { preview });
            assert.deepEqual(
                made.map(({ type, name }) => `${name} ${type}`),
                [
                    "c-address kubernetes:core/v1:Service",
                    "c-address-0 kubernetes:core/v1:Service",
                    "c-check kubernetes:batch/v1:Job",
                    "c-check-network kubernetes:networking.k8s.io/v1:NetworkPolicy",
                    "c-client-network kubernetes:networking.k8s.io/v1:NetworkPolicy",
                    "c-disruption-budget kubernetes:policy/v1:PodDisruptionBudget",
                    "c-executor-network kubernetes:networking.k8s.io/v1:NetworkPolicy",
                    "c-pod-names kubernetes:core/v1:Service",
                    "c-server-network kubernetes:networking.k8s.io/v1:NetworkPolicy",
                    "c-servers kubernetes:apps/v1:StatefulSet",
                    "c-settings kubernetes:core/v1:ConfigMap",
                ],
            );
        }
    });

    for (const sparkVersion of ["3.5.7", "4.1.0"]) {
        const image = `registry.example/spark:${sparkVersion}`;

        it(`has all settings of Spark ${sparkVersion}, and starts executors from a complete pod`, async () => {
            const { data } = find(await connect({ sparkVersion, image }), "c-settings");
            assertSame(data["spark-defaults.conf"], expected(`connect-${sparkVersion}.conf`));
            assertSame(data["executor.yaml"], expected(`executor-${sparkVersion}.yaml`));
        });

        it(`has all settings of Spark ${sparkVersion} under the operator, which has some of its own`, async () => {
            const { data } = find(await connect({ backend: "operator", sparkVersion, image }), "c-settings");
            assertSame(data["spark-defaults.conf"], expected(`connect-operator-${sparkVersion}.conf`));
        });

        it(`has all settings of Spark ${sparkVersion} on a Standalone cluster`, async () => {
            const cluster = { ...onStandalone.standalone, sparkVersion, authenticationSecret: "shared" };
            const { data } = find(await connect({ ...onStandalone, sparkVersion, image, standalone: cluster }), "c-settings");
            assert.deepEqual(Object.keys(data), ["spark-defaults.conf"]);
            assertSame(data["spark-defaults.conf"], expected(`connect-standalone-${sparkVersion}.conf`));
        });
    }

    it("needs neither rights, token nor executor pods on a Standalone cluster, and wears its label", async () => {
        const made = await connect({ ...onStandalone, serviceAccount: undefined });
        assert.ok(!made.some(({ name }) => name === "c-executor-network"));
        const [server] = pod(made).containers;
        assert.deepEqual(server.args.slice(0, 2), ["/bin/sh", "-c"]);
        assert.doesNotMatch(server.args[2], /kubernetes/);
        assert.ok(!pod(made).volumes.some(({ name }: any) => /token|template/.test(name)));
        assert.equal(find(made, "c-servers").spec.template.metadata.labels["a-client"], "true");
        const rows = (list: any[]) =>
            list.map(({ ports }: any) => ports.map(({ port, endPort }: any) => (endPort ? `${port}-${endPort}` : port)));
        const { ingress, egress } = find(made, "c-server-network").spec;
        assert.deepEqual(rows(ingress), [[15002], [7078, 7079], [7078, 4040]]);
        assert.deepEqual(rows(egress).slice(0, 2), [[7077], [7337, "7079-7095"]]);
    });

    it("asks a Standalone cluster for a fixed number of executors once and for all", async () => {
        const elastic = async (executor: object) =>
            find(await connect({ ...onStandalone, executor }), "c-settings").data["spark-defaults.conf"];
        assert.match(await elastic({ minimum: 2, maximum: 2 }), /^spark\.dynamicAllocation\.enabled false$/m);
        assert.match(await elastic({ minimum: 1, maximum: 2 }), /^spark\.dynamicAllocation\.enabled true$/m);
    });

    it("hands the cluster's shared secret over by environment", async () => {
        const cluster = { ...onStandalone.standalone, authenticationSecret: "shared" };
        const made = await connect({ ...onStandalone, standalone: cluster });
        assert.deepEqual(pod(made).containers[0].env.at(-1), {
            name: "_SPARK_AUTH_SECRET",
            valueFrom: { secretKeyRef: { name: "shared", key: "secret" } },
        });
    });

    it("gives every server an address of its own, and keeps a client on the server that it found", async () => {
        const made = await connect({ replicas: 3 });
        const own = made
            .filter(({ name }) => /^c-address-\d$/.test(name))
            .map(({ inputs }) => inputs.spec.selector["statefulset.kubernetes.io/pod-name"]);
        assert.deepEqual(own, ["c-connect-0", "c-connect-1", "c-connect-2"]);
        const { sessionAffinity, sessionAffinityConfig } = find(made, "c-address").spec;
        assert.deepEqual([sessionAffinity, sessionAffinityConfig], ["ClientIP", { clientIP: { timeoutSeconds: 86_400 } }]);
    });

    it("gives environment and files to servers and executors, and each executor a volume of the class asked for", async () => {
        const made = await connect({
            environment: { TEAM: "a" },
            secretEnvironment: { API_KEY: { secret: "s", key: "k" } },
            files: { data: { path: "/mnt/data", claim: "shared", writable: true } },
            executor: { localStorageClass: "fast" },
        });
        const template = parse(find(made, "c-settings").data["executor.yaml"]);
        for (const spec of [pod(made), template.spec]) {
            const [container] = spec.containers;
            assert.deepEqual(container.env.slice(0, 2), [
                { name: "TEAM", value: "a" },
                { name: "API_KEY", valueFrom: { secretKeyRef: { name: "s", key: "k" } } },
            ]);
            assert.ok(container.volumeMounts.some((mount: any) => mount.mountPath === "/mnt/data" && !mount.readOnly));
            assert.deepEqual(podProblems(spec), []);
        }
        const { spec } = template.spec.volumes[0].ephemeral.volumeClaimTemplate;
        assert.deepEqual([spec.storageClassName, spec.resources.requests.storage], ["fast", "10240Mi"]);
    });

    it("is a resource of the Spark operator, whose pod and executors are as hardened as ours", async () => {
        const made = await connect({ backend: "operator", ...behindProxy, authentication: {} });
        const kinds = made.map(({ type, name }) => `${name} ${type.split(":").pop()}`);
        assert.deepEqual(kinds, [
            "c-address Service",
            "c-check Job",
            "c-check-network NetworkPolicy",
            "c-client-network NetworkPolicy",
            "c-disruption-budget PodDisruptionBudget",
            "c-executor-network NetworkPolicy",
            "c-server SparkConnect",
            "c-server-network NetworkPolicy",
            "c-settings ConfigMap",
            "c-token Secret",
            "c-token RandomPassword",
        ]);
        const { metadata, spec } = find(made, "c-server");
        assert.deepEqual([metadata.name, spec.sparkVersion, spec.image], ["c-connect", "4.1.0", "registry.example/spark:4.1.0"]);
        assert.deepEqual(Object.keys(metadata.labels), ["app.kubernetes.io/managed-by", "app.kubernetes.io/part-of"]);
        const [container] = spec.server.template.spec.containers;
        assert.deepEqual([container.name, container.args], ["spark-kubernetes-driver", undefined]);
        // What the operator calls ${SPARK_HOME}/sbin/start-connect-server.sh.
        const { mountPath } = container.volumeMounts.find(({ name }: any) => name === "script");
        const [item] = spec.server.template.spec.volumes.find(({ name }: any) => name === "script").configMap.items;
        assert.equal(`${mountPath}/${item.path}`, "/opt/spark/sbin/start-connect-server.sh");
        assert.match(find(made, "c-settings").data[item.key], /^#!\/bin\/bash\nexec .* "\$@" spark-internal\n$/);
        assert.equal(spec.executor.template.spec.containers[0].name, "spark-kubernetes-executor");
        assert.deepEqual(podProblems(spec.server.template.spec), []);
        assert.equal(spec.server.template.metadata.labels["app.kubernetes.io/component"], "server");
        assert.equal(spec.executor.template.metadata.labels["app.kubernetes.io/component"], "executor");
        assert.equal(find(made, "c-disruption-budget").spec.minAvailable, 1);
    });

    const behindProxy = { tls: { secret: "certificate" }, proxyImage: "registry.example/tls-proxy:1" };

    it("takes clients in by TLS alone: past the proxy no port is open to them", async () => {
        for (const [sparkVersion, address] of Object.entries({ "3.5.7": undefined, "4.1.0": "127.0.0.1" })) {
            const made = await connect({ ...behindProxy, sparkVersion });
            assert.equal(conf(made)["spark.connect.grpc.binding.address"], address);
            const [port] = find(made, "c-address").spec.ports;
            assert.deepEqual([port.port, port.targetPort], [15002, "grpc-tls"]);
            assert.equal(find(made, "c-server-network").spec.ingress[0].ports[0].port, 15003);
            assert.equal(find(made, "c-client-network").spec.egress[0].ports[0].port, 15003);
            const proxy = pod(made).initContainers.at(-1);
            assert.deepEqual(
                [proxy.name, proxy.restartPolicy, proxy.ports[0]],
                ["tls-proxy", "Always", { name: "grpc-tls", containerPort: 15003 }],
            );
            assert.deepEqual(podProblems(pod(made)), []);
        }
    });

    it("asks for a token that stands nowhere but in its Secret, of which another value is another Secret", async () => {
        for (const [sparkVersion, variables] of Object.entries({ "3.5.7": [], "4.1.0": ["SPARK_CONNECT_AUTHENTICATE_TOKEN"] })) {
            let server!: SparkConnect;
            const given = { ...args, ...behindProxy, sparkVersion, authentication: {} };
            const made = await record((opts) => (server = new SparkConnect("c", given, opts)));
            const secret = made.find(({ name, type }) => name === "c-token" && type.endsWith("Secret"))!.inputs;
            assert.equal(Buffer.from(secret.data.token, "base64").toString(), "c-token-result");
            assert.deepEqual([secret.metadata.name, secret.immutable], [undefined, true]);
            const others = made.filter(({ type }) => !/Secret|RandomPassword/.test(type)).map(({ inputs }) => JSON.stringify(inputs));
            assert.ok(others.every((text) => !text.includes("c-token-result")));
            const { env } = pod(made).containers[0];
            assert.deepEqual(
                env.filter(({ name }: any) => /TOKEN/.test(name)).map(({ name }: any) => name),
                variables,
            );
            const token = pod(made).volumes.find(({ name }: any) => name === "token");
            assert.deepEqual(token.secret, { secretName: "c-token", items: [{ key: "token", path: "token" }] });
            const outputs = pulumi.all([server.url, server.tokenSecret]);
            assert.deepEqual(await new Promise((resolve) => outputs.apply(resolve)), [
                "sc://c-connect.team-a.svc:15002/;use_ssl=true",
                "c-token",
            ]);
        }
    });

    it("finds its tables in a metastore, also for Iceberg, and logs in to it", async () => {
        const kerberos = {
            principal: "spark@EXAMPLE.COM",
            keytabSecret: "keytab",
            configMap: "krb5",
            servicePrincipal: "hive/_HOST@EXAMPLE.COM",
        };
        const clusterEndpoint = { namespace: "team-a", podLabels: { app: "hive" }, clientLabels: { "hive-client": "true" } };
        const metastore = { uris: "thrift://hive:9083,thrift://other:9083", warehouse: "s3a://hive/tables", clusterEndpoint };
        const iceberg = { catalogs: { lake: { kind: "hive" } }, sessionCatalog: true };
        const made = await connect({ warehouse: undefined, metastore: { ...metastore, kerberos }, iceberg });
        const settings = conf(made);
        assert.deepEqual(
            [
                "spark.sql.catalogImplementation",
                "spark.hadoop.hive.metastore.uris",
                "spark.sql.warehouse.dir",
                "spark.sql.catalog.spark_catalog",
            ].map((key) => settings[key]),
            ["hive", metastore.uris, "s3a://hive/tables", "org.apache.iceberg.spark.SparkSessionCatalog"],
        );
        assert.equal(find(made, "c-servers").spec.template.metadata.labels["hive-client"], "true");
        const [server] = pod(made).containers;
        assert.ok(server.volumeMounts.some(({ mountPath }: any) => mountPath === "/etc/kerberos"));
        assert.deepEqual(
            pod(made).volumes[0].configMap.items.map(({ key }: any) => key),
            ["spark-defaults.conf", "core-site.xml"],
        );
        assert.deepEqual(podProblems(pod(made)), []);
        assert.match(
            pod(made)
                .initContainers.find(({ name }: any) => name === "check-addresses")
                .args.join(" "),
            /The Hive Metastore=hive:9083,other:9083/,
        );
        await assert.rejects(
            connect({ metastore: pulumi.output({ ...metastore, kerberos }) }),
            /metastore: kerberos decides which volumes exist; give the connection, and kerberos in it, as plain values/,
        );
        assert.throws(
            () => new SparkConnect("c", { ...args, metastore: { uris: "hive:9083", version: "4.0.1" } }),
            /\n {2}metastore: uris "hive:9083" is not the address of a metastore/,
        );
    });

    describe("on an HDFS", () => {
        const identity = { principal: "spark@EXAMPLE.COM", keytabSecret: "keytab", configMap: "krb5" };
        const kerberos = { ...identity, servicePrincipal: "nn/_HOST@EXAMPLE.COM" };
        const clusterEndpoint = { namespace: "files", podLabels: { app: "hdfs" }, clientLabels: { "hdfs-client": "true" } };
        const hdfs = { uri: "hdfs://namenode:8020", clusterEndpoint };
        const executorOf = (made: Registered[]) => parse(find(made, "c-settings").data["executor.yaml"]);
        const ports = (made: Registered[], policy: string): unknown[] =>
            find(made, policy).spec.egress.map((row: any) => row.ports.map(({ port }: any) => port));

        it("gets tokens with its key, and gives executors the realm but no key", async () => {
            const made = await connect({ hdfs: { ...hdfs, kerberos } });
            const settings = conf(made);
            assert.equal(settings["spark.kerberos.access.hadoopFileSystems"], hdfs.uri);
            assert.equal(settings["spark.hadoop.dfs.namenode.kerberos.principal"], kerberos.servicePrincipal);
            assert.equal(settings["spark.kerberos.principal"], identity.principal);
            const executor = executorOf(made);
            const mounted = (spec: any) => spec.containers[0].volumeMounts.map(({ mountPath }: any) => mountPath);
            assert.ok(mounted(pod(made)).includes("/etc/kerberos"));
            assert.ok(!mounted(executor.spec).includes("/etc/kerberos"));
            assert.ok(mounted(executor.spec).includes("/etc/krb5.conf"));
            assert.ok(!JSON.stringify(executor).includes("keytab"));
            assert.deepEqual(podProblems(executor.spec), []);
        });

        it("goes to NameNodes and DataNodes, as its executors do; to the realm it goes alone, by one row", async () => {
            const made = await connect({ hdfs: { ...hdfs, kerberos } });
            for (const policy of ["c-server-network", "c-check-network", "c-executor-network"]) {
                const rows = ports(made, policy).filter((list) => String(list) === "8020,9866");
                assert.equal(rows.length, 1, policy);
            }
            const metastore = { uris: "thrift://hive:9083", kerberos: { ...identity, servicePrincipal: "hive/_HOST@EXAMPLE.COM" } };
            const both = await connect({ metastore, warehouse: undefined, hdfs: { ...hdfs, kerberos } });
            for (const all of [made, both]) {
                assert.equal(ports(all, "c-server-network").filter((list) => String(list) === "88,88").length, 1);
                assert.ok(!ports(all, "c-executor-network").some((list) => String(list) === "88,88"));
                assert.equal(find(all, "c-servers").spec.template.metadata.labels["hdfs-client"], "true");
                assert.equal(executorOf(all).metadata.labels["hdfs-client"], "true");
            }
        });

        it("asks for the NameNode before it starts, unless a name stands for several", async () => {
            const questions = async (uri: string) =>
                pod(await connect({ hdfs: { ...hdfs, uri } }))
                    .initContainers.flatMap((container: any) => container.args)
                    .filter((argument: string) => argument.startsWith("The NameNode="));
            assert.deepEqual(await questions("hdfs://namenode:9820"), ["The NameNode=namenode:9820"]);
            assert.deepEqual(await questions("hdfs://nameservice"), []);
        });

        it("needs no Kerberos, and logs in once where two ask for it", async () => {
            assert.equal(conf(await connect({ hdfs }))["spark.kerberos.access.hadoopFileSystems"], undefined);
            const metastore = { uris: "thrift://hive:9083", kerberos: { ...kerberos, principal: "other@EXAMPLE.COM" } };
            assert.throws(
                () => new SparkConnect("c", { ...args, warehouse: undefined, metastore, hdfs: { ...hdfs, kerberos } }),
                /\n {2}hdfs: principal of kerberos must be those of metastore\.kerberos: a server logs in once$/,
            );
            assert.throws(
                () => new SparkConnect("c", { ...args, ...onStandalone, hdfs } as never),
                /\n {2}hdfs: is for executors that are pods: a Standalone cluster hands out no tokens$/,
            );
            assert.throws(
                () =>
                    new SparkConnect("c", {
                        ...args,
                        ...onStandalone,
                        warehouse: undefined,
                        metastore: { ...metastore, kerberos },
                    } as never),
                /\n {2}metastore: kerberos is for executors that are pods: on a Standalone cluster Spark logs in to no realm$/,
            );
            await assert.rejects(
                connect({ hdfs: pulumi.output({ ...hdfs, kerberos }) }),
                /hdfs: kerberos decides which volumes exist; give the connection, and kerberos in it, as plain values/,
            );
        });
    });

    it("refuses a token without TLS, and TLS without a proxy", () => {
        const wrong = (more: object) => () => new SparkConnect("c", { ...args, ...more });
        assert.throws(wrong({ authentication: {} }), /\n {2}authentication: needs tls: clients send a token over TLS only$/);
        assert.throws(wrong({ tls: { secret: "" } }), /\n {2}proxyImage: is missing: tls needs a proxy\n {2}tls\.secret: is missing$/);
        assert.throws(wrong({ ...behindProxy, authentication: { tokenSecret: "" } }), /\n {2}authentication\.tokenSecret: is missing$/);
    });

    it("asks for everything that it needs before it starts, in words for people", async () => {
        const started = (made: Registered[]) =>
            pod(made)
                .initContainers.filter(({ name }: any) => name.startsWith("check-"))
                .map(({ name, args: list }: any) => [name, list.slice(1).join(" ")]);
        const store = "--endpoint http://s-store.team-a.svc:9000 --region us-east-1 --path-style true";
        assert.deepEqual(started(await connect()), [
            ["check-warehouse", `--directory s3a://warehouse/tables ${store}`],
            ["check-event-log", `--directory s3a://spark-logs/events ${store}`],
        ]);
        const iceberg = { catalogs: { lake: { kind: "rest", uri: "https://lake.example.org" } } };
        assert.deepEqual(started(await connect({ ...onStandalone, iceberg, s3: undefined, eventLog: undefined })), [
            [
                "check-addresses",
                '--address Iceberg catalog "lake"=lake.example.org:443 --address The Standalone cluster=s-masters.team-a.svc:7077',
            ],
        ]);
    });

    it("asks for no store, no log and no uploader where none is given", async () => {
        const made = await connect({ s3: undefined, eventLog: undefined, warehouse: undefined });
        assert.deepEqual(
            Object.keys(conf(made)).filter((key) => /s3a|eventLog|committer|warehouse/.test(key)),
            [],
        );
        assert.equal(pod(made).initContainers, undefined);
        assert.equal(parse(find(made, "c-settings").data["executor.yaml"]).spec.containers[0].env, undefined);
        assert.equal(find(made, "c-executor-network").spec.egress.length, 3);
    });

    it("keeps keys out of every setting: they come by environment", async () => {
        const made = await connect();
        assert.doesNotMatch(JSON.stringify(find(made, "c-settings").data["spark-defaults.conf"]), /secret\.key|access\.key/);
        const { env } = pod(made).containers[0];
        assert.deepEqual(
            env.filter(({ name }: any) => name.startsWith("AWS_")).map(({ valueFrom }: any) => valueFrom.secretKeyRef),
            [
                { name: "s-s3-credentials", key: "access-key" },
                { name: "s-s3-credentials", key: "secret-key" },
            ],
        );
    });

    it("runs pods that the restricted standard admits, with user ids of the namespace too", async () => {
        for (const userIdFromNamespace of [false, true]) {
            const settings = { pod: { userIdFromNamespace }, executor: { pod: { userIdFromNamespace } } };
            const pods = podsOf(await connect(settings));
            assert.deepEqual(Object.keys(pods), ["c-check", "c-servers", "c-settings"]);
            for (const spec of Object.values(pods)) {
                assert.deepEqual(podProblems(spec, { userIds: !userIdFromNamespace }), []);
            }
        }
    });

    it("asks for what it needs before there is a server, as the server will, from pods that its Services do not find", async () => {
        const made = await connect();
        const job = find(made, "c-check").spec;
        const questions = ({ name, args, env }: any) => [name, args, env];
        const first = pod(made).initContainers.filter(({ name }: any) => name.startsWith("check-"));
        assert.deepEqual(job.template.spec.containers.map(questions), first.map(questions));
        assert.equal(job.backoffLimit, 0);
        const labels = job.template.metadata.labels;
        assert.equal(labels["app.kubernetes.io/component"], "check");
        const policy = find(made, "c-check-network").spec;
        assert.deepEqual(policy.ingress, []);
        assert.equal(policy.podSelector.matchLabels["app.kubernetes.io/component"], "check");
    });

    it("asks nobody when it needs nobody", async () => {
        const made = await connect({ s3: undefined, warehouse: undefined, eventLog: undefined });
        assert.deepEqual(
            made.filter(({ name }) => name.startsWith("c-check")),
            [],
        );
    });

    it("gives the API token to the server alone", async () => {
        const made = await connect();
        const mounts = [...pod(made).initContainers, ...pod(made).containers].map(({ name, volumeMounts }: any) => [
            name,
            volumeMounts.some((mount: any) => mount.name === "api-token"),
        ]);
        assert.deepEqual(mounts, [
            ["check-warehouse", false],
            ["check-event-log", false],
            ["event-log-uploader", false],
            ["connect", true],
        ]);
        assert.doesNotMatch(find(made, "c-settings").data["executor.yaml"], /serviceAccountToken/);
    });

    it("uploads the log from a sidecar that stops after the server", async () => {
        const uploader = pod(await connect({ eventLogUploadSeconds: 5 })).initContainers.at(-1);
        assert.equal(uploader.restartPolicy, "Always");
        assert.equal(
            uploader.args.join(" "),
            "/opt/spark/event-log-uploader.py --directory /var/log/spark-events --to s3a://spark-logs/events " +
                "--endpoint http://s-store.team-a.svc:9000 --region us-east-1 --path-style true --interval 5",
        );
    });

    it("names executors anew with every start, and after its own pod", () => {
        const command = startCommand("main", { backend: "k8s" });
        assert.match(command, /^executors="main-\$\{POD_NAME##\*-\}-\$\(printf %x/);
        assert.match(command, /exec \/opt\/spark\/bin\/spark-submit --class sparkplatform\.connect\.SparkConnectServer/);
        fc.assert(
            fc.property(fc.stringMatching(/^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/), (instance) => {
                const [, prefix = ""] = /^executors="(.*)-\$\{/.exec(startCommand(instance, { backend: "k8s" })) ?? [];
                assert.match(prefix, /^[a-z]([-a-z0-9]*[a-z0-9])?$/);
                assert.ok(`${prefix}-99-6930f7a1`.length <= 38);
            }),
        );
    });

    it("gives the container more than the heap, whatever the heap", () => {
        assert.deepEqual(
            ["1g", "2g", "8g"].map((heap) => containerMiB(heap)),
            [1024 + 640, 2048 + 640, 8192 + 2048],
        );
        assert.equal(containerMiB("2g", "1g"), 3072);
    });

    it("lets in clients that wear its label, and its own executors; and lets out to the API server, executors and the store", async () => {
        const made = await connect({ apiServer: ["10.0.0.1/32"], clientNamespaces: ["notebooks"] });
        const { ingress, egress } = find(made, "c-server-network").spec;
        const rows = (list: any[]) => list.map(({ from, to, ports }: any) => [from ?? to, ports.map(({ port }: any) => port)]);
        const executors = [
            {
                podSelector: {
                    matchLabels: {
                        "app.kubernetes.io/name": "spark-connect",
                        "app.kubernetes.io/component": "executor",
                        "app.kubernetes.io/instance": "c",
                    },
                },
            },
        ];
        const clients = [
            { podSelector: { matchLabels: { "spark-platform/c-connect-client": "true" } } },
            { podSelector: { matchLabels: {} }, namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "notebooks" } } },
        ];
        const store = [
            {
                podSelector: { matchLabels: { app: "store" } },
                namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "team-a" } },
            },
        ];
        assert.deepEqual(rows(ingress), [
            [clients, [15002]],
            [executors, [7078, 7079]],
        ]);
        assert.deepEqual(rows(egress), [
            [[{ ipBlock: { cidr: "10.0.0.1/32" } }], [443, 6443]],
            [executors, [7079]],
            [store, [9000]],
            [toDns.to, [53, 53, 5353, 5353]],
        ]);
    });

    it("lets its clients out to it, where everything else is denied", async () => {
        const made = await connect();
        assert.deepEqual(find(made, "c-client-network").spec, {
            podSelector: { matchLabels: { "spark-platform/c-connect-client": "true" } },
            policyTypes: ["Egress"],
            egress: [
                { to: [{ podSelector: find(made, "c-server-network").spec.podSelector }], ports: [{ protocol: "TCP", port: 15002 }] },
                toDns,
            ],
        });
    });

    it("opens the way to the store of the logs too, where it is another", async () => {
        const made = await connect({ eventLog: { ...eventLog, s3: { ...s3, endpoint: "https://logs.example.org" } } });
        assert.equal(find(made, "c-server-network").spec.egress.length, 5);
    });

    it("answers what clients and people need", async () => {
        let server!: SparkConnect;
        await record((opts) => (server = new SparkConnect("c", args, opts)));
        const all = pulumi.all([
            server.url,
            server.replicaUrls,
            server.clientLabels,
            server.executorIdleSeconds,
            server.eventLogUploadSeconds,
        ]);
        assert.deepEqual(await new Promise((resolve) => all.apply(resolve)), [
            "sc://c-connect.team-a.svc:15002",
            ["sc://c-connect-0.team-a.svc:15002"],
            { "spark-platform/c-connect-client": "true" },
            60,
            10,
        ]);
    });

    it("names every wrong field at once, before anything is made", () => {
        const executor = { cpuRequest: "half", memory: "256m", minimum: 5, maximum: 2, idleTimeout: "1 minute" };
        const wrong = { ...args, sparkVersion: "4.2.0", memory: "2Gi", apiServer: ["kubernetes"], executor };
        assert.throws(() => new SparkConnect("a".repeat(64), wrong), {
            message: [
                `SparkConnect "${"a".repeat(64)}" cannot be deployed as configured:`,
                `  name: "${"a".repeat(64)}" has 64 characters; at most 63 are allowed`,
                '  sparkVersion: "4.2.0" is not a Spark version of 3.5.x or 4.1.x; did you mean "4.1.0"?',
                '  memory: "2Gi" is not a size of at least 1g; write it like "1500m" or "4g"',
                "  executor.minimum: 5 is more than executor.maximum, which is 2",
                '  executor.cpuRequest: "half" is not a CPU quantity; write it like "500m" or "2"',
                '  executor.memory: "256m" is not a size of at least 512m; write it like "1500m" or "4g"',
                '  executor.idleTimeout: "1 minute" is not a duration; write it like "60s", "30m" or "2h"',
                '  apiServer: "kubernetes" is not a CIDR; write it like "10.0.0.1/32", or "10.0.0.1/32:16443" for a port that is neither 443 nor 6443',
            ].join("\n"),
        });
    });

    it("names what a backend needs, and what it has no use for", () => {
        const problems = (more: object) => {
            try {
                new SparkConnect("c", { ...args, ...more });
            } catch (error) {
                return (error as Error).message.split("\n").slice(1).join("\n");
            }
            return "";
        };
        assert.equal(
            problems({ backend: "yarn", replicas: 0 }),
            '  backend: "yarn" is none of k8s, standalone, operator\n  replicas: 0 is not a whole number between 1 and 99',
        );
        assert.equal(
            problems({ serviceAccount: undefined, standalone: onStandalone.standalone }),
            "  serviceAccount: is missing: executors are pods, and somebody must be allowed to make them\n  standalone: is for the backend standalone",
        );
        const lake = { kind: "jdbc", warehouse: "s3a://warehouse/lake", database: { host: "h", database: "d", credentialsSecret: "c" } };
        assert.equal(
            problems({ backend: "operator", replicas: 2, iceberg: { catalogs: { lake } }, pod: { userIdFromNamespace: true } }),
            [
                "  replicas: 2 is not a whole number between 1 and 1",
                "  iceberg: has a jdbc catalog, whose password cannot be handed over by the operator; use another kind",
                "  pod.userIdFromNamespace: has no effect: the operator starts the server without the image's own entry point",
            ].join("\n"),
        );
        const executor = { cpuRequest: "1", memoryOverhead: "1g", localStorage: "1g", localStorageClass: "x", pod: { labels: {} } };
        const decided = "has no effect: the workers of the Standalone cluster decide it";
        assert.equal(
            problems({ ...onStandalone, executor, executorServiceAccount: "e", rapids: { vendor: "a.b" }, sparkVersion: "4.1.1" }),
            [
                `  executorServiceAccount: ${decided}`,
                `  rapids: ${decided}`,
                ...Object.keys(executor).map((field) => `  executor.${field}: ${decided}`),
                "  standalone: sparkVersion 4.1.0 is not the driver's, which is 4.1.1",
            ].join("\n"),
        );
        const narrow = { ...onStandalone.standalone, largestExecutor: { cores: 2, memory: "1g" } };
        assert.equal(
            problems({ ...onStandalone, standalone: narrow, executor: { memory: "2g" } }),
            "  standalone: has no worker for an executor of 1 cores and 2g; at most 2 cores and 1g fit",
        );
        const elsewhere = { ...onStandalone.standalone, masterUrl: "host:7077" };
        assert.equal(
            problems({ ...onStandalone, standalone: elsewhere }),
            '  standalone: masterUrl "host:7077" is not the address of masters; write it like "spark://host:7077"',
        );
    });

    it("names wrong additions to its pods", () => {
        const files = { Data: { path: "/a" }, b: { path: "b", secret: "s", claim: "c" } };
        const wrong = {
            memoryOverhead: "1",
            environment: { "A B": "1", DB_PASSWORD: "x" },
            secretEnvironment: { A: { secret: "", key: "k" } },
            files,
        };
        assert.throws(() => new SparkConnect("c", { ...args, ...wrong }), {
            message: [
                'SparkConnect "c" cannot be deployed as configured:',
                '  environment: "A B" is no name of an environment variable; use letters, digits and "_"',
                '  secretEnvironment: "A" secret is missing',
                '  files["Data"]: is no name of a volume; use lower-case letters, digits and "-", at most 42',
                '  files["Data"]: has 0 sources; give one of configMap, secret, claim',
                '  files["b"]: has 2 sources; give one of configMap, secret, claim',
                '  files["b"].path: "b" is not an absolute path; write it like "/etc/team/files"',
                '  memoryOverhead: "1" is not a size of at least 256m; write it like "1500m" or "4g"',
            ].join("\n"),
        });
        assert.throws(
            () => new SparkConnect("c", { ...args, environment: { DB_PASSWORD: "x" } }),
            /environment: "DB_PASSWORD" looks like a secret; give it by secretEnvironment/,
        );
    });

    it("checks values that come late, too", async () => {
        await assert.rejects(
            connect({ executor: { minimum: pulumi.output(9) } }),
            /executor\.minimum: 9 is more than executor\.maximum, which is 4/,
        );
        await assert.rejects(connect({ sparkVersion: pulumi.output("2.4.8") }), /sparkVersion: "2\.4\.8" is not a Spark version/);
    });

    it("refuses settings that an argument decides, naming the argument, and secrets", () => {
        const sparkConf = (key: string) => () => new SparkConnect("c", { ...args, sparkConf: { [key]: "1" } });
        assert.throws(sparkConf("spark.executor.memory"), /sparkConf: "spark\.executor\.memory" is decided by executor\.memory/);
        assert.throws(sparkConf("spark.dynamicAllocation.maxExecutors"), /is decided by executor\.maximum/);
        assert.throws(sparkConf("spark.kubernetes.driver.pod.name"), /is decided by the brick/);
        assert.throws(sparkConf("spark.hadoop.fs.s3a.secret.key"), /would be readable by everyone; give it by a Kubernetes Secret/);
        assert.throws(sparkConf("fs.s3a.threads.max"), /is not a Spark setting; keys start with "spark\."/);
    });

    it("lets the user's settings win, Java options beside its own", async () => {
        const own = { "spark.scheduler.mode": "FIFO", "spark.driver.extraJavaOptions": "-Da=b" };
        const made = conf(await connect({ sparkConf: own }));
        assert.equal(made["spark.scheduler.mode"], "FIFO");
        assert.match(made["spark.driver.extraJavaOptions"]!, /log4j2\.properties.* -Da=b$/);
    });

    it("has no argument without effect", async function () {
        this.timeout(240_000);
        const { connectParts, connectStandalone, connectProxy, connectMetastore, connectHdfs, connectTracing } = connectChanges;
        const { connectElsewhere, standaloneElsewhere } = connectChanges;
        const cases = [
            { base: {}, changes: changes.connect },
            ...connectParts,
            connectStandalone,
            connectProxy,
            connectMetastore,
            connectHdfs,
            connectTracing,
        ];
        assertEveryField("SparkConnect", ...cases.map((one) => one.changes), connectElsewhere, standaloneElsewhere);
        for (const { base, changes: table } of cases) {
            const all = { ...args, proxyImage: "tls" in base ? "registry.example/tls-proxy:1" : undefined, ...base };
            await assertEveryFieldMatters((given, opts) => new SparkConnect("c", given, opts), all, table);
        }
    });
});
