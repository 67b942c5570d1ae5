import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import * as pulumi from "@pulumi/pulumi";

import { SparkPlatform, type SparkPlatformArgs } from "../../components";
import { minioVersion } from "../../components/internal/images";
import { assertEveryFieldArrives, logChanges, monitoringChanges, publicFields, tracingChanges, under } from "../support/fields";
import { wired } from "../support/platform-wiring";
import { podProblems, podsOf } from "../support/pods";
import { record, type Registered } from "../support/recorder";
import { providers } from "../support/secrets";
import { s3 } from "../support/store-changes";
import { assertSame } from "../support/snapshot";

const args: SparkPlatformArgs = {
    images: { registry: "spark-platform.local" },
    namespace: "spark-dev",
    objectStore: {},
    historyServer: { retention: { days: 30 } },
    connect: { main: {}, old: { sparkVersion: "3.5.7" }, onetl: { standalone: "etl" } },
    standalone: { etl: {} },
    hiveMetastore: {},
    mlflow: {},
    airflow: {},
    jupyterLab: { lab: {} },
    jupyterHub: { users: ["ada"] },
};
const existing: SparkPlatformArgs = {
    images: { registry: "registry.example" },
    storage: {
        s3: { endpoint: "http://other:9000", pathStyle: true, clusterEndpoint: { namespace: "x", podLabels: {}, clientLabels: {} } },
    },
    connect: { main: {} },
};

/** Everything that a platform without a cloud has. */
const application = { main: { file: "local:///opt/job.py" }, driver: {}, executor: {} };
const onItsOwn: SparkPlatformArgs = {
    ...args,
    // One server is enough, and its version may then go down without the History Server minding.
    connect: { main: { tls: { secret: "certificate" }, authentication: {} } },
    jupyterLab: { lab: {} },
    classic: { sessions: { executor: {} } },
    objectStore: { buckets: ["warehouse", "another"] },
    secrets: { environment: "prod", generated: {}, named: { more: { keys: ["a"] } } },
    historyPortal: { servers: { other: { url: "http://history.team-b.svc:18080" } } },
    sparkSubmit: { once: application },
    sparkApplication: { again: application },
    scheduledSparkApplication: { nightly: { ...application, schedule: "@daily" } },
    ingress: {
        domain: "example.org",
        controllerNamespace: "ingress",
        ingressClass: "nginx",
        tls: { issuer: "ca" },
        connect: { annotations: {} },
    },
    tracing: { endpoint: "http://collector:4318", clusterEndpoint: { namespace: "tracing", podLabels: { app: "a" }, clientLabels: {} } },
};
const onAws: SparkPlatformArgs = {
    images: { registry: "registry.example" },
    aws: {
        region: "eu-central-1",
        buckets: { prefix: "acme" },
        identity: { oidcProviderArn: "arn:aws:iam::111122223333:oidc-provider/a/id/0A" },
    },
    secrets: { environment: "prod", aws: { region: "eu-central-1" } },
    hiveMetastore: {},
    mlflow: {},
    airflow: {},
};

const database = { host: "database.example.org", database: "tables", credentialsSecret: "database" };
const withDatabases: SparkPlatformArgs = { images: onAws.images, hiveMetastore: { database }, mlflow: { database }, airflow: { database } };

const platform = (given: SparkPlatformArgs = args, preview = false) =>
    record((opts) => new SparkPlatform("spark", given, opts), { preview });
const find = (made: Registered[], name: string, type = "") => made.find((one) => one.name === name && one.type.includes(type))!.inputs;

async function outputsOf(given: SparkPlatformArgs) {
    let made!: SparkPlatform;
    await record((opts) => (made = new SparkPlatform("spark", given, opts)));
    const { namespace, connectUrls, connectClientLabels, standaloneUiUrls, executorIdleSeconds, historyServerUrl } = made;
    const { historyLatenessSeconds, jupyterLabUrls, jupyterLabTokenSecrets, s3Endpoint, warehouse } = made;
    const { jupyterHubUrl, jupyterHubPasswordsSecret } = made;
    const all = pulumi.output({
        namespace,
        connectUrls,
        connectClientLabels,
        standaloneUiUrls,
        executorIdleSeconds,
        historyServerUrl,
        historyLatenessSeconds,
        jupyterLabUrls,
        jupyterLabTokenSecrets,
        jupyterHubUrl,
        jupyterHubPasswordsSecret,
        s3Endpoint,
        warehouse,
    });
    return new Promise((resolve) => all.apply(resolve));
}

