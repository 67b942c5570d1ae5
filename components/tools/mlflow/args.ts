import * as pulumi from "@pulumi/pulumi";

import { Checks } from "../../internal/checks";
import { withDefaults } from "../../internal/defaults";
import { resolveLogLevel, type LogLevelSettings } from "../../internal/logs";
import { memorySize } from "../../internal/memory";
import { resolveMonitoring, type Monitoring, type ResolvedMonitoring } from "../../internal/monitoring";
import { checkPod, type PodSettings } from "../../internal/pod";
import {
    cpuQuantity,
    dnsLabel,
    each,
    existingObject,
    hostName,
    imageReference,
    present,
    s3aDirectory,
    wholeNumber,
} from "../../internal/values";
import type { DatabaseConnection, S3Connection } from "../../storage/connections";
import { databaseConnection } from "../../storage/database";
import { s3Connection } from "../../storage/s3a";

/** What a tracking server is like: everything but its place and its storage. */
export interface MLflowSettings {
    /** Number of servers behind one address; they keep nothing themselves. Default: 1. */
    replicas?: pulumi.Input<number>;
    /** Processes of each server that answer requests. Default: 2. */
    workers?: pulumi.Input<number>;
    /** Memory of each server, for example 2g; a process takes about 400m. Default: 1500m. */
    memory?: pulumi.Input<string>;
    /** CPU request of each server. Default: 100m. */
    cpuRequest?: pulumi.Input<string>;
    /** Secret with the keys username and password of the first administrator; MLflow reads it once, when its database is new. Plain as to whether it is given at all. Default: generated. */
    adminSecret?: pulumi.Input<string>;
    /** Host names that browsers use, for example mlflow.example.org; others than these, the Service's and localhost are refused. Default: none. */
    hosts?: pulumi.Input<pulumi.Input<string>[]>;
    /** Namespaces whose pods may use the server, such as an ingress controller's; pods of its own namespace may when they wear its client label. Default: none. */
    clientNamespaces?: pulumi.Input<pulumi.Input<string>[]>;
    /** What the servers write on their standard output, a line for each request among it at info. Default: lines from info on. */
    logs?: LogLevelSettings;
    /** A monitor for the Prometheus operator, and a process beside each server that shows what it reads. Plain as to whether it is given: decides which objects exist. Default: none. */
    monitoring?: Monitoring;
    /** Where and as whom the pods run. */
    pod?: PodSettings;
}

/** Arguments of `MLflow`. */
export interface MLflowArgs extends MLflowSettings {
    /** Namespace to run in. Changing it replaces the server. */
    namespace: pulumi.Input<string>;
    /** Image with MLflow (see images/mlflow). */
    image: pulumi.Input<string>;
    /** Database for runs, models and users. */
    database: pulumi.Input<DatabaseConnection>;
    /** Store of the artifacts. */
    s3: pulumi.Input<S3Connection>;
    /** Directory of the artifacts, for example s3a://mlflow/artifacts; its bucket must exist. Clients reach it through the server only. */
    artifacts: pulumi.Input<string>;
    /** Service account of the pods, for a store that grants access by cloud identity. Default: the namespace's default account. Its token is never mounted. */
    serviceAccount?: pulumi.Input<string>;
}

/** The arguments with every default filled in. */
export interface ResolvedMLflow extends MLflowArgs {
    name: string;
    replicas: pulumi.Input<number>;
    workers: pulumi.Input<number>;
    memory: pulumi.Input<string>;
    cpuRequest: pulumi.Input<string>;
    hosts: pulumi.Input<string[]>;
    clientNamespaces: pulumi.Input<string[]>;
    monitoring?: ResolvedMonitoring;
}

const defaults = { replicas: 1, workers: 2, memory: "1500m", cpuRequest: "100m", hosts: [], clientNamespaces: [] };

/** @throws pulumi.InputPropertiesError naming every wrong field. */
export function resolveMLflow(name: string, given: MLflowArgs): ResolvedMLflow {
    const args = withDefaults(given, defaults);
    const checks = new Checks(`MLflow "${name}"`);
    checks.plain("name", name, dnsLabel);
    const resolved: ResolvedMLflow = {
        ...args,
        name,
        namespace: checks.input("namespace", args.namespace, present, dnsLabel),
        image: checks.input("image", args.image, imageReference),
        database: checks.input("database", args.database, present, databaseConnection),
        s3: checks.input("s3", args.s3, present, s3Connection),
        artifacts: checks.input("artifacts", args.artifacts, present, s3aDirectory),
        serviceAccount: checks.optional("serviceAccount", args.serviceAccount, existingObject),
        replicas: checks.input("replicas", args.replicas, wholeNumber({ from: 1 })),
        workers: checks.input("workers", args.workers, wholeNumber({ from: 1 })),
        memory: checks.input("memory", args.memory, memorySize({ from: "512m" })),
        cpuRequest: checks.input("cpuRequest", args.cpuRequest, cpuQuantity),
        adminSecret: checks.optional("adminSecret", args.adminSecret, existingObject),
        hosts: checks.input("hosts", args.hosts, each(hostName)),
        clientNamespaces: checks.input("clientNamespaces", args.clientNamespaces, each(dnsLabel)),
        logs: resolveLogLevel(checks, args.logs),
        monitoring: resolveMonitoring(checks, args.monitoring),
        pod: checkPod(checks, "pod", args.pod),
    };
    checks.throwIfAny();
    return resolved;
}
