import * as pulumi from "@pulumi/pulumi";

import { Checks } from "../../internal/checks";
import { withDefaults } from "../../internal/defaults";
import { resolveExporterImage } from "../../internal/exporters";
import { resolveLogLevel, type LogLevelSettings } from "../../internal/logs";
import { memorySize } from "../../internal/memory";
import { resolveMonitoring, type Monitoring, type ResolvedMonitoring } from "../../internal/monitoring";
import { checkPod, type PodSettings } from "../../internal/pod";
import { cpuQuantity, dnsLabel, each, existingObject, imageReference, present, wholeNumber } from "../../internal/values";
import { databaseName, notOwnedParameters } from "./conf";

/** One database of a server, with a user of its own. */
export interface PostgresDatabase {
    /**
     * Secret with the keys username and password of the database's user. Plain as to whether it is given. To change the password, make
     * a Secret with another user name and give its name. Default: generated.
     */
    credentialsSecret?: pulumi.Input<string>;
    /**
     * Number of the generated user and password. A higher one makes new ones: clients that take the connection change over, those that have
     * not yet may go on with the old ones for an hour. Default: 1.
     */
    rotation?: pulumi.Input<number>;
}

/** Sizes and contents of a PostgreSQL server. */
export interface PostgresSettings {
    /** Size of the volume, for example 20g. It can grow later where the storage class allows. Default: 10g. */
    storage?: pulumi.Input<string>;
    /** Storage class of the volume. Changing it replaces the volume and loses its data. Default: the cluster's. */
    storageClass?: pulumi.Input<string>;
    /** Whether the volume refuses to be destroyed. Plain: the engine must know it beforehand. Default: false. */
    protectData?: boolean;
    /** Memory of the server, for example 1g; a quarter of it is its buffer cache. Default: 512m. */
    memory?: pulumi.Input<string>;
    /** CPU request of the server. Default: 100m. */
    cpuRequest?: pulumi.Input<string>;
    /** Most connections at a time. Default: 100. */
    maxConnections?: pulumi.Input<number>;
    /** Further settings of the server, as in postgresql.conf. Those that an argument decides are refused. Default: none. */
    parameters?: pulumi.Input<Record<string, pulumi.Input<string>>>;
    /**
     * Secret with the keys tls.crt, tls.key and ca.crt, for the host name <name>-postgres.<namespace>.svc; clients then verify the
     * server. A renewed certificate is taken over within two minutes. Plain as to whether it is given. Default: the server signs one for
     * itself at every start; connections are encrypted, but clients cannot verify who answers.
     */
    tlsSecret?: pulumi.Input<string>;
    /** Namespaces besides its own whose pods may use the server, if they wear its client label. Default: none. */
    clientNamespaces?: pulumi.Input<pulumi.Input<string>[]>;
    /** What the server writes on its standard output. A change restarts it. Default: lines from warn on. */
    logs?: LogLevelSettings;
    /** A monitor for the Prometheus operator, and an exporter beside the server that shows what it reads. Plain as to whether it is given: decides which objects exist. Default: none. */
    monitoring?: Monitoring;
    /** Where and as whom the pods run. */
    pod?: PodSettings;
}

/** Arguments of `Postgres`. */
export interface PostgresArgs extends PostgresSettings {
    /** Namespace to run in. Changing it replaces the server. */
    namespace: pulumi.Input<string>;
    /** Image with PostgreSQL and the programs that start and set it up (see images/postgres). */
    image: pulumi.Input<string>;
    /** Image of the exporter (see images/exporters). Default: none; needed with monitoring. */
    exporterImage?: pulumi.Input<string>;
    /** Databases by name, each with a role that owns it and a user. None is deleted when it is taken out. Plain: decides which Secrets exist. */
    databases: Record<string, PostgresDatabase>;
}

/** A database with its name and its defaults filled in. */
export interface ResolvedDatabase {
    database: string;
    credentialsSecret?: pulumi.Input<string>;
    rotation: pulumi.Input<number>;
}

/** The arguments with every default filled in. */
export interface ResolvedPostgres extends Omit<PostgresArgs, "databases"> {
    name: string;
    databases: ResolvedDatabase[];
    storage: pulumi.Input<string>;
    memory: pulumi.Input<string>;
    cpuRequest: pulumi.Input<string>;
    maxConnections: pulumi.Input<number>;
    parameters: pulumi.Input<Record<string, string>>;
    clientNamespaces: pulumi.Input<string[]>;
    monitoring?: ResolvedMonitoring;
}

const defaults = {
    storage: "10g",
    memory: "512m",
    cpuRequest: "100m",
    maxConnections: 100,
    parameters: {},
    clientNamespaces: [],
};

/** @throws pulumi.InputPropertiesError naming every wrong field. */
export function resolvePostgres(name: string, given: PostgresArgs): ResolvedPostgres {
    const args = withDefaults(given, defaults);
    const checks = new Checks(`Postgres "${name}"`);
    checks.plain("name", name, dnsLabel);
    const resolved: ResolvedPostgres = {
        ...args,
        name,
        namespace: checks.input("namespace", args.namespace, present, dnsLabel),
        image: checks.input("image", args.image, imageReference),
        databases: resolveDatabases(checks, args.databases),
        storage: checks.input("storage", args.storage, memorySize({ from: "1g" })),
        storageClass: checks.optional("storageClass", args.storageClass, existingObject),
        memory: checks.input("memory", args.memory, memorySize({ from: "256m" })),
        cpuRequest: checks.input("cpuRequest", args.cpuRequest, cpuQuantity),
        maxConnections: checks.input("maxConnections", args.maxConnections, wholeNumber({ from: 10, to: 10_000 })),
        parameters: checks.input("parameters", args.parameters, notOwnedParameters),
        tlsSecret: checks.optional("tlsSecret", args.tlsSecret, existingObject),
        clientNamespaces: checks.input("clientNamespaces", args.clientNamespaces, each(dnsLabel)),
        exporterImage: resolveExporterImage(checks, args),
        logs: resolveLogLevel(checks, args.logs),
        monitoring: resolveMonitoring(checks, args.monitoring),
        pod: checkPod(checks, "pod", args.pod),
    };
    checks.throwIfAny();
    return resolved;
}

function resolveDatabases(checks: Checks, databases: Record<string, PostgresDatabase>): ResolvedDatabase[] {
    checks.plain("databases", Object.keys(databases), (names) =>
        names.length === 0 ? "is empty; give at least one" : each(databaseName)(names),
    );
    return Object.entries(databases).map(([database, { credentialsSecret, rotation }]) => ({
        database,
        credentialsSecret: checks.optional(`databases.${database}.credentialsSecret`, credentialsSecret, existingObject),
        rotation: checks.input(`databases.${database}.rotation`, rotation ?? 1, wholeNumber({ from: 1 }), () =>
            credentialsSecret !== undefined && rotation !== undefined
                ? "is for generated passwords; a given Secret is rotated by giving another"
                : undefined,
        ),
    }));
}
