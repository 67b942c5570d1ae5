import type { SparkPlatformClassic } from "../../components";
import { section, text, wholeNumber } from "../hints";
import { size } from "../quantity";
import { executor } from "./applications";
import { image, name, sparkConf, sparkVersion, type Every } from "./forms";
import { partLogs } from "./logs";

/** The key by which notebooks and tasks get sessions. */
export const classicName = (whose: string) =>
    name(`Name of the classic sessions that ${whose} may start in their own pods. Default: none.`);

export const classic = section(
    "Classic sessions, under a name of your choice: notebooks and tasks that name them are drivers themselves.",
    {
        sparkVersion: sparkVersion(
            "Spark version of the sessions, which is that of the notebooks and tasks that start them. Default: the platform's.",
        ).optional(),
        image: image("Image of executors. Not together with standalone. Default: the registry's spark of that version.").optional(),
        standalone: name("Standalone cluster of the platform that runs the executors. Default: none, executors are pods.").optional(),
        driverMemory: text(
            "Java heap of a driver, inside the memory of the notebook server or the task. Default: 1g.",
            size("512m"),
        ).optional(),
        drivers: wholeNumber("Drivers that may run in one pod at a time; with standalone it is always one. Default: 1.", 1, 20).optional(),
        executor: executor.optional(),
        logs: partLogs.optional(),
        sparkConf: sparkConf.optional(),
    } satisfies Every<SparkPlatformClassic>,
);
