import { below, fields, inside, type BrickCorpus, type Wrongs } from "./wrong";
import * as values from "./wrong-values";

/** Wrong values of the platform's own fields, and which brick judges the others. */

const { apiServer, directory, label, objects, sparkVersion } = values;

const versions = (...sections: string[]): Wrongs =>
    Object.fromEntries(sections.map((section) => [`${section}.*.sparkVersion`, sparkVersion]));

const main = '["main"]';
const program = { main: { file: "local:///opt/app/job.py" } };

export const platform: BrickCorpus = {
    args: { images: { registry: "registry.example.org" } },
    cases: [
        {
            lines: fields({
                "images.registry": [
                    "https://registry.example.org",
                    '"https://registry.example.org" is not a registry; write it like "registry.example.org/data", without https:// and without a tag',
                ],
                "images.pullSecrets": objects,
                namespace: label,
                sparkVersion,
                apiServer,
                ...below("logs", values.logs),
            }),
        },
        { base: { monitoring: {} }, lines: fields(values.monitoring) },
        {
            base: {
                tracing: { endpoint: "http://collector:4318", clusterEndpoint: { namespace: "tracing", podLabels: {}, clientLabels: {} } },
            },
            lines: inside("tracing", values.tracing),
        },
        {
            base: { storage: { s3: { clusterEndpoint: { namespace: "team-a", podLabels: {}, clientLabels: {} } } } },
            lines: [
                ...inside("storage.s3", values.s3),
                ...fields({ "storage.eventLogDirectory": directory, "storage.warehouse": directory }),
            ],
        },
        {
            base: { aws: { region: "eu-central-1" } },
            lines: fields({ "aws.region": ["europe", '"europe" is not a region of AWS; write it like "eu-central-1"'] }),
        },
        {
            base: {
                historyServer: {},
                ingress: { domain: "spark.example.org", controllerNamespace: "edge", ingressClass: "web", tls: { issuer: "letsencrypt" } },
            },
            lines: fields({
                "ingress.domain": values.host,
                "ingress.controllerNamespace": label,
                "historyServer.sparkVersion": sparkVersion,
            }),
        },
        {
            base: { airflow: {}, classic: { main: {} } },
            lines: fields({
                "airflow.sparkVersion": sparkVersion,
                "airflow.classic": ["other", '"other" is none of the platform\'s classic sessions; there is main'],
            }),
        },
        { base: { jupyterHub: { users: ["ada"] } }, lines: fields({ "jupyterHub.sparkVersion": sparkVersion }) },
        {
            base: {
                connect: { main: {} },
                standalone: { main: {} },
                classic: { main: {} },
                jupyterLab: { main: {} },
                sparkSubmit: { main: program },
                sparkApplication: { main: program },
                scheduledSparkApplication: { main: { ...program, schedule: "@daily" } },
            },
            lines: fields(
                {
                    ...versions(
                        "connect",
                        "standalone",
                        "classic",
                        "jupyterLab",
                        "sparkSubmit",
                        "sparkApplication",
                        "scheduledSparkApplication",
                    ),
                    "classic.*.standalone": ["etl", '"etl" is none of the platform\'s Standalone clusters; there is main'],
                    "jupyterLab.*.classic": ["other", '"other" is none of the platform\'s classic sessions; there is main'],
                    "connect.*.standalone": ["etl", '"etl" is none of the platform\'s Standalone clusters; there is main'],
                },
                main,
            ),
        },
    ],
};

/** A part of the platform that a brick gets as it is given: there the brick's own corpus counts. */
interface HandedOn {
    /** Where it is among the platform's arguments. */
    path: string;
    brick: string;
    /** Where it is among the brick's. Default: at the top. */
    at?: string;
}

const databases = (part: string): HandedOn[] => [
    { path: `${part}.postgres`, brick: "Postgres" },
    { path: `${part}.awsPostgres`, brick: "AwsPostgres" },
    { path: `${part}.backup`, brick: "DatabaseBackup" },
];

export const handedOn: HandedOn[] = [
    ...["hiveMetastore", "mlflow", "airflow"].flatMap(databases),
    { path: "secrets.named.*", brick: "PlatformSecrets", at: "secrets.*" },
    { path: "secrets", brick: "PlatformSecrets" },
    { path: "ingress.connect", brick: "PlatformIngress", at: "routes.*" },
    { path: "ingress", brick: "PlatformIngress" },
    { path: "aws.buckets", brick: "AwsBuckets" },
    { path: "aws.identity", brick: "AwsIdentity" },
    { path: "workspace", brick: "SparkWorkspace" },
    { path: "objectStore", brick: "ObjectStore" },
    { path: "historyServer", brick: "SparkHistoryServer" },
    { path: "historyPortal", brick: "SparkHistoryPortal" },
    { path: "hiveMetastore", brick: "HiveMetastore" },
    { path: "mlflow", brick: "MLflow" },
    { path: "airflow", brick: "Airflow" },
    { path: "observability", brick: "Observability" },
    { path: "connect.*", brick: "SparkConnect" },
    { path: "standalone.*", brick: "SparkStandalone" },
    { path: "jupyterLab.*", brick: "JupyterLab" },
    { path: "jupyterHub", brick: "JupyterHub" },
    ...Object.entries({
        classic: "SparkClassic",
        sparkSubmit: "SparkSubmit",
        sparkApplication: "SparkApplication",
        scheduledSparkApplication: "ScheduledSparkApplication",
    }).flatMap(([kind, brick]) => [
        { path: `${kind}.*`, brick },
        // The image becomes part of what an application inherits.
        { path: `${kind}.*`, brick, at: "runtime" },
    ]),
];
