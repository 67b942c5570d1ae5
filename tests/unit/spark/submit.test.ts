import assert from "node:assert/strict";
import { join } from "node:path";

import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";

import { SparkSubmit } from "../../../components";
import { programArguments } from "../../../components/spark/submit/conf";
import * as changes from "../../support/changes";
import { connectStandalone, standaloneElsewhere } from "../../support/connect-changes";
import { assertEveryField, assertEveryFieldMatters } from "../../support/fields";
import { podProblems, podsOf } from "../../support/pods";
import { record, type Registered } from "../../support/recorder";
import { assertSame } from "../../support/snapshot";
import { runtime, submit as args } from "./arguments";

const submit = (more: object = {}) => record((opts) => new SparkSubmit("pi", { ...args, ...more }, opts));
const { standalone } = connectStandalone.base as { standalone: object };
const cluster = (more: object = {}) => submit({ deployMode: "cluster", ...more });
const find = (made: Registered[], name: string) => made.find((one) => one.name === name)!.inputs;
const data = (made: Registered[]) => find(made, "pi-settings").data;
const pod = (made: Registered[]) => find(made, "pi-job").spec.template.spec;
const children = (made: Registered[]) => made.map(({ type, name }) => `${name} ${type.replace(/^.*:/, "")}`);
const expected = (file: string) => join(__dirname, "expected", file);
const lines = [
    { sparkVersion: "3.5.7", image: "registry.example/spark:3.5.7" },
    { sparkVersion: "4.1.0", image: "registry.example/spark:4.1.0" },
];

