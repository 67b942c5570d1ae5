import assert from "node:assert/strict";

import { parse } from "yaml";

import { Airflow, type AirflowArgs } from "../../../components";
import { toDns } from "../../../components/internal/network";
import { assertEveryField, assertEveryFieldMatters } from "../../support/fields";
import { podProblems, podsOf } from "../../support/pods";
import { record, type Registered } from "../../support/recorder";
import * as changes from "../../support/tool-changes";
import { s3 } from "../spark/arguments";
import { classic, database } from "./arguments";

const args: AirflowArgs = {
    namespace: "team-a",
    image: "registry.example/airflow:3.3.2-spark-4.1.0",
    database,
    s3,
    taskLogs: "s3a://airflow-logs/tasks",
    warehouse: "s3a://warehouse/tables",
    connect: [{ url: "sc://c-connect.team-a.svc:15002", clientLabels: { "connect-client": "true" } }],
    tracking: { url: "http://m-mlflow.team-a.svc:5000", credentialsSecret: "m-mlflow-admin", clientLabels: { "mlflow-client": "true" } },
};

const watched = { monitoring: {}, exporterImage: "registry.example/exporters:1" };

const airflow = (more = {}) => record((opts) => new Airflow("a", { ...args, ...more }, opts));
const find = (made: Registered[], name: string) => made.find((one) => one.name === name)!.inputs;
const container = (made: Registered[], name: string) => find(made, name).spec.template.spec.containers[0];
const task = (made: Registered[]) => parse(find(made, "a-template").data["pod.yaml"], { version: "1.1" });
const environment = (of: any): Record<string, string> =>
    Object.fromEntries(
        of.env.map(({ name, value, valueFrom }: any) => [name, value ?? `${valueFrom.secretKeyRef.name}/${valueFrom.secretKeyRef.key}`]),
    );
const ways = (made: Registered[], role: string) =>
    find(made, `a-${role}-network`).spec.egress.flatMap(({ ports }: any) => ports.map(({ port }: any) => port));

