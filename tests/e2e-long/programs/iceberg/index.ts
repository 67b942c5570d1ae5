import * as pulumi from "@pulumi/pulumi";

import { HiveMetastore, Postgres, SparkConnect } from "../../../../components";
import { hiveImage, postgresImage } from "../../../../components/internal/images";
import { testedVersions } from "../../../../components/internal/spark-versions";
import { registry, smallConnect, team } from "../team";

/** A team with a Connect server of each line, which share a catalog of each kind; the one with a REST API is the test's own, and there are servers once it is. */
const { NAMESPACE: given = "", REST: rest = "" } = process.env;

const own = team(given, { memory: "512m" });
const { namespace, store } = own;
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
            ...smallConnect(own, sparkVersion),
            metastore: metastore.connection,
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
