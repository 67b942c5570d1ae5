import assert from "node:assert/strict";
import { join } from "node:path";

import * as pulumi from "@pulumi/pulumi";

import { SparkStandalone } from "../../../components";
import { toDns } from "../../../components/internal/network";
import { renderSparkProperties } from "../../../components/internal/spark-properties";
import { authenticationEnvironment, standaloneClientConf } from "../../../components/spark/standalone/client";
import { masterCommand, workerCommand, workerMiB } from "../../../components/spark/standalone/conf";
import * as changes from "../../support/changes";
import { assertEveryField, assertEveryFieldMatters } from "../../support/fields";
import { podProblems, podsOf } from "../../support/pods";
import { record, type Registered } from "../../support/recorder";
import { assertSame } from "../../support/snapshot";
import { standalone as args } from "./arguments";

const onZooKeeper = {
    mode: "zookeeper",
    ensemble: "zk-0.zk:2181,zk-1.zk:2181",
    ensembleEndpoint: { namespace: "team-a", podLabels: { app: "zk" }, clientLabels: { "zk-client": "true" } },
};
const recoveries: Record<string, object> = {
    none: { mode: "none" },
    filesystem: { mode: "filesystem" },
    zookeeper: onZooKeeper,
    s3: { mode: "s3", directory: "s3a://spark-state/recovery" },
};

const standalone = (more: object = {}) => record((opts) => new SparkStandalone("c", { ...args, ...more }, opts));
const find = (made: Registered[], name: string) => made.find((one) => one.name === name)!.inputs;
const pod = (made: Registered[], role: "masters" | "workers") => find(made, `c-${role}`).spec.template.spec;
const conf = (made: Registered[], role: "master" | "worker") => find(made, `c-${role}-settings`).data["spark-defaults.conf"];
const expected = (file: string) => join(__dirname, "expected", file);
const ports = (rows: any[]) => rows.map((row: any) => row.ports.map(({ port, endPort }: any) => (endPort ? `${port}-${endPort}` : port)));

/** What every cluster makes, whatever its recovery. */
const common = [
    "c-address Service",
    "c-authentication RandomPassword",
    "c-authentication Secret",
    "c-client-network NetworkPolicy",
    "c-master-account ServiceAccount",
    "c-master-budget PodDisruptionBudget",
    "c-master-names Service",
    "c-master-network NetworkPolicy",
    "c-master-settings ConfigMap",
    "c-masters StatefulSet",
    "c-worker-account ServiceAccount",
    "c-worker-budget PodDisruptionBudget",
    "c-worker-names Service",
    "c-worker-network NetworkPolicy",
    "c-worker-settings ConfigMap",
    "c-workers StatefulSet",
];
const election = ["c-master-binding RoleBinding", "c-master-lease Lease", "c-master-role Role"];
const children = (made: Registered[]) => made.map(({ type, name }) => `${name} ${type.replace(/^.*[:/]/, "")}`).sort();

