import * as pulumi from "@pulumi/pulumi";

import { bounds } from "../../internal/bounds";
import { Checks, type Check } from "../../internal/checks";
import { withDefaults } from "../../internal/defaults";
import { resolveLogs, type LogSettings } from "../../internal/logs";
import { memorySize } from "../../internal/memory";
import { resolveMonitoring, type Monitoring, type ResolvedMonitoring } from "../../internal/monitoring";
import { checkPod, type PodSettings } from "../../internal/pod";
import { resolveAdditions, type PodAdditions } from "../../internal/pod-additions";
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
    optional,
    present,
    s3aDirectory,
    wholeNumber,
} from "../../internal/values";
import type { EventLogLocation, S3Connection } from "../../storage/connections";
import { s3Connection } from "../../storage/s3a";
import type { HdfsConnection, KerberosIdentity, MetastoreConnection, StandaloneConnection, TracingConnection } from "../connections";
import { eventLogLocation } from "../event-log";
import { hdfsConnection } from "../hdfs";
import { identityOf } from "../kerberos";
import { resolveIceberg, type Iceberg } from "../iceberg";
import { logOwnedVariables } from "../logs";
import { metastoreConnection } from "../metastore";
import { fitsRapids, resolveRapids, type Rapids } from "../rapids";
import { checkedCluster } from "../standalone/connection-checks";
import { tracingConnection } from "../tracing";
import { SparkConnectBackend } from "./backends";
import { backendFields } from "./backend-fields";
import { ownedKeys } from "./conf";

/** Size and number of a Connect server's executors. */
export interface SparkConnectExecutor {
    /** Tasks that one executor runs at a time. Default: 1. */
    cores?: pulumi.Input<number>;
    /** CPU request of an executor, for example 500m; less than its cores packs more executors on a node. Default: its cores. */
    cpuRequest?: pulumi.Input<string>;
    /** Java heap of an executor, for example 4g; at least 512m. Default: 1g. */
    memory?: pulumi.Input<string>;
    /** Memory beside the heap, for Python above all. Default: 384m or a tenth of the heap, whichever is more. */
    memoryOverhead?: pulumi.Input<string>;
    /** Executors that stay when nothing runs. Default: 0. */
    minimum?: pulumi.Input<number>;
    /** Most executors of one server. Default: 4. */
    maximum?: pulumi.Input<number>;
    /** Time after which an executor without work goes, for example 60s. Its shuffle results move to those that stay. Default: 60s. */
    idleTimeout?: pulumi.Input<string>;
    /** The same for an executor that holds cached tables. Default: 30m. */
    idleTimeoutWithCache?: pulumi.Input<string>;
    /** Disk for shuffle and spill of one executor; it is evicted when it needs more. Default: 10g. */
    localStorage?: pulumi.Input<string>;
    /** Storage class of that disk: every executor gets a volume of its own, which goes with it. Plain: decides the kind of volume. Default: the node's own disk. */
    localStorageClass?: string;
    /** Where and as whom the executors run. */
    pod?: PodSettings;
}

/** A token that clients must send. It goes over TLS only, so `tls` is needed too. */
export interface SparkConnectAuthentication {
    /** Secret with the key `token`: 16 to 512 letters, digits and . _ ~ + / = -. Plain as to whether it is given. Default: one is made, see the output `tokenSecret`. */
    tokenSecret?: pulumi.Input<string>;
}

/** TLS between clients and servers. */
export interface SparkConnectTls {
    /** Secret of the type kubernetes.io/tls, whose certificate names the hosts of the addresses. A renewed one is taken without a restart. */
    secret: pulumi.Input<string>;
}

