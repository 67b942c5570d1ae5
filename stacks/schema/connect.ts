import type { SparkPlatformConnect } from "../../components";
import type { SparkConnectExecutor } from "../../components/spark/connect/args";
import { section, text, wholeNumber, yesOrNo } from "../hints";
import { cpu, duration, size } from "../quantity";
import { apiServer, clientNamespaces, forms, image, pod, sparkConf, sparkVersion, type Every } from "./forms";

const executor = section("Size and number of the executors.", {
    cores: wholeNumber("Tasks that one executor runs at a time. Default: 1.", 1).optional(),
    cpuRequest: text("CPU request of an executor; less than its cores packs more executors on a node. Default: its cores.", cpu).optional(),
    memory: text("Java heap of an executor. Default: 1g.", size("512m")).optional(),
    memoryOverhead: text(
        "Memory beside the heap, for Python above all. Default: 384m or a tenth of the heap, whichever is more.",
        size("64m"),
    ).optional(),
    minimum: wholeNumber("Executors that stay when nothing runs. Default: 0.", 0).optional(),
    maximum: wholeNumber("Most executors of one server. Default: 4.", 1).optional(),
    idleTimeout: text("Time after which an executor without work goes. Default: 60s.", duration).optional(),
    idleTimeoutWithCache: text("The same for an executor that holds cached tables. Default: 30m.", duration).optional(),
    localStorage: text("Disk for shuffle and spill of one executor. Default: 10g.", size("256m")).optional(),
    pod: pod.optional(),
} satisfies Every<SparkConnectExecutor>);

export const connectServer = section("One Connect server, under a name of your choice.", {
    sparkVersion: sparkVersion("Spark version of the server. Default: the platform's.").optional(),
    image: image("Image of the server and its executors. Default: the registry's spark of that version.").optional(),
    replicas: wholeNumber("Number of servers behind one address; a session lives on one of them. Default: 1.", 1).optional(),
    memory: text("Java heap of each server. Default: 2g.", size("1g")).optional(),
    cpuRequest: text("CPU request of each server. Default: 500m.", cpu).optional(),
    executor: executor.optional(),
    warehouse: text(
        "Directory of managed tables. Without a catalog in sparkConf their names live in one server's memory. Default: none is set.",
        forms.directory,
    ).optional(),
    eventLogUploadSeconds: wholeNumber(
        "Seconds between two uploads of the event log: what the history may be late by. Default: 10.",
        1,
    ).optional(),
    evictable: yesOrNo("Whether a node drain may evict a server, which ends its sessions. Default: false.").optional(),
    apiServer: apiServer.optional(),
    clientNamespaces: clientNamespaces.optional(),
    sparkConf: sparkConf.optional(),
    pod: pod.optional(),
} satisfies Every<SparkPlatformConnect>);
