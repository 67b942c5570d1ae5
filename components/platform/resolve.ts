import type * as pulumi from "@pulumi/pulumi";

import { awsRegion } from "../internal/aws";
import { Checks } from "../internal/checks";
import { withDefaults } from "../internal/defaults";
import { resolveLogs } from "../internal/logs";
import { resolveMonitoring } from "../internal/monitoring";
import { newestTested, readsLogsOf, sparkVersion } from "../internal/spark-versions";
import { apiServerAddress, dnsLabel, each, existingObject, hostName, imageRegistry, notEmpty, s3aDirectory } from "../internal/values";
import { tracingConnection } from "../spark/tracing";
import { s3Connection } from "../storage/s3a";
import type { SparkWorkspaceSettings } from "../workspace/args";
import type { SparkPlatformArgs, SparkPlatformConnect, SparkPlatformJupyterLab, SparkPlatformStandalone } from "./args";
import { contradictions } from "./contradictions";
import type { SparkPlatformApplication, SparkPlatformClassic, SparkPlatformSchedule, SparkPlatformSubmit } from "./surroundings";

/** The arguments with every default filled in. */
export interface ResolvedPlatform extends SparkPlatformArgs {
    name: string;
    namespace: pulumi.Input<string>;
    sparkVersion: string;
    connect: Record<string, SparkPlatformConnect>;
    standalone: Record<string, SparkPlatformStandalone>;
    classic: Record<string, SparkPlatformClassic>;
    jupyterLab: Record<string, SparkPlatformJupyterLab>;
    sparkSubmit: Record<string, SparkPlatformSubmit>;
    sparkApplication: Record<string, SparkPlatformApplication>;
    scheduledSparkApplication: Record<string, SparkPlatformSchedule>;
    workspace: SparkWorkspaceSettings;
}

/** @throws pulumi.InputPropertiesError naming every wrong field; what belongs to one brick is checked by that brick. */
export function resolvePlatform(name: string, given: SparkPlatformArgs): ResolvedPlatform {
    const args = withDefaults(given, {
        namespace: name,
        sparkVersion: newestTested,
        connect: {},
        standalone: {},
        classic: {},
        jupyterLab: {},
        sparkSubmit: {},
        sparkApplication: {},
        scheduledSparkApplication: {},
        workspace: {},
    });
    const checks = new Checks(`SparkPlatform "${name}"`);
    checks.plain("name", name, dnsLabel);
    checks.plain("sparkVersion", args.sparkVersion, sparkVersion);
    for (const { path, name: given } of named(args)) {
        checks.plain(path, given, dnsLabel);
    }
    for (const { path, version } of versionsOf(args)) {
        checks.plain(path, version, sparkVersion);
    }
    for (const { field, says } of contradictions(args)) {
        checks.plain(field, says, (problem) => problem);
    }
    resolveLogs(checks, args.logs);
    resolveMonitoring(checks, args.monitoring);
    const own = resolveOwn(checks, given);
    checks.throwIfAny();
    checks.plain("historyServer.sparkVersion", args, readableLogs);
    checks.throwIfAny();
    const objectStore = args.objectStore ?? (args.storage || args.aws?.buckets ? undefined : {});
    return { ...args, ...own, name, objectStore };
}

/** What no brick gets as it is given: many make one of it, or nobody uses it yet. */
function resolveOwn(checks: Checks, { images, namespace, apiServer, storage, aws, ingress, tracing }: SparkPlatformArgs) {
    return {
        images: {
            registry: checks.input("images.registry", images.registry, imageRegistry),
            pullSecrets: checks.optional("images.pullSecrets", images.pullSecrets, each(existingObject)),
        },
        ...(namespace !== undefined && { namespace: checks.input("namespace", namespace, dnsLabel) }),
        apiServer: checks.optional("apiServer", apiServer, notEmpty, each(apiServerAddress)),
        tracing: checks.optional("tracing", tracing, tracingConnection),
        storage: storage && {
            ...storage,
            s3: checks.input("storage.s3", storage.s3, s3Connection),
            eventLogDirectory: checks.optional("storage.eventLogDirectory", storage.eventLogDirectory, s3aDirectory),
            warehouse: checks.optional("storage.warehouse", storage.warehouse, s3aDirectory),
        },
        aws: aws && { ...aws, region: checks.input("aws.region", aws.region, awsRegion) },
        ingress: ingress && {
            ...ingress,
            domain: checks.input("ingress.domain", ingress.domain, hostName),
            controllerNamespace: checks.input("ingress.controllerNamespace", ingress.controllerNamespace, dnsLabel),
        },
    };
}

const kinds = ["connect", "standalone", "classic", "jupyterLab", "sparkSubmit", "sparkApplication", "scheduledSparkApplication"] as const;

/** Bricks that there may be several of, each under a name of the user's. */
function named(args: SparkPlatformArgs): { path: string; name: string; sparkVersion?: string }[] {
    return kinds.flatMap((kind) =>
        Object.entries<{ sparkVersion?: string }>(args[kind] ?? {}).map(([name, { sparkVersion }]) => ({
            path: `${kind}["${name}"]`,
            name,
            sparkVersion,
        })),
    );
}

/** Versions that a brick says for itself. */
function versionsOf(args: SparkPlatformArgs): { path: string; version: string }[] {
    const own = [
        { path: "historyServer", sparkVersion: args.historyServer?.sparkVersion },
        { path: "airflow", sparkVersion: args.airflow?.sparkVersion },
        { path: "jupyterHub", sparkVersion: args.jupyterHub?.sparkVersion },
        ...named(args),
    ];
    return own.flatMap(({ path, sparkVersion: version }) => (version === undefined ? [] : [{ path: `${path}.sparkVersion`, version }]));
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
