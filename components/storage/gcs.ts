import type { Check } from "../internal/checks";
import type { SparkConf } from "../internal/spark-properties";

/** How to reach Google Cloud Storage: by the workload identity of the pods' account, so without any key. */
export interface GcsConnection {
    /** Project that pays for the requests. */
    projectId: string;
}

/** What an image needs beside Spark: the connector with its dependencies inside. Both lines take it; it needs Java 11 or later. */
export const gcsJar = "com.google.cloud.bigdataoss:gcs-connector:3.1.9:shaded";

export const gcsConnection: Check<GcsConnection> = ({ projectId }) =>
    /^[a-z][-a-z0-9]{4,28}[a-z0-9]$/.test(projectId)
        ? undefined
        : `projectId ${JSON.stringify(projectId)} is not a project; use 6 to 30 lower-case letters, digits and "-"`;

/**
 * Settings for gs:// paths, to be given as a brick's `sparkConf`. "Compute engine" is the connector's word for asking the metadata server, which
 * on GKE answers for the pod's own account.
 */
export function gcsConf({ projectId }: GcsConnection): SparkConf {
    return {
        "spark.hadoop.fs.gs.impl": "com.google.cloud.hadoop.fs.gcs.GoogleHadoopFileSystem",
        "spark.hadoop.fs.AbstractFileSystem.gs.impl": "com.google.cloud.hadoop.fs.gcs.GoogleHadoopFS",
        "spark.hadoop.fs.gs.project.id": projectId,
        "spark.hadoop.fs.gs.auth.type": "COMPUTE_ENGINE",
    };
}