describe("SparkSubmit", () => {
    it("makes settings, networks and the Job; in cluster mode also who submits; in a preview too", async () => {
        for (const preview of [false, true]) {
            const made = (more: object) => record((opts) => new SparkSubmit("pi", { ...args, ...more }, opts), { preview });
            const common = ["pi-driver-network NetworkPolicy", "pi-executor-network NetworkPolicy", "pi-job Job", "pi-settings ConfigMap"];
            assert.deepEqual(children(await made({})), common);
            assert.deepEqual(children(await made({ deployMode: "cluster" })), [
                ...common,
                "pi-submitter-account ServiceAccount",
                "pi-submitter-binding RoleBinding",
                "pi-submitter-network NetworkPolicy",
                "pi-submitter-role Role",
            ]);
        }
    });

    for (const line of lines) {
        for (const deployMode of ["client", "cluster"]) {
            it(`has all settings of Spark ${line.sparkVersion} in ${deployMode} mode`, async () => {
                const settings = data(await submit({ deployMode, runtime: { ...runtime, ...line } }));
                assertSame(settings["spark-defaults.conf"], expected(`submit-${deployMode}-${line.sparkVersion}.conf`));
            });
        }
    }

    for (const line of lines) {
        it(`has all settings of Spark ${line.sparkVersion} for executors on a Standalone cluster`, async () => {
            const on = { standalone: { ...standalone, sparkVersion: line.sparkVersion, authenticationSecret: "shared" } };
            const settings = data(
                await submit({ ...on, runtime: { ...runtime, ...line }, executor: { minimum: 2, maximum: 4, cores: 2 } }),
            );
            assert.deepEqual(Object.keys(settings), ["spark-defaults.conf"]);
            assertSame(settings["spark-defaults.conf"], expected(`submit-standalone-${line.sparkVersion}.conf`));
        });
    }

    it("drives executors on a Standalone cluster from a pod that asks Kubernetes for nothing", async () => {
        const made = await submit({ standalone: { ...standalone, authenticationSecret: "shared" } });
        assert.deepEqual(children(made), ["pi-driver-network NetworkPolicy", "pi-job Job", "pi-settings ConfigMap"]);
        const { volumes, containers } = pod(made);
        assert.doesNotMatch(JSON.stringify([volumes, containers]), /api-token|pod-template|remove-old-executors/);
        const secret = containers[0].env.find(({ name }: any) => name === "_SPARK_AUTH_SECRET");
        assert.equal(secret.valueFrom.secretKeyRef.name, "shared");
        assert.equal(podProblems(pod(made), { userIds: true }).length, 0);
        const ports = (rows: any[]) =>
            rows.map(({ ports: all }) => all.map(({ port, endPort }: any) => (endPort ? `${port}-${endPort}` : port)));
        const { ingress, egress } = find(made, "pi-driver-network").spec;
        assert.deepEqual(ports(ingress), [
            [7078, 7079],
            [7078, 4040],
        ]);
        assert.deepEqual(ports(egress).slice(0, 2), [[7077], [7337, "7079-7095"]]);
    });

    it("refuses what means nothing on a Standalone cluster, and executors that fit in no worker", () => {
        const wrong = {
            deployMode: "cluster",
            standalone: { ...standalone, largestExecutor: { cores: 2, memory: "1g" } },
            executor: { memory: "2g", cpuRequest: "1", memoryOverhead: "1g", localStorage: "1g", pod: { labels: { a: "b" } } },
        };
        const workers = "has no effect: the workers of the Standalone cluster decide it";
        assert.throws(() => new SparkSubmit("pi", { ...args, ...wrong } as never), {
            message: [
                'SparkSubmit "pi" cannot be deployed as configured:',
                "  deployMode: cluster is for executors that are pods; with standalone it must be client",
                `  executor.cpuRequest: ${workers}`,
                `  executor.memoryOverhead: ${workers}`,
                `  executor.localStorage: ${workers}`,
                `  executor.pod: ${workers}`,
                "  standalone: has no worker for an executor of 1 cores and 2g; at most 2 cores and 1g fit",
            ].join("\n"),
        });
        const ofPods = { standalone, sparkConf: { "spark.executor.memoryOverhead": "1g" } };
        assert.throws(
            () => new SparkSubmit("pi", { ...args, ...ofPods } as never),
            /sparkConf: "spark\.executor\.memoryOverhead" is decided by the workers of the Standalone cluster$/,
        );
        const other = () => new SparkSubmit("pi", { ...args, standalone: { ...standalone, sparkVersion: "3.5.7" } } as never);
        assert.throws(other, /standalone: sparkVersion 3\.5\.7 is not the driver's, which is 4\.1\.0/);
    });

    it("starts executors and drivers from complete pods", async () => {
        const settings = data(await cluster());
        assertSame(settings["executor.yaml"], expected("submit-executor.yaml"));
        assertSame(settings["driver.yaml"], expected("submit-driver.yaml"));
    });

    it("runs pods that the restricted standard admits, with user ids of the namespace too", async () => {
        for (const userIdFromNamespace of [false, true]) {
            for (const deployMode of ["client", "cluster"]) {
                const settings = { deployMode, driver: { pod: { userIdFromNamespace } }, executor: { pod: { userIdFromNamespace } } };
                const made = await submit(settings);
                const driver = deployMode === "cluster" ? [parse(data(made)["driver.yaml"]).spec] : [];
                for (const spec of [...Object.values(podsOf(made)), ...driver]) {
                    const problems = podProblems(spec, { userIds: !userIdFromNamespace });
                    // Spark puts the memory in where it makes the pod.
                    assert.deepEqual(
                        problems.filter((problem) => !/^spark-kubernetes-(driver|executor): (memory|CPU)/.test(problem)),
                        [],
                    );
                }
            }
        }
    });

    it("gives the driver what its stores ask for, and no secret in any text", async () => {
        const made = await submit();
        const { template } = find(made, "pi-job").spec;
        assert.equal(template.metadata.labels["store-client"], "true");
        const { env } = template.spec.containers[0];
        assert.deepEqual(
            env.filter(({ name }: any) => name.startsWith("AWS_")).map(({ valueFrom }: any) => valueFrom.secretKeyRef.name),
            ["s-s3-credentials", "s-s3-credentials"],
        );
        assert.doesNotMatch(JSON.stringify(data(made)), /secret\.key|access\.key\b/);
    });

    it("needs neither store nor log", async () => {
        const made = await submit({
            runtime: { ...runtime, s3: undefined, eventLog: undefined, metastore: undefined, warehouse: undefined },
        });
        assert.doesNotMatch(data(made)["spark-defaults.conf"], /s3a|eventLog|committer|warehouse/);
        assert.equal(pod(made).initContainers, undefined);
        assert.equal(find(made, "pi-executor-network").spec.egress.length, 3);
    });

    it("submits with an account of its own, which may no more than submitting takes", async () => {
        const made = await cluster();
        assert.equal(pod(made).serviceAccountName, "pi-submit-submitter");
        assert.deepEqual(find(made, "pi-submitter-role").rules, [
            { apiGroups: [""], resources: ["pods"], verbs: ["create", "get", "list", "delete"] },
            { apiGroups: [""], resources: ["services", "configmaps"], verbs: ["create", "patch"] },
        ]);
        assert.equal(pod(await submit()).serviceAccountName, "server");
    });

    it("hands the driver over to the Job's pod", async () => {
        const { metadata } = parse(data(await cluster())["driver.yaml"]);
        assert.deepEqual(metadata.ownerReferences, [{ apiVersion: "v1", kind: "Pod", name: "$(POD_NAME)", uid: "$(POD_UID)" }]);
    });

    it("passes arguments on as they are, through one pod or two", () => {
        const main = { file: "local:///job.py" };
        assert.deepEqual(programArguments({ main, cluster: false }, ["$(HOME)", "a$$b"]), [main.file, "$$(HOME)", "a$$$$b"]);
        assert.deepEqual(programArguments({ main, cluster: true }, ["$(HOME)"]), [main.file, "$$$$(HOME)"]);
        const jar = { file: "local:///job.jar", class: "org.example.Job" };
        assert.deepEqual(programArguments({ main: jar, cluster: false }, []), ["--class", "org.example.Job", jar.file]);
    });

    it("gives an up as much time as the application, and lets it go on without", async () => {
        const { metadata, spec } = find(await submit({ deadline: "2h", retries: 3 }), "pi-job");
        assert.deepEqual(metadata.annotations, { "pulumi.com/skipAwait": "false", "pulumi.com/timeoutSeconds": "7320" });
        assert.deepEqual([spec.activeDeadlineSeconds, spec.backoffLimit], [7200, 3]);
        assert.equal(find(await submit({ wait: false }), "pi-job").metadata.annotations["pulumi.com/skipAwait"], "true");
    });

    it("leaves dynamic allocation off where the number is fixed", async () => {
        const conf = (made: Registered[]) => data(made)["spark-defaults.conf"];
        assert.match(conf(await submit({ executor: { minimum: 3 } })), /spark\.dynamicAllocation\.enabled false\n/);
        assert.match(conf(await submit({ executor: { maximum: 3 } })), /spark\.dynamicAllocation\.maxExecutors 3\n/);
    });

    const watching = {
        monitoring: { namespace: "watch", podLabels: { app: "prometheus" }, interval: "1m", labels: { release: "stack" } },
    };
    const fromWatch = {
        from: [
            {
                namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "watch" } },
                podSelector: { matchLabels: { app: "prometheus" } },
            },
        ],
        ports: [{ protocol: "TCP", port: 4040 }],
    };

    it("has its driver watched, wherever it runs, by a monitor that is there before it", async () => {
        const modes = { client: {}, cluster: { deployMode: "cluster" }, standalone: { standalone } };
        for (const [mode, more] of Object.entries(modes)) {
            const plain = await submit(more);
            const made = await submit({ ...more, ...watching });
            const { metadata, spec } = find(made, "pi-monitor");
            const driver = {
                "app.kubernetes.io/name": "spark-submit",
                "app.kubernetes.io/component": "driver",
                "app.kubernetes.io/instance": "pi",
            };
            assert.deepEqual([metadata.name, metadata.namespace, metadata.labels.release], ["pi-submit-driver", "team-a", "stack"]);
            const endpoint = (path: string) => ({
                port: "spark-ui",
                path,
                relabelings: [{ sourceLabels: ["__metrics_path__"], targetLabel: "metrics_path" }],
                interval: "60s",
            });
            assert.deepEqual(spec, {
                selector: { matchLabels: driver },
                podTargetLabels: Object.keys(driver),
                podMetricsEndpoints: ["/metrics/prometheus/", "/metrics/executors/prometheus/"].map(endpoint),
            });
            const policy = (all: Registered[]) => find(all, "pi-driver-network").spec;
            assert.deepEqual(policy(made), { ...policy(plain), ingress: [...policy(plain).ingress, fromWatch] }, mode);
            const needs = made.find(({ name }) => name === "pi-job")!.options.dependsOn;
            assert.ok(needs.includes("pi-monitor"), mode);
            // Spark itself names the port of a driver whose pod it makes, and refuses to have it named twice.
            const named = [{ name: "spark-ui", containerPort: 4040 }];
            assert.deepEqual(pod(made).containers[0].ports, mode === "cluster" ? undefined : named, mode);
            assert.equal(data(made)["driver.yaml"], data(plain)["driver.yaml"]);
        }
    });

    it("names every wrong field at once, before anything is made", () => {
        const wrong = {
            runtime: {
                ...runtime,
                namespace: "Team A",
                sparkVersion: "4.2.0",
                image: "",
                imagePullSecrets: ["Registry"],
                driverServiceAccount: "",
                executorServiceAccount: "",
                s3: { endpoint: "store:9000" },
                eventLog: { directory: "/logs", s3: {} },
                warehouse: "warehouse",
                apiServer: ["kubernetes"],
            },
            main: { file: "job.py" },
            deployMode: "remote",
            driver: { memory: "256m", memoryOverhead: "1", cpuRequest: "half" },
            executor: {
                cores: 0,
                cpuRequest: "half",
                memory: "1Gi",
                memoryOverhead: "1",
                minimum: 5,
                maximum: 2,
                idleTimeout: "1 minute",
                localStorage: "1",
            },
            retries: -1,
            deadline: "soon",
            sparkConf: { "spark.master": "local" },
        };
        assert.throws(() => new SparkSubmit("Pi", wrong), {
            message: [
                'SparkSubmit "Pi" cannot be deployed as configured:',
                '  name: "Pi" is not a DNS label; use lower-case letters, digits and "-", starting with a letter',
                '  deployMode: "remote" is none of client, cluster',
                "  runtime: " +
                    [
                        'namespace "Team A" is not a DNS label; use lower-case letters, digits and "-", starting with a letter',
                        'sparkVersion "4.2.0" is not a Spark version of 3.5.x or 4.1.x; did you mean "4.1.0"?',
                        "image is missing",
                        'imagePullSecrets "Registry" is not the name of an object; use lower-case letters, digits, "-" and ".", with a letter or digit at both ends',
                        "driverServiceAccount is missing",
                        "executorServiceAccount is missing",
                        's3.endpoint "store:9000" is not the URL of a server; write it like "https://s3.example.org" or "http://store:9000"',
                        'eventLog.directory "/logs" is not a directory in a bucket; write it like "s3a://bucket/directory"',
                        'warehouse "warehouse" is not a directory in a bucket; write it like "s3a://bucket/directory"',
                        'apiServer "kubernetes" is not a CIDR; write it like "10.0.0.1/32", or "10.0.0.1/32:16443" for a port that is neither 443 nor 6443',
                    ].join("; "),
                '  main.file: "job.py" is not the place of a program; write it like "local:///opt/app/job.py" or "s3a://bucket/job.jar"',
                '  driver.memory: "256m" is not a size of at least 512m; write it like "1500m" or "4g"',
                '  driver.memoryOverhead: "1" is not a size of at least 64m; write it like "1500m" or "4g"',
                '  driver.cpuRequest: "half" is not a CPU quantity; write it like "500m" or "2"',
                "  executor.minimum: 5 is more than executor.maximum, which is 2",
                "  executor.cores: 0 is not a whole number from 1",
                '  executor.cpuRequest: "half" is not a CPU quantity; write it like "500m" or "2"',
                '  executor.memory: "1Gi" is not a size of at least 512m; write it like "1500m" or "4g"',
                '  executor.memoryOverhead: "1" is not a size of at least 64m; write it like "1500m" or "4g"',
                '  executor.idleTimeout: "1 minute" is not a duration; write it like "60s", "30m" or "2h"',
                '  executor.localStorage: "1" is not a size of at least 256m; write it like "1500m" or "4g"',
                "  retries: -1 is not a whole number between 0 and 100",
                '  deadline: "soon" is not a duration; write it like "60s", "30m" or "2h"',
                '  sparkConf: "spark.master" is decided by the brick',
            ].join("\n"),
        });
    });

    it("finds tables where the runtime says, unless it asks for Kerberos", async () => {
        const metastore = { uris: "thrift://hive:9083", warehouse: "s3a://warehouse/of-hive" };
        const conf = data(await submit({ runtime: { ...runtime, warehouse: undefined, metastore } }))["spark-defaults.conf"];
        assert.match(conf, /spark\.hadoop\.hive\.metastore\.uris thrift:\/\/hive:9083\n/);
        assert.match(conf, /spark\.sql\.warehouse\.dir s3a:\/\/warehouse\/of-hive\n/);
        const kerberos = { principal: "a@B", keytabSecret: "k", configMap: "c", servicePrincipal: "h/_HOST@B" };
        const asks = () => new SparkSubmit("pi", { ...args, runtime: { ...runtime, metastore: { ...metastore, kerberos } } });
        assert.throws(asks, /runtime: metastore.kerberos is for servers; applications cannot log in to it/);
        const wrong = () => new SparkSubmit("pi", { ...args, runtime: { ...runtime, metastore: { uris: "hive" } } });
        assert.throws(wrong, /runtime: metastore.uris "hive" is not the address of a metastore/);
    });

    it("wants a class of a jar, and none of a Python file", () => {
        const main = (file: string, name?: string) => () => new SparkSubmit("pi", { ...args, main: { file, class: name } });
        assert.throws(
            main("local:///job.jar"),
            /main\.class: is missing; "local:\/\/\/job\.jar" is a jar, which is run by one of its classes/,
        );
        assert.throws(
            main("local:///job.py", "Job"),
            /main\.class: "Job" is given, but "local:\/\/\/job\.py" is a Python file, which has none/,
        );
        assert.throws(main("local:///job.jar", "my job"), /main\.class: "my job" is not the name of a class/);
    });

    it("checks values that come late, too", async () => {
        await assert.rejects(submit({ main: { file: pulumi.output("job.py") } }), /main\.file: "job\.py" is not the place of a program/);
        await assert.rejects(submit({ runtime: pulumi.output({ ...runtime, image: "" }) }), /runtime: image is missing/);
    });

    it("refuses settings that an argument decides, naming the argument, and secrets", () => {
        const sparkConf = (key: string) => () => new SparkSubmit("pi", { ...args, sparkConf: { [key]: "1" } });
        assert.throws(sparkConf("spark.executor.memory"), /sparkConf: "spark\.executor\.memory" is decided by executor\.memory/);
        assert.throws(sparkConf("spark.submit.deployMode"), /is decided by deployMode/);
        assert.throws(sparkConf("spark.eventLog.dir"), /is decided by runtime\.eventLog\.directory/);
        assert.throws(sparkConf("spark.hadoop.fs.s3a.endpoint"), /is decided by runtime\.s3\.endpoint/);
        assert.throws(sparkConf("spark.hadoop.fs.s3a.secret.key"), /would be readable by everyone; give it by a Kubernetes Secret/);
    });

    it("has no argument without effect, in either mode", async () => {
        const compared = Object.fromEntries(Object.entries(standaloneElsewhere).filter(([path]) => path.startsWith("standalone.")));
        assertEveryField("SparkSubmit", changes.submit, changes.runtimeMetastore, connectStandalone.changes, compared);
        const onStandalone = { ...args, standalone } as typeof args;
        await assertEveryFieldMatters((some, opts) => new SparkSubmit("pi", some, opts), onStandalone, connectStandalone.changes);
        for (const deployMode of ["client", "cluster"]) {
            const given = { ...args, deployMode, main: { file: "local:///job.jar", class: "Job" }, executor: { maximum: 3 } };
            const otherMode = deployMode === "client" ? "cluster" : "client";
            const all = { ...changes.submit, deployMode: otherMode };
            await assertEveryFieldMatters((some, opts) => new SparkSubmit("pi", some, opts), given, all);
        }
    });
});
