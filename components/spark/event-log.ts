import type * as pulumi from "@pulumi/pulumi";

import type { SparkConf } from "../internal/spark-properties";
import { structure } from "../internal/structure";
import { s3aDirectory } from "../internal/values";
import type { EventLogLocation } from "../storage/connections";
import { defaultRegion, s3Connection, type S3Facts } from "../storage/s3a";

/** Server and uploader share this directory; Spark writes into it, the uploader copies it to the store. */
export const localEventLog = "/var/log/spark-events";

export const eventLogLocation = structure<pulumi.Unwrap<EventLogLocation>>(
    { directory: s3aDirectory, s3: s3Connection },
    { needed: ["directory", "s3"] },
);

/**
 * The log is written to the driver's own disk and carried to the store by another process: S3 shows a file only when it is
 * closed, which that of a killed driver never is. Rolled files keep each upload small.
 */
export const eventLogConf: SparkConf = {
    "spark.eventLog.enabled": true,
    "spark.eventLog.dir": `file://${localEventLog}`,
    "spark.eventLog.rolling.enabled": true,
    "spark.eventLog.rolling.maxFileSize": "10m",
    "spark.eventLog.compress": true,
    "spark.eventLog.compression.codec": "zstd",
    "spark.eventLog.logStageExecutorMetrics": true,
};

/** What the uploader is told (see images/spark/event-log-uploader.py). */
export function uploaderArguments(directory: string, s3: S3Facts, everySeconds: number): string[] {
    const endpoint = s3.endpoint === undefined ? [] : ["--endpoint", s3.endpoint];
    return [
        "/opt/spark/event-log-uploader.py",
        ...["--directory", localEventLog],
        ...["--to", directory],
        ...endpoint,
        ...["--region", s3.region ?? defaultRegion],
        ...["--path-style", String(s3.pathStyle ?? false)],
        ...["--interval", String(everySeconds)],
    ];
}