/** What a Connect server is like: everything but its place and its storage. */
export interface SparkConnectSettings extends PodAdditions {
    /** Who runs the executors: k8s, standalone or operator (see `SparkConnectBackend`). Plain: decides which objects exist. Default: k8s. */
    backend?: string;
    /** Number of servers behind one address; a session lives on one of them. Plain: each has a Service of its own. Default: 1. */
    replicas?: number;
    /** Java heap of each server, for example 4g; the container gets memoryOverhead more. Default: 2g. */
    memory?: pulumi.Input<string>;
    /** Memory of each server's container beside the heap: classes, code, threads, network buffers. Default: 640m or a quarter of the heap, whichever is more. */
    memoryOverhead?: pulumi.Input<string>;
    /** CPU request of each server. Default: 500m. */
    cpuRequest?: pulumi.Input<string>;
    /** Size and number of the executors. */
    executor?: SparkConnectExecutor;
    /** Directory of managed tables, for example s3a://warehouse/tables. Without a catalog in sparkConf their names live in one server's memory: after a restart the files are there, the names are not. Default: none is set. */
    warehouse?: pulumi.Input<string>;
    /** Seconds between two uploads of the event log: what the history may be late by. Default: 10. */
    eventLogUploadSeconds?: pulumi.Input<number>;
    /** Whether a node drain may evict a server, which ends its sessions. Default: false. */
    evictable?: pulumi.Input<boolean>;
    /** Addresses of the Kubernetes API server as CIDRs, with the port behind a colon where it is neither 443 nor 6443 (10.0.0.1/32:16443); a network policy cannot select it otherwise. Default: 0.0.0.0/0, ports 443 and 6443 only. */
    apiServer?: pulumi.Input<pulumi.Input<string>[]>;
    /** Namespaces whose pods may connect; pods of the server's own namespace may when they wear its client label. Default: none. */
    clientNamespaces?: pulumi.Input<pulumi.Input<string>[]>;
    /** Token that clients must send. Plain: decides whether it is asked for. Default: none, whoever the network policy lets in may connect. */
    authentication?: SparkConnectAuthentication;
    /** TLS between clients and servers. Plain: decides whether there is a proxy. Default: none. */
    tls?: SparkConnectTls;
    /** Iceberg tables. Plain: decides what the servers need to reach the catalogs. Default: none. */
    iceberg?: Iceberg;
    /** GPUs for SQL. Plain: decides whether executors ask for one. Default: none. */
    rapids?: Rapids;
    /** What the servers and their executors write on their standard output, and how. Default: lines from info on, as JSON; of executors on a Standalone cluster what its workers write. */
    logs?: LogSettings;
    /** A monitor for the Prometheus operator, and what Spark must be told to show metrics. Plain as to whether it is given: decides which objects exist. Default: none. */
    monitoring?: Monitoring;
    /** Further Spark settings, of the server and of its executors. Those that an argument decides are refused. */
    sparkConf?: pulumi.Input<Record<string, pulumi.Input<string>>>;
    /** Where and as whom the servers run. */
    pod?: PodSettings;
}

/** Arguments of `SparkConnect`. */
export interface SparkConnectArgs extends SparkConnectSettings {
    /** Namespace to run in. Changing it replaces the server. */
    namespace: pulumi.Input<string>;
    /** Version of Spark in the image, for example 4.1.0. */
    sparkVersion: pulumi.Input<string>;
    /** Image with Spark (see images/spark); servers and executors run the same one. */
    image: pulumi.Input<string>;
    /** Image of the proxy for TLS (see images/tls-proxy). Default: none; needed with tls. */
    proxyImage?: pulumi.Input<string>;
    /** Account of the servers. Where executors are pods it must be allowed to manage pods and config maps; `SparkWorkspace` makes one. Default: the namespace's; needed where executors are pods. */
    serviceAccount?: pulumi.Input<string>;
    /** Account of executors that are pods, which needs no rights at all; `SparkWorkspace` makes one. Default: none; needed where executors are pods. */
    executorServiceAccount?: pulumi.Input<string>;
    /** The cluster that runs the executors of the backend standalone. Plain as to whether it is given. Default: none. */
    standalone?: pulumi.Input<StandaloneConnection>;
    /** Store that s3a:// paths lead to. Default: none, s3a is not configured. */
    s3?: pulumi.Input<S3Connection>;
    /** Metastore that keeps which tables there are. Plain as to whether it, and kerberos in it, are given. Default: none, table names live in one server's memory. */
    metastore?: pulumi.Input<MetastoreConnection>;
    /** HDFS that servers and executors read and write. Plain as to whether kerberos in it is given; a server has one identity, so it is the metastore's where both have one. Default: none, hdfs:// is not configured. */
    hdfs?: pulumi.Input<HdfsConnection>;
    /** Where event logs are kept. Plain as to whether it is given at all: it decides which containers exist. Default: no event log. */
    eventLog?: pulumi.Input<EventLogLocation>;
    /** Where the servers' traces go: a span for each SQL execution, job and stage. The image must have `tracing.jar`, as the platform's has. Default: none are made. */
    tracing?: pulumi.Input<TracingConnection>;
}

