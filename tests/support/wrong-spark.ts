import * as given from "../unit/spark/arguments";
import { below, fields, inside, type BrickCorpus, type Wrongs } from "./wrong";
import * as values from "./wrong-values";

/** Wrong values of the bricks that run Spark. */

const { annotations, apiServer, count, cpu, directory, image, label, namespaces, object, objects, size, time } = values;

const bounds = (path: string): Wrongs => ({
    [`${path}.minimum`]: [10, `10 is more than ${path}.maximum, which is 9`],
    [`${path}.maximum`]: [9.5, "9.5 is not a whole number from 1"],
});

const executor: Wrongs = below("executor", {
    cores: count(),
    cpuRequest: cpu,
    memory: values.tooSmall("400m", "512m"),
    memoryOverhead: size("64m"),
    idleTimeout: time,
    localStorage: size("256m"),
    ...values.pod("pod"),
});

const endpoint = { namespace: "team-a", podLabels: { app: "a" }, clientLabels: { "a-client": "true" } };
const metastore = { uris: "thrift://hive.team-a.svc:9083" };
const kerberos = { principal: "a@B", keytabSecret: "a", configMap: "a", servicePrincipal: "hive/_HOST@B" };
const iceberg = (catalog: object) => ({ iceberg: { catalogs: { lake: catalog } } });
const lake = 'iceberg.catalogs["lake"]';

/** A Standalone cluster, as drivers are told of it. */
const cluster = {
    masterUrl: "spark://s-masters.team-a.svc:7077",
    sparkVersion: "4.1.0",
    masters: endpoint,
    workers: endpoint,
    largestExecutor: { memory: "4g", cores: 2 },
};

const ofCluster = inside("standalone", {
    masterUrl: ["host:7077", '"host:7077" is not the address of masters; write it like "spark://host:7077"'],
    sparkVersion: ["4.1.1", "4.1.1 is not the driver's, which is 4.1.0"],
    authenticationSecret: object,
    ...below("masters", values.clusterEndpoint),
    ...below("workers", values.clusterEndpoint),
    "largestExecutor.memory": size("512m"),
    "largestExecutor.cores": count(),
});

