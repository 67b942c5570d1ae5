import * as pulumi from "@pulumi/pulumi";

import { Checks } from "../../internal/checks";
import { withDefaults } from "../../internal/defaults";
import { memorySize } from "../../internal/memory";
import { checkPod, type PodSettings } from "../../internal/pod";
import { cpuQuantity, dnsLabel, duration, each, imageReference, present } from "../../internal/values";
import type { ServiceEndpoint, TrackingConnection } from "../connections";
import { connectEndpoint, trackingConnection, webEndpoint, type EndpointFacts } from "../endpoints";

/** Arguments of `JupyterHubAttachment`. */
export interface JupyterHubAttachmentArgs {
    /** Namespace of the hub that exists; its users' servers run there. */
    namespace: pulumi.Input<string>;
    /** Name of the hub's Helm release: the chart's pods wear it as a label. */
    release: pulumi.Input<string>;
    /** Image of the users' servers, of the line of Spark that the backends run (see images/jupyter-lab); its hub is of the same major version. */
    serverImage: pulumi.Input<string>;
    /** Connect servers that notebooks may use. Sessions go to the first unless a notebook names another. Default: none. */
    connect?: pulumi.Input<pulumi.Input<ServiceEndpoint>[]>;
    /** History Server that notebooks may ask; its address is in the environment as SPARK_HISTORY_URL. Default: none. */
    historyServer?: pulumi.Input<ServiceEndpoint>;
    /** Tracking server that MLflow's client in notebooks logs to. Default: none. */
    tracking?: pulumi.Input<TrackingConnection>;
    /** Memory of a server and all its kernels. Default: 2g. */
    memory?: pulumi.Input<string>;
    /** CPU request of a server. Default: 100m. */
    cpuRequest?: pulumi.Input<string>;
    /** Time after which a kernel that runs nothing is stopped. Default: 1h. */
    idleTimeout?: pulumi.Input<string>;
    /** Where and as whom the servers run. */
    pod?: PodSettings;
}

/** The arguments with every default filled in. */
export interface ResolvedHubAttachment extends JupyterHubAttachmentArgs {
    name: string;
    connect: pulumi.Input<EndpointFacts[]>;
    memory: pulumi.Input<string>;
    cpuRequest: pulumi.Input<string>;
    idleTimeout: pulumi.Input<string>;
}

const defaults = { connect: [], memory: "2g", cpuRequest: "100m", idleTimeout: "1h" };

/** @throws pulumi.InputPropertiesError naming every wrong field. */
export function resolveHubAttachment(name: string, given: JupyterHubAttachmentArgs): ResolvedHubAttachment {
    const args = withDefaults(given, defaults);
    const checks = new Checks(`JupyterHubAttachment "${name}"`);
    checks.plain("name", name, dnsLabel);
    const resolved: ResolvedHubAttachment = {
        ...args,
        name,
        namespace: checks.input("namespace", args.namespace, present, dnsLabel),
        release: checks.input("release", args.release, present, dnsLabel),
        serverImage: checks.input("serverImage", args.serverImage, imageReference),
        connect: checks.input("connect", args.connect, each(connectEndpoint)),
        historyServer: checks.optional("historyServer", args.historyServer, webEndpoint),
        tracking: checks.optional("tracking", args.tracking, trackingConnection),
        memory: checks.input("memory", args.memory, memorySize({ from: "512m" })),
        cpuRequest: checks.input("cpuRequest", args.cpuRequest, cpuQuantity),
        idleTimeout: checks.input("idleTimeout", args.idleTimeout, duration),
        pod: checkPod(checks, "pod", args.pod),
    };
    checks.throwIfAny();
    return resolved;
}
