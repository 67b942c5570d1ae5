import { stringify } from "yaml";

import type { Check } from "../../internal/checks";
import { sparkLines, type SparkLine } from "../../internal/spark-versions";
import { portOf, sslModeOf, type DatabaseFacts } from "../../storage/database";
import { s3aConf, type S3Facts } from "../../storage/s3a";
import { keytabFile } from "../kerberos";
import { metastorePort } from "../metastore";

type Settings = Record<string, string | number | boolean | undefined>;

export const caFile = "/etc/metastore-database/ca.crt";

export interface HiveFacts {
    database: DatabaseFacts;
    s3: S3Facts;
    warehouse: string;
    hiveConf: Record<string, string>;
    kerberos?: { principal: string };
    monitoring?: object;
}

/** Settings that an argument or the brick decides: what to change instead. */
const owners: Record<string, string> = {
    "javax.jdo.option.ConnectionURL": "database",
    "javax.jdo.option.ConnectionDriverName": "the image",
    "javax.jdo.option.ConnectionUserName": "database.credentialsSecret",
    "javax.jdo.option.ConnectionPassword": "database.credentialsSecret",
    "metastore.warehouse.dir": "warehouse",
    "hive.metastore.warehouse.dir": "warehouse",
    "metastore.thrift.port": `the brick, always ${metastorePort}`,
    "hive.metastore.port": `the brick, always ${metastorePort}`,
    "metastore.sasl.enabled": "kerberos",
    "hive.metastore.sasl.enabled": "kerberos",
    "metastore.kerberos.principal": "kerberos.principal",
    "hive.metastore.kerberos.principal": "kerberos.principal",
    "metastore.kerberos.keytab.file": "kerberos.keytabSecret",
    "hive.metastore.kerberos.keytab.file": "kerberos.keytabSecret",
    "hadoop.security.authentication": "kerberos",
    "metastore.metrics.enabled": "monitoring",
    "hive.metastore.metrics.enabled": "monitoring",
    "metastore.metrics.reporters": "monitoring",
    "fs.s3a.endpoint": "s3.endpoint",
    "fs.s3a.endpoint.region": "s3.region",
    "fs.s3a.path.style.access": "s3.pathStyle",
    "fs.s3a.connection.ssl.enabled": "s3.endpoint",
    "fs.s3a.aws.credentials.provider": "s3.credentialsSecret",
};

const secretKey = /secret|passw(or)?d|access\.?key$/i;

export const notOwnedHiveConf: Check<Record<string, string>> = (conf) => {
    const problems = Object.keys(conf).flatMap((key) => {
        if (!/^(hive|metastore|javax\.jdo|datanucleus|fs|hadoop|hikaricp)\.[A-Za-z0-9._-]+$/.test(key)) {
            return [`"${key}" is not a setting of the metastore; they look like "metastore.server.max.threads"`];
        }
        if (key in owners) {
            return [`"${key}" is decided by ${owners[key]}`];
        }
        return secretKey.test(key) ? [`"${key}" would be readable by everyone in a ConfigMap`] : [];
    });
    return problems.length === 0 ? undefined : problems.join("; ");
};

/** The Hadoop of the image is that of Spark 4.1, and takes its keys by the same classes. */
const hadoopOfImage: SparkLine | undefined = sparkLines["4.1"];

/** The metastore's settings. User and password are references to the environment: nothing secret stands here. */
export function metastoreSite({ database, s3, warehouse, hiveConf, kerberos, monitoring }: HiveFacts): Settings {
    return {
        "javax.jdo.option.ConnectionURL": jdbcUrl(database),
        "javax.jdo.option.ConnectionDriverName": "org.postgresql.Driver",
        "javax.jdo.option.ConnectionUserName": "${env.DATABASE_USERNAME}",
        "javax.jdo.option.ConnectionPassword": "${env.DATABASE_PASSWORD}",
        "metastore.thrift.port": metastorePort,
        "metastore.warehouse.dir": warehouse,
        // The ones of Hive's query engine, which is not part of a metastore on its own. Spark prunes partitions by filters in words.
        "metastore.expression.proxy": "org.apache.hadoop.hive.metastore.DefaultPartitionExpressionProxy",
        "metastore.task.threads.always":
            "org.apache.hadoop.hive.metastore.events.EventCleanerTask,org.apache.hadoop.hive.metastore.RuntimeStatsCleanerTask",
        // Spark keeps the columns of its tables in their properties, and may change them in ways that Hive would refuse.
        "metastore.disallow.incompatible.col.type.changes": false,
        ...s3aSite(s3),
        ...(kerberos && {
            "metastore.sasl.enabled": true,
            "metastore.kerberos.principal": kerberos.principal,
            "metastore.kerberos.keytab.file": keytabFile,
        }),
        // Beans alone: by default the metastore would also write a file, again and again.
        ...(monitoring && { "metastore.metrics.enabled": true, "metastore.metrics.reporters": "jmx" }),
        ...hiveConf,
    };
}

/**
 * Which of the metastore's beans the agent shows, under names of their own: theirs say nothing of a metastore, and take the call for a part
 * of the name.
 */
const metrics = [
    { pattern: "metrics<name=api_(\\w+)><>Count", name: "hive_metastore_api_calls_total", type: "COUNTER", labels: { call: "$1" } },
    {
        pattern: "metrics<name=api_(\\w+)><>(50|99)thPercentile",
        name: "hive_metastore_api_seconds",
        type: "GAUGE",
        // Theirs are milliseconds.
        valueFactor: 0.001,
        labels: { call: "$1", quantile: "0.$2" },
    },
    { pattern: "metrics<name=(open_connections|total_count_\\w+)><>Value", name: "hive_metastore_$1", type: "GAUGE" },
    {
        pattern: "metrics<name=(create|delete)_total_count_(\\w+)><>Count",
        name: "hive_metastore_$1d_total",
        type: "COUNTER",
        labels: { kind: "$2" },
    },
    { pattern: "metrics<name=directsql_errors><>Count", name: "hive_metastore_directsql_errors_total", type: "COUNTER" },
];

/** Settings of the agent that shows the metastore's beans as metrics. */
export const agentSettings = (): string => stringify({ includeObjectNames: ["metrics:*"], rules: metrics });

/** Hadoop's own settings: its login reads no other file. */
export function coreSite({ kerberos }: HiveFacts): Settings {
    return { "hadoop.security.authentication": kerberos ? "kerberos" : "simple" };
}

function s3aSite(s3: S3Facts): Settings {
    const conf = hadoopOfImage === undefined ? {} : s3aConf(hadoopOfImage, s3);
    return Object.fromEntries(Object.entries(conf).map(([key, value]) => [key.replace(/^spark\.hadoop\./, ""), value]));
}

export function jdbcUrl(database: DatabaseFacts): string {
    const options = { sslmode: sslModeOf(database), ...(database.caSecret !== undefined && { sslrootcert: caFile }) };
    const query = Object.entries(options).map(([key, value]) => `${key}=${value}`);
    return `jdbc:postgresql://${database.host}:${portOf(database)}/${database.database}?${query.join("&")}`;
}
