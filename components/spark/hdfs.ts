import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { Check } from "../internal/checks";
import { anywhere, pods, tcp } from "../internal/network";
import type { SparkConf } from "../internal/spark-properties";
import { structure } from "../internal/structure";
import { portNumber } from "../internal/values";
import { clusterEndpoint } from "../storage/connections";
import type { HdfsConnection } from "./connections";
import { kerberosConf, kerberosIdentity } from "./kerberos";

type Egress = k8s.types.input.networking.v1.NetworkPolicyEgressRule;

/** A connection whose values are known. */
export type HdfsFacts = pulumi.Unwrap<HdfsConnection>;

/** Hadoop's own defaults. */
const [usualNamePort, usualDataPort] = [8020, 9866];

const hdfsUri: Check<string> = (uri) =>
    /^hdfs:\/\/[A-Za-z0-9][A-Za-z0-9.-]*(:[0-9]{1,5})?$/.test(uri)
        ? undefined
        : `${JSON.stringify(uri)} is not the address of a file system; write it like "hdfs://namenode:8020"`;

export const hdfsConnection = structure<HdfsFacts>(
    { uri: hdfsUri, dataPort: portNumber, clusterEndpoint, kerberos: kerberosIdentity },
    {
        needed: ["uri"],
        rules: [
            ({ kerberos }) => (kerberos && kerberos.servicePrincipal === undefined ? "kerberos.servicePrincipal is missing" : undefined),
        ],
    },
);

/** Settings of a driver that reads and writes there: it gets tokens of the NameNode for itself and its executors, which have no key. */
export function hdfsConf({ uri, kerberos }: HdfsFacts): SparkConf {
    return kerberos === undefined
        ? {}
        : {
              ...kerberosConf(kerberos),
              "spark.kerberos.access.hadoopFileSystems": uri,
              "spark.hadoop.dfs.namenode.kerberos.principal": kerberos.servicePrincipal,
          };
}

/** Settings that the connection decides. Which further file systems to get tokens for is the user's to say. */
export const hdfsOwnedKeys: Record<string, string> = {
    "spark.hadoop.dfs.namenode.kerberos.principal": "hdfs.kerberos.servicePrincipal",
};

/** Labels that let a pod through to NameNodes and DataNodes. */
export const hdfsClientLabels = (hdfs: HdfsFacts | undefined): Record<string, string> => hdfs?.clusterEndpoint?.clientLabels ?? {};

/** The way out to NameNodes and DataNodes, for drivers and for executors; none without an HDFS. */
export function toHdfs(hdfs: HdfsFacts | undefined): Egress[] {
    if (hdfs === undefined) {
        return [];
    }
    const { clusterEndpoint: endpoint, dataPort = usualDataPort } = hdfs;
    const to = endpoint ? pods(endpoint.podLabels, endpoint.namespace) : anywhere;
    return [{ to: [to], ports: tcp(endpoint?.port ?? nameNodeOf(hdfs).port, dataPort) }];
}

/** Host and port of the NameNode; a name without a port may stand for several of them. */
export function nameNodeOf({ uri }: HdfsFacts): { host: string; port: number; isOne: boolean } {
    const { hostname, port } = new URL(uri);
    return { host: hostname, port: port === "" ? usualNamePort : Number(port), isOne: port !== "" };
}
