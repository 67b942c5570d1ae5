import * as pulumi from "@pulumi/pulumi";

import { Checks } from "../../internal/checks";
import { withDefaults } from "../../internal/defaults";
import { resolveLogLevel, type LogLevelSettings } from "../../internal/logs";
import { memorySize } from "../../internal/memory";
import { resolveMonitoring, type Monitoring, type ResolvedMonitoring } from "../../internal/monitoring";
import { checkPod, type PodSettings } from "../../internal/pod";
import { cpuQuantity, dnsLabel, duration, each, existingObject, imageReference, present } from "../../internal/values";
import type { ClassicConnection } from "../../spark/connections";
import type { ServiceEndpoint, TrackingConnection } from "../connections";
import { classicConnection } from "../classic";
import { connectEndpoint, trackingConnection, webEndpoint, type EndpointFacts } from "../endpoints";

/** What a notebook server is like: everything but its place and what it is connected to. */
export interface JupyterLabSettings {
    /** Memory of the server and all its kernels, for example 4g. Default: 2g. */
    memory?: pulumi.Input<string>;
    /** CPU request. Default: 250m. */
    cpuRequest?: pulumi.Input<string>;
    /** Size of the home directory, which holds the notebooks. It can grow later where the storage class allows. Default: 5g. */
    storage?: pulumi.Input<string>;
    /** Storage class of the home directory. Changing it replaces the volume and loses the notebooks. Default: the cluster's. */
    storageClass?: pulumi.Input<string>;
    /** Whether the home directory refuses to be destroyed. Plain: the engine must know it beforehand. Default: false. */
    protectData?: boolean;
    /** Time after which a kernel that runs nothing is stopped, and its Spark session with it. Default: 12h. */
    kernelIdleTimeout?: pulumi.Input<string>;
    /** Secret with the key token, of at least 16 characters, which people log in with. Plain as to whether it is given at all. Default: a generated one. */
    tokenSecret?: pulumi.Input<string>;
    /** Namespaces whose pods may use the server, such as an ingress controller's; pods of its own namespace may when they wear its client label. Default: none. */
    clientNamespaces?: pulumi.Input<pulumi.Input<string>[]>;
    /** What the notebook server writes on its standard output; kernels have loggers of their own. Default: lines from info on. */
    logs?: LogLevelSettings;
    /** A monitor for the Prometheus operator. Plain as to whether it is given: decides which objects exist. Default: none. */
    monitoring?: Monitoring;
    /** Where and as whom the pod runs. */
    pod?: PodSettings;
}

/** Arguments of `JupyterLab`. */
export interface JupyterLabArgs extends JupyterLabSettings {
    /** Namespace to run in. Changing it replaces the server. */
    namespace: pulumi.Input<string>;
    /** Image with JupyterLab on the line of Spark that the backends run (see images/jupyter-lab). */
    image: pulumi.Input<string>;
    /** Connect servers that notebooks may use. Sessions go to the first unless a notebook names another. Default: none. */
    connect?: pulumi.Input<pulumi.Input<ServiceEndpoint>[]>;
    /** History Server that notebooks may ask; its address is in the environment as SPARK_HISTORY_URL. Default: none. */
    historyServer?: pulumi.Input<ServiceEndpoint>;
    /** Tracking server that MLflow's client in notebooks logs to. Default: none. */
    tracking?: pulumi.Input<TrackingConnection>;
    /** What makes the pod a driver of Spark itself (see SparkClassic); with a Connect server beside it, sessions go there unless SPARK_REMOTE is taken out of the notebook's environment. Default: none. */
    classic?: pulumi.Input<ClassicConnection>;
    /** Service account of the pod, unless classic names one. Default: the namespace's default account. Its token is mounted for classic only. */
    serviceAccount?: pulumi.Input<string>;
}

/** The arguments with every default filled in. */
export interface ResolvedJupyterLab extends JupyterLabArgs {
    name: string;
    memory: pulumi.Input<string>;
    cpuRequest: pulumi.Input<string>;
    storage: pulumi.Input<string>;
    kernelIdleTimeout: pulumi.Input<string>;
    clientNamespaces: pulumi.Input<string[]>;
    monitoring?: ResolvedMonitoring;
    connect: pulumi.Input<EndpointFacts[]>;
}

const defaults = {
    memory: "2g",
    cpuRequest: "250m",
    storage: "5g",
    kernelIdleTimeout: "12h",
    clientNamespaces: [],
    connect: [],
};

/** @throws pulumi.InputPropertiesError naming every wrong field. */
export function resolveJupyterLab(name: string, given: JupyterLabArgs): ResolvedJupyterLab {
    const args = withDefaults(given, defaults);
    const checks = new Checks(`JupyterLab "${name}"`);
    checks.plain("name", name, dnsLabel);
    const resolved: ResolvedJupyterLab = {
        ...args,
        name,
        namespace: checks.input("namespace", args.namespace, present, dnsLabel),
        image: checks.input("image", args.image, imageReference),
        memory: checks.input("memory", args.memory, memorySize({ from: "512m" })),
        cpuRequest: checks.input("cpuRequest", args.cpuRequest, cpuQuantity),
        storage: checks.input("storage", args.storage, memorySize({ from: "1g" })),
        storageClass: checks.optional("storageClass", args.storageClass, existingObject),
        kernelIdleTimeout: checks.input("kernelIdleTimeout", args.kernelIdleTimeout, duration),
        tokenSecret: checks.optional("tokenSecret", args.tokenSecret, existingObject),
        clientNamespaces: checks.input("clientNamespaces", args.clientNamespaces, each(dnsLabel)),
        connect: checks.input("connect", args.connect, each(connectEndpoint)),
        historyServer: checks.optional("historyServer", args.historyServer, webEndpoint),
        tracking: checks.optional("tracking", args.tracking, trackingConnection),
        classic: checks.optional("classic", args.classic, classicConnection),
        serviceAccount: checks.optional("serviceAccount", args.serviceAccount, existingObject),
        logs: resolveLogLevel(checks, args.logs),
        monitoring: resolveMonitoring(checks, args.monitoring),
        pod: checkPod(checks, "pod", args.pod),
    };
    checks.throwIfAny();
    return resolved;
}
