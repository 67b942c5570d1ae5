import * as pulumi from "@pulumi/pulumi";

import { HiveMetastore, ObjectStore, Postgres, SparkConnect, SparkWorkspace } from "../../../../components";
import { hiveImage, minioImage, postgresImage, sparkImage } from "../../../../components/internal/images";
import { testedVersions } from "../../../../components/internal/spark-versions";

/** A team with a Connect server of each line, which share a catalog of each kind; the one with a REST API is the test's own, and there are servers once it is. */
const { NAMESPACE: team = "", REST: rest = "" } = process.env;
const registry = "spark-platform.local";

const workspace = new SparkWorkspace("team", { namespace: team });
const { namespace } = workspace;
const store = new ObjectStore("team", { namespace, image: minioImage(registry), buckets: ["warehouse"], storage: "1g", memory: "512m" });
const postgres = new Postgres("team", {
    namespace,
    image: postgresImage(registry),
    databases: { metastore: {}, lake: {} },
    storage: "1g",
    memory: "256m",
});
const databaseOf = (name: string) => postgres.connections.apply((known) => known[name]!);
const metastore = new HiveMetastore("team", {
    namespace,
    image: hiveImage(registry),
    database: databaseOf("metastore"),
    s3: store.connection,
    warehouse: store.warehouse,
    memory: "768m",
    cpuRequest: "50m",
});

const servers = (rest === "" ? [] : testedVersions).map(
    (sparkVersion) =>
        new SparkConnect(`spark-${sparkVersion.replaceAll(".", "-")}`, {
            namespace,
            sparkVersion,
            image: sparkImage(registry, sparkVersion),
            serviceAccount: workspace.serverAccount,
            executorServiceAccount: workspace.executorAccount,
            s3: store.connection,
            metastore: metastore.connection,
            memory: "1g",
            cpuRequest: "100m",
            executor: { memory: "512m", cpuRequest: "100m", localStorage: "1g", maximum: 1 },
            iceberg: {
                sessionCatalog: true,
                catalogs: {
                    hive: { kind: "hive", warehouse: "s3a://warehouse/hive" },
                    lake: { kind: "jdbc", warehouse: "s3a://warehouse/lake", database: databaseOf("lake") },
                    web: { kind: "rest", ...(JSON.parse(rest) as object) },
                },
            },
        }),
);

export const connections = pulumi.all(servers.map(({ url, clientLabels }) => ({ url, clientLabels })));
export const database = databaseOf("lake");
export const s3 = store.connection;
