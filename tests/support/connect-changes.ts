import { monitoringChanges, tracingChanges, under, type Changes } from "./fields";

/** Changes of those arguments of a Connect server that only mean something beside others (see changes.ts). */

const clusterEndpoint: Changes = {
    "clusterEndpoint.namespace": "team-b",
    "clusterEndpoint.podLabels": { app: "other" },
    "clusterEndpoint.port": 9999,
    "clusterEndpoint.clientLabels": { "other-client": "true" },
};

/** Arguments that only mean something beside others: those others, and the changes. */
export interface Case {
    base: object;
    changes: Changes;
}

const catalog = (fields: object): object => ({ iceberg: { catalogs: { lake: fields } } });
const endpoint = { namespace: "team-a", podLabels: { app: "a" }, clientLabels: { "a-client": "true" } };

/** Changes of optional parts of a Connect server, all of its own settings. */
export const connectParts: Case[] = [
    {
        base: { secretEnvironment: { TOKEN: { secret: "s", key: "k" } } },
        changes: { "secretEnvironment.*.secret": "other", "secretEnvironment.*.key": "other" },
    },
    { base: { files: { a: { path: "/etc/a", secret: "s" } } }, changes: { "files.*.path": "/etc/b", "files.*.secret": "other" } },
    { base: { files: { a: { path: "/etc/a", configMap: "s" } } }, changes: { "files.*.configMap": "other" } },
    { base: { files: { a: { path: "/etc/a", claim: "s" } } }, changes: { "files.*.claim": "other", "files.*.writable": true } },
    {
        base: catalog({ kind: "rest", uri: "https://lake.example.org", clusterEndpoint: endpoint }),
        changes: {
            "iceberg.catalogs.*.uri": "https://lake.example.org/catalog",
            "iceberg.catalogs.*.tokenSecret": "lake",
            "iceberg.catalogs.*.warehouse": "analytics",
            ...under("iceberg.catalogs.*", clusterEndpoint),
        },
    },
    {
        base: catalog({
            kind: "jdbc",
            warehouse: "s3a://warehouse/lake",
            database: { host: "db.team-a.svc", database: "lake", credentialsSecret: "lake", clusterEndpoint: endpoint },
        }),
        changes: under("iceberg.catalogs.*.database", {
            host: "other",
            port: 5433,
            database: "other",
            credentialsSecret: "other",
            sslMode: "disable",
            caSecret: "authority",
            ...clusterEndpoint,
        }),
    },
    {
        base: { tls: { secret: "certificate" }, authentication: { tokenSecret: "token" } },
        changes: { "tls.secret": "other", "authentication.tokenSecret": "other" },
    },
    { base: { monitoring: {} }, changes: monitoringChanges("monitoring") },
    {
        base: { rapids: {}, sparkVersion: "4.1.1" },
        changes: {
            "rapids.concurrentTasks": 4,
            "rapids.pinnedMemory": "4g",
            "rapids.vendor": "gpu.example.org",
            "rapids.discoveryScript": "/opt/gpus.sh",
        },
    },
];

/** The cluster that runs executors; the version of its Spark must be the server's. */
export const connectStandalone: Case = {
    base: {
        backend: "standalone",
        executorServiceAccount: undefined,
        standalone: {
            masterUrl: "spark://s-masters.team-a.svc:7077",
            sparkVersion: "4.1.0",
            masters: { ...endpoint, podLabels: { role: "master" } },
            workers: { ...endpoint, podLabels: { role: "worker" } },
        },
    },
    changes: under("standalone", {
        masterUrl: "spark://other:7077",
        authenticationSecret: "shared",
        ...Object.fromEntries(
            ["masters", "workers"].flatMap((role) =>
                Object.entries(clusterEndpoint)
                    // Workers are reached at fixed ports.
                    .filter(([field]) => role === "masters" || !field.endsWith(".port"))
                    .map(([field, value]) => [field.replace("clusterEndpoint", role), value]),
            ),
        ),
    }),
};

/** Clients of a server with TLS meet its proxy first. */
export const connectProxy: Case = { base: { tls: { secret: "certificate" } }, changes: { proxyImage: "other" } };

/** The platform hands over its own metastore, so this is no setting of a server. `version` is only compared with what Spark understands. */
export const connectMetastore: Case = {
    base: {
        warehouse: undefined,
        metastore: {
            uris: "thrift://hive:9083",
            clusterEndpoint: endpoint,
            kerberos: { principal: "a@B", keytabSecret: "a", configMap: "a", servicePrincipal: "hive/_HOST@B" },
        },
    },
    changes: under("metastore", {
        uris: "thrift://other:9084",
        warehouse: "s3a://warehouse/other",
        ...clusterEndpoint,
        "kerberos.principal": "spark@EXAMPLE.COM",
        "kerberos.keytabSecret": "keytab",
        "kerberos.configMap": "krb5",
        "kerberos.servicePrincipal": "hive/_HOST@EXAMPLE.COM",
    }),
};

/** An HDFS is given to a server alone. */
export const connectHdfs: Case = {
    base: {
        hdfs: {
            uri: "hdfs://namenode:8020",
            clusterEndpoint: endpoint,
            kerberos: { principal: "a@B", keytabSecret: "a", configMap: "a", servicePrincipal: "nn/_HOST@B" },
        },
    },
    changes: under("hdfs", {
        uri: "hdfs://other:9820",
        dataPort: 1004,
        ...clusterEndpoint,
        "kerberos.principal": "spark@EXAMPLE.COM",
        "kerberos.keytabSecret": "keytab",
        "kerberos.configMap": "krb5",
        "kerberos.servicePrincipal": "nn/_HOST@EXAMPLE.COM",
    }),
};

/** The platform hands over its own collector. */
export const connectTracing: Case = {
    base: { tracing: { endpoint: "http://collector:4318", clusterEndpoint: endpoint } },
    changes: under("tracing", tracingChanges),
};

/** Fields whose effect other tests show: which objects there are, and what is refused. Workers are reached at ports of their own choice. */
export const connectElsewhere: Changes = { backend: "standalone", "iceberg.sessionCatalog": true, "iceberg.catalogs.*.kind": "hive" };
export const standaloneElsewhere: Changes = {
    "standalone.sparkVersion": "3.5.7",
    "standalone.workers.port": 1,
    "metastore.version": "3.1.3",
    "standalone.largestExecutor.cores": 1,
    "standalone.largestExecutor.memory": "1g",
};
