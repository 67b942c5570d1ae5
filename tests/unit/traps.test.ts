import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { parse } from "yaml";

import { ObjectStore, SparkConnect, SparkHistoryServer, SparkWorkspace } from "../../components";
import { sparkVersion, testedVersions } from "../../components/internal/spark-versions";
import { recipes } from "../../sandbox/images/recipes";
import { record, type Registered } from "../support/recorder";
import * as given from "./spark/arguments";

/**
 * The thirty known ways to get Spark on Kubernetes wrong, and for each the test that keeps us out of it: here when it is a matter of
 * what bricks make, else by the file and a text of the test that has it. A test of a brick that is not there yet is skipped.
 */

type Made = Record<string, Registered[]>;

const root = join(__dirname, "../..");

/** What the bricks make on each line; one after the other, because the recorder is one. */
async function bricks(): Promise<Made> {
    const all: Made = {};
    for (const version of testedVersions) {
        all[version] = [
            ...(await record((opts) => new SparkConnect("c", { ...given.connect, sparkVersion: version, replicas: 2 }, opts))),
            ...(await record((opts) => new SparkHistoryServer("h", { ...given.historyServer, sparkVersion: version }, opts))),
            ...(await record((opts) => new ObjectStore("s", { namespace: "team-a", image: "minio:1" }, opts))),
            ...(await record((opts) => new SparkWorkspace("w", { namespace: "team-a" }, opts))),
        ];
    }
    return all;
}

const find = (made: Registered[], name: string) => made.find((one) => one.name === name)!.inputs;

/** The settings of the Connect servers of a line. */
function connectConf(made: Registered[]): Record<string, string> {
    const lines: string[] = find(made, "c-settings").data["spark-defaults.conf"].trimEnd().split("\n");
    return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf(" ")), line.slice(line.indexOf(" ") + 1)]));
}

const podSpecs = (made: Registered[]): any[] => made.flatMap(({ inputs }) => inputs.spec?.template?.spec ?? []);
const containers = (made: Registered[]): any[] =>
    podSpecs(made).flatMap(({ initContainers = [], containers }) => [...initContainers, ...containers]);
const executorPod = (made: Registered[]) => parse(find(made, "c-settings").data["executor.yaml"]).spec;
const connectArguments = (made: Registered[]): string => JSON.stringify(find(made, "c-servers").spec.template.spec.containers[0].args);

let made: Made;

/** One trap, seen on each line. */
function trap(number: number, what: string, check: (made: Registered[], version: string) => void): void {
    it(`${number}. ${what}`, () => {
        for (const version of testedVersions) {
            check(made[version]!, version);
        }
    });
}

/** One trap that another test is about: a text that stands in it. */
function elsewhere(number: number, what: string, file: string, text: RegExp): void {
    it(`${number}. ${what}: ${file}`, function () {
        if (!existsSync(join(root, file))) {
            this.skip();
        }
        assert.ok(text.test(readFileSync(join(root, file), "utf8")), `${file} has no test of ${String(text)}`);
    });
}