export const connect: BrickCorpus = {
    args: given.connect,
    cases: [
        {
            lines: [
                ...fields({
                    namespace: label,
                    sparkVersion: values.sparkVersion,
                    image,
                    serviceAccount: object,
                    executorServiceAccount: object,
                    backend: values.oneOf("yarn", "k8s", "standalone", "operator"),
                    replicas: [100, "100 is not a whole number between 1 and 99"],
                    memory: values.tooSmall("512m", "1g"),
                    memoryOverhead: size("256m"),
                    cpuRequest: cpu,
                    ...executor,
                    "executor.localStorageClass": object,
                    "executor.idleTimeoutWithCache": time,
                    warehouse: directory,
                    eventLogUploadSeconds: count(),
                    apiServer,
                    clientNamespaces: namespaces,
                    environment: values.variables,
                    sparkConf: [{ "spark.executor.memory": "1g" }, '"spark.executor.memory" is decided by executor.memory'],
                    ...below("logs", values.logs),
                    ...values.pod("pod"),
                }),
                ...inside("s3", values.s3),
                ...inside("eventLog", values.eventLog),
            ],
        },
        { base: { executor: { maximum: 9 } }, lines: fields(bounds("executor")) },
        {
            base: { secretEnvironment: { TOKEN: { secret: "s", key: "k" } } },
            lines: [
                { path: "secretEnvironment.*.secret", value: "My Secret", says: `secretEnvironment: "TOKEN" secret ${object[1]}` },
                {
                    path: "secretEnvironment.*.key",
                    value: "a b",
                    says: 'secretEnvironment: "TOKEN" key "a b" is not a key of a Secret; use letters, digits, "-", "_" and "."',
                },
            ],
        },
        {
            base: { environment: {} },
            lines: fields({ environment: [{ SPARK_LOG_LEVEL: "warn" }, '"SPARK_LOG_LEVEL" is decided by logs.level'] }),
        },
        {
            base: { files: { a: { path: "/etc/a", secret: "s" } } },
            lines: fields({ "files.*.path": values.path, "files.*.secret": object }, '["a"]'),
        },
        {
            base: { files: { a: { path: "/etc/a", configMap: "s" } } },
            lines: [
                ...fields({ "files.*.configMap": object }, '["a"]'),
                { path: "files.*.writable", value: true, says: 'files["a"].writable: is for a claim; nothing else can be written to' },
            ],
        },
        {
            base: { files: { a: { path: "/etc/a", claim: "s" } } },
            lines: fields({ "files.*.claim": object }, '["a"]'),
        },
        {
            base: { ...iceberg({ kind: "rest", uri: "https://lake.example.org", clusterEndpoint: endpoint }) },
            lines: [
                ...fields(
                    {
                        "iceberg.catalogs.*.kind": ["hadoop", '"hadoop" is not one of hive, rest, jdbc, glue'],
                        "iceberg.catalogs.*.uri": [
                            "lake.example.org",
                            '"lake.example.org" is not the URL of a server; write it like "https://s3.example.org" or "http://store:9000"',
                        ],
                        "iceberg.catalogs.*.tokenSecret": object,
                        "iceberg.catalogs.*.warehouse": ["", "is missing"],
                        "iceberg.sessionCatalog": [true, "needs a metastore; give one, or name a catalog of its own"],
                    },
                    '["lake"]',
                ),
                ...inside("iceberg.catalogs.*.clusterEndpoint", values.clusterEndpoint, `${lake}.clusterEndpoint`),
            ],
        },
        {
            base: iceberg({
                kind: "jdbc",
                warehouse: "s3a://warehouse/lake",
                database: { host: "db.team-a.svc", database: "lake", credentialsSecret: "lake", clusterEndpoint: endpoint },
            }),
            lines: inside("iceberg.catalogs.*.database", values.database, `${lake}.database`),
        },
        {
            base: { tls: { secret: "certificate" }, proxyImage: "registry.example/tls-proxy:1", authentication: { tokenSecret: "token" } },
            lines: fields({ "tls.secret": object, "authentication.tokenSecret": object, proxyImage: image }),
        },
        { base: { monitoring: {} }, lines: fields(values.monitoring) },
        {
            base: { tracing: { endpoint: "http://collector:4318", clusterEndpoint: endpoint } },
            lines: inside("tracing", values.tracing),
        },
        {
            base: { rapids: {}, sparkVersion: "4.1.1" },
            lines: fields({
                "rapids.concurrentTasks": count(),
                "rapids.pinnedMemory": size("64m"),
                "rapids.vendor": ["nvidia", '"nvidia" is not a domain; write it like "nvidia.com"'],
                "rapids.discoveryScript": ["gpus.sh", '"gpus.sh" is not an absolute path; write it like "/etc/team/files"'],
            }),
        },
        {
            base: { warehouse: undefined, metastore: { ...metastore, clusterEndpoint: endpoint, kerberos } },
            lines: inside("metastore", { ...values.metastore, ...below("kerberos", values.kerberos) }),
        },
        {
            base: { hdfs: { uri: "hdfs://namenode:8020", clusterEndpoint: endpoint, kerberos } },
            lines: inside("hdfs", { ...values.hdfs, ...below("kerberos", values.kerberos) }),
        },
        {
            base: {
                backend: "standalone",
                executorServiceAccount: undefined,
                standalone: cluster,
            },
            lines: ofCluster,
        },
    ],
};

const runtime = [
    ...inside("runtime", {
        namespace: label,
        sparkVersion: values.sparkVersion,
        image,
        imagePullSecrets: objects,
        driverServiceAccount: object,
        executorServiceAccount: object,
        ...below("s3", values.s3),
        ...below("eventLog", values.eventLog),
        ...below("metastore", values.metastore),
        warehouse: directory,
        ...below("tracing", values.tracing),
        apiServer,
    }),
];

/** An identity is refused as a whole, and a wrong field of it beside. */
const withIdentity = {
    base: { runtime: { ...given.runtime, metastore: { ...metastore, kerberos } } },
    isRefused: true,
    lines: Object.entries(values.kerberos).map(([field, [value, reason]]) => ({
        path: `runtime.metastore.kerberos.${field}`,
        value,
        says: `runtime: metastore.kerberos.${field} ${reason}; metastore.kerberos is for servers; applications cannot log in to it`,
    })),
};

