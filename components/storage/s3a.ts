import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { Check } from "../internal/checks";
import type { SparkConf } from "../internal/spark-properties";
import type { SparkLine } from "../internal/spark-versions";
import { structure } from "../internal/structure";
import { absolutePath, existingObject, httpUrl, quoted } from "../internal/values";
import { clusterEndpoint, type S3Connection } from "./connections";

/** A connection whose values are known. */
export type S3Facts = pulumi.Unwrap<S3Connection>;

export const accessKeyName = "access-key";
export const secretKeyName = "secret-key";

export const defaultRegion = "us-east-1";

/** A word that goes into signatures; stores of one's own may call their only region as they like. */
const region: Check<string> = (value) =>
    /^[A-Za-z0-9]([-A-Za-z0-9]*[A-Za-z0-9])?$/.test(value)
        ? undefined
        : `${quoted(value)} is not a region; use letters, digits and "-", for example "${defaultRegion}"`;

export const s3Connection = structure<S3Facts>({
    endpoint: httpUrl,
    region,
    credentialsSecret: existingObject,
    credentialsFile: absolutePath,
    clusterEndpoint,
});

/** Settings of Hadoop's S3A file system. Keys never stand here: they come to the pods as environment. */
export function s3aConf(line: SparkLine, s3: S3Facts): SparkConf {
    const providers = credentialProviders(line, s3);
    return {
        "spark.hadoop.fs.s3a.endpoint": s3.endpoint,
        "spark.hadoop.fs.s3a.endpoint.region": s3.region ?? defaultRegion,
        "spark.hadoop.fs.s3a.path.style.access": s3.pathStyle ?? false,
        "spark.hadoop.fs.s3a.connection.ssl.enabled": !s3.endpoint?.startsWith("http:"),
        "spark.hadoop.fs.s3a.aws.credentials.provider": providers.join(","),
    };
}

function credentialProviders(line: SparkLine, { credentialsSecret, credentialsFile }: S3Facts): string[] {
    if (credentialsFile !== undefined) {
        return [line.fileCredentials];
    }
    return credentialsSecret === undefined ? line.cloudCredentials : [line.environmentCredentials];
}

/** Whether pods ask the cloud who they are, having no keys of their own. */
export const byCloudIdentity = ({ credentialsSecret, credentialsFile }: S3Facts): boolean =>
    credentialsSecret === undefined && credentialsFile === undefined;

/** Settings that make Spark write through the magic committer: no renames, which on S3 are copies and can be seen half done. */
export const committerConf: SparkConf = {
    "spark.sql.sources.commitProtocolClass": "org.apache.spark.internal.io.cloud.PathOutputCommitProtocol",
    "spark.sql.parquet.output.committer.class": "org.apache.spark.internal.io.cloud.BindingParquetOutputCommitter",
    "spark.hadoop.mapreduce.outputcommitter.factory.scheme.s3a": "org.apache.hadoop.fs.s3a.commit.S3ACommitterFactory",
    "spark.hadoop.fs.s3a.committer.name": "magic",
    "spark.hadoop.fs.s3a.committer.magic.enabled": true,
};

/** Settings that the connection decides. */
export const s3aOwnedKeys: Record<string, string> = {
    "spark.hadoop.fs.s3a.endpoint": "s3.endpoint",
    "spark.hadoop.fs.s3a.endpoint.region": "s3.region",
    "spark.hadoop.fs.s3a.path.style.access": "s3.pathStyle",
    "spark.hadoop.fs.s3a.connection.ssl.enabled": "s3.endpoint",
    "spark.hadoop.fs.s3a.aws.credentials.provider": "s3.credentialsSecret",
};

/** The keys of a connection, or the file they are in, as environment; nothing when pods have an identity of their own. */
export function credentialsEnvironment(s3: pulumi.Input<S3Connection>): pulumi.Output<k8s.types.input.core.v1.EnvVar[]> {
    return pulumi.output(s3).apply(({ credentialsSecret, credentialsFile }) => {
        if (credentialsFile !== undefined) {
            // The SDK of Spark 3.5 knows the second name only.
            return ["AWS_SHARED_CREDENTIALS_FILE", "AWS_CREDENTIAL_PROFILES_FILE"].map((name) => ({ name, value: credentialsFile }));
        }
        const from = (name: string, key: string) => ({ name, valueFrom: { secretKeyRef: { name: credentialsSecret, key } } });
        return credentialsSecret === undefined
            ? []
            : [from("AWS_ACCESS_KEY_ID", accessKeyName), from("AWS_SECRET_ACCESS_KEY", secretKeyName)];
    });
}

/** Labels that let a pod through to the store. */
export function storeClientLabels(s3: S3Facts | undefined): Record<string, string> {
    return s3?.clusterEndpoint?.clientLabels ?? {};
}
