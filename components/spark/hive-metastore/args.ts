import * as pulumi from "@pulumi/pulumi";

import { Checks, type Check } from "../../internal/checks";
import { withDefaults } from "../../internal/defaults";
import { hiveVersion } from "../../internal/images";
import { resolveLogs, type LogSettings } from "../../internal/logs";
import { memorySize } from "../../internal/memory";
import { resolveMonitoring, type Monitoring, type ResolvedMonitoring } from "../../internal/monitoring";
import { checkPod, type PodSettings } from "../../internal/pod";
import { metastoreVersion } from "../../internal/spark-versions";
import { cpuQuantity, dnsLabel, each, existingObject, imageReference, present, s3aDirectory, wholeNumber } from "../../internal/values";
import type { DatabaseConnection, S3Connection } from "../../storage/connections";
import { databaseConnection } from "../../storage/database";
import { s3Connection } from "../../storage/s3a";
import { kerberosPrincipal } from "../kerberos";
import { notOwnedHiveConf } from "./conf";

/** Who a metastore is in a Kerberos realm, and who its clients are. */
export interface HiveMetastoreKerberos {
    /**
     * Principal of the metastore, which all servers share. The host is the full name of its Service, which Java looks up:
     * hive/<name>-metastore.<namespace>.svc.cluster.local@REALM. With dns_canonicalize_hostname = false in krb5.conf the name in the address.
     */
    principal: pulumi.Input<string>;
    /** Secret with the metastore's key, as `keytab`. */
    keytabSecret: pulumi.Input<string>;
    /** ConfigMap with the key `krb5.conf`, for servers and clients. */
    configMap: pulumi.Input<string>;
    /** Principal that clients log in as, for example spark@REALM. */
    clientPrincipal: pulumi.Input<string>;
    /** Secret with the clients' key, as `keytab`. */
    clientKeytabSecret: pulumi.Input<string>;
}

/** What a metastore is like: everything but its place, its database and its store. */
export interface HiveMetastoreSettings {
    /** Version of Hive in the image. Default: 3.1.3, which is tested with every line of Spark. */
    hiveVersion?: pulumi.Input<string>;
    /** Number of servers behind one address; they share nothing but the database. Default: 1. */
    replicas?: pulumi.Input<number>;
    /** Memory of each server; 70 % of it is Java heap. Default: 1g. */
    memory?: pulumi.Input<string>;
    /** CPU request of each server. Default: 100m. */
    cpuRequest?: pulumi.Input<string>;
    /** Seconds that a starting server waits for its database before it gives up with a message. Default: 30. */
    databaseTimeoutSeconds?: pulumi.Input<number>;
    /** Further settings of the metastore, as in metastore-site.xml. Those that an argument decides are refused. Default: none. */
    hiveConf?: pulumi.Input<Record<string, pulumi.Input<string>>>;
    /** Clients must log in by Kerberos. Plain as to whether it is given at all. Default: whoever the network lets through may call. */
    kerberos?: HiveMetastoreKerberos;
    /** Namespaces whose pods may call it; pods of its own namespace may when they wear its client label. Default: none. */
    clientNamespaces?: pulumi.Input<pulumi.Input<string>[]>;
    /** What the servers write on their standard output, and how. Default: lines from info on, as JSON. */
    logs?: LogSettings;
    /** A monitor for the Prometheus operator, and an agent in the servers that shows what it reads. Plain as to whether it is given: decides which objects exist. Default: none. */
    monitoring?: Monitoring;
    /** Where and as whom the pods run. */
    pod?: PodSettings;
}

/** Arguments of `HiveMetastore`. */
export interface HiveMetastoreArgs extends HiveMetastoreSettings {
    /** Namespace to run in. Changing it replaces the metastore. */
    namespace: pulumi.Input<string>;
    /** Image with the metastore (see images/hive). */
    image: pulumi.Input<string>;
    /** Database for the tables' names, columns and places. It is set up on the first deployment. */
    database: pulumi.Input<DatabaseConnection>;
    /** Store that s3a:// paths lead to: the metastore makes and removes the tables' directories. */
    s3: pulumi.Input<S3Connection>;
    /** Directory of managed tables, for example s3a://warehouse/tables. */
    warehouse: pulumi.Input<string>;
    /** Account of the pods, for example one with a cloud identity that may use the store. Default: the namespace's. */
    serviceAccount?: pulumi.Input<string>;
}

