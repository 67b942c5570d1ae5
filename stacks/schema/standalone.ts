import type { SparkPlatformStandalone, SparkStandaloneAutoscaling, SparkStandaloneRecovery, SparkStandaloneWorker } from "../../components";
import { StandaloneRecovery } from "../../components/spark/standalone/recovery";
import { oneOf, section, text, wholeNumber, yesOrNo } from "../hints";
import { cpu, duration, size } from "../quantity";
import {
    apiServer,
    clientNamespaces,
    clusterEndpoint,
    filled,
    forms,
    image,
    name,
    pod,
    sparkConf,
    sparkVersion,
    texts,
    type Every,
} from "./forms";
import { partLogs } from "./logs";
import { monitoring } from "./monitoring";

const recovery = section("What happens to the cluster when its master dies.", {
    mode: oneOf("Where a new master learns what the old one knew. Default: filesystem.", Object.values(StandaloneRecovery)).optional(),
    directory: text("With s3: directory of the records; each cluster takes one of its own in it.", forms.directory).optional(),
    storage: text("With filesystem: size of the master's volume. Default: 1g.", size("64m")).optional(),
    storageClass: filled("With filesystem: storage class of the volume. Default: the cluster's.", "the name of a storage class").optional(),
    ensemble: filled("With zookeeper: the ensemble.", 'addresses like "zk-0.zk:2181,zk-1.zk:2181"').optional(),
    ensembleEndpoint: clusterEndpoint.optional(),
} satisfies Every<SparkStandaloneRecovery>);

const autoscaling = section("Workers that come with the work and go after it, by KEDA. Not together with replicas. Default: none.", {
    minimum: wholeNumber("Workers that stay when nothing runs. Default: 1.", 1).optional(),
    maximum: wholeNumber("Most workers.", 1),
    targetPercent: wholeNumber("Percent of the workers' cores that executors use on average. Default: 80.", 10, 90).optional(),
    idleTime: text("Time for which fewer workers must do before one goes. Default: 5m.", duration).optional(),
    kedaNamespace: name("Namespace of KEDA's operator. Default: keda.").optional(),
} satisfies Every<SparkStandaloneAutoscaling>);

const worker = section("Number and size of the workers, inside which executors run.", {
    replicas: wholeNumber("Number of workers. Default: 2.", 1).optional(),
    autoscaling: autoscaling.optional(),
    cores: wholeNumber("Tasks that the executors of one worker run at a time. Default: 1.", 1).optional(),
    cpuRequest: text("CPU request of a worker. Default: its cores.", cpu).optional(),
    memory: text("Java heaps of one worker's executors together. Default: 1g.", size("512m")).optional(),
    memoryOverhead: text(
        "Memory beside the heap of each executor. Default: 384m for each, or a tenth of memory for all, whichever is more.",
        size("64m"),
    ).optional(),
    daemonMemory: text("Java heap of the worker itself. Default: 512m.", size("256m")).optional(),
    localStorage: text("Disk for shuffle, spill, logs and files of a worker's executors. Default: 10g.", size("256m")).optional(),
    leaveTimeout: text("Longest time that a worker which is told to go waits for its executors. Default: 2m.", duration).optional(),
    keepFinished: text("Time that files and logs of finished applications stay. Default: 1h.", duration).optional(),
    pod: pod.optional(),
} satisfies Every<SparkStandaloneWorker>);

export const standalone = section("One Standalone cluster, under a name of your choice.", {
    sparkVersion: sparkVersion("Spark version of the cluster. Default: the platform's.").optional(),
    image: image("Image of masters and workers. Default: the registry's spark of that version.").optional(),
    masters: wholeNumber(
        "Number of masters; those that do not lead stand by. Default: 2 with the recovery s3 or zookeeper, else 1.",
        1,
        9,
    ).optional(),
    recovery: recovery.optional(),
    memory: text("Java heap of each master. Default: 1g.", size("256m")).optional(),
    cpuRequest: text("CPU request of each master. Default: 200m.", cpu).optional(),
    worker: worker.optional(),
    defaultCores: wholeNumber("Most cores of an application that does not say how many it wants. Default: 2.", 1).optional(),
    restSubmission: yesOrNo("Whether applications may be submitted over HTTP, which asks nobody who they are. Default: false.").optional(),
    authenticationSecret: name(
        "Secret with the key `secret`, which drivers, masters and workers share. Default: a generated one.",
    ).optional(),
    masterAccountAnnotations: texts("Annotations of the masters' account. Default: none.").optional(),
    workerAccountAnnotations: texts("Annotations of the account of workers, and so of all executors. Default: none.").optional(),
    apiServer: apiServer.optional(),
    clientNamespaces: clientNamespaces.optional(),
    logs: partLogs.optional(),
    monitoring: monitoring.optional(),
    sparkConf: sparkConf.optional(),
    pod: pod.optional(),
} satisfies Every<SparkPlatformStandalone>);
