import type * as pulumi from "@pulumi/pulumi";

import type { LogSettings } from "../internal/logs";
import type { ClusterEndpoint, EventLogLocation, S3Connection } from "../storage/connections";

/** How to reach a Hive Metastore. */
export interface MetastoreConnection {
    /** Addresses, with commas between them: thrift://host:9083. Clients try them in turn. */
    uris: pulumi.Input<string>;
    /** Version of Hive that the metastore is, for example 3.1.3; one that Spark cannot talk to is refused. Default: it is not checked. */
    version?: pulumi.Input<string>;
    /** Directory of managed tables, for example s3a://warehouse/tables. Default: what the metastore itself says. */
    warehouse?: pulumi.Input<string>;
    /** The metastore's pods when it is inside the cluster. Default: none, network policies allow any address at the port. */
    clusterEndpoint?: pulumi.Input<ClusterEndpoint>;
    /** Who clients are when the metastore asks for Kerberos. Default: it does not ask. */
    kerberos?: pulumi.Input<KerberosIdentity>;
}

/** A principal, and where its key is. */
export interface KerberosIdentity {
    /** Principal of the client, for example spark@EXAMPLE.COM. */
    principal: pulumi.Input<string>;
    /** Secret with the key `keytab`. */
    keytabSecret: pulumi.Input<string>;
    /** ConfigMap with the key `krb5.conf`. */
    configMap: pulumi.Input<string>;
    /** Principal of the service, for example hive/_HOST@EXAMPLE.COM. Default: none. */
    servicePrincipal?: pulumi.Input<string>;
}

/** How to reach an HDFS. */
export interface HdfsConnection {
    /** Address of the file system, hdfs://namenode:8020; without a port it is the name of several NameNodes, which sparkConf tells. */
    uri: pulumi.Input<string>;
    /** Port of the DataNodes. Default: 9866. */
    dataPort?: pulumi.Input<number>;
    /** The pods of NameNodes and DataNodes when they are inside the cluster. Default: none, network policies allow any address at the two ports. */
    clusterEndpoint?: pulumi.Input<ClusterEndpoint>;
    /** Who clients are when it asks for Kerberos; the service's principal is the NameNode's. Default: it does not ask. */
    kerberos?: pulumi.Input<KerberosIdentity>;
}

/** How drivers reach a Standalone cluster. */
export interface StandaloneConnection {
    /** Address of the masters: spark://host:7077, or spark://one:7077,two:7077. */
    masterUrl: pulumi.Input<string>;
    /** Version of Spark that the cluster runs; a driver's must be the same. */
    sparkVersion: pulumi.Input<string>;
    /** Secret with the key `secret`, which drivers, masters and workers share. Default: none, the cluster asks for nothing. */
    authenticationSecret?: pulumi.Input<string>;
    /** The masters' pods. */
    masters: pulumi.Input<ClusterEndpoint>;
    /** The workers' pods: executors run inside them. */
    workers: pulumi.Input<ClusterEndpoint>;
    /** The most that a worker can give to one executor. Default: not known, and not checked. */
    largestExecutor?: pulumi.Input<StandaloneExecutorSize>;
}

/** Size of an executor. */
export interface StandaloneExecutorSize {
    /** Java heap, for example 4g. */
    memory: pulumi.Input<string>;
    /** Tasks at a time. */
    cores: pulumi.Input<number>;
}

/** How drivers reach an OpenTelemetry collector. */
export interface TracingConnection {
    /** URL of the collector, which takes OTLP by HTTP: http://collector.tracing.svc:4318. */
    endpoint: pulumi.Input<string>;
    /** Part of the traces that are sent, from 0 to 1; a trace is sent whole or not at all. Default: 1. */
    sampleRatio?: pulumi.Input<number>;
    /** The collector's pods when it is inside the cluster. Default: none, network policies allow any address at the port. */
    clusterEndpoint?: pulumi.Input<ClusterEndpoint>;
}

/** What an application of the platform inherits: one value in place of ten. */
export interface SparkRuntime {
    /** Namespace that applications run in. */
    namespace: pulumi.Input<string>;
    /** Version of Spark in the image. */
    sparkVersion: pulumi.Input<string>;
    /** Image with Spark, of drivers and executors. */
    image: pulumi.Input<string>;
    /** Secrets with the registry's credentials. Default: none. */
    imagePullSecrets?: pulumi.Input<pulumi.Input<string>[]>;
    /** Account of drivers, which may manage pods and config maps. */
    driverServiceAccount: pulumi.Input<string>;
    /** Account of executors, which need no rights. */
    executorServiceAccount: pulumi.Input<string>;
    /** Store that s3a:// paths lead to. Default: none. */
    s3?: pulumi.Input<S3Connection>;
    /** Where event logs are kept. Default: no event logs. */
    eventLog?: pulumi.Input<EventLogLocation>;
    /** Where tables are kept by name. Default: none. */
    metastore?: pulumi.Input<MetastoreConnection>;
    /** Directory of managed tables. Default: none is set. */
    warehouse?: pulumi.Input<string>;
    /** Where traces of drivers go: a span for each SQL execution, job and stage. Default: none are made. */
    tracing?: pulumi.Input<TracingConnection>;
    /** Addresses of the Kubernetes API server as CIDRs, with the port behind a colon where it is neither 443 nor 6443. Default: 0.0.0.0/0, ports 443 and 6443 only. */
    apiServer?: pulumi.Input<pulumi.Input<string>[]>;
}

/** How a pod becomes the driver of classic sessions. */
export interface ClassicConnection {
    /** ConfigMap with Spark's settings and, where executors are pods, their template. */
    settings: pulumi.Input<string>;
    /** Labels that let the driver's pod through to its executors and to its stores. */
    clientLabels: pulumi.Input<Record<string, pulumi.Input<string>>>;
    /** Account that makes executors; the driver's pod runs as it, with its token. Default: none is needed, because executors are no pods. */
    serviceAccount?: pulumi.Input<string>;
    /** Secret with the key `secret`, which drivers share with a Standalone cluster. Default: none, nobody asks for it. */
    authenticationSecret?: pulumi.Input<string>;
    /** Secret with the store's keys, access-key and secret-key. Default: none, the pod has a file of them or is known to the store's cloud. */
    credentialsSecret?: pulumi.Input<string>;
    /** File in the pod with the store's keys. Default: none. */
    credentialsFile?: pulumi.Input<string>;
    /** What the driver writes on its standard output, and how. Default: lines from info on, as JSON. */
    logs?: pulumi.Input<LogSettings>;
}
