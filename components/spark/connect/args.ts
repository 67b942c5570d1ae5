import * as pulumi from "@pulumi/pulumi";

import type { PodSettings } from "../../internal/pod";
import type { EventLogLocation, S3Connection } from "../../storage/connections";

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
    /** Time after which an executor without work goes, for example 60s. Default: 60s. */
    idleTimeout?: pulumi.Input<string>;
    /** The same for an executor that holds cached tables, or shuffle results that may be asked for again. Default: 30m. */
    idleTimeoutWithData?: pulumi.Input<string>;
    /** Disk for shuffle and spill of one executor; it is evicted when it needs more. Default: 10g. */
    localStorage?: pulumi.Input<string>;
    /** Where and as whom the executors run. */
    pod?: PodSettings;
}

/** What a Connect server is like: everything but its place and its storage. */
export interface SparkConnectSettings {
    /** Number of servers behind one address; a session lives on one of them. Default: 1. */
    replicas?: pulumi.Input<number>;
    /** Java heap of each server, for example 4g; the container gets more, for what lives beside the heap. Default: 2g. */
    memory?: pulumi.Input<string>;
    /** CPU request of each server. Default: 500m. */
    cpuRequest?: pulumi.Input<string>;
    /** Size and number of the executors. */
    executor?: SparkConnectExecutor;
    /** Directory of managed tables, for example s3a://warehouse/tables. Default: none is set. */
    warehouse?: pulumi.Input<string>;
    /** Seconds between two uploads of the event log: what the history may be late by. Default: 10. */
    eventLogUploadSeconds?: pulumi.Input<number>;
    /** Whether a node drain may evict a server, which ends its sessions. Default: false. */
    evictable?: pulumi.Input<boolean>;
    /** Addresses of the Kubernetes API server as CIDRs; a network policy cannot select it otherwise. Default: 0.0.0.0/0, ports 443 and 6443 only. */
    apiServer?: pulumi.Input<pulumi.Input<string>[]>;
    /** Namespaces whose pods may connect; pods of the server's own namespace may when they wear its client label. Default: none. */
    clientNamespaces?: pulumi.Input<pulumi.Input<string>[]>;
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
    /** Account of the servers; it must be allowed to manage pods and config maps. `SparkWorkspace` makes one. */
    serviceAccount: pulumi.Input<string>;
    /** Account of the executors, which need no rights at all. `SparkWorkspace` makes one. */
    executorServiceAccount: pulumi.Input<string>;
    /** Store that s3a:// paths lead to. Default: none, s3a is not configured. */
    s3?: pulumi.Input<S3Connection>;
    /** Where event logs are kept. Plain as to whether it is given at all: it decides which containers exist. Default: no event log. */
    eventLog?: pulumi.Input<EventLogLocation>;
}