type Optional = "pod" | "memoryOverhead" | "cpuRequest" | "localStorageClass";
type Executor = Required<Omit<SparkConnectExecutor, Optional>> & Pick<SparkConnectExecutor, Optional>;

/** The arguments with every default filled in. */
export interface ResolvedConnect extends SparkConnectArgs {
    name: string;
    backend: string;
    replicas: number;
    memory: pulumi.Input<string>;
    cpuRequest: pulumi.Input<string>;
    executor: Executor;
    eventLogUploadSeconds: pulumi.Input<number>;
    evictable: pulumi.Input<boolean>;
    apiServer: pulumi.Input<string[]>;
    clientNamespaces: pulumi.Input<string[]>;
    rapids?: Required<Rapids>;
    monitoring?: ResolvedMonitoring;
    kerberos?: KerberosIdentity;
    sparkConf: pulumi.Input<Record<string, string>>;
}

const defaults = {
    backend: SparkConnectBackend.Kubernetes as string,
    replicas: 1,
    memory: "2g",
    cpuRequest: "500m",
    executor: {},
    eventLogUploadSeconds: 10,
    evictable: false,
    apiServer: ["0.0.0.0/0"],
    clientNamespaces: [],
    sparkConf: {},
};

const executorDefaults = {
    cores: 1,
    memory: "1g",
    minimum: 0,
    maximum: 4,
    idleTimeout: "60s",
    idleTimeoutWithCache: "30m",
    localStorage: "10g",
};

/** @throws pulumi.InputPropertiesError naming every wrong field. */
export function resolveConnect(name: string, given: SparkConnectArgs): ResolvedConnect {
    const args = withDefaults(given, defaults);
    const checks = new Checks(`SparkConnect "${name}"`);
    checks.plain("name", name, dnsLabel);
    backendFields(checks, args);
    checks.plain("authentication", args, ({ authentication, tls }) =>
        authentication && !tls ? "needs tls: clients send a token over TLS only" : undefined,
    );
    checks.plain("proxyImage", args, ({ proxyImage, tls }) =>
        tls && proxyImage === undefined ? "is missing: tls needs a proxy" : undefined,
    );
    checks.plain("metastore", args, canLogIn);
    checks.plain("hdfs", args, oneIdentity);
    const catalogs = Object.keys(args.iceberg?.catalogs ?? {});
    const resolved: ResolvedConnect = {
        ...args,
        ...resolveAdditions(checks, args, logOwnedVariables),
        name,
        namespace: checks.input("namespace", args.namespace, present, dnsLabel),
        sparkVersion: checks.input("sparkVersion", args.sparkVersion, present, sparkVersion, fitsRapids(args.rapids)),
        image: checks.input("image", args.image, imageReference),
        serviceAccount: checks.optional("serviceAccount", args.serviceAccount, existingObject),
        executorServiceAccount: checks.optional("executorServiceAccount", args.executorServiceAccount, existingObject),
        standalone:
            args.standalone &&
            checkedCluster(checks, args.standalone, { sparkVersion: args.sparkVersion, ...withDefaults(args.executor, executorDefaults) }),
        memory: checks.input("memory", args.memory, memorySize({ from: "1g" })),
        tls: args.tls && { secret: checks.input("tls.secret", args.tls.secret, existingObject) },
        authentication: args.authentication && {
            tokenSecret: checks.optional("authentication.tokenSecret", args.authentication.tokenSecret, existingObject),
        },
        proxyImage: checks.optional("proxyImage", args.proxyImage, imageReference),
        memoryOverhead: checks.optional("memoryOverhead", args.memoryOverhead, memorySize({ from: "256m" })),
        cpuRequest: checks.input("cpuRequest", args.cpuRequest, cpuQuantity),
        executor: resolveExecutor(checks, args.executor),
        warehouse: checks.optional("warehouse", args.warehouse, s3aDirectory),
        metastore: checks.optional("metastore", args.metastore, metastoreConnection, plainKerberos(identityOf(args.metastore))),
        hdfs: checks.optional("hdfs", args.hdfs, hdfsConnection, plainKerberos(identityOf(args.hdfs))),
        kerberos: identityOf(args.metastore) ?? identityOf(args.hdfs),
        s3: checks.optional("s3", args.s3, s3Connection),
        eventLog: checks.optional("eventLog", args.eventLog, eventLogLocation),
        tracing: checks.optional("tracing", args.tracing, tracingConnection),
        eventLogUploadSeconds: checks.input("eventLogUploadSeconds", args.eventLogUploadSeconds, wholeNumber({ from: 1 })),
        apiServer: checks.input("apiServer", args.apiServer, notEmpty, each(apiServerAddress)),
        clientNamespaces: checks.input("clientNamespaces", args.clientNamespaces, each(dnsLabel)),
        iceberg: args.iceberg && resolveIceberg(checks, args.iceberg, args.metastore !== undefined),
        rapids: args.rapids && resolveRapids(checks, args.rapids),
        logs: resolveLogs(checks, args.logs),
        monitoring: resolveMonitoring(checks, args.monitoring),
        sparkConf: checkSparkConf(checks, args, ownedKeys(args.backend, catalogs)),
        pod: checkPod(checks, "pod", args.pod),
    };
    checks.throwIfAny();
    return resolved;
}

