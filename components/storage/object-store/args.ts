import * as pulumi from "@pulumi/pulumi";

import type { PodSettings } from "../../internal/pod";

/** Sizes and contents of an object store. */
export interface ObjectStoreSettings {
    /** Buckets to make before anyone starts. Default: warehouse. */
    buckets?: pulumi.Input<pulumi.Input<string>[]>;
    /** Bucket for Spark's event logs, made too. Default: spark-logs. */
    eventLogBucket?: pulumi.Input<string>;
    /** Directory of the event logs in their bucket. Default: events. */
    eventLogPrefix?: pulumi.Input<string>;
    /** Size of the volume, for example 20g. It can grow later where the storage class allows. Default: 10g. */
    storage?: pulumi.Input<string>;
    /** Storage class of the volume. Changing it replaces the volume and loses its data. Default: the cluster's. */
    storageClass?: pulumi.Input<string>;
    /** Whether the volume refuses to be destroyed. Plain: the engine must know it beforehand. Default: false. */
    protectData?: boolean;
    /** Memory of the server, for example 1g. Default: 1g. */
    memory?: pulumi.Input<string>;
    /** CPU request of the server. Default: 100m. */
    cpuRequest?: pulumi.Input<string>;
    /** Namespaces besides its own whose pods may use the store, if they wear its client label. Default: none. */
    clientNamespaces?: pulumi.Input<pulumi.Input<string>[]>;
    /** Where and as whom the pods run. */
    pod?: PodSettings;
}

/** Arguments of `ObjectStore`. */
export interface ObjectStoreArgs extends ObjectStoreSettings {
    /** Namespace to run in. Changing it replaces the store. */
    namespace: pulumi.Input<string>;
    /** Image with MinIO and its set-up program (see images/minio). */
    image: pulumi.Input<string>;
}
