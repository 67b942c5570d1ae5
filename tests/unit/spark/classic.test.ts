import assert from "node:assert/strict";
import { join } from "node:path";

import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";

import { JupyterLab, SparkClassic, type ClassicConnection, type SparkClassicArgs, type StandaloneConnection } from "../../../components";
import * as changes from "../../support/changes";
import { connectStandalone, standaloneElsewhere } from "../../support/connect-changes";
import { assertEveryField, assertEveryFieldMatters } from "../../support/fields";
import { podProblems } from "../../support/pods";
import { record, type Registered } from "../../support/recorder";
import { assertSame } from "../../support/snapshot";
import { runtime } from "./arguments";

const standalone = (connectStandalone.base as { standalone: StandaloneConnection }).standalone;
const make = (args: SparkClassicArgs, opts?: pulumi.ComponentResourceOptions) => new SparkClassic("lab", args, opts);
const classic = (more: Partial<SparkClassicArgs> = {}) => record((opts) => make({ runtime, ...more }, opts));
const find = (made: Registered[], name: string) => made.find((one) => one.name === name)!.inputs;
const conf = (made: Registered[]): string => find(made, "lab-settings").data["spark-defaults.conf"];
const expected = (file: string) => join(__dirname, "expected", file);
const driver = { "spark-platform/lab-classic-client": "true" };
const lines = ["3.5.7", "4.1.0"].map((sparkVersion) => ({ sparkVersion, image: `registry.example/spark:${sparkVersion}` }));

/** What the brick tells those who take it. */
async function connection(more: Partial<SparkClassicArgs> = {}): Promise<pulumi.Unwrap<ClassicConnection>> {
    let found: pulumi.Output<ClassicConnection> | undefined;
    await record((opts) => {
        found = make({ runtime, ...more }, opts).connection;
    });
    return new Promise((resolve) => found!.apply(resolve as never));
}