describe("SparkStandalone", () => {
    for (const [mode, recovery] of Object.entries(recoveries)) {
        it(`makes its objects with the recovery ${mode}, in a preview too`, async () => {
            for (const preview of [false, true]) {
                const made = await record((opts) => new SparkStandalone("c", { ...args, recovery }, opts), { preview });
                assert.deepEqual(children(made), [...common, ...(mode === "s3" ? election : [])].sort());
            }
        });

        for (const sparkVersion of ["3.5.7", "4.1.0"]) {
            it(`has all settings of Spark ${sparkVersion} with the recovery ${mode}`, async () => {
                assertSame(
                    conf(await standalone({ recovery, sparkVersion }), "master"),
                    expected(`standalone-master-${mode}-${sparkVersion}.conf`),
                );
            });
        }

        it(`runs pods that the restricted standard admits with the recovery ${mode}, with user ids of the namespace too`, async () => {
            for (const userIdFromNamespace of [false, true]) {
                const pods = podsOf(await standalone({ recovery, pod: { userIdFromNamespace }, worker: { pod: { userIdFromNamespace } } }));
                assert.deepEqual(Object.keys(pods), ["c-masters", "c-workers"]);
                for (const spec of Object.values(pods)) {
                    assert.deepEqual(podProblems(spec, { userIds: !userIdFromNamespace }), []);
                }
            }
        });
    }

    it("has the same settings of workers on both lines, and of drivers", async () => {
        for (const sparkVersion of ["3.5.7", "4.1.0"]) {
            assertSame(conf(await standalone({ sparkVersion }), "worker"), expected("standalone-worker.conf"));
        }
        let cluster!: SparkStandalone;
        await record((opts) => (cluster = new SparkStandalone("c", args, opts)));
        const connection = await new Promise<any>((resolve) => cluster.connection.apply(resolve));
        assertSame(renderSparkProperties(standaloneClientConf(connection)), expected("standalone-driver.conf"));
    });

    it("answers what drivers and people need", async () => {
        let cluster!: SparkStandalone;
        await record((opts) => (cluster = new SparkStandalone("c", args, opts)));
        const all = pulumi.all([cluster.connection, cluster.uiUrl, cluster.clientLabels]);
        const clientLabels = { "spark-platform/c-standalone-client": "true" };
        const labels = (role: string) => ({
            "app.kubernetes.io/name": "spark-standalone",
            "app.kubernetes.io/component": role,
            "app.kubernetes.io/instance": "c",
        });
        assert.deepEqual(await new Promise((resolve) => all.apply(resolve)), [
            {
                masterUrl: "spark://c-master-0.c-masters.team-a.svc:7077,c-master-1.c-masters.team-a.svc:7077",
                sparkVersion: "4.1.0",
                authenticationSecret: "c-authentication",
                masters: { namespace: "team-a", podLabels: labels("master"), clientLabels, port: 7077 },
                workers: { namespace: "team-a", podLabels: labels("worker"), clientLabels },
                largestExecutor: { memory: "1g", cores: 1 },
            },
            "http://c-standalone.team-a.svc:8080",
            clientLabels,
        ]);
    });

    it("keeps the shared secret and the store's keys out of every setting and argument: they come by environment", async () => {
        const made = await standalone();
        for (const role of ["masters", "workers"] as const) {
            const { env, args: command } = pod(made, role).containers[0];
            const secret = env.find(({ name }: any) => name === "_SPARK_AUTH_SECRET").valueFrom.secretKeyRef;
            assert.deepEqual(secret, { name: "c-authentication", key: "secret" });
            assert.doesNotMatch(command.join(" "), /secret/i);
            assert.ok(env.some(({ name }: any) => name === "AWS_SECRET_ACCESS_KEY"));
        }
        const settings = `${conf(made, "master")}${conf(made, "worker")}`;
        assert.doesNotMatch(settings, /c-authentication-result|authenticate\.secret|secret\.key|access\.key/);
        assert.deepEqual(authenticationEnvironment(undefined), []);
    });

    it("gives masters no keys of a store that they do not use", async () => {
        const { env } = pod(await standalone({ recovery: { mode: "none" } }), "masters").containers[0];
        assert.ok(!env.some(({ name }: any) => name.startsWith("AWS_")));
    });

    it("lets masters with the recovery s3 read and change their own Lease, and nobody else do anything", async () => {
        const made = await standalone();
        assert.deepEqual(find(made, "c-master-role").rules, [
            { apiGroups: ["coordination.k8s.io"], resources: ["leases"], resourceNames: ["c-master"], verbs: ["get", "update"] },
        ]);
        assert.equal(find(made, "c-master-lease").metadata.name, "c-master");
        assert.equal(find(made, "c-master-lease").spec, undefined);
        const tokens = (spec: any) =>
            spec.containers.map(({ volumeMounts }: any) => volumeMounts.some((mount: any) => mount.name === "api-token"));
        assert.deepEqual(tokens(pod(made, "masters")), [true, false]);
        assert.deepEqual(tokens(pod(made, "workers")), [false]);
        for (const mode of ["none", "filesystem", "zookeeper"]) {
            assert.ok(!tokens(pod(await standalone({ recovery: recoveries[mode] }), "masters")).includes(true), mode);
        }
    });

    it("takes a given secret instead of making one", async () => {
        const made = await standalone({ authenticationSecret: "given" });
        assert.ok(!children(made).some((child) => child.startsWith("c-authentication")));
        const { env } = pod(made, "workers").containers[0];
        assert.equal(env.find(({ name }: any) => name === "_SPARK_AUTH_SECRET").valueFrom.secretKeyRef.name, "given");
    });

    it("has a master that stands by where masters share what they know, and a proxy that finds the one that leads", async () => {
        for (const [mode, recovery] of Object.entries(recoveries)) {
            const made = await standalone({ recovery });
            const shared = mode === "s3" || mode === "zookeeper";
            assert.equal(find(made, "c-masters").spec.replicas, shared ? 2 : 1);
            assert.equal(find(made, "c-address").spec.ports[0].targetPort, shared ? 8090 : 8080);
            assert.deepEqual(
                pod(made, "masters").containers.map(({ name }: any) => name),
                shared ? ["master", "leader-proxy"] : ["master"],
            );
        }
    });

    it("keeps records on a volume of the master with the recovery filesystem alone", async () => {
        const made = await standalone({ recovery: { storage: "2g", storageClass: "fast" } });
        const { volumeClaimTemplates } = find(made, "c-masters").spec;
        assert.deepEqual(volumeClaimTemplates[0].spec, {
            accessModes: ["ReadWriteOnce"],
            storageClassName: "fast",
            resources: { requests: { storage: "2048Mi" } },
        });
        assert.equal(find(await standalone(), "c-masters").spec.volumeClaimTemplates, undefined);
    });

    it("has masters listen on the name that everybody calls them by, once it leads to them", () => {
        const command = masterCommand({ name: "c", namespace: "team-a" });
        assert.match(command, /^host="c-master-\$\{POD_NAME##\*-\}\.c-masters\.team-a\.svc"/);
        assert.match(command, /until getent ahosts "\$host" \| grep -q "\^\$POD_IP "/);
        assert.match(command, /exec \/opt\/spark\/bin\/spark-class org\.apache\.spark\.deploy\.master\.Master --host "\$host" --port 7077/);
    });

    it("tells workers all masters, and what executors may take of them", () => {
        const command = workerCommand({ name: "c", namespace: "team-a", masters: 2, worker: { cores: 4, memory: "6g" } });
        assert.match(command, /--cores 4 --memory 6144m /);
        assert.match(command, /spark:\/\/c-master-0\.c-masters\.team-a\.svc:7077,c-master-1\.c-masters\.team-a\.svc:7077$/);
    });

    it("gives a worker's container room for itself, the heaps of its executors and what lives beside each of them", () => {
        const daemon = 512 + 256;
        assert.equal(workerMiB({ cores: 1, memory: "1g", daemonMemory: "512m" }), daemon + 1024 + 384);
        assert.equal(workerMiB({ cores: 4, memory: "4g", daemonMemory: "512m" }), daemon + 4096 + 4 * 384);
        assert.equal(workerMiB({ cores: 1, memory: "40g", daemonMemory: "512m" }), daemon + 40960 + 4096);
        assert.equal(workerMiB({ cores: 2, memory: "2g", memoryOverhead: "1g", daemonMemory: "2g" }), 2048 + 512 + 2048 + 2048);
    });

    it("lets a worker that is told to go hand over first, within the grace of its pod", async () => {
        const spec = pod(await standalone({ worker: { leaveTimeout: "90s" } }), "workers");
        assert.equal(spec.terminationGracePeriodSeconds, 110);
        const { command } = spec.containers[0].lifecycle.preStop.exec;
        assert.deepEqual(command, ["python3", "/opt/spark/leave-cluster.py", "--port", "8081", "--seconds", "90"]);
    });

    it("opens the ways between masters, workers and drivers, and no others", async () => {
        const made = await standalone();
        const rows = (name: string) => {
            const { ingress, egress } = find(made, name).spec;
            return [ports(ingress), ports(egress)];
        };
        const dns = ports([toDns])[0];
        assert.deepEqual(rows("c-master-network"), [
            [[7077, 8090], [7077], [8080]],
            [[7076, 8081], [7078, 4040], [8080], [443, 6443], [9000], dns],
        ]);
        assert.deepEqual(rows("c-worker-network"), [
            [
                [7076, 8081],
                ["7078-7095", 7337],
            ],
            [[7077], ["7078-7095", 7337], [7078, 7079], [9000], dns],
        ]);
        assert.deepEqual(rows("c-client-network"), [
            [
                [7078, 4040],
                [7078, 7079],
            ],
            [[7077, 8090], ["7079-7095", 7337], dns],
        ]);
    });

    it("opens the port for submissions only when asked, and the way to ZooKeeper only with that recovery", async () => {
        const asked = await standalone({ restSubmission: true });
        assert.deepEqual(ports(find(asked, "c-master-network").spec.ingress)[0], [7077, 6066, 8090]);
        assert.match(conf(asked, "master"), /^spark\.master\.rest\.enabled true$/m);
        // A driver on a worker registers from one of the ports there, and masters answer by calling it.
        assert.deepEqual(ports(find(asked, "c-master-network").spec.egress)[0], [7076, 8081, "7078-7095", 4040]);
        assert.deepEqual(ports(find(asked, "c-worker-network").spec.ingress)[0], [7076, 8081, "7078-7095", 4040]);
        const zoo = find(await standalone({ recovery: onZooKeeper }), "c-master-network").spec.egress;
        assert.deepEqual(zoo[3].to[0].podSelector, { matchLabels: { app: "zk" } });
        assert.deepEqual(ports(zoo)[3], [2181]);
        const outside = { mode: "zookeeper", ensemble: "zk.example.org:2281" };
        assert.equal(find(await standalone({ recovery: outside }), "c-master-network").spec.egress[3].to[0].ipBlock.cidr, "0.0.0.0/0");
    });

    it("opens to a submitted driver what its worker of an old line would keep shut", async () => {
        const optionsOn = async (sparkVersion: string) => {
            const made = await standalone({ restSubmission: true, sparkVersion });
            const { env } = pod(made, "workers").containers[0];
            return env.find(({ name }: { name: string }) => name === "JAVA_TOOL_OPTIONS").value as string;
        };
        assert.match(await optionsOn("3.5.7"), /--add-opens=java\.base\/sun\.nio\.ch=ALL-UNNAMED/);
        assert.doesNotMatch(await optionsOn("4.1.0"), /--add-opens/);
    });

    it("names every wrong field at once, before anything is made", () => {
        const worker = {
            replicas: 0,
            cores: 0.5,
            cpuRequest: "half",
            memory: "256m",
            memoryOverhead: "1m",
            daemonMemory: "64m",
            localStorage: "1m",
            leaveTimeout: "soon",
            keepFinished: "1 hour",
        };
        const wrong = {
            ...args,
            namespace: "Team A",
            sparkVersion: "4.2.0",
            image: "",
            s3: { endpoint: "minio" },
            masters: 0,
            recovery: { mode: "s3", directory: "recovery", storage: "1g", ensemble: "zk" },
            memory: "2Gi",
            cpuRequest: "0",
            worker,
            defaultCores: 0,
            authenticationSecret: "",
            apiServer: ["kubernetes"],
            clientNamespaces: ["Notebooks"],
            sparkConf: { "spark.deploy.defaultCores": "1" },
        };
        assert.throws(() => new SparkStandalone("C", wrong), {
            message: [
                'SparkStandalone "C" cannot be deployed as configured:',
                '  name: "C" is not a DNS label; use lower-case letters, digits and "-", starting with a letter',
                "  recovery.storage: is for the recovery filesystem; with s3 it has no effect",
                "  recovery.ensemble: is for the recovery zookeeper; with s3 it has no effect",
                '  recovery.directory: "recovery" is not a directory in a bucket; write it like "s3a://bucket/directory"',
                '  recovery.ensemble: "zk" is not a list of ZooKeeper servers; write it like "zk-0.zk:2181,zk-1.zk:2181"',
                '  namespace: "Team A" is not a DNS label; use lower-case letters, digits and "-", starting with a letter',
                '  sparkVersion: "4.2.0" is not a Spark version of 3.5.x or 4.1.x; did you mean "4.1.0"?',
                "  image: is missing",
                '  s3: endpoint "minio" is not the URL of a server; write it like "https://s3.example.org" or "http://store:9000"',
                "  masters: 0 is not a whole number between 1 and 9",
                '  memory: "2Gi" is not a size of at least 256m; write it like "1500m" or "4g"',
                '  cpuRequest: "0" is not a CPU quantity; write it like "500m" or "2"',
                "  worker.replicas: 0 is not a whole number from 1",
                "  worker.cores: 0.5 is not a whole number from 1",
                '  worker.cpuRequest: "half" is not a CPU quantity; write it like "500m" or "2"',
                '  worker.memory: "256m" is not a size of at least 512m; write it like "1500m" or "4g"',
                '  worker.memoryOverhead: "1m" is not a size of at least 64m; write it like "1500m" or "4g"',
                '  worker.daemonMemory: "64m" is not a size of at least 128m; write it like "1500m" or "4g"',
                '  worker.localStorage: "1m" is not a size of at least 256m; write it like "1500m" or "4g"',
                '  worker.leaveTimeout: "soon" is not a duration; write it like "60s", "30m" or "2h"',
                '  worker.keepFinished: "1 hour" is not a duration; write it like "60s", "30m" or "2h"',
                "  defaultCores: 0 is not a whole number from 1",
                "  authenticationSecret: is missing",
                '  apiServer: "kubernetes" is not a CIDR; write it like "10.0.0.1/32", or "10.0.0.1/32:16443" for a port that is neither 443 nor 6443',
                '  clientNamespaces: "Notebooks" is not a DNS label; use lower-case letters, digits and "-", starting with a letter',
                '  sparkConf: "spark.deploy.defaultCores" is decided by defaultCores',
            ].join("\n"),
        });
    });

    it("refuses what would be two leaders, and a recovery without what it needs", () => {
        const made = (more: object) => () => new SparkStandalone("c", { ...args, ...more });
        assert.throws(
            made({ masters: 2, recovery: {} }),
            /masters: 2 masters need the recovery s3 or zookeeper; with filesystem each would lead/,
        );
        assert.throws(made({ recovery: { mode: "etcd" } }), /recovery\.mode: "etcd" is none of none, filesystem, zookeeper, s3/);
        assert.throws(made({ recovery: { mode: "s3" } }), /recovery\.directory: is missing; the recovery s3 needs it/);
        assert.throws(made({ recovery: { mode: "zookeeper" } }), /recovery\.ensemble: is missing; the recovery zookeeper needs it/);
        assert.throws(made({ s3: undefined }), /s3: is missing; the recovery s3 needs it/);
    });

    it("leaves the number of workers to the scaler, which asks the leading master", async () => {
        const made = await standalone({ worker: { cores: 4, leaveTimeout: "90s", autoscaling: { minimum: 2, maximum: 9 } } });
        assert.equal("replicas" in find(made, "c-workers").spec, false);
        const { kind, spec } = find(made, "c-worker-scaler");
        assert.deepEqual([kind, spec.scaleTargetRef.name, spec.minReplicaCount, spec.maxReplicaCount], ["ScaledObject", "c-worker", 2, 9]);
        assert.deepEqual(spec.triggers, [
            {
                type: "metrics-api",
                metadata: { url: "http://c-standalone.team-a.svc:8080/json/", valueLocation: "coresused", targetValue: "3.2" },
            },
        ]);
        assert.deepEqual(spec.advanced.horizontalPodAutoscalerConfig.behavior.scaleDown, {
            stabilizationWindowSeconds: 300,
            policies: [{ type: "Pods", value: 1, periodSeconds: 90 }],
        });
        const rows = find(made, "c-master-network").spec.ingress;
        assert.deepEqual(rows.at(-1), {
            from: [
                {
                    podSelector: { matchLabels: { app: "keda-operator" } },
                    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "keda" } },
                },
            ],
            ports: [{ protocol: "TCP", port: 8090 }],
        });
    });

    it("refuses bounds that cross, and a number of workers beside a scaler", () => {
        const scaled =
            (autoscaling: object, more: object = {}) =>
            () =>
                new SparkStandalone("c", { ...args, worker: { ...more, autoscaling: { maximum: 4, ...autoscaling } } });
        assert.throws(scaled({ minimum: 5 }, { replicas: 3 }), {
            message: [
                'SparkStandalone "c" cannot be deployed as configured:',
                "  worker.autoscaling: is given together with worker.replicas; give one of the two",
                "  worker.autoscaling.minimum: 5 is more than worker.autoscaling.maximum, which is 4",
            ].join("\n"),
        });
        assert.throws(scaled({ minimum: 0, targetPercent: 100, idleTime: "soon", kedaNamespace: "KEDA" }), {
            message: [
                'SparkStandalone "c" cannot be deployed as configured:',
                "  worker.autoscaling.minimum: 0 is not a whole number from 1",
                "  worker.autoscaling.targetPercent: 100 is not a whole number between 10 and 90",
                '  worker.autoscaling.idleTime: "soon" is not a duration; write it like "60s", "30m" or "2h"',
                '  worker.autoscaling.kedaNamespace: "KEDA" is not a DNS label; use lower-case letters, digits and "-", starting with a letter',
            ].join("\n"),
        });
    });

    it("checks values that come late, too", async () => {
        await assert.rejects(standalone({ sparkVersion: pulumi.output("2.4.8") }), /sparkVersion: "2\.4\.8" is not a Spark version/);
    });

    it("has no argument without effect", async function () {
        this.timeout(180_000);
        const tables = [changes.standalone, changes.standaloneScaled, changes.standaloneOnVolume, changes.standaloneOnZooKeeper];
        assertEveryField("SparkStandalone", ...tables);
        const matter = (more: object, table: object) =>
            assertEveryFieldMatters((given, opts) => new SparkStandalone("c", given, opts), { ...args, ...more }, table as any);
        await matter({}, changes.standalone);
        await matter({ worker: { autoscaling: { maximum: 4 } } }, changes.standaloneScaled);
        await matter({ recovery: {} }, changes.standaloneOnVolume);
        await matter({ recovery: onZooKeeper }, changes.standaloneOnZooKeeper);
    });
});
