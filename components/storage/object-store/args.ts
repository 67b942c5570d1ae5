import * as pulumi from "@pulumi/pulumi";

import { Checks } from "../../internal/checks";
import { withDefaults } from "../../internal/defaults";
import { memorySize } from "../../internal/memory";
import { resolveMonitoring, type Monitoring, type ResolvedMonitoring } from "../../internal/monitoring";
import { checkPod, type PodSettings } from "../../internal/pod";
import {
    bucketName,
    cpuQuantity,
    dnsLabel,
    each,
    existingObject,
    imageReference,
    notEmpty,
    objectPrefix,
    present,
} from "../../internal/values";

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
    /** A monitor for the Prometheus operator. Plain as to whether it is given: decides which objects exist. Default: none. */
    monitoring?: Monitoring;
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

/** The arguments with every default filled in. */
export interface ResolvedObjectStore extends ObjectStoreArgs {
    name: string;
    buckets: pulumi.Input<string[]>;
    eventLogBucket: pulumi.Input<string>;
    eventLogPrefix: pulumi.Input<string>;
    storage: pulumi.Input<string>;
    memory: pulumi.Input<string>;
    cpuRequest: pulumi.Input<string>;
    clientNamespaces: pulumi.Input<string[]>;
    monitoring?: ResolvedMonitoring;
}

const defaults = {
    buckets: ["warehouse"],
    eventLogBucket: "spark-logs",
    eventLogPrefix: "events",
    storage: "10g",
    memory: "1g",
    cpuRequest: "100m",
    clientNamespaces: [],
};

/** @throws pulumi.InputPropertiesError naming every wrong field. */
export function resolveObjectStore(name: string, given: ObjectStoreArgs): ResolvedObjectStore {
    const args = withDefaults(given, defaults);
    const checks = new Checks(`ObjectStore "${name}"`);
    checks.plain("name", name, dnsLabel);
    const resolved: ResolvedObjectStore = {
        ...args,
        name,
        namespace: checks.input("namespace", args.namespace, present, dnsLabel),
        image: checks.input("image", args.image, imageReference),
        buckets: checks.input("buckets", args.buckets, notEmpty, each(bucketName)),
        eventLogBucket: checks.input("eventLogBucket", args.eventLogBucket, bucketName),
        eventLogPrefix: checks.input("eventLogPrefix", args.eventLogPrefix, objectPrefix),
        storage: checks.input("storage", args.storage, memorySize({ from: "1g" })),
        storageClass: checks.optional("storageClass", args.storageClass, existingObject),
        memory: checks.input("memory", args.memory, memorySize({ from: "256m" })),
        cpuRequest: checks.input("cpuRequest", args.cpuRequest, cpuQuantity),
        clientNamespaces: checks.input("clientNamespaces", args.clientNamespaces, each(dnsLabel)),
        monitoring: resolveMonitoring(checks, args.monitoring),
        pod: checkPod(checks, "pod", args.pod),
    };
    checks.throwIfAny();
    return resolved;
}