describe("SparkClassic", () => {
    it("makes settings and the ways of drivers, and those of executors where they are pods; in a preview too", async () => {
        for (const preview of [false, true]) {
            const children = async (more: object) =>
                (await record((opts) => make({ runtime, ...more }, opts), { preview })).map(
                    ({ type, name }) => `${name} ${type.replace(/^.*:/, "")}`,
                );
            const common = ["lab-driver-network NetworkPolicy", "lab-settings ConfigMap"];
            assert.deepEqual(await children({ standalone }), common);
            assert.deepEqual(await children({}), [common[0], "lab-executor-network NetworkPolicy", common[1]]);
        }
    });

    for (const line of lines) {
        it(`has all settings of Spark ${line.sparkVersion}, with executors as pods and on a Standalone cluster`, async () => {
            const own = { runtime: { ...runtime, ...line } };
            assertSame(conf(await classic(own)), expected(`classic-kubernetes-${line.sparkVersion}.conf`));
            const cluster = { ...standalone, sparkVersion: line.sparkVersion };
            assertSame(conf(await classic({ ...own, standalone: cluster })), expected(`classic-standalone-${line.sparkVersion}.conf`));
        });
    }

    it("makes executors that the restricted standard admits, without a token", async () => {
        const { spec, metadata } = parse(find(await classic(), "lab-settings").data["executor.yaml"]);
        assert.deepEqual(
            // Spark puts the sizes in where it makes the pod.
            podProblems(spec).filter((problem) => !/^spark-kubernetes-executor: (memory|CPU)/.test(problem)),
            [],
        );
        assert.equal(spec.serviceAccountName, "executor");
        assert.equal(metadata.labels["app.kubernetes.io/instance"], "lab");
        assert.equal(find(await classic({ standalone }), "lab-settings").data["executor.yaml"], undefined);
    });

    it("lets the executors of its sessions call drivers, at as many ports as there may be drivers in a pod", async () => {
        const ports = async (drivers?: number) => find(await classic({ drivers }), "lab-driver-network").spec.ingress[0].ports;
        assert.deepEqual(
            (await ports()).map(({ port }: any) => port),
            [7078, 7079],
        );
        assert.deepEqual(await ports(5), [{ protocol: "TCP", port: 7078, endPort: 7088 }]);
        const made = await classic();
        assert.deepEqual(find(made, "lab-driver-network").spec.podSelector.matchLabels, driver);
        assert.deepEqual(find(made, "lab-executor-network").spec.egress[0].to[0].podSelector.matchLabels, driver);
        assert.deepEqual(find(await classic({ standalone }), "lab-driver-network").spec.ingress, []);
    });

    it("tells pods what drivers need: the account that makes executors, or the secret of the cluster", async () => {
        const common = { settings: "lab-settings", credentialsSecret: "s-s3-credentials", credentialsFile: undefined, logs: undefined };
        const stores = { "store-client": "true", "hive-client": "true", "collector-client": "true" };
        assert.deepEqual(await connection(), { ...common, clientLabels: { ...stores, ...driver }, serviceAccount: "server" });
        const authenticated = { ...standalone, authenticationSecret: "cluster-secret" };
        assert.deepEqual(await connection({ standalone: authenticated }), {
            ...common,
            clientLabels: { ...stores, "a-client": "true", ...driver },
            authenticationSecret: "cluster-secret",
        });
    });

    it("names every wrong field at once, before anything is made", () => {
        const wrong = {
            runtime: { ...runtime, sparkVersion: "4.1" },
            driverMemory: "1",
            drivers: 0,
            executor: { cores: 0, memory: "1m" },
            sparkConf: { "spark.driver.memory": "1g", "spark.kubernetes.namespace": "other" },
        };
        assert.throws(() => make(wrong), {
            message: [
                'SparkClassic "lab" cannot be deployed as configured:',
                "  executor.cores: 0 is not a whole number from 1",
                '  executor.memory: "1m" is not a size of at least 512m; write it like "1500m" or "4g"',
                '  runtime: sparkVersion "4.1" is not a Spark version of 3.5.x or 4.1.x; did you mean "4.1.0"?',
                '  driverMemory: "1" is not a size of at least 512m; write it like "1500m" or "4g"',
                "  drivers: 0 is not a whole number between 1 and 20",
                '  sparkConf: "spark.driver.memory" is decided by driverMemory; "spark.kubernetes.namespace" is decided by runtime.namespace',
            ].join("\n"),
        });
        const workers = "has no effect: the workers of the Standalone cluster decide it";
        const executor = { cpuRequest: "1", memoryOverhead: "1g", localStorage: "1g", pod: { labels: {} } };
        assert.throws(() => make({ runtime, standalone: { ...standalone, sparkVersion: "3.5.7" }, executor, drivers: 2 }), {
            message: [
                'SparkClassic "lab" cannot be deployed as configured:',
                "  standalone: sparkVersion 3.5.7 is not the driver's, which is 4.1.0",
                ...Object.keys(executor).map((field) => `  executor.${field}: ${workers}`),
                "  drivers: has no effect: the workers of a Standalone cluster call a driver at one port, so that a pod has one",
            ].join("\n"),
        });
    });

    it("writes nothing that only executors read that are pods, and takes no setting of theirs", async () => {
        const settings = conf(await classic({ standalone, executor: { minimum: 2, maximum: 4 } }));
        assert.doesNotMatch(settings, /spark\.kubernetes|executor\.instances|memoryOverhead|local\.dir/);
        const own = {
            "spark.executor.instances": "2",
            "spark.executor.memoryOverhead": "1g",
            "spark.kubernetes.executor.deleteOnTermination": "true",
        };
        assert.throws(() => make({ runtime, standalone, sparkConf: own }), {
            message: [
                'SparkClassic "lab" cannot be deployed as configured:',
                '  sparkConf: "spark.executor.instances" is decided by executor.minimum and executor.maximum; ' +
                    '"spark.executor.memoryOverhead" is decided by the workers of the Standalone cluster; ' +
                    '"spark.kubernetes.executor.deleteOnTermination" is decided by standalone: executors are no pods here',
            ].join("\n"),
        });
    });

    it("refuses a log in a store whose keys sessions do not have", () => {
        const elsewhere = { directory: "s3a://logs/events", s3: { endpoint: "https://s3.example.org" } };
        assert.throws(() => make({ runtime: { ...runtime, eventLog: elsewhere } }), {
            message: /runtime: eventLog is in another store than s3; classic sessions write both with the keys of s3$/,
        });
    });

    it("has no argument without effect", async () => {
        // Ways to masters and workers are the cluster's own rows; the rest is compared with what a session asks for.
        const ofCluster = { ...connectStandalone.changes, ...standaloneElsewhere };
        const onlyCluster = Object.fromEntries(Object.entries(ofCluster).filter(([field]) => field.startsWith("standalone.")));
        assertEveryField("SparkClassic", changes.classic, changes.runtimeMetastore, onlyCluster);
        // Whose account makes executors, and what opens the ways to stores, shows in the pods of a tool.
        const withTool = (given: SparkClassicArgs, opts: pulumi.ComponentResourceOptions) =>
            new JupyterLab("lab", { namespace: "team-a", image: "lab:1", classic: make(given, opts).connection }, opts);
        const ofLog = (field: string) => field.startsWith("runtime.eventLog.s3.") || field === "runtime.s3.endpoint";
        const heededByAll = Object.fromEntries(Object.entries(changes.classic).filter(([field]) => !ofLog(field)));
        await assertEveryFieldMatters(withTool, { runtime, executor: { maximum: 3 } }, heededByAll);
        await assertEveryFieldMatters(
            withTool,
            { runtime: { ...runtime, eventLog: undefined } },
            { "runtime.s3.endpoint": "https://s3.example.org" },
        );
        const heeded = { "standalone.masterUrl": "spark://other.team-a.svc:7077", "standalone.authenticationSecret": "other" };
        await assertEveryFieldMatters(withTool, { runtime, standalone }, heeded);
    });
});
