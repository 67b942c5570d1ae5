import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { LogLevelSettings } from "../../internal/logs";
import { quantity } from "../../internal/memory";
import { podMetadata, restrictedPod, type PlainContainer, type PodSettings } from "../../internal/pod";
import { sparkUser } from "../../spark/spark-image";
import type { ServiceEndpoint, TrackingConnection } from "../connections";
import { trackingEnvironment } from "../endpoints";
import { addresses, homeDirectory, labelsOfNeighbours, notebookPort, type Neighbours } from "../notebooks";
import { serverArguments } from "./conf";

type Volume = k8s.types.input.core.v1.Volume;
type VolumeMount = k8s.types.input.core.v1.VolumeMount;

/** What decides about the servers of users, whichever hub makes them. */
export interface ServerFacts {
    image: pulumi.Input<string>;
    memory: pulumi.Input<string>;
    cpuRequest: pulumi.Input<string>;
    idleTimeout: pulumi.Input<string>;
    serviceAccount?: pulumi.Input<string>;
    pod?: PodSettings;
    connect: pulumi.Input<pulumi.Input<ServiceEndpoint>[]>;
    historyServer?: pulumi.Input<ServiceEndpoint>;
    tracking?: pulumi.Input<TrackingConnection>;
    logs?: LogLevelSettings;
    /** Labels of the pod beside those that open the ways to its neighbours. */
    labels: Record<string, string>;
    /** The home, unless the hub brings it. */
    home?: { volume: Volume; mount: VolumeMount };
}

/** The pod of a user's server as any other of ours; the hub puts in whose it is. */
export function serverPod(server: ServerFacts): pulumi.Output<object> {
    const { connect, historyServer, tracking, home } = server;
    return (pulumi.output({ connect, historyServer, tracking }) as pulumi.Output<Neighbours>).apply((neighbours) => {
        const spec = restrictedPod(
            {
                user: sparkUser,
                serviceAccountName: server.serviceAccount,
                // Kernels get to stop their sessions.
                terminationGracePeriodSeconds: 30,
                volumes: home ? [home.volume] : [],
                containers: [container(server, neighbours)],
            },
            server.pod,
        );
        return pulumi.output({ ...podMetadata({ ...labelsOfNeighbours(neighbours), ...server.labels }, server.pod), spec });
    });
}

function container({ image, home, ...server }: ServerFacts, neighbours: Neighbours): PlainContainer {
    const memory = pulumi.output(server.memory).apply(quantity);
    return {
        name: "notebook",
        image,
        args: pulumi
            .output({ timeout: server.idleTimeout, logs: server.logs })
            .apply(({ timeout, logs }) => serverArguments(timeout, logs)),
        workingDir: homeDirectory,
        env: [{ name: "HOME", value: homeDirectory }, ...addresses(neighbours), ...trackingEnvironment(neighbours.tracking)],
        ports: [{ name: "http", containerPort: notebookPort }],
        resources: { requests: { cpu: server.cpuRequest, memory }, limits: { memory } },
        volumeMounts: home ? [home.mount] : [],
        writable: { "/tmp": "2Gi" },
    };
}
