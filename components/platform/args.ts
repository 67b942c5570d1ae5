import * as pulumi from "@pulumi/pulumi";

import { Checks } from "../internal/checks";
import { withDefaults } from "../internal/defaults";
import { readsLogsOf, sparkVersion, testedVersions } from "../internal/spark-versions";
import { dnsLabel, present } from "../internal/values";
import type { SparkConnectSettings } from "../spark/connect/args";
import type { SparkHistoryServerSettings } from "../spark/history-server/args";
import type { S3Connection } from "../storage/connections";
import type { ObjectStoreSettings } from "../storage/object-store/args";
import type { SparkWorkspaceSettings } from "../workspace/args";

/** Where the platform's images come from. */
export interface SparkPlatformImages {
    /** Registry, with a path if there is one: Spark is <registry>/spark:<version>, MinIO <registry>/minio:<version>. */
    registry: pulumi.Input<string>;
    /** Secrets with the registry's credentials, used by every pod. Default: none. */
    pullSecrets?: pulumi.Input<pulumi.Input<string>[]>;
}

/** The object store of the platform. */
export interface SparkPlatformObjectStore extends ObjectStoreSettings {
    /** Image of the store. Default: the registry's minio, of the version that the platform is tested with. */
    image?: pulumi.Input<string>;
}

/** An S3 store that exists already. */
export interface SparkPlatformStorage {
    /** How to reach it. */
    s3: pulumi.Input<S3Connection>;
    /** Directory for event logs, for example s3a://spark-logs/events; it must exist. Default: no event logs. */
    eventLogDirectory?: pulumi.Input<string>;
}

/** The History Server of the platform. */
export interface SparkPlatformHistoryServer extends SparkHistoryServerSettings {
    /** Spark version of the server; it reads logs of its own line and of older ones. Plain: it is compared with the servers'. Default: the platform's. */
    sparkVersion?: string;
    /** Image of the server. Default: the registry's spark of that version. */
    image?: pulumi.Input<string>;
}

/** One Connect server of the platform. */
export interface SparkPlatformConnect extends SparkConnectSettings {
    /** Spark version of the server. Plain: it is compared with the History Server's. Default: the platform's. */
    sparkVersion?: string;
    /** Image of the server and its executors. Default: the registry's spark of that version. */
    image?: pulumi.Input<string>;
}

/** Arguments of `SparkPlatform`. What decides which bricks exist (objectStore, storage, historyServer, the keys of connect) is plain. */
export interface SparkPlatformArgs {
    /** Where images come from. */
    images: SparkPlatformImages;
    /** Namespace to make for the platform. Default: the platform's name. */
    namespace?: pulumi.Input<string>;
    /** Spark version of bricks that do not say their own. Plain: see there. Default: 4.1.0. */
    sparkVersion?: string;
    /** Quota and accounts of the namespace. */
    workspace?: SparkWorkspaceSettings;
    /** An object store of the platform's own. Default: none, unless `storage` is not given either: then one with defaults. */
    objectStore?: SparkPlatformObjectStore;
    /** A store that exists already, in place of an own one. Default: none. */
    storage?: SparkPlatformStorage;
    /** The History Server. Default: none. */
    historyServer?: SparkPlatformHistoryServer;
    /** Connect servers by name. Default: none. */
    connect?: Record<string, SparkPlatformConnect>;
    /** Addresses of the Kubernetes API server as CIDRs, with the port behind a colon where it is neither 443 nor 6443, for all network policies that need them. Default: 0.0.0.0/0, ports 443 and 6443 only. */
    apiServer?: pulumi.Input<pulumi.Input<string>[]>;
}

/** The arguments with every default filled in. */
export interface ResolvedPlatform extends SparkPlatformArgs {
    name: string;
    namespace: pulumi.Input<string>;
    sparkVersion: string;
    connect: Record<string, SparkPlatformConnect>;
    workspace: SparkWorkspaceSettings;
}

const newestTested = testedVersions.at(-1) ?? "";

/** @throws pulumi.InputPropertiesError naming every wrong field; what belongs to one brick is checked by that brick. */
export function resolvePlatform(name: string, given: SparkPlatformArgs): ResolvedPlatform {
    const args = withDefaults(given, { namespace: name, sparkVersion: newestTested, connect: {}, workspace: {} });
    const checks = new Checks(`SparkPlatform "${name}"`);
    checks.plain("name", name, dnsLabel);
    checks.plain("sparkVersion", args.sparkVersion, sparkVersion);
    checks.plain("objectStore", args, oneStore);
    checks.plain("historyServer", args, logsToShow);
    for (const key of Object.keys(args.connect)) {
        checks.plain(`connect["${key}"]`, key, dnsLabel);
    }
    for (const { path, version } of versionsOf(args)) {
        checks.plain(path, version, sparkVersion);
    }
    const images = { ...args.images, registry: checks.input("images.registry", args.images.registry, present) };
    checks.throwIfAny();
    checks.plain("historyServer.sparkVersion", args, readableLogs);
    checks.throwIfAny();
    const objectStore = args.objectStore ?? (args.storage ? undefined : {});
    return { ...args, name, images, objectStore };
}

/** Versions that a brick says for itself. */
function versionsOf({ historyServer, connect = {} }: SparkPlatformArgs): { path: string; version: string }[] {
    const own = [
        { path: "historyServer.sparkVersion", version: historyServer?.sparkVersion },
        ...Object.entries(connect).map(([key, server]) => ({ path: `connect["${key}"].sparkVersion`, version: server.sparkVersion })),
    ];
    return own.flatMap(({ path, version }) => (version === undefined ? [] : [{ path, version }]));
}

function oneStore({ objectStore, storage }: SparkPlatformArgs): string | undefined {
    return objectStore && storage ? "is given together with storage; give one of the two" : undefined;
}

function logsToShow({ historyServer, storage }: SparkPlatformArgs): string | undefined {
    return historyServer && storage && storage.eventLogDirectory === undefined
        ? "has no logs to show; give storage.eventLogDirectory too"
        : undefined;
}

function readableLogs({ historyServer, connect = {}, sparkVersion: common = newestTested }: SparkPlatformArgs): string | undefined {
    if (historyServer === undefined) {
        return undefined;
    }
    const reader = historyServer.sparkVersion ?? common;
    const newer = Object.entries(connect).filter(([, server]) => !readsLogsOf(reader, server.sparkVersion ?? common));
    return newer.length === 0
        ? undefined
        : `${reader} cannot read the logs of ${newer.map(([key, server]) => `connect["${key}"], which is ${server.sparkVersion ?? common}`).join("; ")}`;
}
