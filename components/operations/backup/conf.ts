import type { S3Facts } from "../../storage/s3a";
import { defaultRegion } from "../../storage/s3a";

const program = "/opt/backup/backup.py";

export interface StoreFacts {
    s3: S3Facts;
    bucket: string;
    prefix: string;
}

/** Arguments of every run: where the backups are. Keys never stand here. */
export function storeArguments({ s3, bucket, prefix }: StoreFacts): string[] {
    return [
        program,
        ...(s3.endpoint === undefined ? [] : ["--endpoint", s3.endpoint]),
        "--region",
        s3.region ?? defaultRegion,
        ...(s3.pathStyle ? ["--path-style"] : []),
        "--bucket",
        bucket,
        "--prefix",
        prefix,
    ];
}

export function backupArguments(retention: { days: number; keep: number } | undefined): string[] {
    return ["backup", ...(retention === undefined ? [] : ["--days", String(retention.days), "--keep", String(retention.keep)])];
}
