import * as pulumi from "@pulumi/pulumi";

import { Checks, type Check } from "../../internal/checks";
import { withDefaults } from "../../internal/defaults";
import { resolveLogs, type LogSettings } from "../../internal/logs";
import { memorySize } from "../../internal/memory";
import { annotations } from "../../internal/metadata";
import { resolveMonitoring, type Monitoring, type ResolvedMonitoring } from "../../internal/monitoring";
import { checkPod, type PodSettings } from "../../internal/pod";
import { checkSparkConf } from "../../internal/spark-properties";
import { sparkVersion } from "../../internal/spark-versions";
import {
    apiServerAddress,
    cpuQuantity,
    dnsLabel,
    duration,
    each,
    existingObject,
    imageReference,
    notEmpty,
    present,
    wholeNumber,
} from "../../internal/values";
import type { S3Connection } from "../../storage/connections";
import { s3Connection } from "../../storage/s3a";
import { resolveAutoscaling, type ResolvedAutoscaling, type SparkStandaloneAutoscaling } from "./autoscaling";
import { ownedKeys } from "./conf";
import { checkStore, resolveRecovery, type ResolvedRecovery, type SparkStandaloneRecovery } from "./recovery";

export type { SparkStandaloneAutoscaling } from "./autoscaling";
export type { SparkStandaloneRecovery } from "./recovery";

/** Number and size of the workers, inside which executors run. */
export interface SparkStandaloneWorker {
    /** Number of workers. One that goes hands its executors' results to the others first. Default: 2. */
    replicas?: pulumi.Input<number>;
    /** Workers that come with the work and go after it, in place of replicas. Plain: decides which objects exist. Default: none. */
    autoscaling?: SparkStandaloneAutoscaling;
    /** Tasks that the executors of one worker run at a time. Default: 1. */
    cores?: pulumi.Input<number>;
    /** CPU request of a worker, for example 500m. Default: its cores. */
    cpuRequest?: pulumi.Input<string>;
    /** Java heaps of one worker's executors together, for example 4g; no executor can have more. At least 512m. Default: 1g. */
    memory?: pulumi.Input<string>;
    /** Memory beside the heap of each executor, for Python above all; there may be as many executors as cores. Default: 384m for each, or a tenth of memory for all, whichever is more. */
    memoryOverhead?: pulumi.Input<string>;
    /** Java heap of the worker itself, which serves its executors' shuffle results. Default: 512m. */
    daemonMemory?: pulumi.Input<string>;
    /** Disk for shuffle, spill, logs and files of a worker's executors; it is evicted when it needs more. Default: 10g. */
    localStorage?: pulumi.Input<string>;
    /** Longest time that a worker which is told to go waits for its executors to finish and hand over. Default: 2m. */
    leaveTimeout?: pulumi.Input<string>;
    /** Time that files and logs of finished applications stay. Default: 1h. */
    keepFinished?: pulumi.Input<string>;
    /** Where and as whom the workers run. */
    pod?: PodSettings;
}

