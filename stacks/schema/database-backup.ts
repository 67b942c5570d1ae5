import type { DatabaseBackupRestore, DatabaseBackupRetention, SparkPlatformBackup } from "../../components";
import { backupId, cronSchedule, timeZone } from "../../components/operations/backup/args";
import { section, text, wholeNumber, yesOrNo } from "../hints";
import { cpu, size } from "../quantity";
import { forms, image, pod, type Every } from "./forms";
import { s3 } from "./storage";

export const databaseBackup = section("Backups of the database in a bucket. Default: none.", {
    image: image("Image of the runs. Default: the registry's backup, of the version that the platform is tested with.").optional(),
    s3: s3("Store that the bucket is in. Default: the platform's.").optional(),
    bucket: text("Bucket for the backups: of another store than the database's own disks, or one failure takes both.", forms.bucket),
    prefix: text("Directory in the bucket, of this database alone. Default: backups/ and the name of the server.", forms.prefix).optional(),
    schedule: text("When backups are made. Default: 0 2 * * *, every night at two.", {
        check: cronSchedule,
        expected: 'minute, hour, day, month and weekday like "0 2 * * *"',
    }).optional(),
    timeZone: text("Time zone of the schedule. Default: Etc/UTC.", {
        check: timeZone,
        expected: 'a time zone like "Europe/Berlin"',
    }).optional(),
    paused: yesOrNo("Whether no backup is made for the time being. Default: false.").optional(),
    retention: section("Deletion of old backups. Default: nothing is deleted.", {
        days: wholeNumber("Delete backups older than this many days.", 1),
        keep: wholeNumber("Newest whole backups that stay however old they are. Default: 7.", 1).optional(),
    } satisfies Every<DatabaseBackupRetention>).optional(),
    dumpStorage: text("Disk for a dump on its way: as much as the database at most. Default: 5g.", size("64m")).optional(),
    memory: text("Memory of a run. Default: 512m.", size("256m")).optional(),
    cpuRequest: text("CPU request of a run. Default: 100m.", cpu).optional(),
    limitMinutes: wholeNumber("Minutes after which a run is ended. Default: 120.", 1).optional(),
    restore: section("A backup to bring back. Default: none.", {
        backup: text("Id of the backup; there is no latest.", { check: backupId, expected: 'an id like "20261121T020000Z-0a1b2c"' }),
        start: yesOrNo("Whether the Job runs; until then it stands by. The database must be empty. Default: false.").optional(),
    } satisfies Every<DatabaseBackupRestore>).optional(),
    pod: pod.optional(),
} satisfies Every<SparkPlatformBackup>);
