import { logChanges, logLevelChanges, monitoringChanges, podChanges, under, type Changes } from "./fields";
import { s3 } from "./store-changes";

/** As changes.ts, for the tools that people work with. */

const endpoint = (url: string): Changes => ({ url, clientLabels: { "other-client": "true" } });
const tracking: Changes = { ...endpoint("http://other.team-b.svc:5000"), credentialsSecret: "other" };

const classic: Changes = {
    settings: "other",
    clientLabels: { "other-driver": "true" },
    serviceAccount: "other",
    authenticationSecret: "other",
    credentialsSecret: "other",
    credentialsFile: "/etc/keys",
    ...logChanges(),
};
/** Of a notebook server, and of tasks, that are drivers themselves. */
export const classicSessions: Changes = under("classic", classic);

export const jupyterLabSettings: Changes = {
    memory: "4g",
    cpuRequest: "1",
    storage: "20g",
    storageClass: "fast",
    protectData: true,
    kernelIdleTimeout: "1h",
    ...logLevelChanges,
    ...monitoringChanges("monitoring"),
    tokenSecret: "other",
    clientNamespaces: ["team-b"],
    ...podChanges("pod"),
};
export const jupyterLab: Changes = {
    namespace: "team-b",
    image: "other",
    connect: [{ url: "sc://other.team-b.svc:15002" }],
    serviceAccount: "other",
    ...under("historyServer", endpoint("http://other.team-b.svc:18080")),
    ...under("tracking", tracking),
    ...jupyterLabSettings,
};

const oidc: Changes = {
    authorizeUrl: "https://other.example.org/authorize",
    tokenUrl: "https://other.example.org:8443/token",
    userInfoUrl: "https://other.example.org:8444/me",
    clientId: "other",
    clientSecret: "other",
    usernameClaim: "email",
    groupsClaim: "roles",
    groups: ["others"],
    scopes: ["openid"],
};
export const jupyterHubWithOidc: Changes = { ...under("oidc", oidc), publicUrl: "https://other.example.org" };
const jupyterHubServer: Changes = {
    memory: "4g",
    cpuRequest: "1",
    storage: "20g",
    storageClass: "fast",
    idleTimeout: "2h",
    maximum: 3,
    serviceAccount: "other",
    ...podChanges("pod"),
};
/** Of a hub with passwords and a volume of its own. */
export const jupyterHub: Changes = {
    namespace: "team-b",
    image: "other",
    serverImage: "other",
    connect: [{ url: "sc://other.team-b.svc:15002" }],
    ...under("historyServer", endpoint("http://other.team-b.svc:18080")),
    ...under("tracking", tracking),
    users: ["ada", "grace", "other"],
    admins: ["grace"],
    passwordsSecret: "other",
    ...under("server", jupyterHubServer),
    memory: "1g",
    cpuRequest: "1",
    storage: "2g",
    storageClass: "fast",
    protectData: true,
    clientNamespaces: ["team-b"],
    ...logLevelChanges,
    ...monitoringChanges("monitoring"),
    apiServer: ["10.0.0.1/32"],
    ...podChanges("pod"),
};

const database: Changes = {
    host: "other.example.org",
    port: 6432,
    database: "other",
    credentialsSecret: "other",
    sslMode: "disable",
    caSecret: "other",
    "clusterEndpoint.namespace": "team-b",
    "clusterEndpoint.podLabels": { app: "other" },
    "clusterEndpoint.clientLabels": { "other-client": "true" },
    "clusterEndpoint.port": 9999,
};

export const jupyterHubDatabase: Changes = under("database", database);

export const mlflowSettings: Changes = {
    replicas: 2,
    workers: 3,
    memory: "3g",
    cpuRequest: "1",
    adminSecret: "other",
    hosts: ["mlflow.example.org"],
    clientNamespaces: ["team-b"],
    ...logLevelChanges,
    ...monitoringChanges("monitoring"),
    ...podChanges("pod"),
};
export const mlflow: Changes = {
    namespace: "team-b",
    image: "other",
    artifacts: "s3a://mlflow/other",
    serviceAccount: "other",
    ...under("database", database),
    ...under("s3", s3),
    ...mlflowSettings,
};

export const ingressTls: Changes = {
    "tls.secret": "other",
    "tls.issuer": "other",
    "tls.issuerKind": "Issuer",
    "tls.terminatedElsewhere": true,
};
export const ingressGateway: Changes = { "gateway.name": "other", "gateway.namespace": "other", "gateway.listener": "other" };
export const ingress: Changes = {
    namespace: "team-b",
    ingressClass: "other",
    "routes.*.host": "other.example.org",
    "routes.*.url": "http://other.team-a.svc:80",
    "routes.*.annotations": { note: "a" },
};

/** Of one with a store and the right to make applications. */
export const airflowAttachment: Changes = {
    namespace: "team-b",
    image: "other",
    apiServerUrl: "http://other.team-b.svc:8080",
    connect: [{ url: "sc://other.team-b.svc:15002" }],
    ...under("tracking", tracking),
    ...under("s3", s3),
    taskLogs: "s3a://logs/other",
    warehouse: "s3a://warehouse/other",
    environment: { TEAM: "b" },
    applications: false,
    kubernetesApi: ["10.0.0.1/32"],
    "worker.memory": "4g",
    "worker.cpuRequest": "1",
    "worker.localStorage": "9g",
    "worker.maximum": 3,
    ...podChanges("worker.pod"),
};
export const jupyterHubAttachment: Changes = {
    namespace: "team-b",
    release: "other",
    serverImage: "other",
    connect: [{ url: "sc://other.team-b.svc:15002" }],
    ...under("historyServer", endpoint("http://other.team-b.svc:18080")),
    ...under("tracking", tracking),
    memory: "4g",
    cpuRequest: "1",
    idleTimeout: "2h",
    ...podChanges("pod"),
};

const process = (path: string): Changes => ({ [`${path}.replicas`]: 2, [`${path}.memory`]: "4g", [`${path}.cpuRequest`]: "1" });
export const airflowSettings: Changes = {
    ...process("apiServer"),
    ...process("scheduler"),
    ...process("dagProcessor"),
    ...process("triggerer"),
    "worker.memory": "4g",
    "worker.cpuRequest": "1",
    "worker.localStorage": "9g",
    "worker.maximum": 3,
    ...podChanges("worker.pod"),
    dags: { "other.py": "pass" },
    exampleDags: true,
    "connections.*.secret": "other",
    "connections.*.key": "other",
    adminSecret: "other",
    publicUrl: "https://airflow.example.org",
    clientNamespaces: ["team-b"],
    kubernetesApi: ["10.0.0.1/32"],
    ...logChanges(),
    ...monitoringChanges("monitoring"),
    ...podChanges("pod"),
};
export const airflow: Changes = {
    namespace: "team-b",
    image: "other",
    exporterImage: "other",
    taskLogs: "s3a://logs/other",
    warehouse: "s3a://warehouse/other",
    connect: [{ url: "sc://other.team-b.svc:15002" }],
    ...under("tracking", tracking),
    applications: true,
    serviceAccount: "other",
    schedulerAccountAnnotations: { role: "a" },
    workerAccountAnnotations: { role: "b" },
    ...under("database", database),
    ...under("s3", s3),
    ...airflowSettings,
};