describe("the traps of Spark on Kubernetes", () => {
    before(async () => {
        made = await bricks();
    });

    trap(1, "a shell as first process swallows SIGTERM: what containers run ends in exec, and no daemon script starts it", (made) => {
        for (const { args = [] } of containers(made)) {
            const script: string | undefined = args[(args as string[]).indexOf("-c") + 1];
            assert.ok(!args.includes("/bin/sh") || /(^|\n)exec [^\n]+$/.test(script ?? ""), script);
            assert.doesNotMatch(args.join(" "), /sbin\/|start-[a-z-]+\.sh/);
        }
    });
    elsewhere(2, "a Connect server tells its clients every setting", "tests/unit/spark/connect.test.ts", /keeps keys out of every setting/);
    trap(3, "a 3.5 server forgets the oldest of a hundred sessions, which no setting changes: none pretends to", (made) => {
        assert.deepEqual(
            Object.keys(connectConf(made)).filter((key) => key.startsWith("spark.connect.session")),
            [],
        );
    });
    trap(4, "failures of executors add up for ever and end a server: they are forgotten after a time", (made) => {
        assert.equal(connectConf(made)["spark.executor.failuresValidityInterval"], "1h");
        assert.ok(Number(connectConf(made)["spark.executor.maxNumFailures"]) >= 20);
    });
    trap(5, "allocation.maximum counts all executors of a server's life", (made) => {
        assert.equal(connectConf(made)["spark.kubernetes.allocation.maximum"], undefined);
    });
    trap(6, "executors inherit the server's account, and a template's is overwritten: it is set where Spark looks", (made) => {
        const conf = connectConf(made);
        assert.equal(conf["spark.kubernetes.authenticate.executor.serviceAccountName"], given.connect.executorServiceAccount);
        assert.equal(conf["spark.kubernetes.authenticate.driver.serviceAccountName"], undefined);
        const { serviceAccount, serviceAccountName } = executorPod(made);
        assert.ok([undefined, serviceAccount].includes(serviceAccountName), "both fields of a template, or none");
    });
    trap(7, "there is no gRPC health service to probe", (made) => {
        for (const { startupProbe, readinessProbe, livenessProbe } of containers(made)) {
            assert.ok([startupProbe, readinessProbe, livenessProbe].every((probe) => probe?.grpc === undefined));
        }
    });
    trap(8, "servers that share a driver's name or executors' names mix up: both are the pod's own", (made) => {
        assert.match(connectArguments(made), /spark\.driver\.host=\$POD_IP/);
        assert.match(connectArguments(made), /executors=.*POD_NAME.*podNamePrefix=\$executors/);
        const conf = connectConf(made);
        assert.deepEqual([conf["spark.driver.host"], conf["spark.kubernetes.executor.podNamePrefix"]], [undefined, undefined]);
    });
    trap(9, "a server waits for executors that cannot find it before it is ready: names are there from the start", (made) => {
        assert.equal(find(made, "c-pod-names").spec.publishNotReadyAddresses, true);
    });
    elsewhere(10, "recovery from files is for one master and not for S3", "tests/unit/spark/standalone.test.ts", /recovery/i);
    elsewhere(
        11,
        "a 4.1 master takes jobs from anybody by REST",
        "tests/unit/spark/expected/standalone-master-s3-4.1.0.conf",
        /^spark\.master\.rest\.enabled false$/m,
    );
    trap(12, "a Service called spark-master would set SPARK_MASTER_PORT to a URL: no pod gets such links", (made) => {
        for (const spec of [...podSpecs(made), executorPod(made)]) {
            assert.equal(spec.enableServiceLinks, false);
        }
    });
    trap(13, "a missing deletecollection shows only when a server stops", (made) => {
        const { rules } = find(made, "w-server-role");
        assert.ok(rules.every(({ verbs }: any) => verbs.includes("deletecollection") && verbs.includes("list")));
    });
    elsewhere(14, "Spark cannot talk to a metastore of Hive 4.0.1 and later", "tests/unit/spark/hive-metastore.test.ts", /4\.0\.1/);
    elsewhere(15, "RAPIDS and Iceberg fit some versions only", "tests/unit/spark/iceberg.test.ts", /refuses pairs of versions/);
    elsewhere(16, "jars of one family move together", "tests/workshop/images/locks.test.ts", /one generation of the SDK in each line/);
    trap(17, "an unrolled log is invisible on S3, and its directory must be there before", (made) => {
        assert.equal(connectConf(made)["spark.eventLog.rolling.enabled"], "true");
        assert.match(find(made, "s-setup").spec.template.spec.containers[0].args.join(" "), /--prefix spark-logs\/events/);
    });
    it("18. clients and executors need the same Python: all images stand on one base", () => {
        const install = readFileSync(join(root, "images/base/packages.txt"), "utf8");
        assert.match(install, /^python3/m);
        for (const file of recipes.flatMap(({ folder }) => [`images/${folder}/Dockerfile`])) {
            assert.doesNotMatch(readFileSync(join(root, file), "utf8"), /apt-get install[^\n]*python3\.[0-9]/, file);
        }
    });
    trap(19, "a user by name cannot be proved not to be root; Spark's image has no home and no settings", (made) => {
        for (const spec of [...podSpecs(made), executorPod(made)]) {
            assert.ok(spec.securityContext.runAsUser > 0 && spec.securityContext.runAsNonRoot);
        }
        const servers = [find(made, "c-servers"), find(made, "h-servers")].map(({ spec }) => spec.template.spec.containers[0]);
        for (const { env, volumeMounts } of servers) {
            assert.ok(env.some(({ name, value }: any) => name === "HOME" && value === "/tmp"));
            assert.ok(volumeMounts.some(({ mountPath }: any) => mountPath === "/opt/spark/conf"));
        }
    });
    trap(20, "the API server is no pod, and its Service's address is gone when policies look", (made) => {
        const rows = find(made, "c-server-network").spec.egress;
        assert.ok(rows.some(({ to, ports }: any) => to[0].ipBlock && ports.some(({ port }: any) => port === 6443)));
        assert.ok(rows.some(({ to }: any) => to.some(({ ipBlock }: any) => ipBlock?.cidr === "169.254.20.10/32")));
    });
    elsewhere(
        21,
        "executors have no port for metrics, and names carry the application",
        "tests/unit/internal/monitoring.test.ts",
        /metrics/,
    );
    trap(22, "spark.executor.decommission.enabled switches nothing", (made) => {
        const conf = connectConf(made);
        assert.equal(conf["spark.decommission.enabled"], "true");
        assert.equal(conf["spark.executor.decommission.enabled"], undefined);
    });
    trap(23, "an idle server keeps its executors for ever by default", (made) => {
        const conf = connectConf(made);
        assert.equal(conf["spark.dynamicAllocation.shuffleTracking.enabled"], "false");
        assert.match(conf["spark.dynamicAllocation.cachedExecutorIdleTimeout"] ?? "", /^[0-9]+m(in)?$/);
    });
    elsewhere(24, "Apache's operator of today knows no 3.5", "tests/unit/spark/application.test.ts", /sparkoperator\.k8s\.io/);
    it("25. images of MinIO and of Bitnami come no more: ours are built from sources and packages", () => {
        for (const { folder } of recipes) {
            const file = readFileSync(join(root, "images", folder, "Dockerfile"), "utf8");
            const sources = [...file.matchAll(/^FROM (\S+)/gm)].map(([, from = ""]) => from);
            assert.ok(
                sources.every((from) => !/bitnami|minio\/minio/.test(from)),
                `${folder}: ${sources.join()}`,
            );
        }
    });
    elsewhere(
        26,
        "an application on Standalone takes every core",
        "tests/unit/spark/expected/connect-standalone-4.1.0.conf",
        /^spark\.cores\.max [0-9]+$/m,
    );
    elsewhere(
        27,
        "the metastore's image makes its schema at every start",
        "tests/unit/spark/hive-metastore.test.ts",
        /makes the schema before the servers/,
    );
    it("28. Spark 4.2 wants other rights of whoever submits: it is not taken for a line that it is not", () => {
        assert.match(sparkVersion("4.2.0") ?? "", /not a Spark version of/);
    });
    trap(29, "4.1 commits by a class that its distribution lacks: both lines say how, and the images have it", (made, version) => {
        assert.match(connectConf(made)["spark.sql.sources.commitProtocolClass"] ?? "", /PathOutputCommitProtocol$/);
        assert.match(readFileSync(join(root, `images/spark/${version}/jars.lock`), "utf8"), /spark-hadoop-cloud_/);
    });
    trap(30, "volumes that Spark claims itself are of another access mode from 4.0 on: it claims none", (made) => {
        const conf = connectConf(made);
        assert.deepEqual(
            Object.keys(conf).filter((key) => /executor\.volumes\.persistentVolumeClaim/.test(key)),
            [],
        );
        assert.equal(conf["spark.kubernetes.driver.ownPersistentVolumeClaim"], "false");
    });
});
