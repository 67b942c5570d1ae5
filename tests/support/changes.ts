import { logChanges, logLevelChanges, monitoringChanges, podChanges, tracingChanges, under, type Changes } from "./fields";
import { s3 } from "./store-changes";

/** For every public argument of every brick a value that differs from its default. */

const eventLog: Changes = { directory: "s3a://spark-logs/other", ...under("s3", s3) };

export const workspaceSettings: Changes = {
    "quota.cpu": "8",
    "quota.memory": "32g",
    "quota.pods": 20,
    dnsServers: ["192.0.2.53/32"],
    serverAccountAnnotations: { role: "a" },
    executorAccountAnnotations: { role: "b" },
};

export const objectStoreSettings: Changes = {
    buckets: ["tables", "scratch"],
    eventLogBucket: "other-logs",
    eventLogPrefix: "other/events",
    ...monitoringChanges("monitoring"),
    storage: "30g",
    storageClass: "fast",
    protectData: true,
    memory: "2g",
    cpuRequest: "300m",
    clientNamespaces: ["team-b"],
    ...podChanges("pod"),
};

export const postgresSettings: Changes = {
    storage: "30g",
    storageClass: "fast",
    protectData: true,
    memory: "2g",
    cpuRequest: "300m",
    maxConnections: 50,
    parameters: { work_mem: "8MB" },
    ...logLevelChanges,
    ...monitoringChanges("monitoring"),
    tlsSecret: "certificate",
    clientNamespaces: ["team-b"],
    ...podChanges("pod"),
};

export const hiveMetastoreSettings: Changes = {
    hiveVersion: "3.1.2",
    replicas: 2,
    memory: "2g",
    cpuRequest: "300m",
    databaseTimeoutSeconds: 60,
    hiveConf: { "metastore.server.max.threads": "200" },
    ...logChanges(),
    ...monitoringChanges("monitoring"),
    "kerberos.principal": "hive/other@EXAMPLE.COM",
    "kerberos.keytabSecret": "other",
    "kerberos.configMap": "other",
    "kerberos.clientPrincipal": "other@EXAMPLE.COM",
    "kerberos.clientKeytabSecret": "other",
    clientNamespaces: ["team-b"],
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
    "clusterEndpoint.port": 9999,
    "clusterEndpoint.clientLabels": { "other-client": "true" },
};

export const historyServerSettings: Changes = {
    replicas: 2,
    "retention.days": 7,
    "retention.count": 500,
    "retention.everyHours": 6,
    fullEventFiles: 3,
    memory: "3g",
    cpuRequest: "1",
    cacheStorage: "20g",
    updateSeconds: 30,
    clientNamespaces: ["team-b"],
    sparkConf: { "spark.history.ui.maxApplications": "100" },
    ...logChanges(),
    ...monitoringChanges("monitoring"),
    ...podChanges("pod"),
};

export const historyPortal: Changes = {
    namespace: "team-b",
    image: "other",
    serviceAccount: "reader",
    "servers.*.url": "http://other.team-c.svc:18080",
    "servers.*.clientLabels": { "other-client": "true" },
    replicas: 2,
    clientNamespaces: ["team-b"],
    ...podChanges("pod"),
};

export const connectSettings: Changes = {
    replicas: 3,
    memory: "6g",
    memoryOverhead: "3g",
    cpuRequest: "2",
    "executor.cores": 4,
    "executor.cpuRequest": "250m",
    "executor.memory": "8g",
    "executor.memoryOverhead": "2g",
    "executor.minimum": 1,
    "executor.maximum": 9,
    "executor.idleTimeout": "90s",
    "executor.idleTimeoutWithCache": "1h",
    "executor.localStorage": "50g",
    "executor.localStorageClass": "fast",
    ...podChanges("executor.pod"),
    warehouse: "s3a://warehouse/other",
    eventLogUploadSeconds: 30,
    evictable: true,
    apiServer: ["10.0.0.1/32"],
    clientNamespaces: ["team-b"],
    environment: { TEAM: "b" },
    ...logChanges(),
    sparkConf: { "spark.sql.shuffle.partitions": "17" },
    ...podChanges("pod"),
};

