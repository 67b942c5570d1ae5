import type {
    SparkApplicationDriver,
    SparkApplicationExecutor,
    SparkApplicationMain,
    SparkPlatformApplication,
    SparkPlatformSchedule,
    SparkPlatformSubmit,
} from "../../components";
import { sparkConcurrency, sparkDeployModes, sparkRestarts } from "../../components";
import { cronSchedule, timeZone } from "../../components/spark/application/args";
import { className, programFile } from "../../components/spark/application-main";
import { list, oneOf, scalar, section, text, wholeNumber, yesOrNo } from "../hints";
import { cpu, duration, size } from "../quantity";
import { image, pod, sparkConf, sparkVersion, type Every } from "./forms";
import { partLogs } from "./logs";
import { monitoring } from "./monitoring";

const main = section("The program.", {
    file: text("A Python file or a jar: in the image, in the store or on a server.", {
        check: programFile,
        expected: 'the place of a program like "local:///opt/app/job.py" or "s3a://bucket/job.jar"',
    }),
    class: text("Class to run, of a jar. Default: none.", {
        check: className,
        expected: 'the name of a class like "org.example.Job"',
    }).optional(),
} satisfies Every<SparkApplicationMain>);

const driver = section("Size of the driver.", {
    memory: text("Java heap of the driver. Default: 1g.", size("512m")).optional(),
    memoryOverhead: text(
        "Memory beside the heap. Default: 640m, or a quarter of the heap where that is more; of a Python application two fifths.",
        size("64m"),
    ).optional(),
    cpuRequest: text("CPU request of the driver. Default: 500m.", cpu).optional(),
    pod: pod.optional(),
} satisfies Every<SparkApplicationDriver>);

export const executor = section("Size and number of the executors.", {
    cores: wholeNumber("Tasks that one executor runs at a time. Default: 1.", 1).optional(),
    cpuRequest: text("CPU request of an executor; less than its cores packs more executors on a node. Default: its cores.", cpu).optional(),
    memory: text("Java heap of an executor. Default: 1g.", size("512m")).optional(),
    memoryOverhead: text(
        "Memory beside the heap. Default: 384m, or a tenth of the heap where that is more; of a Python application two fifths.",
        size("64m"),
    ).optional(),
    minimum: wholeNumber("Executors that the application starts with and never goes below. Default: 1.", 1).optional(),
    maximum: wholeNumber("Most executors; those above the minimum come with work and go without it. Default: the minimum.", 1).optional(),
    idleTimeout: text("Time after which an executor above the minimum goes when it has no work. Default: 60s.", duration).optional(),
    localStorage: text("Disk for shuffle and spill of one executor. Default: 10g.", size("256m")).optional(),
    pod: pod.optional(),
} satisfies Every<SparkApplicationExecutor>);

const common = {
    sparkVersion: sparkVersion("Spark version of the application. Default: the platform's.").optional(),
    image: image("Image of driver and executors. Default: the registry's spark of that version.").optional(),
    main,
    arguments: list("Arguments of the program. Default: none.", scalar("An argument.")).optional(),
    driver: driver.optional(),
    executor: executor.optional(),
    logs: partLogs.optional(),
    monitoring: monitoring.optional(),
    sparkConf: sparkConf.optional(),
};

export const sparkSubmit = section("An application that runs to its end once, under a name of your choice.", {
    ...common,
    deployMode: oneOf("Where the driver runs. Default: client.", Object.values(sparkDeployModes)).optional(),
    retries: wholeNumber("How often the application is started again when it fails. Default: 0.", 0, 100).optional(),
    deadline: text("Time that the application may take, retries included. Default: 1h.", duration).optional(),
    wait: yesOrNo("Whether an up waits for the application's end, and fails with it. Default: true.").optional(),
} satisfies Every<SparkPlatformSubmit>);

const byOperator = {
    ...common,
    restart: oneOf("When the application is started again. Default: Never.", Object.values(sparkRestarts)).optional(),
    retries: wholeNumber("How often it is started again at most, where it is so on failure. Default: 3.", 0, 100).optional(),
    retryInterval: text("Time before it is started again. Default: 30s.", duration).optional(),
    timeToLive: text("Time after its end until the operator deletes it with its pods. Default: it stays.", duration).optional(),
};

export const sparkApplication = section(
    "An application that the Spark operator runs, under a name of your choice.",
    byOperator satisfies Every<SparkPlatformApplication>,
);

export const scheduledSparkApplication = section("An application that the Spark operator runs by the clock, under a name of your choice.", {
    ...byOperator,
    schedule: text("When it runs, as cron writes it.", {
        check: cronSchedule,
        expected: 'a schedule like "0 3 * * *", "@daily" or "@every 30m"',
    }),
    timeZone: text("Time zone of the schedule. Default: that of the operator, mostly UTC.", {
        check: timeZone,
        expected: 'a time zone like "Europe/Berlin"',
    }).optional(),
    concurrency: oneOf(
        "What happens when a run is due while the one before still works. Default: Forbid.",
        Object.values(sparkConcurrency),
    ).optional(),
    suspended: yesOrNo("Whether no further runs are started. Default: false.").optional(),
    keepSuccessful: wholeNumber("Runs that succeeded and are kept, with their logs. Default: 3.", 0, 100).optional(),
    keepFailed: wholeNumber("Runs that failed and are kept, with their logs. Default: 3.", 0, 100).optional(),
} satisfies Every<SparkPlatformSchedule>);