const main: Wrongs = {
    "main.file": [
        "/opt/job.py",
        '"/opt/job.py" is not the place of a program; write it like "local:///opt/app/job.py" or "s3a://bucket/job.jar"',
    ],
    "main.class": ["Main", '"Main" is given, but "local:///opt/spark/examples/src/main/python/pi.py" is a Python file, which has none'],
};

const application: Wrongs = {
    ...main,
    ...below("driver", {
        memory: values.tooSmall("400m", "512m"),
        memoryOverhead: size("64m"),
        cpuRequest: cpu,
        ...values.pod("pod"),
    }),
    ...executor,
    ...below("logs", values.logs),
    retries: [101, "101 is not a whole number between 0 and 100"],
    sparkConf: [{ "spark.executor.memory": "1g" }, '"spark.executor.memory" is decided by executor.memory'],
};

const watched = { base: { monitoring: {} }, lines: fields(values.monitoring) };
const sized = { base: { executor: { minimum: 2, maximum: 9 } }, lines: fields(bounds("executor")) };

export const submit: BrickCorpus = {
    args: given.submit,
    cases: [
        {
            lines: [...runtime, ...fields({ ...application, deployMode: values.oneOf("local", "client", "cluster"), deadline: time })],
        },
        sized,
        watched,
        { base: { standalone: cluster }, lines: ofCluster },
        withIdentity,
    ],
};

export const classic: BrickCorpus = {
    args: { runtime: given.runtime },
    cases: [
        {
            lines: [
                ...runtime,
                ...fields({
                    ...executor,
                    driverMemory: size("512m"),
                    drivers: count(1, 20),
                    ...below("logs", values.logs),
                    sparkConf: application.sparkConf!,
                }),
            ],
        },
        sized,
        withIdentity,
        { base: { standalone: cluster }, lines: ofCluster },
    ],
};

const operated: Wrongs = {
    ...application,
    restart: values.oneOf("Sometimes", "Never", "OnFailure", "Always"),
    retryInterval: time,
    timeToLive: time,
};

export const sparkApplication: BrickCorpus = {
    args: given.application,
    cases: [{ lines: [...runtime, ...fields(operated)] }, sized, watched, withIdentity],
};

export const scheduled: BrickCorpus = {
    args: given.schedule,
    cases: [
        {
            lines: [
                ...runtime,
                ...fields({
                    ...operated,
                    schedule: values.schedule,
                    timeZone: values.zone,
                    concurrency: values.oneOf("Queue", "Allow", "Forbid", "Replace"),
                    keepSuccessful: [-1, "-1 is not a whole number between 0 and 100"],
                    keepFailed: [-1, "-1 is not a whole number between 0 and 100"],
                }),
            ],
        },
        sized,
        watched,
        withIdentity,
    ],
};

export const standalone: BrickCorpus = {
    args: given.standalone,
    cases: [
        {
            lines: [
                ...fields({
                    namespace: label,
                    sparkVersion: values.sparkVersion,
                    image,
                    masters: [10, "10 is not a whole number between 1 and 9"],
                    "recovery.mode": values.oneOf("etcd", "none", "filesystem", "zookeeper", "s3"),
                    "recovery.directory": directory,
                    memory: size("256m"),
                    cpuRequest: cpu,
                    ...below("worker", {
                        replicas: count(),
                        cores: count(),
                        cpuRequest: cpu,
                        memory: values.tooSmall("400m", "512m"),
                        memoryOverhead: size("64m"),
                        daemonMemory: size("128m"),
                        localStorage: size("256m"),
                        leaveTimeout: time,
                        keepFinished: time,
                        ...values.pod("pod"),
                    }),
                    defaultCores: count(),
                    authenticationSecret: object,
                    masterAccountAnnotations: annotations,
                    workerAccountAnnotations: annotations,
                    apiServer,
                    clientNamespaces: namespaces,
                    sparkConf: values.sparkConf,
                    ...below("logs", values.logs),
                    ...values.pod("pod"),
                }),
                ...inside("s3", values.s3),
            ],
        },
        { base: { monitoring: {} }, lines: fields(values.monitoring) },
        {
            base: { worker: { autoscaling: { minimum: 2, maximum: 9 } } },
            lines: fields({
                ...bounds("worker.autoscaling"),
                "worker.autoscaling.targetPercent": [100, "100 is not a whole number between 10 and 90"],
                "worker.autoscaling.idleTime": time,
                "worker.autoscaling.kedaNamespace": label,
            }),
        },
        { base: { recovery: {} }, lines: fields({ "recovery.storage": size("64m"), "recovery.storageClass": object }) },
        {
            base: { recovery: { mode: "zookeeper", ensemble: "zk-0.zk:2181", ensembleEndpoint: endpoint } },
            lines: [
                ...fields({
                    "recovery.ensemble": [
                        "zk-0.zk",
                        '"zk-0.zk" is not a list of ZooKeeper servers; write it like "zk-0.zk:2181,zk-1.zk:2181"',
                    ],
                }),
                ...inside("recovery.ensembleEndpoint", values.clusterEndpoint),
            ],
        },
    ],
};