/** What a runtime's metastore says that applications do not heed: what is only checked, what the runtime's own warehouse wins over, what is refused. */
export const runtimeMetastore: Changes = under("runtime.metastore", {
    version: "3.1.3",
    warehouse: "s3a://warehouse/other",
    "kerberos.principal": "spark@EXAMPLE.COM",
    "kerberos.keytabSecret": "keytab",
    "kerberos.configMap": "krb5",
    "kerberos.servicePrincipal": "hive/_HOST@EXAMPLE.COM",
});

const runtime: Changes = {
    namespace: "team-b",
    sparkVersion: "3.5.7",
    image: "other",
    imagePullSecrets: ["registry"],
    driverServiceAccount: "other",
    executorServiceAccount: "other",
    ...under("s3", s3),
    ...under("eventLog", eventLog),
    ...under("metastore", {
        uris: "thrift://other:9083",
        "clusterEndpoint.namespace": "team-b",
        "clusterEndpoint.podLabels": { app: "other" },
        "clusterEndpoint.port": 9999,
        "clusterEndpoint.clientLabels": { "other-client": "true" },
    }),
    warehouse: "s3a://warehouse/other",
    ...under("tracing", tracingChanges),
    apiServer: ["10.0.0.1/32"],
};

/** What applications are like, however they are submitted. */
const applicationBasics: Changes = {
    "main.file": "local:///other.jar",
    "main.class": "Other",
    arguments: ["1"],
    "driver.memory": "3g",
    "driver.memoryOverhead": "3g",
    "driver.cpuRequest": "2",
    ...podChanges("driver.pod"),
    "executor.cores": 4,
    "executor.cpuRequest": "250m",
    "executor.memory": "8g",
    "executor.memoryOverhead": "2g",
    "executor.minimum": 2,
    "executor.maximum": 9,
    "executor.idleTimeout": "90s",
    "executor.localStorage": "50g",
    ...podChanges("executor.pod"),
    ...logChanges(),
    ...monitoringChanges("monitoring"),
    sparkConf: { "spark.sql.shuffle.partitions": "17" },
};

export const submitSettings: Changes = { ...applicationBasics, deployMode: "cluster", retries: 2, deadline: "2h", wait: false };

export const submit: Changes = { ...under("runtime", runtime), ...submitSettings };

const executorSettings: Changes = Object.fromEntries(Object.entries(applicationBasics).filter(([field]) => field.startsWith("executor.")));
/** Of sessions whose executors are pods. */
export const classic: Changes = {
    ...under("runtime", runtime),
    ...executorSettings,
    driverMemory: "3g",
    drivers: 4,
    ...logChanges(),
    sparkConf: { "spark.sql.shuffle.partitions": "17" },
};

export const applicationSettings: Changes = { ...applicationBasics, restart: "Always", retries: 7, retryInterval: "9m", timeToLive: "1h" };

export const application: Changes = { ...under("runtime", runtime), ...applicationSettings };

export const scheduleSettings: Changes = {
    ...applicationSettings,
    schedule: "@daily",
    timeZone: "Europe/Berlin",
    concurrency: "Allow",
    suspended: true,
    keepSuccessful: 1,
    keepFailed: 1,
};

export const schedule: Changes = { ...under("runtime", runtime), ...scheduleSettings };

