import * as given from "../unit/spark/arguments";
import { classic, database } from "../unit/tools/arguments";
import { below, fields, inside, type BrickCorpus, type Wrongs } from "./wrong";
import * as values from "./wrong-values";

/** Wrong values of the tools that people work with. */

const { annotations, apiServer, connectServers, count, cpu, directory, image, label, namespaces, object, size, time, url } = values;
const namespace = "team-a";
const { s3 } = given;

const historyServer = {
    base: { historyServer: { url: "http://h-history.team-a.svc:18080" } },
    lines: inside("historyServer", values.webServer),
};
const tracking = { base: { tracking: { url: "http://m-mlflow.team-a.svc:5000" } }, lines: inside("tracking", values.tracking) };

const classicSessions = { base: { classic }, lines: inside("classic", values.classic) };

export const jupyterLab: BrickCorpus = {
    args: { namespace, image: "lab:1" },
    cases: [
        historyServer,
        tracking,
        classicSessions,
        {
            lines: [
                ...fields({
                    namespace: label,
                    image,
                    connect: connectServers,
                    serviceAccount: object,
                    memory: size("512m"),
                    cpuRequest: cpu,
                    storage: values.tooSmall("512m", "1g"),
                    storageClass: object,
                    kernelIdleTimeout: time,
                    tokenSecret: object,
                    clientNamespaces: namespaces,
                    ...below("logs", values.logLevel),
                    ...values.pod("pod"),
                }),
            ],
        },
        { base: { monitoring: {} }, lines: fields(values.monitoring) },
    ],
};

const user = [
    "Ada!",
    '"Ada!" is not the name of a user; use at most 63 lower-case letters, digits, ".", "_" and "-", with a letter or digit at both ends',
] as const;
const page = [
    "login.example.org",
    '"login.example.org" is not a web address; write it like "https://login.example.org/oauth2/token"',
] as const;

const inDatabase = { base: { database }, lines: inside("database", values.database) };

export const jupyterHub: BrickCorpus = {
    args: { namespace, image: "hub:1", serverImage: "lab:1", users: ["ada"] },
    cases: [
        historyServer,
        tracking,
        inDatabase,
        { base: { monitoring: {} }, lines: fields(values.monitoring) },
        {
            lines: [
                ...fields({
                    namespace: label,
                    image,
                    serverImage: image,
                    connect: connectServers,
                    users: [[user[0]], user[1]],
                    admins: [["eve"], '"eve" is none of users'],
                    passwordsSecret: object,
                    publicUrl: url,
                    memory: size("256m"),
                    cpuRequest: cpu,
                    storage: size("64m"),
                    storageClass: object,
                    clientNamespaces: namespaces,
                    apiServer,
                    ...below("logs", values.logLevel),
                    ...values.pod("pod"),
                    ...below("server", {
                        memory: size("512m"),
                        cpuRequest: cpu,
                        storage: size("64m"),
                        storageClass: object,
                        idleTimeout: time,
                        maximum: count(),
                        serviceAccount: object,
                        ...values.pod("pod"),
                    }),
                }),
            ],
        },
        {
            base: {
                publicUrl: "https://jupyter.example.org",
                oidc: {
                    authorizeUrl: "https://login.example.org/authorize",
                    tokenUrl: "https://login.example.org/token",
                    userInfoUrl: "https://login.example.org/me",
                    clientId: "hub",
                    clientSecret: "hub-oidc",
                },
            },
            lines: fields(
                below("oidc", {
                    authorizeUrl: page,
                    tokenUrl: page,
                    userInfoUrl: page,
                    clientId: ["", "is missing"],
                    clientSecret: object,
                    usernameClaim: ["", "is missing"],
                    groupsClaim: ["", "is missing"],
                    groups: [[""], "is missing"],
                    scopes: [[], "is empty; give at least one"],
                }),
            ),
        },
    ],
};

export const mlflow: BrickCorpus = {
    args: { namespace, image: "mlflow:1", database, s3, artifacts: "s3a://mlflow/artifacts" },
    cases: [
        {
            lines: [
                ...fields({
                    namespace: label,
                    image,
                    artifacts: directory,
                    serviceAccount: object,
                    replicas: count(),
                    workers: count(),
                    memory: size("512m"),
                    cpuRequest: cpu,
                    adminSecret: object,
                    hosts: [[values.host[0]], values.host[1]],
                    clientNamespaces: namespaces,
                    ...below("logs", values.logLevel),
                    ...values.pod("pod"),
                }),
                ...inside("database", values.database),
                ...inside("s3", values.s3),
            ],
        },
        { base: { monitoring: {} }, lines: fields(values.monitoring) },
    ],
};

const process: Wrongs = { replicas: count(), memory: size("512m"), cpuRequest: cpu };
const worker: Wrongs = below("worker", {
    memory: size("512m"),
    cpuRequest: cpu,
    localStorage: size("256m"),
    maximum: count(),
    ...values.pod("pod"),
});

export const airflow: BrickCorpus = {
    args: { namespace, image: "airflow:1", database, s3, taskLogs: "s3a://airflow-logs/tasks" },
    cases: [
        tracking,
        classicSessions,
        {
            lines: [
                ...fields({
                    namespace: label,
                    image,
                    taskLogs: directory,
                    warehouse: directory,
                    connect: connectServers,
                    serviceAccount: object,
                    schedulerAccountAnnotations: annotations,
                    workerAccountAnnotations: annotations,
                    ...below("apiServer", process),
                    ...below("scheduler", process),
                    ...below("dagProcessor", process),
                    ...below("triggerer", process),
                    ...worker,
                    dags: [{ "daily.sql": "select 1" }, '"daily.sql" is not the name of a Python file; write it like "daily_etl.py"'],
                    adminSecret: object,
                    publicUrl: url,
                    clientNamespaces: namespaces,
                    kubernetesApi: apiServer,
                    ...below("logs", values.logs),
                    ...values.pod("pod"),
                }),
                ...inside("database", values.database),
                ...inside("s3", values.s3),
            ],
        },
        {
            base: { monitoring: {}, exporterImage: "exporters:1" },
            lines: fields({ exporterImage: image, ...values.monitoring }),
        },
        {
            base: { connections: { warehouse: { secret: "s", key: "k" } } },
            lines: [
                { path: "connections.*.secret", value: "My Secret", says: `connections: "warehouse" secret ${object[1]}` },
                {
                    path: "connections.*.key",
                    value: "a b",
                    says: 'connections: "warehouse" key "a b" is not a key of a Secret; use letters, digits, "-", "_" and "."',
                },
            ],
        },
    ],
};

export const airflowAttachment: BrickCorpus = {
    args: { namespace, image: "airflow:1", apiServerUrl: "http://airflow-api-server.airflow.svc:8080", s3 },
    cases: [
        tracking,
        {
            lines: [
                ...fields({
                    namespace: label,
                    image,
                    apiServerUrl: url,
                    connect: connectServers,
                    taskLogs: directory,
                    warehouse: directory,
                    environment: values.variables,
                    kubernetesApi: apiServer,
                    ...worker,
                }),
                ...inside("s3", values.s3),
            ],
        },
    ],
};

export const jupyterHubAttachment: BrickCorpus = {
    args: { namespace, release: "hub", serverImage: "lab:1" },
    cases: [
        historyServer,
        tracking,
        {
            lines: [
                ...fields({
                    namespace: label,
                    release: label,
                    serverImage: image,
                    connect: connectServers,
                    memory: size("512m"),
                    cpuRequest: cpu,
                    idleTimeout: time,
                    ...values.pod("pod"),
                }),
            ],
        },
    ],
};