describe("Airflow", () => {
    it("makes its keys, its parts, their accounts and networks, in a preview too", async () => {
        for (const preview of [false, true]) {
            const made = await record((opts) => new Airflow("a", args, opts), { preview });
            assert.deepEqual(
                made.map(({ type, name }) => `${name} ${type}`),
                [
                    "a-address kubernetes:core/v1:Service",
                    "a-admin kubernetes:core/v1:Secret",
                    "a-admin-password random:index/randomPassword:RandomPassword",
                    "a-api-server kubernetes:apps/v1:Deployment",
                    "a-api-server-network kubernetes:networking.k8s.io/v1:NetworkPolicy",
                    "a-client-network kubernetes:networking.k8s.io/v1:NetworkPolicy",
                    "a-dag-processor kubernetes:apps/v1:Deployment",
                    "a-dag-processor-network kubernetes:networking.k8s.io/v1:NetworkPolicy",
                    "a-dags kubernetes:core/v1:ConfigMap",
                    "a-fernet random:index/randomBytes:RandomBytes",
                    "a-jwt random:index/randomPassword:RandomPassword",
                    "a-keys kubernetes:core/v1:Secret",
                    "a-migration kubernetes:batch/v1:Job",
                    "a-migration-network kubernetes:networking.k8s.io/v1:NetworkPolicy",
                    "a-scheduler kubernetes:apps/v1:Deployment",
                    "a-scheduler-account kubernetes:core/v1:ServiceAccount",
                    "a-scheduler-binding kubernetes:rbac.authorization.k8s.io/v1:RoleBinding",
                    "a-scheduler-network kubernetes:networking.k8s.io/v1:NetworkPolicy",
                    "a-scheduler-role kubernetes:rbac.authorization.k8s.io/v1:Role",
                    "a-session-key random:index/randomPassword:RandomPassword",
                    "a-template kubernetes:core/v1:ConfigMap",
                    "a-triggerer kubernetes:apps/v1:Deployment",
                    "a-triggerer-network kubernetes:networking.k8s.io/v1:NetworkPolicy",
                    "a-worker-account kubernetes:core/v1:ServiceAccount",
                    "a-worker-network kubernetes:networking.k8s.io/v1:NetworkPolicy",
                ],
            );
        }
    });

    it("starts its parts when the database is ready for this version", async () => {
        const made = await airflow();
        for (const part of ["a-api-server", "a-scheduler", "a-dag-processor", "a-triggerer"]) {
            assert.ok(made.find(({ name }) => name === part)!.options.dependsOn.includes("a-migration"), part);
        }
        assert.equal(find(made, "a-migration").metadata.name, undefined, "named by the engine");
    });

    it("keeps the database and Airflow's keys from tasks", async () => {
        const made = await airflow();
        const names = Object.keys(environment(task(made).spec.containers[0]));
        assert.deepEqual(
            names.filter((name) => /^PG|FERNET|JWT|API__SECRET|SQL_ALCHEMY/.test(name)),
            [],
        );
        assert.deepEqual(ways(made, "worker").slice(0, 4), [8080, 9000, 15002, 5000]);
        assert.deepEqual(find(made, "a-worker-network").spec.egress.slice(4), [toDns]);
        const scheduler = environment(container(made, "a-scheduler"));
        assert.equal(scheduler.AIRFLOW__DATABASE__SQL_ALCHEMY_CONN, "postgresql+psycopg2://");
        assert.equal(scheduler.PGPASSWORD, "p-mlflow/password");
        assert.equal(scheduler.AIRFLOW__CORE__FERNET_KEY, "a-airflow-keys/fernet-key");
        assert.doesNotMatch(JSON.stringify(made.filter(({ type }) => /Deployment|Job|ConfigMap/.test(type))), /-result|base-64/);
    });

    it("makes a Fernet key of the letters that URLs know", async () => {
        const { data } = find(await airflow(), "a-keys");
        assert.equal(Buffer.from(data["fernet-key"], "base64").toString(), "a-fernet-base_64=");
    });

    it("runs tasks as pods without rights that know where Spark is", async () => {
        const { metadata, spec } = task(await airflow());
        const env = environment(spec.containers[0]);
        assert.equal(env.SPARK_REMOTE, "sc://c-connect.team-a.svc:15002");
        assert.equal(env.WAREHOUSE, "s3a://warehouse/tables");
        assert.equal(env.MLFLOW_TRACKING_PASSWORD, "m-mlflow-admin/password");
        assert.equal(env.AIRFLOW__CORE__EXECUTION_API_SERVER_URL, "http://a-airflow.team-a.svc:8080/execution/");
        assert.deepEqual(JSON.parse(env.AIRFLOW_CONN_PLATFORM_S3!), {
            conn_type: "aws",
            extra: {
                region_name: "us-east-1",
                endpoint_url: "http://s-store.team-a.svc:9000",
                config_kwargs: { s3: { addressing_style: "path" } },
            },
        });
        assert.equal(spec.containers[0].name, "base");
        assert.equal(spec.serviceAccountName, "a-airflow-worker");
        for (const label of ["connect-client", "mlflow-client", "store-client"]) {
            assert.equal(metadata.labels[label], "true", label);
        }
        assert.deepEqual(podProblems(spec), []);
    });

    it("shows DAG files to whoever runs code of them, one by one", async () => {
        const made = await airflow({ dags: { "etl.py": "pass", "report.py": "pass" }, exampleDags: true });
        const mounted = (of: any) => of.volumeMounts.map(({ mountPath }: any) => mountPath).filter((path: string) => path.endsWith(".py"));
        const both = ["/opt/airflow-dags/etl.py", "/opt/airflow-dags/report.py"];
        assert.deepEqual(mounted(container(made, "a-dag-processor")), both);
        assert.deepEqual(mounted(task(made).spec.containers[0]), both);
        assert.deepEqual(mounted(container(made, "a-api-server")), []);
        const bundles = JSON.parse(environment(container(made, "a-dag-processor")).AIRFLOW__DAG_PROCESSOR__DAG_BUNDLE_CONFIG_LIST!);
        assert.deepEqual(
            bundles.map(({ kwargs }: any) => kwargs.path),
            ["/opt/airflow-dags", "/opt/airflow-examples"],
        );
    });

    it("gives connections from Secrets", async () => {
        const made = await airflow({ connections: { warehouse: { secret: "db", key: "uri" } } });
        for (const env of [environment(container(made, "a-api-server")), environment(task(made).spec.containers[0])]) {
            assert.equal(env.AIRFLOW_CONN_WAREHOUSE, "db/uri");
        }
    });

    it("lets the scheduler alone make pods, and only it hold a token", async () => {
        const made = await airflow();
        assert.deepEqual(
            Object.entries(podsOf(made))
                .filter(([, spec]) => JSON.stringify(spec).includes("serviceAccountToken"))
                .map(([name]) => name),
            ["a-scheduler"],
        );
        assert.deepEqual(find(made, "a-scheduler-role").rules[0], {
            apiGroups: [""],
            resources: ["pods"],
            verbs: ["create", "get", "list", "watch", "patch", "delete"],
        });
        assert.ok(ways(made, "scheduler").includes(6443));
        assert.ok(!ways(made, "api-server").includes(6443));
    });

    it("runs pods that the restricted standard admits, with user ids of the namespace too", async () => {
        for (const userIdFromNamespace of [false, true]) {
            const made = await airflow({ ...watched, pod: { userIdFromNamespace }, worker: { pod: { userIdFromNamespace } } });
            for (const spec of [...Object.values(podsOf(made)), task(made).spec]) {
                assert.deepEqual(podProblems(spec, { userIds: !userIdFromNamespace }), []);
            }
        }
    });

    it("names every wrong field at once, before anything is made", () => {
        const label = 'is not a DNS label; use lower-case letters, digits and "-", starting with a letter';
        const size = (from: string) => `is not a size of at least ${from}; write it like "1500m" or "4g"`;
        const cpu = 'is not a CPU quantity; write it like "500m" or "2"';
        const wrong = {
            namespace: "Team",
            image: "",
            database: { ...database, port: 0 },
            s3: { endpoint: "store" },
            taskLogs: "/var/log",
            warehouse: "warehouse",
            connect: [{ url: "spark://x:7077" }],
            tracking: { url: "mlflow" },
            apiServer: { replicas: 0, memory: "1", cpuRequest: "x" },
            scheduler: { replicas: -1 },
            dagProcessor: { memory: "10m" },
            triggerer: { cpuRequest: "0" },
            worker: { memory: "1m", cpuRequest: "", localStorage: "1Gi", maximum: 0 },
            dags: { "etl.txt": "" },
            connections: { "A-B": { secret: "s", key: "k" } },
            adminSecret: "",
            publicUrl: "airflow.example.org",
            clientNamespaces: ["b_c"],
            kubernetesApi: [],
        };
        assert.throws(() => new Airflow("A", wrong), {
            message: [
                'Airflow "A" cannot be deployed as configured:',
                `  name: "A" ${label}`,
                `  namespace: "Team" ${label}`,
                "  image: is missing",
                "  database: port 0 is not a port",
                '  s3: endpoint "store" is not the URL of a server; write it like "https://s3.example.org" or "http://store:9000"',
                '  taskLogs: "/var/log" is not a directory in a bucket; write it like "s3a://bucket/directory"',
                '  warehouse: "warehouse" is not a directory in a bucket; write it like "s3a://bucket/directory"',
                '  connect: url "spark://x:7077" is not the URL of a Connect server; write it like "sc://connect.team-a.svc:15002"',
                '  tracking: url "mlflow" is not the URL of a server; write it like "https://s3.example.org" or "http://store:9000"',
                "  apiServer.replicas: 0 is not a whole number from 1",
                `  apiServer.memory: "1" ${size("512m")}`,
                `  apiServer.cpuRequest: "x" ${cpu}`,
                "  scheduler.replicas: -1 is not a whole number from 1",
                `  dagProcessor.memory: "10m" ${size("512m")}`,
                `  triggerer.cpuRequest: "0" ${cpu}`,
                `  worker.memory: "1m" ${size("512m")}`,
                `  worker.cpuRequest: "" ${cpu}`,
                `  worker.localStorage: "1Gi" ${size("256m")}`,
                "  worker.maximum: 0 is not a whole number from 1",
                '  dags: "etl.txt" is not the name of a Python file; write it like "daily_etl.py"',
                '  connections: "A-B" is not the name of a connection; use lower-case letters, digits and "_"',
                "  adminSecret: is missing",
                '  publicUrl: "airflow.example.org" is not the URL of a server; write it like "https://s3.example.org" or "http://store:9000"',
                `  clientNamespaces: "b_c" ${label}`,
                "  kubernetesApi: is empty; give at least one",
            ].join("\n"),
        });
    });

    it("runs tasks as drivers themselves where it is told how, each variable once", async () => {
        const { metadata, spec } = task(await airflow({ classic }));
        assert.equal(spec.serviceAccountName, "server");
        assert.equal(metadata.labels["spark-platform/c-classic-client"], "true");
        assert.deepEqual(podProblems(spec), []);
        const names = spec.containers[0].env.map(({ name }: any) => name);
        assert.equal(new Set(names).size, names.length);
        assert.ok(names.includes("POD_IP"));
        assert.match(JSON.stringify(spec.volumes), /serviceAccountToken/);
    });

    it("lets tasks make applications where it is told so, and nothing else of Kubernetes", async () => {
        const made = await airflow({ applications: true });
        assert.deepEqual(find(made, "a-worker-role").rules, [
            { apiGroups: ["sparkoperator.k8s.io"], resources: ["sparkapplications"], verbs: ["get", "list", "watch", "create", "delete"] },
        ]);
        const bound = async (more: object) => find(await airflow({ applications: true, ...more }), "a-worker-binding").subjects[0].name;
        assert.equal(await bound({}), "a-airflow-worker");
        assert.equal(await bound({ classic }), "server");
        assert.ok(ways(made, "worker").includes(6443));
        assert.ok(!ways(await airflow(), "worker").includes(6443));
        assert.match(JSON.stringify(task(made).spec.volumes), /serviceAccountToken/);
    });

    it("sends what it counts to one exporter, tasks included, which Prometheus reads", async () => {
        const made = await airflow(watched);
        const plain = await airflow();
        const told = {
            AIRFLOW__METRICS__STATSD_ON: "True",
            AIRFLOW__METRICS__STATSD_HOST: "a-airflow-metrics.team-a.svc",
            AIRFLOW__METRICS__STATSD_PORT: "9125",
            AIRFLOW__METRICS__STATSD_INFLUXDB_ENABLED: "True",
            AIRFLOW__METRICS__LEGACY_NAMES_ON: "False",
        };
        const metrics = (of: any) => Object.fromEntries(Object.entries(environment(of)).filter(([name]) => name.includes("METRICS")));
        for (const part of ["a-api-server", "a-scheduler", "a-dag-processor", "a-triggerer"]) {
            assert.deepEqual(metrics(container(made, part)), told);
            assert.deepEqual(metrics(container(plain, part)), {});
            assert.ok(made.find(({ name }) => name === part)!.options.dependsOn.includes("a-metrics-address"), part);
        }
        assert.deepEqual(metrics(task(made).spec.containers[0]), told);
        assert.deepEqual(find(made, "a-metrics").spec.template.spec.containers, [
            {
                name: "exporter",
                image: "registry.example/exporters:1",
                args: [
                    "/usr/local/bin/statsd-exporter",
                    ...["--web.listen-address=:9102", "--statsd.listen-udp=:9125", "--statsd.listen-tcp="],
                ],
                ports: [
                    { name: "metrics", containerPort: 9102 },
                    { name: "statsd", containerPort: 9125, protocol: "UDP" },
                ],
                livenessProbe: { tcpSocket: { port: "metrics" }, periodSeconds: 20, timeoutSeconds: 5, failureThreshold: 6 },
                readinessProbe: { httpGet: { path: "/-/ready", port: "metrics" }, periodSeconds: 5, timeoutSeconds: 5 },
                resources: { requests: { cpu: "10m", memory: "32Mi" }, limits: { memory: "128Mi" } },
                securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } },
                terminationMessagePolicy: "FallbackToLogsOnError",
                volumeMounts: [],
            },
        ]);
        const { metadata, spec } = find(made, "a-metrics-address");
        assert.deepEqual(
            [metadata.name, spec.ports],
            ["a-airflow-metrics", [{ name: "statsd", protocol: "UDP", port: 9125, targetPort: "statsd" }]],
        );
        await assert.rejects(airflow({ monitoring: {} }), /\n {2}exporterImage: is missing: monitoring needs an exporter$/);
    });

    it("opens the way to the exporter, one way for parts that run, and out of it none", async () => {
        const made = await airflow(watched);
        const part = (role: string) => ({
            podSelector: {
                matchLabels: {
                    "app.kubernetes.io/name": "airflow",
                    "app.kubernetes.io/component": role,
                    "app.kubernetes.io/instance": "a",
                },
            },
        });
        const statsd = [{ protocol: "UDP", port: 9125 }];
        const running = ["api-server", "scheduler", "dag-processor", "triggerer", "worker"];
        for (const role of running) {
            const { egress } = find(made, `a-${role}-network`).spec;
            assert.deepEqual(egress.slice(-2), [{ to: [part("metrics")], ports: statsd }, toDns], role);
        }
        const plain = await airflow();
        assert.deepEqual(find(made, "a-migration-network").spec, find(plain, "a-migration-network").spec);
        assert.deepEqual(find(made, "a-metrics-network").spec, {
            podSelector: part("metrics").podSelector,
            policyTypes: ["Ingress", "Egress"],
            ingress: [
                { from: running.map(part), ports: statsd },
                {
                    from: [
                        {
                            podSelector: { matchLabels: { "app.kubernetes.io/name": "prometheus" } },
                            namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "monitoring" } },
                        },
                    ],
                    ports: [{ protocol: "TCP", port: 9102 }],
                },
            ],
            egress: [toDns],
        });
    });

    it("has no argument without effect", async () => {
        assertEveryField("Airflow", changes.airflow, changes.classicSessions);
        const connected = { ...args, ...watched, connections: { warehouse: { secret: "db", key: "uri" } } };
        const make = (given: AirflowArgs, opts: any) => new Airflow("a", given, opts);
        await assertEveryFieldMatters(make, connected, changes.airflow);
        await assertEveryFieldMatters(make, { ...args, classic }, changes.classicSessions);
    });
});
