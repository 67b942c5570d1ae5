import * as pulumi from "@pulumi/pulumi";

import type { Check, Checks } from "../../internal/checks";
import { memorySize } from "../../internal/memory";
import type { SparkConf } from "../../internal/spark-properties";
import { sparkLine } from "../../internal/spark-versions";
import { existingObject, oneOf, quoted, s3aDirectory } from "../../internal/values";
import { clusterEndpoint, type ClusterEndpoint, type S3Connection } from "../../storage/connections";
import { s3aConf, type S3Facts } from "../../storage/s3a";
import { mastersName } from "./identity";

/** What a new master knows of the cluster when the old one died. */
export const StandaloneRecovery = {
    /** Nothing: running applications lose their executors. */
    None: "none",
    /** What the old one wrote to its volume, as soon as its pod is there again. */
    Filesystem: "filesystem",
    /** What the masters share in ZooKeeper. One that stands by takes over when the dead one's session ends: 40 s by ZooKeeper's own default. */
    ZooKeeper: "zookeeper",
    /** What the masters share in an object store. One that stands by takes over within 15 s. */
    S3: "s3",
} as const;

/** What happens to a Standalone cluster when its master dies. */
export interface SparkStandaloneRecovery {
    /** One of `StandaloneRecovery`. Plain: decides which objects there are. Default: filesystem. */
    mode?: string;
    /** With s3: where records are kept, for example s3a://spark/recovery; each cluster takes a directory of its own in it. Default: none, it must be given. */
    directory?: pulumi.Input<string>;
    /** With filesystem: size of the master's volume. Default: 1g. */
    storage?: pulumi.Input<string>;
    /** With filesystem: storage class of the volume. Default: the cluster's. */
    storageClass?: pulumi.Input<string>;
    /** With zookeeper: the ensemble, for example zk-0.zk:2181,zk-1.zk:2181. Default: none, it must be given. */
    ensemble?: pulumi.Input<string>;
    /** With zookeeper: the ensemble's pods when it is inside the cluster. Default: none, network policies allow any address at its ports. */
    ensembleEndpoint?: pulumi.Input<ClusterEndpoint>;
}

/** The settings with every default filled in. */
export interface ResolvedRecovery extends SparkStandaloneRecovery {
    mode: string;
    /** Whether several masters know of each other. */
    shared: boolean;
    storage: pulumi.Input<string>;
}

/** Settings that only one of the modes looks at. */
const modeOf: Record<string, string> = {
    directory: StandaloneRecovery.S3,
    storage: StandaloneRecovery.Filesystem,
    storageClass: StandaloneRecovery.Filesystem,
    ensemble: StandaloneRecovery.ZooKeeper,
    ensembleEndpoint: StandaloneRecovery.ZooKeeper,
};

export function resolveRecovery(checks: Checks, given: SparkStandaloneRecovery): ResolvedRecovery {
    const mode = given.mode ?? StandaloneRecovery.Filesystem;
    const modes = Object.values<string>(StandaloneRecovery);
    const known = modes.includes(mode);
    checks.plain("recovery.mode", mode, oneOf(modes));
    for (const [field, its] of Object.entries(modeOf)) {
        const isGiven = given[field as keyof SparkStandaloneRecovery] !== undefined;
        checks.plain(`recovery.${field}`, isGiven, () =>
            isGiven && known && mode !== its ? `is for the recovery ${its}; with ${mode} it has no effect` : undefined,
        );
    }
    needs(checks, mode, StandaloneRecovery.S3, "directory", given.directory);
    needs(checks, mode, StandaloneRecovery.ZooKeeper, "ensemble", given.ensemble);
    return {
        ...given,
        mode,
        shared: mode === StandaloneRecovery.S3 || mode === StandaloneRecovery.ZooKeeper,
        directory: checks.optional("recovery.directory", given.directory, s3aDirectory),
        storage: checks.input("recovery.storage", given.storage ?? "1g", memorySize({ from: "64m" })),
        storageClass: checks.optional("recovery.storageClass", given.storageClass, existingObject),
        ensembleEndpoint: checks.optional("recovery.ensembleEndpoint", given.ensembleEndpoint, clusterEndpoint),
        ensemble: checks.optional("recovery.ensemble", given.ensemble, ensemble),
    };
}

function needs(checks: Checks, mode: string, its: string, field: string, value: unknown): void {
    checks.plain(`recovery.${field}`, value, () =>
        mode === its && value === undefined ? `is missing; the recovery ${its} needs it` : undefined,
    );
}

/** Records in a store need to know which. */
export function checkStore(
    checks: Checks,
    { mode }: ResolvedRecovery,
    s3: pulumi.Input<S3Connection> | undefined,
): pulumi.Input<S3Connection> | undefined {
    checks.plain("s3", s3, () => (mode === StandaloneRecovery.S3 && s3 === undefined ? "is missing; the recovery s3 needs it" : undefined));
    return s3;
}

export const ensemble: Check<string> = (value) =>
    /^[A-Za-z0-9.-]+:[0-9]{1,5}(,[A-Za-z0-9.-]+:[0-9]{1,5})*$/.test(value)
        ? undefined
        : `${quoted(value)} is not a list of ZooKeeper servers; write it like "zk-0.zk:2181,zk-1.zk:2181"`;

/** Ports of an ensemble's servers. */
export const portsOf = (servers: string): number[] => [...new Set(servers.split(",").map((server) => Number(server.split(":")[1])))];

export const recoveryDirectory = "/var/spark/recovery";

export interface RecoveryFacts {
    name: string;
    namespace: string;
    sparkVersion: string;
    recovery: { mode: string; directory?: string; ensemble?: string };
    s3?: S3Facts;
}

/** Records are Java's serialised form of Spark's own classes, so those of every version have a place of their own. */
export function recoveryConf(cluster: RecoveryFacts): SparkConf {
    const { name, namespace, sparkVersion, recovery } = cluster;
    const confs: Record<string, SparkConf> = {
        [StandaloneRecovery.None]: { "spark.deploy.recoveryMode": "NONE" },
        [StandaloneRecovery.Filesystem]: {
            "spark.deploy.recoveryMode": "FILESYSTEM",
            "spark.deploy.recoveryDirectory": `${recoveryDirectory}/${sparkVersion}`,
        },
        [StandaloneRecovery.ZooKeeper]: {
            "spark.deploy.recoveryMode": "ZOOKEEPER",
            "spark.deploy.zookeeper.url": recovery.ensemble,
            "spark.deploy.zookeeper.dir": `/spark-platform/${namespace}/${name}/${sparkVersion}`,
        },
        [StandaloneRecovery.S3]: storeConf(cluster),
    };
    return confs[recovery.mode] ?? {};
}

/** See extensions/standalone-recovery. */
function storeConf({ name, namespace, sparkVersion, recovery, s3 }: RecoveryFacts): SparkConf {
    return {
        "spark.deploy.recoveryMode": "CUSTOM",
        "spark.deploy.recoveryMode.factory": "sparkplatform.recovery.StandaloneRecoveryFactory",
        "spark.platform.recovery.directory": `${String(recovery.directory).replace(/\/$/, "")}/${namespace}/${name}`,
        "spark.platform.recovery.lease.name": mastersName({ name }),
        "spark.platform.recovery.lease.namespace": namespace,
        ...(s3 && s3aConf(sparkLine(sparkVersion), s3)),
    };
}
