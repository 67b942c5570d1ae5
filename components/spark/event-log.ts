import type { Check } from "../internal/checks";
import { s3aDirectory } from "../internal/values";
import { defaultRegion, s3Connection, type S3Facts } from "../storage/s3a";

/** Server and uploader share this directory; Spark writes into it, the uploader copies it to the store. */
export const localEventLog = "/var/log/spark-events";

export const eventLogLocation: Check<{ directory: string; s3: S3Facts }> = ({ directory, s3 }) => {
    const [place, store] = [s3aDirectory(directory), s3Connection(s3)];
    const problems = [...(place === undefined ? [] : [`directory ${place}`]), ...(store === undefined ? [] : [`s3.${store}`])];
    return problems.length === 0 ? undefined : problems.join("; ");
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
