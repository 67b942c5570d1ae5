import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { Check } from "../internal/checks";
import { pods, tcp } from "../internal/network";
import type { SparkConf } from "../internal/spark-properties";
import { metastoreVersion, type SparkLine } from "../internal/spark-versions";
import { structure } from "../internal/structure";
import { s3aDirectory } from "../internal/values";
import { clusterEndpoint } from "../storage/connections";
import type { MetastoreConnection } from "./connections";
import { kerberosConf, kerberosIdentity, kerberosOwnedKeys, toKdc } from "./kerberos";

type Egress = k8s.types.input.networking.v1.NetworkPolicyEgressRule;

/** A connection whose values are known. */
export type MetastoreFacts = pulumi.Unwrap<MetastoreConnection>;

export const metastorePort = 9083;

const thriftUris: Check<string> = (uris) =>
    /^thrift:\/\/[A-Za-z0-9][A-Za-z0-9.-]*:[0-9]{1,5}(,thrift:\/\/[A-Za-z0-9][A-Za-z0-9.-]*:[0-9]{1,5})*$/.test(uris)
        ? undefined
        : `${JSON.stringify(uris)} is not the address of a metastore; write it like "thrift://host:9083", with commas between several`;

/** Glue, and whatever else speaks no Thrift, is not a metastore for Spark; Iceberg reaches it by a catalog of its own. */
export const metastoreConnection = structure<MetastoreFacts>(
    { uris: thriftUris, version: metastoreVersion, warehouse: s3aDirectory, clusterEndpoint, kerberos: kerberosIdentity },
    {
        needed: ["uris"],
        rules: [
            ({ kerberos }) => (kerberos && kerberos.servicePrincipal === undefined ? "kerberos.servicePrincipal is missing" : undefined),
        ],
    },
);

/**
 * Settings of a driver that finds its tables in a metastore. Every line carries the same Hive client (2.3), which talks to Hive 2.3 to 4.0.0,
 * so the line decides nothing here yet; it is asked for so that callers need not change when it does.
 */
export function metastoreConf(_line: SparkLine, { uris, warehouse, kerberos }: MetastoreFacts): SparkConf {
    return {
        "spark.sql.catalogImplementation": "hive",
        "spark.hadoop.hive.metastore.uris": uris,
        ...(warehouse !== undefined && { "spark.sql.warehouse.dir": warehouse }),
        ...(kerberos && {
            ...kerberosConf(kerberos),
            "spark.hadoop.hive.metastore.sasl.enabled": true,
            "spark.hadoop.hive.metastore.kerberos.principal": kerberos.servicePrincipal,
        }),
    };
}

/** Settings that the connection decides. */
export const metastoreOwnedKeys: Record<string, string> = {
    ...kerberosOwnedKeys,
    "spark.sql.catalogImplementation": "metastore",
    "spark.hadoop.hive.metastore.uris": "metastore.uris",
    "spark.hadoop.hive.metastore.sasl.enabled": "metastore.kerberos",
    "spark.hadoop.hive.metastore.kerberos.principal": "metastore.kerberos.servicePrincipal",
};

/** Labels that let a driver's pod through to the metastore. Executors never call it. */
export function metastoreClientLabels(metastore: MetastoreFacts | undefined): Record<string, string> {
    return metastore?.clusterEndpoint?.clientLabels ?? {};
}

/** The driver's ways out: to the metastore, and to the servers of its Kerberos realm. */
export function toMetastore({ uris, clusterEndpoint, kerberos }: MetastoreFacts): Egress[] {
    const ports = [...new Set(uris.split(",").map((uri) => Number(new URL(uri).port)))];
    const rule: Egress = clusterEndpoint
        ? {
              to: [pods(clusterEndpoint.podLabels, clusterEndpoint.namespace)],
              ports: tcp(...(clusterEndpoint.port === undefined ? ports : [clusterEndpoint.port])),
          }
        : { to: [{ ipBlock: { cidr: "0.0.0.0/0", except: ["169.254.0.0/16"] } }], ports: tcp(...ports) };
    return [rule, ...toKdc(kerberos)];
}