/** What a Standalone cluster is like: everything but its place and its storage. */
export interface SparkStandaloneSettings {
    /** Number of masters; those that do not lead stand by. Default: 2 with the recovery s3 or zookeeper, else 1. */
    masters?: pulumi.Input<number>;
    /** What happens to the cluster when its master dies. */
    recovery?: SparkStandaloneRecovery;
    /** Java heap of each master. Default: 1g. */
    memory?: pulumi.Input<string>;
    /** CPU request of each master. Default: 200m. */
    cpuRequest?: pulumi.Input<string>;
    /** Number and size of the workers. */
    worker?: SparkStandaloneWorker;
    /** Most cores of an application that does not say how many it wants (spark.cores.max). Default: 2. */
    defaultCores?: pulumi.Input<number>;
    /** Whether applications may be submitted to port 6066 of the masters over HTTP, which asks nobody who they are. Default: false. */
    restSubmission?: pulumi.Input<boolean>;
    /** Secret with the key `secret`, which drivers, masters and workers share. Plain as to whether it is given: else one is made. Default: a generated one. */
    authenticationSecret?: pulumi.Input<string>;
    /** Annotations of the masters' account, for example the role that a cloud grants it. Default: none. */
    masterAccountAnnotations?: pulumi.Input<Record<string, pulumi.Input<string>>>;
    /** Annotations of the account of workers, and so of all executors. Default: none. */
    workerAccountAnnotations?: pulumi.Input<Record<string, pulumi.Input<string>>>;
    /** Addresses of the Kubernetes API server as CIDRs, with a port where it is neither 443 nor 6443: masters with recovery s3 share a Lease there. Default: 0.0.0.0/0, ports 443 and 6443 only. */
    apiServer?: pulumi.Input<pulumi.Input<string>[]>;
    /** Namespaces whose pods may use the cluster; pods of its own namespace may when they wear its client label. Default: none. */
    clientNamespaces?: pulumi.Input<pulumi.Input<string>[]>;
    /** What masters, workers and what workers start write on their standard output, and how; applications may tell their executors otherwise. Default: lines from info on, as JSON. */
    logs?: LogSettings;
    /** A monitor for the Prometheus operator, and what masters and workers must be told to show metrics. Plain as to whether it is given: decides which objects exist. Default: none. */
    monitoring?: Monitoring;
    /** Further Spark settings, of masters and workers. Those that an argument decides are refused; applications bring their own. */
    sparkConf?: pulumi.Input<Record<string, pulumi.Input<string>>>;
    /** Where and as whom the masters run. */
    pod?: PodSettings;
}

/** Arguments of `SparkStandalone`. */
export interface SparkStandaloneArgs extends SparkStandaloneSettings {
    /** Namespace to run in. Changing it replaces the cluster. */
    namespace: pulumi.Input<string>;
    /** Version of Spark in the image, for example 4.1.0. Masters forget what they know when it changes. */
    sparkVersion: pulumi.Input<string>;
    /** Image with Spark (see images/spark). */
    image: pulumi.Input<string>;
    /** Store that executors reach with s3a:// paths, and that the recovery s3 writes to. Default: none. */
    s3?: pulumi.Input<S3Connection>;
}

export type Worker = Required<Omit<SparkStandaloneWorker, "pod" | "memoryOverhead" | "cpuRequest" | "autoscaling">> &
    Pick<SparkStandaloneWorker, "pod" | "memoryOverhead" | "cpuRequest"> & { autoscaling?: ResolvedAutoscaling };

/** The arguments with every default filled in. */
export interface ResolvedStandalone extends Omit<SparkStandaloneArgs, "recovery"> {
    name: string;
    masters: pulumi.Input<number>;
    recovery: ResolvedRecovery;
    memory: pulumi.Input<string>;
    cpuRequest: pulumi.Input<string>;
    worker: Worker;
    defaultCores: pulumi.Input<number>;
    restSubmission: pulumi.Input<boolean>;
    apiServer: pulumi.Input<string[]>;
    clientNamespaces: pulumi.Input<string[]>;
    monitoring?: ResolvedMonitoring;
    sparkConf: pulumi.Input<Record<string, string>>;
}

const defaults = {
    recovery: {},
    memory: "1g",
    cpuRequest: "200m",
    worker: {},
    defaultCores: 2,
    restSubmission: false,
    apiServer: ["0.0.0.0/0"],
    clientNamespaces: [],
    sparkConf: {},
};

const workerDefaults = {
    replicas: 2,
    cores: 1,
    memory: "1g",
    daemonMemory: "512m",
    localStorage: "10g",
    leaveTimeout: "2m",
    keepFinished: "1h",
};

/** Everything that is known when the last of the arguments is: unwrapped once, for whoever needs several of them. */
export interface Cluster extends ResolvedStandalone {
    known: pulumi.Output<pulumi.UnwrappedObject<ResolvedStandalone>>;
}

