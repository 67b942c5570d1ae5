import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { Check } from "../internal/checks";
import { toApiServer, toS3 } from "../internal/network";
import type { SparkConf } from "../internal/spark-properties";
import { sparkLine, sparkVersion } from "../internal/spark-versions";
import { structure } from "../internal/structure";
import { apiServerAddress, dnsLabel, each, existingObject, imageReference, notEmpty, s3aDirectory } from "../internal/values";
import { committerConf, s3aConf, s3aOwnedKeys, s3Connection, storeClientLabels } from "../storage/s3a";
import type { SparkRuntime } from "./connections";
import { eventLogConf, eventLogLocation } from "./event-log";
import { metastoreClientLabels, metastoreConf, metastoreConnection, metastoreOwnedKeys, toMetastore } from "./metastore";
import { logConfiguration } from "./spark-image";
import { toCollector, tracingClientLabels, tracingConf, tracingConnection, tracingOwnedKeys } from "./tracing";

/** A runtime whose values are known. */
export type RuntimeFacts = pulumi.Unwrap<SparkRuntime>;

type Egress = k8s.types.input.networking.v1.NetworkPolicyEgressRule;

const everyApiServer = ["0.0.0.0/0"];

/** In cluster mode Spark would carry the key from pod to pod as a Secret of its own making. */
const withoutKerberos: Check<RuntimeFacts> = ({ metastore }) =>
    metastore?.kerberos === undefined ? undefined : "metastore.kerberos is for servers; applications cannot log in to it";

export const sparkRuntime = structure<RuntimeFacts>(
    {
        namespace: dnsLabel,
        sparkVersion,
        image: imageReference,
        imagePullSecrets: each(existingObject),
        driverServiceAccount: existingObject,
        executorServiceAccount: existingObject,
        s3: s3Connection,
        eventLog: eventLogLocation,
        metastore: metastoreConnection,
        warehouse: s3aDirectory,
        tracing: tracingConnection,
        apiServer: (list) => notEmpty(list) ?? each(apiServerAddress)(list),
    },
    { needed: ["namespace", "sparkVersion", "image", "driverServiceAccount", "executorServiceAccount"], rules: [withoutKerberos] },
);

/** The version of a runtime, plain where the runtime is, so that what depends on it can be checked at once. */
export function versionOf(runtime: pulumi.Input<SparkRuntime>): pulumi.Input<string> {
    const isLate = pulumi.Output.isInstance(runtime) || runtime instanceof Promise;
    return isLate ? pulumi.output(runtime).apply(({ sparkVersion: version }) => version) : runtime.sparkVersion;
}

/** What every application of a runtime is told about its stores, its tables, its log and its traces. */
export function runtimeConf({ namespace, sparkVersion: version, s3, eventLog, metastore, warehouse, tracing }: RuntimeFacts): SparkConf {
    const line = sparkLine(version);
    return {
        ...(s3 && { ...s3aConf(line, s3), ...committerConf }),
        ...(eventLog && eventLogConf),
        ...line.ownConf,
        ...(metastore && metastoreConf(line, metastore)),
        ...(warehouse !== undefined && { "spark.sql.warehouse.dir": warehouse }),
        ...(tracing && tracingConf(tracing, namespace)),
        "spark.driver.extraJavaOptions": `${logConfiguration} -XX:+ExitOnOutOfMemoryError`,
        "spark.executor.extraJavaOptions": logConfiguration,
    };
}

/** Settings that the runtime decides, and its field that does. */
export const runtimeOwnedKeys: Record<string, string> = {
    ...Object.fromEntries(
        Object.entries({ ...s3aOwnedKeys, ...metastoreOwnedKeys, ...tracingOwnedKeys }).map(([key, field]) => [key, `runtime.${field}`]),
    ),
    "spark.sql.warehouse.dir": "runtime.warehouse",
    "spark.eventLog.enabled": "runtime.eventLog",
    "spark.eventLog.dir": "runtime.eventLog.directory",
    "spark.eventLog.rolling.enabled": "runtime.eventLog",
};

/** Labels that let a driver through to everything that its runtime names. */
export function driverClientLabels({ s3, eventLog, metastore, tracing }: RuntimeFacts): Record<string, string> {
    return {
        ...storeClientLabels(s3),
        ...storeClientLabels(eventLog?.s3),
        ...metastoreClientLabels(metastore),
        ...tracingClientLabels(tracing),
    };
}

/** Ways out of a driver to the metastore, to the collector of traces, and to the stores of its data and its log, which are mostly one. */
export function driverEgress({ s3, eventLog, metastore, tracing }: RuntimeFacts): Egress[] {
    const stores = [s3, eventLog?.s3].flatMap((store) => (store ? toS3(store) : []));
    const rows = [...stores, ...(metastore ? toMetastore(metastore) : []), ...toCollector(tracing)];
    return [...new Map(rows.map((row) => [JSON.stringify(row), row])).values()];
}

/** The way to the API server, which drivers ask for executors. */
export const apiServerEgress = ({ apiServer }: RuntimeFacts): Egress => toApiServer(apiServer ?? everyApiServer);
