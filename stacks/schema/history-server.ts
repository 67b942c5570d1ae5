import type { SparkPlatformHistoryServer } from "../../components";
import type { SparkHistoryServerRetention } from "../../components/spark/history-server/args";
import { section, text, wholeNumber } from "../hints";
import { cpu, size } from "../quantity";
import { clientNamespaces, image, pod, sparkConf, sparkVersion, type Every } from "./forms";
import { partLogs } from "./logs";
import { monitoring } from "./monitoring";

export const historyServer = section("The server that shows finished and running applications. Default: none.", {
    sparkVersion: sparkVersion(
        "Spark version of the server; it reads logs of its own line and of older ones. Default: the platform's.",
    ).optional(),
    image: image("Image of the server. Default: the registry's spark of that version.").optional(),
    replicas: wholeNumber("Number of servers behind one address. Default: 1.", 1).optional(),
    retention: section("Deletion of old event logs. Default: nothing is deleted.", {
        days: wholeNumber("Delete logs older than this many days.", 1),
        count: wholeNumber("Most logs to keep; the oldest are deleted first. Default: any number.", 1).optional(),
        everyHours: wholeNumber("Hours between two looks at the logs. Default: 24.", 1).optional(),
    } satisfies Every<SparkHistoryServerRetention>).optional(),
    fullEventFiles: wholeNumber(
        "Newest event files of an application that are kept in full; older ones are compacted for good. Default: nothing is compacted.",
        1,
    ).optional(),
    memory: text("Java heap of each server. Default: 1g.", size("512m")).optional(),
    cpuRequest: text("CPU request of each server. Default: 100m.", cpu).optional(),
    cacheStorage: text("Disk for replayed logs; the least used are forgotten first. Default: 5g.", size("512m")).optional(),
    updateSeconds: wholeNumber("Seconds between two looks for new logs. Default: 10.", 1).optional(),
    clientNamespaces: clientNamespaces.optional(),
    sparkConf: sparkConf.optional(),
    logs: partLogs.optional(),
    monitoring: monitoring.optional(),
    pod: pod.optional(),
} satisfies Every<SparkPlatformHistoryServer>);
