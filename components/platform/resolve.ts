import type * as pulumi from "@pulumi/pulumi";

import { Checks } from "../internal/checks";
import { withDefaults } from "../internal/defaults";
import { resolveMonitoring } from "../internal/monitoring";
import { readsLogsOf, sparkVersion, testedVersions } from "../internal/spark-versions";
import { dnsLabel, present } from "../internal/values";
import type { SparkWorkspaceSettings } from "../workspace/args";
import type { SparkPlatformArgs, SparkPlatformConnect, SparkPlatformJupyterLab, SparkPlatformStandalone } from "./args";

/** The arguments with every default filled in. */
export interface ResolvedPlatform extends SparkPlatformArgs {
    name: string;
    namespace: pulumi.Input<string>;
    sparkVersion: string;
    connect: Record<string, SparkPlatformConnect>;
    standalone: Record<string, SparkPlatformStandalone>;
    jupyterLab: Record<string, SparkPlatformJupyterLab>;
    workspace: SparkWorkspaceSettings;
}

const newestTested = testedVersions.at(-1) ?? "";

/** @throws pulumi.InputPropertiesError naming every wrong field; what belongs to one brick is checked by that brick. */
export function resolvePlatform(name: string, given: SparkPlatformArgs): ResolvedPlatform {
    const args = withDefaults(given, {
        namespace: name,
        sparkVersion: newestTested,
        connect: {},
        standalone: {},
        jupyterLab: {},
        workspace: {},
    });
    const checks = new Checks(`SparkPlatform "${name}"`);
    checks.plain("name", name, dnsLabel);
    checks.plain("sparkVersion", args.sparkVersion, sparkVersion);
    checks.plain("objectStore", args, oneStore);
    checks.plain("historyServer", args, logsToShow);
    for (const { path, name: given } of named(args)) {
        checks.plain(path, given, dnsLabel);
    }
    for (const { path, version } of versionsOf(args)) {
        checks.plain(path, version, sparkVersion);
    }
    for (const [key, server] of Object.entries(args.connect)) {
        checks.plain(`connect["${key}"].standalone`, server.standalone, clusterOf(args.standalone));
    }
    for (const key of ["hiveMetastore", "mlflow", "airflow"] as const) {
        checks.plain(`${key}.database`, args[key], oneDatabase);
    }
    checks.plain("mlflow.artifacts", args.storage && args.mlflow, (mlflow) => directoryOf(mlflow, mlflow?.artifacts));
    checks.plain("airflow.logs", args.storage && args.airflow, (airflow) => directoryOf(airflow, airflow?.logs));
    checks.plain("hiveMetastore", args, warehouseOf);
    checks.plain("observability", args, somethingToSee);
    resolveMonitoring(checks, args.monitoring);
    const images = { ...args.images, registry: checks.input("images.registry", args.images.registry, present) };
    checks.throwIfAny();
    checks.plain("historyServer.sparkVersion", args, readableLogs);
    checks.throwIfAny();
    const objectStore = args.objectStore ?? (args.storage ? undefined : {});
    return { ...args, name, images, objectStore };
}

/** Bricks that there may be several of, each under a name of the user's. */
function named({
    connect = {},
    standalone = {},
    jupyterLab = {},
}: SparkPlatformArgs): { path: string; name: string; sparkVersion?: string }[] {
    const kinds: Record<string, Record<string, { sparkVersion?: string }>> = { connect, standalone, jupyterLab };
    return Object.entries(kinds).flatMap(([kind, bricks]) =>
        Object.entries(bricks).map(([name, { sparkVersion }]) => ({ path: `${kind}["${name}"]`, name, sparkVersion })),
    );
}

/** Versions that a brick says for itself. */
function versionsOf(args: SparkPlatformArgs): { path: string; version: string }[] {
    const own = [
        { path: "historyServer", sparkVersion: args.historyServer?.sparkVersion },
        { path: "airflow", sparkVersion: args.airflow?.sparkVersion },
        ...named(args),
    ];
    return own.flatMap(({ path, sparkVersion: version }) => (version === undefined ? [] : [{ path: `${path}.sparkVersion`, version }]));
}

const clusterOf = (clusters: Record<string, unknown>) => (name: string | undefined) =>
    name === undefined || name in clusters
        ? undefined
        : `"${name}" is none of the platform's Standalone clusters; there is ${Object.keys(clusters).join(", ") || "none, give one in standalone"}`;

const oneDatabase = (part: { database?: unknown; postgres?: unknown } | undefined) =>
    part?.database !== undefined && part.postgres !== undefined ? "is given together with postgres; give one of the two" : undefined;

const directoryOf = (part: object | undefined, directory: unknown) =>
    part !== undefined && directory === undefined
        ? "is missing; with storage the platform makes no bucket, so name a directory in one"
        : undefined;

function warehouseOf({ hiveMetastore, storage }: SparkPlatformArgs): string | undefined {
    return hiveMetastore && storage && storage.warehouse === undefined ? "has no place for tables; give storage.warehouse too" : undefined;
}

/** Servers that are watched one by one count, too. */
function somethingToSee({ observability, monitoring, connect = {}, standalone = {} }: SparkPlatformArgs): string | undefined {
    const servers: { monitoring?: object }[] = [{ monitoring }, ...Object.values(connect), ...Object.values(standalone)];
    return observability && servers.every((server) => server.monitoring === undefined)
        ? "has nothing to show; give monitoring too, of the platform or of a server"
        : undefined;
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
