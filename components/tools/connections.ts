import type * as pulumi from "@pulumi/pulumi";

/** A server of the platform that a tool calls. */
export interface ServiceEndpoint {
    /** Address, for example sc://connect.team-a.svc:15002 or http://history.team-a.svc:18080. Its host and port decide where pods may go. */
    url: pulumi.Input<string>;
    /** Labels that let a pod of the server's namespace through to it. Default: none, the server lets the tool's namespace in. */
    clientLabels?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** How to reach an MLflow tracking server, and as whom. */
export interface TrackingConnection {
    /** Address, for example http://mlflow.team-a.svc:5000. */
    url: pulumi.Input<string>;
    /** Secret with the keys username and password. Default: none, the server asks nobody. */
    credentialsSecret?: pulumi.Input<string>;
    /** Labels that let a pod of the server's namespace through to it. Default: none. */
    clientLabels?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}
