import assert from "node:assert/strict";

import { SparkPlatform, type SparkPlatformArgs } from "../../../components";
import { record, type Registered } from "../../support/recorder";

const images = { registry: "registry.example" };
const application = { main: { file: "local:///opt/job.py" } };
const backup = { bucket: "backups" };

/** Every part that a platform can have, on a store of its own. */
const whole: SparkPlatformArgs = {
    images,
    workspace: { quota: { pods: 40 } },
    objectStore: { buckets: ["warehouse", "backups"] },
    secrets: { environment: "dev", named: { more: { keys: ["key"] } } },
    historyServer: {},
    historyPortal: {},
    connect: { main: { tls: { secret: "certificate" }, authentication: {} }, etl: { standalone: "etl" } },
    standalone: { etl: {}, lonely: {} },
    hiveMetastore: { backup },
    mlflow: { backup },
    airflow: { backup },
    classic: { sessions: {} },
    jupyterLab: { lab: {} },
    jupyterHub: { users: ["ada"] },
    sparkSubmit: { once: application },
    sparkApplication: { again: application },
    scheduledSparkApplication: { nightly: { ...application, schedule: "@daily" } },
    monitoring: {},
    observability: {},
    ingress: { domain: "example.org", controllerNamespace: "edge", gatewayClass: "edge", tls: { issuer: "ca" } },
};

const region = "eu-central-1";
const awsPostgres = {
    vpcId: "vpc-0123456789abcdef0",
    subnetIds: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
    clientSecurityGroupIds: ["sg-0123456789abcdef0"],
};
const onAws: SparkPlatformArgs = {
    images,
    aws: { region, buckets: { prefix: "acme" }, identity: { oidcProviderArn: "arn:aws:iam::111122223333:oidc-provider/a/id/0A" } },
    secrets: { environment: "prod", aws: { region } },
    hiveMetastore: { awsPostgres, backup: { bucket: "acme-backups" } },
    standalone: { etl: {} },
    airflow: { awsPostgres },
};

type Path = string;

/** The arguments without what a path leads to: `connect.main`. */
function without(args: SparkPlatformArgs, path: Path): SparkPlatformArgs {
    const copy = structuredClone(args) as Record<string, any>;
    const keys = path.split(".");
    const last = keys.pop() ?? "";
    Reflect.deleteProperty(
        keys.reduce<Record<string, any>>((section, key) => section[key], copy),
        last,
    );
    return copy as SparkPlatformArgs;
}

const identityOf = ({ type, name, brick }: Registered) => `${brick}: ${name} ${type} `;
const bricksOf = (made: Registered[]) => [...new Set(made.map(({ brick }) => brick))].sort();
const platform = (args: SparkPlatformArgs) => record((opts) => new SparkPlatform("spark", args, opts));

/** By the part that is left out, the bricks that go whole; and those of which an object goes because it belongs to that part. */
interface Goes {
    whole: string[];
    parts?: Record<string, RegExp>;
}

const route = (part: string) => ({ "PlatformIngress spark": new RegExp(`^spark-${part}-route$`) });
const secret = (key: string) => ({ "PlatformSecrets spark": new RegExp(`^spark-${key}(-|$)`) });

const table: Record<Path, Goes> = {
    "workspace.quota": { whole: [], parts: { "SparkWorkspace spark": /^spark-quota$/ } },
    historyServer: {
        whole: ["SparkHistoryServer spark"],
        parts: { "PlatformIngress spark": /^spark-history-route$/ },
    },
    historyPortal: { whole: ["SparkHistoryPortal spark"], parts: route("histories") },
    "connect.main": { whole: ["SparkConnect spark-main"], parts: secret("connect-main") },
    "connect.etl": { whole: ["SparkConnect spark-etl"] },
    "standalone.lonely": {
        whole: ["SparkStandalone spark-lonely"],
        parts: { ...route("standalone-lonely"), ...secret("standalone-lonely") },
    },
    hiveMetastore: {
        whole: ["HiveMetastore spark", "Postgres spark-metastore", "DatabaseBackup spark-metastore"],
        parts: secret("metastore-database"),
    },
    "hiveMetastore.backup": { whole: ["DatabaseBackup spark-metastore"] },
    mlflow: {
        whole: ["MLflow spark", "Postgres spark-mlflow", "DatabaseBackup spark-mlflow"],
        parts: { ...route("mlflow"), ...secret("mlflow") },
    },
    "mlflow.backup": { whole: ["DatabaseBackup spark-mlflow"] },
    airflow: {
        whole: ["Airflow spark", "Postgres spark-airflow", "DatabaseBackup spark-airflow"],
        parts: { ...route("airflow"), ...secret("airflow") },
    },
    "airflow.backup": { whole: ["DatabaseBackup spark-airflow"] },
    "jupyterLab.lab": { whole: ["JupyterLab spark-lab"], parts: { ...route("jupyter-lab"), ...secret("jupyter-lab") } },
    jupyterHub: { whole: ["JupyterHub spark"], parts: { ...route("jupyterhub"), ...secret("jupyterhub") } },
    "classic.sessions": { whole: ["SparkClassic spark-sessions"] },
    "sparkSubmit.once": { whole: ["SparkSubmit spark-once"] },
    "sparkApplication.again": { whole: ["SparkApplication spark-again"] },
    "scheduledSparkApplication.nightly": { whole: ["ScheduledSparkApplication spark-nightly"] },
    "secrets.named.more": { whole: [], parts: secret("more") },
    observability: { whole: ["Observability spark"] },
    ingress: { whole: ["PlatformIngress spark"] },
};