/** @throws pulumi.InputPropertiesError naming every wrong field. */
export function resolveStandalone(name: string, given: SparkStandaloneArgs): Cluster {
    const args = withDefaults(given, defaults);
    const checks = new Checks(`SparkStandalone "${name}"`);
    checks.plain("name", name, dnsLabel);
    const recovery = resolveRecovery(checks, args.recovery);
    const resolved: ResolvedStandalone = {
        ...args,
        name,
        recovery,
        namespace: checks.input("namespace", args.namespace, present, dnsLabel),
        sparkVersion: checks.input("sparkVersion", args.sparkVersion, present, sparkVersion),
        image: checks.input("image", args.image, imageReference),
        s3: checkStore(checks, recovery, checks.optional("s3", args.s3, s3Connection)),
        masters: checks.input("masters", args.masters ?? (recovery.shared ? 2 : 1), wholeNumber({ from: 1, to: 9 }), standbys(recovery)),
        memory: checks.input("memory", args.memory, memorySize({ from: "256m" })),
        cpuRequest: checks.input("cpuRequest", args.cpuRequest, cpuQuantity),
        worker: resolveWorker(checks, args.worker),
        defaultCores: checks.input("defaultCores", args.defaultCores, wholeNumber({ from: 1 })),
        restSubmission: checks.input("restSubmission", args.restSubmission),
        authenticationSecret: checks.optional("authenticationSecret", args.authenticationSecret, existingObject),
        masterAccountAnnotations: checks.optional("masterAccountAnnotations", args.masterAccountAnnotations, annotations),
        workerAccountAnnotations: checks.optional("workerAccountAnnotations", args.workerAccountAnnotations, annotations),
        apiServer: checks.input("apiServer", args.apiServer, notEmpty, each(apiServerAddress)),
        clientNamespaces: checks.input("clientNamespaces", args.clientNamespaces, each(dnsLabel)),
        logs: resolveLogs(checks, args.logs),
        monitoring: resolveMonitoring(checks, args.monitoring),
        sparkConf: checkSparkConf(checks, args, ownedKeys),
        pod: checkPod(checks, "pod", args.pod),
    };
    checks.throwIfAny();
    return { ...resolved, known: pulumi.output(resolved) };
}

/** Two masters that do not know of each other would both lead, and give every core away twice. */
const standbys =
    ({ mode, shared }: ResolvedRecovery): Check<number> =>
    (masters) =>
        shared || masters === 1 ? undefined : `${masters} masters need the recovery s3 or zookeeper; with ${mode} each would lead`;

function resolveWorker(checks: Checks, given: SparkStandaloneWorker): Worker {
    const args = withDefaults(given, workerDefaults);
    checks.plain("worker.autoscaling", given, ({ autoscaling, replicas }) =>
        autoscaling && replicas !== undefined ? "is given together with worker.replicas; give one of the two" : undefined,
    );
    return {
        replicas: checks.input("worker.replicas", args.replicas, wholeNumber({ from: 1 })),
        autoscaling: resolveAutoscaling(checks, args.autoscaling),
        cores: checks.input("worker.cores", args.cores, wholeNumber({ from: 1 })),
        cpuRequest: checks.optional("worker.cpuRequest", args.cpuRequest, cpuQuantity),
        memory: checks.input("worker.memory", args.memory, memorySize({ from: "512m" })),
        memoryOverhead: checks.optional("worker.memoryOverhead", args.memoryOverhead, memorySize({ from: "64m" })),
        daemonMemory: checks.input("worker.daemonMemory", args.daemonMemory, memorySize({ from: "128m" })),
        localStorage: checks.input("worker.localStorage", args.localStorage, memorySize({ from: "256m" })),
        leaveTimeout: checks.input("worker.leaveTimeout", args.leaveTimeout, duration),
        keepFinished: checks.input("worker.keepFinished", args.keepFinished, duration),
        pod: checkPod(checks, "worker.pod", args.pod),
    };
}
