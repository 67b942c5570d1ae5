import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { Check } from "../internal/checks";
import { fromSecret } from "../internal/environment";
import { labels } from "../internal/metadata";
import { anywhere, pods, tcp } from "../internal/network";
import { structure } from "../internal/structure";
import { existingObject, httpUrl, quoted } from "../internal/values";
import type { ServiceEndpoint, TrackingConnection } from "./connections";

/** Endpoints whose values are known. */
export type EndpointFacts = pulumi.Unwrap<ServiceEndpoint>;
export type TrackingFacts = pulumi.Unwrap<TrackingConnection>;

type EnvVar = k8s.types.input.core.v1.EnvVar;
type Egress = k8s.types.input.networking.v1.NetworkPolicyEgressRule;

/** Addresses stand in the pod's environment, where everybody reads them who may look at the pod. */
const connectUrl: Check<string> = (url) => {
    if (!/^sc:\/\/[A-Za-z0-9.-]+(:[0-9]{1,5})?(\/;[^\s]*)?$/.test(url)) {
        return `${quoted(url)} is not the URL of a Connect server; write it like "sc://connect.team-a.svc:15002"`;
    }
    return /;token=/i.test(url) ? "holds a token, which would be readable by everyone; give it by a Kubernetes Secret" : undefined;
};

export const connectEndpoint = structure<EndpointFacts>({ url: connectUrl, clientLabels: labels }, { needed: ["url"] });

export const webEndpoint = structure<EndpointFacts>({ url: httpUrl, clientLabels: labels }, { needed: ["url"] });

export const trackingConnection = structure<TrackingFacts>(
    { url: httpUrl, credentialsSecret: existingObject, clientLabels: labels },
    { needed: ["url"] },
);

/** The labels that open the ways to all of them. */
export const clientLabelsOfAll = (endpoints: (EndpointFacts | undefined)[]): Record<string, string> =>
    Object.assign({}, ...endpoints.map((endpoint) => endpoint?.clientLabels)) as Record<string, string>;

const usualPorts: Record<string, number> = { sc: 15002, http: 80, https: 443 };

/** The way to a server: into the namespace that its name in the cluster carries, or out of the cluster. */
export function toEndpoint({ url }: EndpointFacts): Egress {
    const [, scheme = "", host = "", port = ""] = /^([a-z]+):\/\/([^/:]*)(?::([0-9]+))?/.exec(url) ?? [];
    const namespace = /^[^.]+\.([^.]+)\.svc(\.|$)/.exec(host)?.[1];
    return {
        to: [namespace === undefined ? anywhere : pods({}, namespace)],
        ports: tcp(port === "" ? (usualPorts[scheme] ?? 443) : Number(port)),
    };
}

/** Large or small, artifacts go through the server: by itself the client asks it for a signed address and calls the store, which no network policy lets it reach. */
const throughTheServer: EnvVar[] = ["UPLOAD", "DOWNLOAD"].map((way) => ({ name: `MLFLOW_ENABLE_PROXY_MULTIPART_${way}`, value: "false" }));

/** What MLflow's client reads. */
export function trackingEnvironment(tracking: TrackingFacts | undefined): EnvVar[] {
    if (tracking === undefined) {
        return [];
    }
    const { url, credentialsSecret } = tracking;
    return [
        { name: "MLFLOW_TRACKING_URI", value: url },
        ...throughTheServer,
        ...(credentialsSecret === undefined
            ? []
            : [
                  fromSecret("MLFLOW_TRACKING_USERNAME", credentialsSecret, "username"),
                  fromSecret("MLFLOW_TRACKING_PASSWORD", credentialsSecret, "password"),
              ]),
    ];
}