const tableOnAws: Record<Path, Goes> = {
    "hiveMetastore.backup": { whole: ["DatabaseBackup spark-metastore", "AwsIdentity spark-metastore-backup"] },
    "standalone.etl": {
        whole: ["SparkStandalone spark-etl", "AwsIdentity spark-standalone-etl-master", "AwsIdentity spark-standalone-etl-worker"],
        parts: secret("standalone-etl"),
    },
    "aws.identity": {
        whole: [
            "airflow-scheduler",
            "airflow-worker",
            "executor",
            "metastore-backup",
            "secrets",
            "server",
            "standalone-etl-master",
            "standalone-etl-worker",
        ].map((role) => `AwsIdentity spark-${role}`),
        // Without a role the backup runs as the account of everybody who needs the store.
        parts: { "DatabaseBackup spark-metastore": /^spark-metastore-account$/, "PlatformSecrets spark": /^spark-account$/ },
    },
    airflow: {
        whole: ["Airflow spark", "AwsPostgres spark-airflow", "AwsIdentity spark-airflow-scheduler", "AwsIdentity spark-airflow-worker"],
        parts: { ...secret("airflow"), "AwsBuckets spark": /^spark-airflow(-|$)/ },
    },
};

/** Left out together, because rendering takes its time; what belongs to neighbours is in different groups. */
const groups: [on: string, args: SparkPlatformArgs, cases: Record<Path, Goes>, paths: Path[]][] = [
    [
        "a store of its own",
        whole,
        table,
        ["workspace.quota", "historyPortal", "connect.etl", "hiveMetastore.backup", "mlflow", "sparkSubmit.once"],
    ],
    ["a store of its own", whole, table, ["connect.main", "mlflow.backup", "airflow", "secrets.named.more", "sparkApplication.again"]],
    ["a store of its own", whole, table, ["standalone.lonely", "hiveMetastore", "airflow.backup", "jupyterLab.lab"]],
    [
        "a store of its own",
        whole,
        table,
        ["scheduledSparkApplication.nightly", "classic.sessions", "jupyterHub", "ingress", "observability"],
    ],
    ["a store of its own", whole, table, ["historyServer", "historyPortal"]],
    ["AWS", onAws, tableOnAws, ["hiveMetastore.backup", "standalone.etl", "airflow"]],
    ["AWS", onAws, tableOnAws, ["aws.identity"]],
];

describe("parts of the platform that are left out", () => {
    const rendered = new Map<SparkPlatformArgs, Promise<Registered[]>>();

    for (const [on, args, cases, paths] of groups) {
        it(`take all their objects along and nothing else, on ${on}: ${paths.join(", ")}`, async () => {
            rendered.set(args, rendered.get(args) ?? platform(args));
            const all = (await rendered.get(args))!;
            const left = await platform(paths.reduce(without, args));
            const kept = new Set(left.map(identityOf));
            const before = new Set(all.map(identityOf));
            assert.deepEqual(
                [...kept].filter((object) => !before.has(object)),
                [],
                "objects that came",
            );
            const going = paths.map((path) => cases[path]!);
            const bricks = [...new Set(going.flatMap((goes) => goes.whole))].sort();
            const own = ({ name, brick }: Registered) => going.some(({ parts }) => parts?.[brick]?.test(name));
            const gone = all.filter((object) => !kept.has(identityOf(object)));
            assert.deepEqual(bricksOf(gone.filter((object) => bricks.includes(object.brick) || !own(object))), bricks);
            assert.deepEqual(left.filter(({ brick }) => bricks.includes(brick)).map(identityOf), [], "objects that stayed");
            const partly = going.flatMap(({ parts = {} }) => Object.keys(parts)).filter((brick) => !bricks.includes(brick));
            assert.deepEqual(bricksOf(gone.filter((object) => !bricks.includes(object.brick))), [...new Set(partly)].sort());
        });
    }

    it("are all that there are", () => {
        const sections = Object.keys(whole).filter((key) => !["images", "objectStore", "monitoring"].includes(key));
        const tried = new Set(groups.flatMap(([, , , paths]) => paths.map((path) => path.split(".")[0])));
        assert.deepEqual(
            sections.filter((section) => !tried.has(section)),
            [],
        );
        const listed = groups.map(([, , cases, paths]) => [cases, paths] as const);
        for (const cases of [table, tableOnAws]) {
            const paths = listed.filter(([of]) => of === cases).flatMap(([, of]) => of);
            assert.deepEqual([...new Set(paths)].sort(), Object.keys(cases).sort());
        }
    });
});

describe("a platform with every part", () => {
    it("waits for no Service: more of them than the engine has places for work would keep the pods from being made", async () => {
        const services = (await platform(whole)).filter(({ type }) => type === "kubernetes:core/v1:Service");
        assert.ok(services.length > 20);
        const awaited = services.filter(({ inputs }) => inputs.metadata.annotations?.["pulumi.com/skipAwait"] !== "true");
        assert.deepEqual(awaited.map(identityOf), []);
    });
});
