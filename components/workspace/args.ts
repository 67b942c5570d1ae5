import * as pulumi from "@pulumi/pulumi";

/** Upper bounds of everything that runs in a workspace. */
export interface SparkWorkspaceQuota {
    /** Sum of the CPU requests, for example 8 or 500m. Default: no bound. */
    cpu?: pulumi.Input<string>;
    /** Sum of the memory limits, for example 32g. Default: no bound. */
    memory?: pulumi.Input<string>;
    /** Number of pods. Default: no bound. */
    pods?: pulumi.Input<number>;
}

/** What a workspace is made of. */
export interface SparkWorkspaceSettings {
    /** Upper bounds of everything in the namespace. Plain: decides whether there is a quota. Default: none. */
    quota?: SparkWorkspaceQuota;
    /** Annotations of the account that Spark servers run as, for example the role that a cloud grants it. Default: none. */
    serverAccountAnnotations?: pulumi.Input<Record<string, pulumi.Input<string>>>;
    /** Annotations of the account that executors run as. Default: none. */
    executorAccountAnnotations?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** Arguments of `SparkWorkspace`. */
export interface SparkWorkspaceArgs extends SparkWorkspaceSettings {
    /** Name of the namespace to make. Changing it replaces everything inside. */
    namespace: pulumi.Input<string>;
}