/** The arguments with every default filled in. */
export interface ResolvedMetastore extends HiveMetastoreArgs {
    name: string;
    hiveVersion: pulumi.Input<string>;
    replicas: pulumi.Input<number>;
    memory: pulumi.Input<string>;
    cpuRequest: pulumi.Input<string>;
    databaseTimeoutSeconds: pulumi.Input<number>;
    hiveConf: pulumi.Input<Record<string, string>>;
    clientNamespaces: pulumi.Input<string[]>;
    monitoring?: ResolvedMonitoring;
}

const defaults = {
    hiveVersion,
    replicas: 1,
    memory: "1g",
    cpuRequest: "100m",
    databaseTimeoutSeconds: 30,
    hiveConf: {},
    clientNamespaces: [],
};

/** What the image's programs know how to start. */
const servedVersion: Check<string> = (version) =>
    metastoreVersion(version) ??
    (/^3\.1\.[0-9]+$/.test(version) ? undefined : `"${version}" is not a version that the image starts; use 3.1.3`);

/** @throws pulumi.InputPropertiesError naming every wrong field. */
export function resolveMetastore(name: string, given: HiveMetastoreArgs): ResolvedMetastore {
    const args = withDefaults(given, defaults);
    const checks = new Checks(`HiveMetastore "${name}"`);
    checks.plain("name", name, dnsLabel);
    const resolved: ResolvedMetastore = {
        ...args,
        name,
        namespace: checks.input("namespace", args.namespace, present, dnsLabel),
        image: checks.input("image", args.image, imageReference),
        database: checks.input("database", args.database, databaseConnection),
        s3: checks.input("s3", args.s3, s3Connection),
        warehouse: checks.input("warehouse", args.warehouse, present, s3aDirectory),
        serviceAccount: checks.optional("serviceAccount", args.serviceAccount, existingObject),
        hiveVersion: checks.input("hiveVersion", args.hiveVersion, servedVersion),
        replicas: checks.input("replicas", args.replicas, wholeNumber({ from: 1, to: 99 })),
        memory: checks.input("memory", args.memory, memorySize({ from: "512m" })),
        cpuRequest: checks.input("cpuRequest", args.cpuRequest, cpuQuantity),
        databaseTimeoutSeconds: checks.input("databaseTimeoutSeconds", args.databaseTimeoutSeconds, wholeNumber({ from: 1, to: 240 })),
        hiveConf: checks.input("hiveConf", args.hiveConf, notOwnedHiveConf),
        kerberos: args.kerberos && resolveKerberos(checks, args.kerberos),
        clientNamespaces: checks.input("clientNamespaces", args.clientNamespaces, each(dnsLabel)),
        logs: resolveLogs(checks, args.logs),
        monitoring: resolveMonitoring(checks, args.monitoring),
        pod: checkPod(checks, "pod", args.pod),
    };
    checks.throwIfAny();
    return resolved;
}

function resolveKerberos(checks: Checks, kerberos: HiveMetastoreKerberos): HiveMetastoreKerberos {
    return {
        principal: checks.input("kerberos.principal", kerberos.principal, present, kerberosPrincipal, withHost),
        keytabSecret: checks.input("kerberos.keytabSecret", kerberos.keytabSecret, existingObject),
        configMap: checks.input("kerberos.configMap", kerberos.configMap, existingObject),
        clientPrincipal: checks.input("kerberos.clientPrincipal", kerberos.clientPrincipal, present, kerberosPrincipal),
        clientKeytabSecret: checks.input("kerberos.clientKeytabSecret", kerberos.clientKeytabSecret, existingObject),
    };
}

const withHost: Check<string> = (principal) =>
    principal.includes("/") ? undefined : `"${principal}" names no host; a service's principal does, for example "hive/host@EXAMPLE.COM"`;
