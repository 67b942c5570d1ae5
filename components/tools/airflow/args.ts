import * as pulumi from "@pulumi/pulumi";

import { Checks, type Check } from "../../internal/checks";
import { withDefaults } from "../../internal/defaults";
import { resolveExporterImage } from "../../internal/exporters";
import { resolveLogs, type LogSettings } from "../../internal/logs";
import { memorySize } from "../../internal/memory";
import { annotations } from "../../internal/metadata";
import { resolveMonitoring, type Monitoring, type ResolvedMonitoring } from "../../internal/monitoring";
import { checkPod, type PodSettings } from "../../internal/pod";
import { secretKeys } from "../../internal/pod-additions";
import {
    apiServerAddress,
    cpuQuantity,
    dnsLabel,
    each,
    existingObject,
    httpUrl,
    imageReference,
    notEmpty,
    present,
    quoted,
    s3aDirectory,
    wholeNumber,
} from "../../internal/values";
import type { DatabaseConnection, S3Connection } from "../../storage/connections";
import { databaseConnection } from "../../storage/database";
import { s3Connection } from "../../storage/s3a";
import type { ClassicConnection } from "../../spark/connections";
import type { ServiceEndpoint, TrackingConnection } from "../connections";
import { classicConnection } from "../classic";
import { connectEndpoint, trackingConnection, type EndpointFacts } from "../endpoints";

/** Size of one kind of Airflow's processes. */
export interface AirflowProcess {
    /** Number of pods. Default: 1. */
    replicas?: pulumi.Input<number>;
    /** Memory of a pod, for example 2g. Default: what is said beside the process. */
    memory?: pulumi.Input<string>;
    /** CPU request of a pod. Default: 100m. */
    cpuRequest?: pulumi.Input<string>;
}

/** The pods that run tasks: one a task. */
export interface AirflowWorker {
    /** Memory of a pod; a Spark client needs little, what it fetches must fit. Default: 1g. */
    memory?: pulumi.Input<string>;
    /** CPU request of a pod. Default: 100m. */
    cpuRequest?: pulumi.Input<string>;
    /** Disk for temporary files of a pod. Default: 2g. */
    localStorage?: pulumi.Input<string>;
    /** Most tasks at a time. Default: 16. */
    maximum?: pulumi.Input<number>;
    /** Where and as whom the pods run. */
    pod?: PodSettings;
}

/** One key of a Secret. */
export interface AirflowSecretKey {
    /** Secret in Airflow's namespace. */
    secret: pulumi.Input<string>;
    /** Key in it. */
    key: pulumi.Input<string>;
}

/** What an Airflow is like: everything but its place, its storage and what it is connected to. */
export interface AirflowSettings {
    /** The API server, which also is the web UI; 2g of memory. */
    apiServer?: AirflowProcess;
    /** The scheduler; 1500m of memory. */
    scheduler?: AirflowProcess;
    /** The process that reads DAG files; 1g of memory. */
    dagProcessor?: AirflowProcess;
    /** The process that waits for deferred tasks; 1g of memory. */
    triggerer?: AirflowProcess;
    /** The pods that run tasks. */
    worker?: AirflowWorker;
    /** DAGs as file name to text, for example from files of your program; a change rolls out at once. Default: none. */
    dags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
    /** Whether the example DAGs of the image are there: Spark to the object store, and a model with MLflow. Default: false. */
    exampleDags?: pulumi.Input<boolean>;
    /** Airflow connections by name: a key of a Secret with the connection's URI or JSON. Default: none. */
    connections?: pulumi.Input<Record<string, pulumi.Input<AirflowSecretKey>>>;
    /** Secret with the keys username and password of the administrator. Plain as to whether it is given at all. Default: generated. */
    adminSecret?: pulumi.Input<string>;
    /** URL that browsers use, for example https://airflow.example.org. Default: the Service's. */
    publicUrl?: pulumi.Input<string>;
    /** Namespaces whose pods may use the API server, such as an ingress controller's; pods of its own namespace may when they wear its client label. Default: none. */
    clientNamespaces?: pulumi.Input<pulumi.Input<string>[]>;
    /** Addresses of the Kubernetes API server as CIDRs, with a port if it is not 443 or 6443. Default: 0.0.0.0/0, ports 443 and 6443 only. */
    kubernetesApi?: pulumi.Input<pulumi.Input<string>[]>;
    /** What all processes write on their standard output, and how; the level is that of tasks too, whose logs are always JSON. Default: lines from info on, as text. */
    logs?: LogSettings;
    /** A monitor for the Prometheus operator, and an exporter that all processes and tasks send their numbers to. Plain as to whether it is given: decides which objects exist. Default: none. */
    monitoring?: Monitoring;
    /** Where and as whom all pods but the workers run. */
    pod?: PodSettings;
}

