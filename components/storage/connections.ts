import * as pulumi from "@pulumi/pulumi";

import { labels } from "../internal/metadata";
import { structure } from "../internal/structure";
import { dnsLabel, portNumber } from "../internal/values";

/** Pods that answer inside the cluster, and the labels that a client's pods wear to be let in. */
export interface ClusterEndpoint {
    /** Namespace of the answering pods. */
    namespace: pulumi.Input<string>;
    /** Labels of the answering pods. */
    podLabels: pulumi.Input<Record<string, pulumi.Input<string>>>;
    /** Labels that a pod needs to get through the network policy in front of them. */
    clientLabels: pulumi.Input<Record<string, pulumi.Input<string>>>;
    /** Port on the pods where their Service maps it to another. Default: the port of the address. */
    port?: pulumi.Input<number>;
}

export const clusterEndpoint = structure<pulumi.Unwrap<ClusterEndpoint>>(
    { namespace: dnsLabel, podLabels: labels, clientLabels: labels, port: portNumber },
    { needed: ["namespace", "podLabels", "clientLabels"] },
);

/** How to reach an S3 API, and as whom. */
export interface S3Connection {
    /** URL of the S3 API; its scheme decides about TLS. Default: AWS, by region. */
    endpoint?: pulumi.Input<string>;
    /** Region; request signatures need one even where there are no regions. Default: us-east-1. */
    region?: pulumi.Input<string>;
    /** Whether the bucket stands in the path rather than in the host name. Default: false. */
    pathStyle?: pulumi.Input<boolean>;
    /** Secret with the keys access-key and secret-key. Default: none, pods use their own cloud identity. */
    credentialsSecret?: pulumi.Input<string>;
    /**
     * File in the pods with the keys in AWS's own format, in place of a Secret, over which it wins: Vault's agent writes one (see
     * `PlatformSecrets`). Default: none.
     */
    credentialsFile?: pulumi.Input<string>;
    /** The pods behind the endpoint when it is inside the cluster. Default: none, network policies allow any address at the endpoint's port. */
    clusterEndpoint?: pulumi.Input<ClusterEndpoint>;
}

/** Where event logs are kept. It is made by storage, so that servers that write logs need not wait for the one that shows them. */
export interface EventLogLocation {
    /** Directory with the logs, for example s3a://spark-logs/events. It must exist: Spark lists it, and does not make it. */
    directory: pulumi.Input<string>;
    /** The store that the directory is in. */
    s3: pulumi.Input<S3Connection>;
}

/** How to reach one database of a PostgreSQL server, and as whom. */
export interface DatabaseConnection {
    /** Host name of the server. */
    host: pulumi.Input<string>;
    /** Port of the server. Default: 5432. */
    port?: pulumi.Input<number>;
    /** Database. */
    database: pulumi.Input<string>;
    /** Secret with the keys username and password. */
    credentialsSecret: pulumi.Input<string>;
    /** How much of TLS is asked for, in the words of libpq: disable, require, verify-ca or verify-full. Default: verify-full with caSecret, else require. */
    sslMode?: pulumi.Input<string>;
    /** Secret with the key ca.crt: who may have signed the server's certificate. Default: none. */
    caSecret?: pulumi.Input<string>;
    /** The server's pods when it is inside the cluster. Default: none, network policies allow any address at the port. */
    clusterEndpoint?: pulumi.Input<ClusterEndpoint>;
}
