import type { Check } from "../internal/checks";
import { s3aDirectory } from "../internal/values";
import { defaultRegion, type S3Facts } from "../storage/s3a";

/** Server and uploader share this directory; Spark writes into it, the uploader copies it to the store. */
export const localEventLog = "/var/log/spark-events";

export const eventLogLocation: Check<{ directory: string }> = ({ directory }) => {
    const problem = s3aDirectory(directory);
    return problem === undefined ? undefined : `directory ${problem}`;
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