/** Arguments of `Airflow`. */
export interface AirflowArgs extends AirflowSettings {
    /** Namespace to run in. Changing it replaces everything. */
    namespace: pulumi.Input<string>;
    /** Image with Airflow on the line of Spark that the backends run (see images/airflow). */
    image: pulumi.Input<string>;
    /** Image of the exporter (see images/exporters). Default: none; needed with monitoring. */
    exporterImage?: pulumi.Input<string>;
    /** Database of Airflow. Workers never see it. */
    database: pulumi.Input<DatabaseConnection>;
    /** Store of the tasks' logs, whose keys the tasks get too. */
    s3: pulumi.Input<S3Connection>;
    /** Directory of the tasks' logs, for example s3a://airflow-logs/tasks; its bucket must exist. */
    taskLogs: pulumi.Input<string>;
    /** Directory of tables, in the environment of tasks as WAREHOUSE. Default: none. */
    warehouse?: pulumi.Input<string>;
    /** Connect servers that tasks may use. Sessions go to the first unless a task names another. Default: none. */
    connect?: pulumi.Input<pulumi.Input<ServiceEndpoint>[]>;
    /** Tracking server that MLflow's client in tasks logs to. Default: none. */
    tracking?: pulumi.Input<TrackingConnection>;
    /** What makes the pods of tasks drivers of Spark themselves (see SparkClassic); they then run as its account, where it names one. With a Connect server beside it, sessions go there unless SPARK_REMOTE is taken out of the task's environment. Default: none. */
    classic?: pulumi.Input<ClassicConnection>;
    /** Whether tasks may make SparkApplications in the namespace, and watch and delete them. Plain: it decides which objects exist. Default: false. */
    applications?: boolean;
    /** Service account of the pods that need the store and nothing else: all but the scheduler and the tasks. Default: the namespace's default account. Its token is never mounted. */
    serviceAccount?: pulumi.Input<string>;
    /** Annotations of the scheduler's account, for example the role that a cloud grants it. Default: none. */
    schedulerAccountAnnotations?: pulumi.Input<Record<string, pulumi.Input<string>>>;
    /** Annotations of the account of tasks. Default: none. */
    workerAccountAnnotations?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

export interface ResolvedProcess {
    replicas: pulumi.Input<number>;
    memory: pulumi.Input<string>;
    cpuRequest: pulumi.Input<string>;
}

/** The arguments with every default filled in. */
export interface ResolvedAirflow extends AirflowArgs {
    name: string;
    apiServer: ResolvedProcess;
    scheduler: ResolvedProcess;
    dagProcessor: ResolvedProcess;
    triggerer: ResolvedProcess;
    worker: Required<Omit<AirflowWorker, "pod">> & Pick<AirflowWorker, "pod">;
    dags: pulumi.Input<Record<string, string>>;
    exampleDags: pulumi.Input<boolean>;
    connections: pulumi.Input<Record<string, pulumi.Unwrap<AirflowSecretKey>>>;
    clientNamespaces: pulumi.Input<string[]>;
    kubernetesApi: pulumi.Input<string[]>;
    connect: pulumi.Input<EndpointFacts[]>;
    applications: boolean;
    monitoring?: ResolvedMonitoring;
}

const process = { replicas: 1, cpuRequest: "100m" };
const defaults = {
    apiServer: {},
    scheduler: {},
    dagProcessor: {},
    triggerer: {},
    worker: {},
    dags: {},
    exampleDags: false,
    connections: {},
    clientNamespaces: [],
    kubernetesApi: ["0.0.0.0/0"],
    connect: [],
    applications: false,
};
const workerDefaults = { memory: "1g", cpuRequest: "100m", localStorage: "2g", maximum: 16 };

/** @throws pulumi.InputPropertiesError naming every wrong field. */
export function resolveAirflow(name: string, given: AirflowArgs): ResolvedAirflow {
    const args = withDefaults(given, defaults);
    const checks = new Checks(`Airflow "${name}"`);
    checks.plain("name", name, dnsLabel);
    const resolved: ResolvedAirflow = {
        ...args,
        name,
        namespace: checks.input("namespace", args.namespace, present, dnsLabel),
        image: checks.input("image", args.image, imageReference),
        database: checks.input("database", args.database, present, databaseConnection),
        s3: checks.input("s3", args.s3, present, s3Connection),
        taskLogs: checks.input("taskLogs", args.taskLogs, present, s3aDirectory),
        warehouse: checks.optional("warehouse", args.warehouse, s3aDirectory),
        connect: checks.input("connect", args.connect, each(connectEndpoint)),
        tracking: checks.optional("tracking", args.tracking, trackingConnection),
        classic: checks.optional("classic", args.classic, classicConnection),
        serviceAccount: checks.optional("serviceAccount", args.serviceAccount, existingObject),
        schedulerAccountAnnotations: checks.optional("schedulerAccountAnnotations", args.schedulerAccountAnnotations, annotations),
        workerAccountAnnotations: checks.optional("workerAccountAnnotations", args.workerAccountAnnotations, annotations),
        apiServer: resolveProcess(checks, "apiServer", args.apiServer, "2g"),
        scheduler: resolveProcess(checks, "scheduler", args.scheduler, "1500m"),
        dagProcessor: resolveProcess(checks, "dagProcessor", args.dagProcessor, "1g"),
        triggerer: resolveProcess(checks, "triggerer", args.triggerer, "1g"),
        worker: resolveWorker(checks, args.worker),
        dags: checks.input("dags", args.dags, pythonFiles),
        connections: checks.input("connections", args.connections, connectionNames, secretKeys),
        adminSecret: checks.optional("adminSecret", args.adminSecret, existingObject),
        publicUrl: checks.optional("publicUrl", args.publicUrl, httpUrl),
        clientNamespaces: checks.input("clientNamespaces", args.clientNamespaces, each(dnsLabel)),
        kubernetesApi: checks.input("kubernetesApi", args.kubernetesApi, notEmpty, each(apiServerAddress)),
        exporterImage: resolveExporterImage(checks, args),
        logs: resolveLogs(checks, args.logs),
        monitoring: resolveMonitoring(checks, args.monitoring),
        pod: checkPod(checks, "pod", args.pod),
    };
    checks.throwIfAny();
    return resolved;
}

function resolveProcess(checks: Checks, path: string, given: AirflowProcess, memory: string): ResolvedProcess {
    const args = withDefaults(given, { ...process, memory });
    return {
        replicas: checks.input(`${path}.replicas`, args.replicas, wholeNumber({ from: 1 })),
        memory: checks.input(`${path}.memory`, args.memory, memorySize({ from: "512m" })),
        cpuRequest: checks.input(`${path}.cpuRequest`, args.cpuRequest, cpuQuantity),
    };
}

export function resolveWorker(checks: Checks, given: AirflowWorker): ResolvedAirflow["worker"] {
    const args = withDefaults(given, workerDefaults);
    return {
        memory: checks.input("worker.memory", args.memory, memorySize({ from: "512m" })),
        cpuRequest: checks.input("worker.cpuRequest", args.cpuRequest, cpuQuantity),
        localStorage: checks.input("worker.localStorage", args.localStorage, memorySize({ from: "256m" })),
        maximum: checks.input("worker.maximum", args.maximum, wholeNumber({ from: 1 })),
        pod: checkPod(checks, "worker.pod", args.pod),
    };
}

const pythonFiles: Check<Record<string, string>> = (files) => {
    const wrong = Object.keys(files).filter((name) => !/^[A-Za-z0-9_]+\.py$/.test(name));
    return wrong.length === 0
        ? undefined
        : `${wrong.map(quoted).join(", ")} is not the name of a Python file; write it like "daily_etl.py"`;
};

const connectionNames: Check<Record<string, unknown>> = (connections) => {
    const wrong = Object.keys(connections).filter((name) => !/^[a-z][a-z0-9_]*$/.test(name));
    return wrong.length === 0
        ? undefined
        : `${wrong.map(quoted).join(", ")} is not the name of a connection; use lower-case letters, digits and "_"`;
};