export const historyServer: BrickCorpus = {
    args: { ...given.historyServer, retention: { days: 30 } },
    cases: [
        {
            lines: [
                ...fields({
                    namespace: label,
                    sparkVersion: values.sparkVersion,
                    image,
                    serviceAccount: object,
                    replicas: count(),
                    "retention.days": count(),
                    "retention.count": count(),
                    "retention.everyHours": count(),
                    fullEventFiles: count(),
                    memory: size("512m"),
                    cpuRequest: cpu,
                    cacheStorage: size("512m"),
                    updateSeconds: count(),
                    clientNamespaces: namespaces,
                    sparkConf: [{ "spark.history.ui.port": "80" }, '"spark.history.ui.port" is decided by the Service, always 18080'],
                    ...below("logs", values.logs),
                    ...values.pod("pod"),
                }),
                ...inside("eventLog", values.eventLog),
            ],
        },
        { base: { monitoring: {} }, lines: fields(values.monitoring) },
    ],
};

export const historyPortal: BrickCorpus = {
    args: { namespace: "team-a", image: "nginx:1", servers: { "team-a": { url: "http://a-history.team-a.svc:18080" } } },
    cases: [
        {
            lines: [
                ...fields({
                    namespace: label,
                    image,
                    serviceAccount: object,
                    replicas: count(),
                    clientNamespaces: namespaces,
                    ...values.pod("pod"),
                }),
                ...inside("servers.*", values.webServer, 'servers: "team-a"'),
            ],
        },
    ],
};

export const hiveMetastore: BrickCorpus = {
    args: {
        namespace: "team-a",
        image: "hive:3",
        database: { host: "db.team-a.svc", database: "metastore", credentialsSecret: "db", clusterEndpoint: endpoint },
        s3: given.s3,
        warehouse: "s3a://warehouse/tables",
    },
    cases: [
        {
            lines: [
                ...fields({
                    namespace: label,
                    image,
                    warehouse: directory,
                    serviceAccount: object,
                    hiveVersion: ["2.3.9", '"2.3.9" is not a version that the image starts; use 3.1.3'],
                    replicas: [100, "100 is not a whole number between 1 and 99"],
                    memory: size("512m"),
                    cpuRequest: cpu,
                    databaseTimeoutSeconds: [241, "241 is not a whole number between 1 and 240"],
                    hiveConf: [{ "metastore.thrift.port": "1" }, '"metastore.thrift.port" is decided by the brick, always 9083'],
                    clientNamespaces: namespaces,
                    ...below("logs", values.logs),
                    ...values.pod("pod"),
                }),
                ...inside("database", values.database),
                ...inside("s3", values.s3),
            ],
        },
        { base: { monitoring: {} }, lines: fields(values.monitoring) },
        {
            base: {
                kerberos: {
                    principal: "hive/host@EXAMPLE.COM",
                    keytabSecret: "keytab",
                    configMap: "krb5",
                    clientPrincipal: "check@EXAMPLE.COM",
                    clientKeytabSecret: "keytab",
                },
            },
            lines: fields({
                "kerberos.principal": [
                    "hive@EXAMPLE.COM",
                    '"hive@EXAMPLE.COM" names no host; a service\'s principal does, for example "hive/host@EXAMPLE.COM"',
                ],
                "kerberos.keytabSecret": object,
                "kerberos.configMap": object,
                "kerberos.clientPrincipal": values.kerberos.principal!,
                "kerberos.clientKeytabSecret": object,
            }),
        },
    ],
};