const plainKerberos =
    (identity: KerberosIdentity | undefined): Check<{ kerberos?: object }> =>
    ({ kerberos }) =>
        kerberos !== undefined && identity === undefined
            ? "kerberos decides which volumes exist; give the connection, and kerberos in it, as plain values"
            : undefined;

/** spark-submit leaves the key alone where the master is a Standalone cluster's, and nothing after it logs in. */
const canLogIn: Check<SparkConnectArgs> = ({ backend, metastore }) =>
    backend === SparkConnectBackend.Standalone && identityOf(metastore) !== undefined
        ? "kerberos is for executors that are pods: on a Standalone cluster Spark logs in to no realm"
        : undefined;

/** A process logs in once: whoever asks is told the same name. Values that are known only later are not compared. */
const oneIdentity: Check<SparkConnectArgs> = ({ metastore, hdfs }) => {
    const [one, other] = [identityOf(metastore), identityOf(hdfs)];
    const differ = (["principal", "keytabSecret", "configMap"] as const).filter((field) => {
        const values = [one?.[field], other?.[field]];
        return values.every((value) => typeof value === "string") && values[0] !== values[1];
    });
    return differ.length === 0 ? undefined : `${differ.join(", ")} of kerberos must be those of metastore.kerberos: a server logs in once`;
};

function resolveExecutor(checks: Checks, given: SparkConnectExecutor): Executor {
    const args = withDefaults(given, executorDefaults);
    checks.plain("executor.localStorageClass", args.localStorageClass, optional(existingObject));
    const { minimum, maximum } = bounds(checks, "executor", { minimum: args.minimum, maximum: args.maximum }, { from: 0 });
    return {
        cores: checks.input("executor.cores", args.cores, wholeNumber({ from: 1 })),
        cpuRequest: checks.optional("executor.cpuRequest", args.cpuRequest, cpuQuantity),
        memory: checks.input("executor.memory", args.memory, memorySize({ from: "512m" })),
        memoryOverhead: checks.optional("executor.memoryOverhead", args.memoryOverhead, memorySize({ from: "64m" })),
        minimum,
        maximum,
        idleTimeout: checks.input("executor.idleTimeout", args.idleTimeout, duration),
        idleTimeoutWithCache: checks.input("executor.idleTimeoutWithCache", args.idleTimeoutWithCache, duration),
        localStorage: checks.input("executor.localStorage", args.localStorage, memorySize({ from: "256m" })),
        localStorageClass: args.localStorageClass,
        pod: checkPod(checks, "executor.pod", args.pod),
    };
}
