import type { HiveMetastoreKerberos, SparkPlatformHiveMetastore } from "../../components";
import { kerberosPrincipal } from "../../components/spark/kerberos";
import { metastoreVersion } from "../../components/internal/spark-versions";
import { named, scalar, section, text, wholeNumber } from "../hints";
import { cpu, size } from "../quantity";
import { clientNamespaces, database, image, name, pod, type Every } from "./forms";
import { awsPostgres } from "./aws";
import { databaseBackup } from "./database-backup";
import { partLogs } from "./logs";
import { monitoring } from "./monitoring";
import { postgres } from "./postgres";

const principal = (description: string) =>
    text(description, { check: kerberosPrincipal, expected: 'a principal like "spark@EXAMPLE.COM" or "hive/host@EXAMPLE.COM"' });

export const hiveMetastore = section("Servers that keep the names of tables, for all sessions and across restarts. Default: none.", {
    image: image("Image of the metastore. Default: the registry's hive, of the version that the platform is tested with.").optional(),
    database: database.optional(),
    postgres: postgres.optional(),
    awsPostgres: awsPostgres.optional(),
    backup: databaseBackup.optional(),

    hiveVersion: text("Version of Hive in the image. Default: 3.1.3, which is tested with every line of Spark.", {
        check: metastoreVersion,
        expected: "a version of Hive that Spark can talk to: 3.1.3",
        nearest: () => "3.1.3",
        software: "version",
    }).optional(),
    replicas: wholeNumber("Number of servers behind one address. Default: 1.", 1, 99).optional(),
    memory: text("Memory of each server; 70 % of it is Java heap. Default: 1g.", size("512m")).optional(),
    cpuRequest: text("CPU request of each server. Default: 100m.", cpu).optional(),
    databaseTimeoutSeconds: wholeNumber(
        "Seconds that a starting server waits for its database before it gives up with a message. Default: 30.",
        1,
        240,
    ).optional(),
    hiveConf: named(
        "Further settings of the metastore, as in metastore-site.xml. Those that another key decides are refused. Default: none.",
        scalar("A setting."),
    ).optional(),
    kerberos: section("Clients must log in by Kerberos. Default: whoever the network lets through may call.", {
        principal: principal("Principal of the metastore: hive/<host that clients call>@REALM."),
        keytabSecret: name("Secret with the metastore's key, as keytab."),
        configMap: name("ConfigMap with the key krb5.conf, for servers and clients."),
        clientPrincipal: principal("Principal that clients log in as."),
        clientKeytabSecret: name("Secret with the clients' key, as keytab."),
    } satisfies Every<HiveMetastoreKerberos>).optional(),
    clientNamespaces: clientNamespaces.optional(),
    logs: partLogs.optional(),
    monitoring: monitoring.optional(),
    pod: pod.optional(),
} satisfies Every<SparkPlatformHiveMetastore>);
