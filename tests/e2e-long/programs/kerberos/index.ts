import * as pulumi from "@pulumi/pulumi";

import { HiveMetastore, Postgres, SparkConnect } from "../../../../components";
import { hiveImage, postgresImage } from "../../../../components/internal/images";
import { newestTested, testedVersions } from "../../../../components/internal/spark-versions";
import type { HdfsFacts } from "../../../../components/spark/hdfs";
import { registry, smallConnect, team } from "../team";

/** What the test made before there can be a metastore and servers: a realm with keys, and a file system. */
interface Realm {
    name: string;
    configMap: string;
    metastorePrincipal: string;
    hdfs: HdfsFacts;
    hdfsPrincipal: string;
}

/** A team with a metastore and an HDFS that ask for Kerberos, and a Connect server of each line: the newest is the client that the metastore was told of. */
const { NAMESPACE: given = "", REALM: realm = "" } = process.env;

const serverOf = (version: string) => `spark-${version.replaceAll(".", "-")}`;
const own = team(given, { memory: "512m" });
const { namespace, store } = own;
const postgres = new Postgres("team", {
    namespace,
    image: postgresImage(registry),
    databases: { metastore: {} },
    storage: "1g",
    memory: "256m",
});

function metastoreIn({ name, configMap, metastorePrincipal }: Realm): HiveMetastore {
    return new HiveMetastore("team", {
        namespace,
        image: hiveImage(registry),
        database: postgres.connections.apply(({ metastore }) => metastore!),
        s3: store.connection,
        warehouse: store.warehouse,
        memory: "768m",
        cpuRequest: "50m",
        kerberos: {
            principal: metastorePrincipal,
            keytabSecret: "keytab-hive",
            configMap,
            clientPrincipal: `${serverOf(newestTested)}@${name}`,
            clientKeytabSecret: `keytab-${serverOf(newestTested)}`,
        },
    });
}

function serverIn({ name, configMap, metastorePrincipal, hdfs, hdfsPrincipal }: Realm, metastore: HiveMetastore, version: string) {
    const server = serverOf(version);
    const known = pulumi.output(metastore.connection);
    const identity = { principal: `${server}@${name}`, keytabSecret: `keytab-${server}`, configMap };
    const small = smallConnect(own, version);
    return new SparkConnect(server, {
        ...small,
        // One that stays: it must be given new tokens before those it has expire.
        executor: { ...small.executor, minimum: 1 },
        metastore:
            version === newestTested
                ? metastore.connection
                : {
                      uris: known.uris,
                      warehouse: store.warehouse,
                      clusterEndpoint: known.apply(({ clusterEndpoint }) => clusterEndpoint!),
                      kerberos: { ...identity, servicePrincipal: metastorePrincipal },
                  },
        hdfs: { ...hdfs, kerberos: { ...identity, servicePrincipal: hdfsPrincipal } },
        sparkConf: { "spark.hadoop.dfs.data.transfer.protection": "privacy" },
    });
}

const known = realm === "" ? undefined : (JSON.parse(realm) as Realm);
const metastore = known && metastoreIn(known);
const servers = known && metastore ? testedVersions.map((version) => serverIn(known, metastore, version)) : [];

export const connections = pulumi.all(servers.map(({ url, clientLabels }) => ({ url, clientLabels })));
export const connection = metastore?.connection;
export const s3 = store.connection;