describe("SparkPlatform", () => {
    it("makes what it made before: a resource under another name is another resource", async () => {
        for (const preview of [false, true]) {
            const made = await platform(args, preview);
            const lines = made.map(({ type, name, inputs }) => `${name} ${type} ${inputs.metadata?.name ?? "-"}\n`);
            assertSame(lines.join(""), join(__dirname, "expected/platform.txt"));
        }
    });

    it("gives every object the platform's labels and its namespace", async () => {
        for (const { type, name, inputs } of await platform()) {
            if (type.startsWith("random:")) {
                continue;
            }
            assert.equal(inputs.metadata.labels["app.kubernetes.io/part-of"], "spark-platform", name);
            assert.ok(type.endsWith(":Namespace") || inputs.metadata.namespace === "spark-dev", name);
        }
    });

    it("gives two bricks of one name names that do not clash", async () => {
        const names = (await platform()).map(({ type, inputs }) => `${type} ${inputs.metadata?.name ?? Math.random()}`);
        assert.equal(new Set(names).size, names.length);
    });

    it("runs only pods that the restricted standard admits", async () => {
        const pods = podsOf(await platform());
        assert.equal(Object.keys(pods).length, 28);
        for (const [name, spec] of Object.entries(pods)) {
            assert.deepEqual(podProblems(spec), [], name);
        }
    });

    it("answers where everything is", async () => {
        assert.deepEqual(await outputsOf(args), {
            namespace: "spark-dev",
            connectUrls: {
                main: "sc://spark-main-connect.spark-dev.svc:15002",
                old: "sc://spark-old-connect.spark-dev.svc:15002",
                onetl: "sc://spark-onetl-connect.spark-dev.svc:15002",
            },
            connectClientLabels: {
                main: { "spark-platform/spark-main-connect-client": "true" },
                old: { "spark-platform/spark-old-connect-client": "true" },
                onetl: { "spark-platform/spark-onetl-connect-client": "true" },
            },
            standaloneUiUrls: { etl: "http://spark-etl-standalone.spark-dev.svc:8080" },
            executorIdleSeconds: { main: 60, old: 60, onetl: 60 },
            historyServerUrl: "http://spark-history.spark-dev.svc:18080",
            historyLatenessSeconds: 20,
            jupyterLabUrls: { lab: "http://spark-lab-jupyter.spark-dev.svc:8888" },
            jupyterLabTokenSecrets: { lab: "spark-lab-jupyter-token" },
            jupyterHubUrl: "http://spark-jupyterhub.spark-dev.svc:8000",
            jupyterHubPasswordsSecret: "spark-jupyterhub-passwords",
            s3Endpoint: "http://spark-store.spark-dev.svc:9000",
            warehouse: "s3a://warehouse/tables",
        });
        assert.deepEqual(await outputsOf({ images: { registry: "r" }, storage: { s3: {} } }), {
            namespace: "spark",
            connectUrls: {},
            connectClientLabels: {},
            standaloneUiUrls: {},
            executorIdleSeconds: {},
            historyServerUrl: "",
            historyLatenessSeconds: 0,
            jupyterLabUrls: {},
            jupyterLabTokenSecrets: {},
            jupyterHubUrl: "",
            jupyterHubPasswordsSecret: "",
            s3Endpoint: "",
            warehouse: "",
        });
    });

    it("runs the executors of a Connect server on the cluster that it names", async () => {
        const made = await platform();
        const conf = find(made, "spark-onetl-settings").data["spark-defaults.conf"] as string;
        assert.match(conf, /^spark.master spark:\/\/spark-etl-.*\.spark-dev\.svc.*:7077$/m);
        assert.equal(find(made, "spark-onetl-servers").spec.template.spec.serviceAccountName, "spark-executor");
        assert.throws(
            () => new SparkPlatform("spark", { ...args, connect: { main: { standalone: "other" } } }),
            /connect\["main"\]\.standalone: "other" is none of the platform's Standalone clusters; there is etl$/,
        );
    });

    it("makes tasks and notebooks drivers of the classic sessions that they name, on Kubernetes and on a cluster of the platform", async () => {
        const classic = { pods: { executor: { maximum: 2 } }, workers: { standalone: "etl" } };
        const made = await platform({
            ...args,
            classic,
            airflow: { classic: "pods", applications: true },
            jupyterLab: { lab: { classic: "workers" } },
        });
        const task = find(made, "spark-template").data["pod.yaml"] as string;
        assert.match(task, /serviceAccountName: spark-server\n/);
        assert.match(task, /spark-platform\/spark-pods-classic-client: "true"/);
        assert.ok(made.some(({ name, type }) => type.endsWith(":Role") && name === "spark-worker-role"));
        const lab = find(made, "spark-lab-server").spec.template;
        assert.equal(lab.spec.serviceAccountName, "spark-executor");
        assert.equal(lab.metadata.labels["spark-platform/spark-workers-classic-client"], "true");
        assert.match(find(made, "spark-workers-settings").data["spark-defaults.conf"], /^spark.master spark:\/\/spark-etl-/m);
    });

    it("says which classic sessions are not there, of another version, or told what they cannot use", () => {
        const classic = { old: { sparkVersion: "3.5.7" }, workers: { standalone: "other", image: "registry.example/spark:1" } };
        const wrong = { ...args, classic, airflow: { classic: "older" }, jupyterLab: { lab: { classic: "old" } } };
        assert.throws(() => new SparkPlatform("spark", wrong), {
            message: [
                'SparkPlatform "spark" cannot be deployed as configured:',
                '  classic["workers"].standalone: "other" is none of the platform\'s Standalone clusters; there is etl',
                '  classic["workers"].image: has no effect: executors run in the workers of standalone',
                '  airflow.classic: "older" is none of the platform\'s classic sessions; there is old, workers',
                '  jupyterLab["lab"].classic: "old" is on Spark 3.5.7, and what starts its sessions has 4.1.0 in its image; give both one sparkVersion',
            ].join("\n"),
        });
    });

    it("leads notebooks to the Connect servers of their own version", async () => {
        const urlsOf = async (given: SparkPlatformArgs) =>
            JSON.stringify(find(await platform(given), "spark-lab-server").spec.template.spec.containers[0].env);
        const own = await urlsOf(args);
        assert.match(own, /spark-main-connect/);
        assert.doesNotMatch(own, /spark-old-connect/);
        assert.match(await urlsOf({ ...args, jupyterLab: { lab: { sparkVersion: "3.5.7" } } }), /spark-old-connect/);
    });

    it("gives applications of each line all that they inherit in one value", async () => {
        let made!: SparkPlatform;
        await record((opts) => (made = new SparkPlatform("spark", { ...args, sparkVersion: "4.1.1" }, opts)));
        const { runtime, runtimes } = await new Promise<any>((resolve) => {
            pulumi.output({ runtime: made.runtime, runtimes: made.runtimes }).apply(resolve);
        });
        assert.deepEqual(runtimes["4.1"], runtime);
        assert.equal(runtime.image, "spark-platform.local/spark:4.1.1");
        assert.deepEqual(runtimes["3.5"], { ...runtime, sparkVersion: "3.5.7", image: "spark-platform.local/spark:3.5.7" });
        assert.equal(runtime.eventLog.directory, "s3a://spark-logs/events");
        assert.equal(runtime.driverServiceAccount, "spark-server");
        assert.equal(runtime.executorServiceAccount, "spark-executor");
        assert.equal(runtime.warehouse, "s3a://warehouse/tables");
    });

    it("runs each line of Spark from its own image", async () => {
        const made = await platform();
        const image = (name: string, type = "StatefulSet") => find(made, name, type).spec.template.spec.containers[0].image;
        assert.equal(image("spark-main-servers"), "spark-platform.local/spark:4.1.0");
        assert.equal(image("spark-old-servers"), "spark-platform.local/spark:3.5.7");
        assert.equal(image("spark-servers"), "spark-platform.local/spark:4.1.0");
        assert.equal(image("spark-server"), `spark-platform.local/minio:${minioVersion}`);
    });

    it("is tested with the MinIO that it uses", () => {
        const { minio } = JSON.parse(readFileSync(join(__dirname, "../../sandbox/versions.json"), "utf8"));
        assert.ok(minio.includes(`-${minioVersion}`), minio);
    });

    it("uses a store that exists already, and makes none", async () => {
        const made = await platform({ ...existing, historyServer: {}, storage: { s3: {}, eventLogDirectory: "s3a://logs/events" } });
        assert.deepEqual(
            made.filter(({ type, name }) => /Job|random|PersistentVolumeClaim/.test(type) && !name.endsWith("-check")),
            [],
        );
        assert.match(find(made, "spark-settings").data["spark-defaults.conf"], /s3a:\/\/logs\/events/);
    });

    it("makes a store of its own when nothing is said about storage", async () => {
        const made = await platform({ images: { registry: "r" } });
        assert.ok(made.some(({ name }) => name === "spark-setup"));
    });

    it("says what does not go together", () => {
        const wrong: SparkPlatformArgs = {
            images: { registry: "" },
            objectStore: {},
            storage: { s3: {} },
            historyServer: {},
            connect: { Main: { sparkVersion: "4.1" } },
        };
        assert.throws(() => new SparkPlatform("spark", wrong), {
            message: [
                'SparkPlatform "spark" cannot be deployed as configured:',
                '  connect["Main"]: "Main" is not a DNS label; use lower-case letters, digits and "-", starting with a letter',
                '  connect["Main"].sparkVersion: "4.1" is not a Spark version of 3.5.x or 4.1.x; did you mean "4.1.0"?',
                "  objectStore: is given together with storage; give one of them",
                "  historyServer: has no logs to show; give storage.eventLogDirectory too",
                "  images.registry: is missing",
            ].join("\n"),
        });
        assert.throws(
            () => new SparkPlatform("spark", { ...args, connect: { main: {} }, historyServer: { sparkVersion: "3.5.7" } }),
            /historyServer\.sparkVersion: 3\.5\.7 cannot read the logs of connect\["main"\], which is 4\.1\.0$/,
        );
    });

    // What a brick does with its arguments is the brick's own test; here it counts that they arrive.
    it("hands every argument on", async () => {
        const all = publicFields("SparkPlatform");
        const versions = Object.fromEntries(all.filter((path) => /\bsparkVersion$/.test(path)).map((path) => [path, "3.5.7"]));
        const special = {
            ...versions,
            "historyServer.sparkVersion": "4.1.3",
            "connect.*.standalone": "etl",
            "classic.*.standalone": "etl",
            "jupyterLab.*.classic": "sessions",
            "airflow.classic": "sessions",
            "storage.credentialsFromSecrets": true,
            ...under("storage.s3", s3),
            "storage.eventLogDirectory": "s3a://other/events",
            "storage.warehouse": "s3a://other/tables",
            "images.registry": "registry.other.org",
            "images.pullSecrets": ["other"],
            namespace: "other",
            apiServer: ["192.0.2.1/32"],
            "aws.region": "us-west-2",
            "ingress.domain": "other.org",
            "ingress.controllerNamespace": "other-edge",
            ...logChanges(),
            ...monitoringChanges("monitoring"),
            ...under("tracing", tracingChanges),
        };
        const cloud = /^aws\.|\.awsPostgres\./;
        const given = /^[a-zA-Z]+\.database\./;
        const provider = new RegExp(
            `^secrets\\.(${Object.keys(providers)
                .filter((name) => name !== "generated")
                .join("|")})\\.`,
        );
        const those = (of: RegExp) => all.filter((path) => of.test(path));
        const elsewhere = [/^storage\./, cloud, given, provider];
        const rest = all.filter((path) => !elsewhere.some((of) => of.test(path)));
        await assertEveryFieldArrives(wired, onItsOwn, rest, special);
        const sealed = { secrets: { environment: "prod", ...providers.sealed } };
        await assertEveryFieldArrives(wired, { ...existing, ...sealed }, those(/^storage\./), special);
        await assertEveryFieldArrives(wired, onAws, those(cloud), special);
        await assertEveryFieldArrives(wired, { ...onAws, ...withDatabases }, those(given));
        for (const name of Object.keys(providers)) {
            const secrets = { environment: "prod", ...providers[name] };
            const storage = { s3: {}, credentialsFromSecrets: name !== "generated" };
            await assertEveryFieldArrives(wired, { ...existing, storage, secrets }, those(new RegExp(`^secrets\\.${name}\\.`)));
        }
    });
});