export const workspace: Changes = { namespace: "team-b", ...workspaceSettings };
export const objectStore: Changes = { namespace: "team-b", image: "other", ...objectStoreSettings };
export const postgres: Changes = {
    namespace: "team-b",
    image: "other",
    exporterImage: "other",
    "databases.*.credentialsSecret": "other",
    "databases.*.rotation": 2,
    ...postgresSettings,
};
export const hiveMetastore: Changes = {
    namespace: "team-b",
    image: "other",
    ...under("database", database),
    ...under("s3", s3),
    warehouse: "s3a://warehouse/other",
    serviceAccount: "other",
    ...hiveMetastoreSettings,
};
export const historyServer: Changes = {
    namespace: "team-b",
    sparkVersion: "3.5.7",
    image: "other",
    serviceAccount: "reader",
    ...under("eventLog", eventLog),
    ...historyServerSettings,
};
export const connect: Changes = {
    namespace: "team-b",
    sparkVersion: "3.5.7",
    image: "other",
    serviceAccount: "other",
    executorServiceAccount: "other",
    ...under("s3", s3),
    ...under("eventLog", eventLog),
    ...connectSettings,
};

export const databaseConnection: Changes = {
    host: "other.example.org",
    port: 5433,
    database: "other",
    credentialsSecret: "other",
    sslMode: "disable",
    caSecret: "other-ca",
    "clusterEndpoint.namespace": "team-b",
    "clusterEndpoint.podLabels": { app: "other" },
    "clusterEndpoint.port": 9999,
    "clusterEndpoint.clientLabels": { "other-client": "true" },
};

export const databaseBackupSettings: Changes = {
    bucket: "other-backups",
    prefix: "other/backups",
    schedule: "30 3 * * 1-5",
    timeZone: "Europe/Berlin",
    paused: true,
    "retention.days": 7,
    "retention.keep": 3,
    dumpStorage: "20g",
    memory: "1g",
    cpuRequest: "1",
    limitMinutes: 30,
    "restore.backup": "20261122T020000Z-0a1b2c",
    "restore.start": true,
    ...podChanges("pod"),
};

export const databaseBackup: Changes = {
    namespace: "team-b",
    image: "other",
    serviceAccount: "other",
    accountAnnotations: { role: "a" },
    ...under("database", databaseConnection),
    ...under("s3", s3),
    ...databaseBackupSettings,
};

/** Of a cluster with the recovery s3; what only other kinds of recovery look at is in tables of their own. */
export const standalone: Changes = {
    namespace: "team-b",
    sparkVersion: "3.5.7",
    image: "other",
    ...under("s3", s3),
    masters: 3,
    "recovery.directory": "s3a://spark-state/other",
    memory: "2g",
    cpuRequest: "1",
    "worker.replicas": 3,
    "worker.cores": 4,
    "worker.cpuRequest": "250m",
    "worker.memory": "8g",
    "worker.memoryOverhead": "2g",
    "worker.daemonMemory": "1g",
    "worker.localStorage": "50g",
    "worker.leaveTimeout": "5m",
    "worker.keepFinished": "2h",
    ...podChanges("worker.pod"),
    defaultCores: 8,
    restSubmission: true,
    authenticationSecret: "given",
    masterAccountAnnotations: { role: "a" },
    workerAccountAnnotations: { role: "b" },
    ...logChanges(),
    ...monitoringChanges("monitoring"),
    apiServer: ["10.0.0.1/32"],
    clientNamespaces: ["team-b"],
    sparkConf: { "spark.deploy.spreadOut": "false" },
    ...podChanges("pod"),
};
/** Of a cluster whose workers are scaled. */
export const standaloneScaled: Changes = {
    "worker.autoscaling.minimum": 2,
    "worker.autoscaling.maximum": 9,
    "worker.autoscaling.targetPercent": 50,
    "worker.autoscaling.idleTime": "10m",
    "worker.autoscaling.kedaNamespace": "scaling",
};
export const standaloneOnVolume: Changes = { "recovery.mode": "none", "recovery.storage": "5g", "recovery.storageClass": "fast" };
export const standaloneOnZooKeeper: Changes = {
    "recovery.ensemble": "zk-1.zk:2182",
    "recovery.ensembleEndpoint.namespace": "zoo",
    "recovery.ensembleEndpoint.podLabels": { app: "other" },
    "recovery.ensembleEndpoint.port": 2999,
    "recovery.ensembleEndpoint.clientLabels": { "zk-client": "yes" },
};
