import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { labelsOf, objectName, selectorOf, type Identity } from "../../internal/identity";
import { clientSpec, clientsOf, policySpec, tcp } from "../../internal/network";
import { podMetadata, restrictedPod } from "../../internal/pod";
import { clientLabelsOfAll, toEndpoint } from "../../tools/endpoints";
import type { ResolvedHistoryPortal } from "./args";
import { entryPage, nginxConf, portalPort, settingsDirectory } from "./conf";

/** Any will do: nginx writes nothing but below /tmp. */
const proxyUser = 65532;

const identityOf = ({ name }: ResolvedHistoryPortal): Identity => ({
    application: "spark-history-portal",
    role: "proxy",
    instance: name,
});
export const serviceName = ({ name }: ResolvedHistoryPortal): string => objectName(name, "history-portal");

function metadata(portal: ResolvedHistoryPortal, name: string): k8s.types.input.meta.v1.ObjectMeta {
    return { name, namespace: portal.namespace, labels: labelsOf(identityOf(portal)) };
}

/** A new text makes a new ConfigMap under a new name (immutable, not named here), which rolls the pods. */
export function settings(portal: ResolvedHistoryPortal): k8s.core.v1.ConfigMapArgs {
    const servers = pulumi.output(portal.servers);
    return {
        metadata: { namespace: portal.namespace, labels: labelsOf(identityOf(portal)) },
        immutable: true,
        data: { "nginx.conf": servers.apply(nginxConf), "index.html": servers.apply((known) => entryPage(Object.keys(known))) },
    };
}

export function address(portal: ResolvedHistoryPortal): k8s.core.v1.ServiceArgs {
    return {
        metadata: metadata(portal, serviceName(portal)),
        spec: { selector: selectorOf(identityOf(portal)), ports: [{ name: "http", port: portalPort, targetPort: "http" }] },
    };
}

export function network(portal: ResolvedHistoryPortal): k8s.networking.v1.NetworkPolicyArgs {
    const spec = pulumi.all([portal.servers, portal.clientNamespaces]).apply(([servers, namespaces]) =>
        policySpec(selectorOf(identityOf(portal)), {
            ingress: [{ from: clientsOf(serviceName(portal), namespaces), ports: tcp(portalPort) }],
            egress: Object.values(servers).map(toEndpoint),
        }),
    );
    return { metadata: metadata(portal, serviceName(portal)), spec };
}

export function clientNetwork(portal: ResolvedHistoryPortal): k8s.networking.v1.NetworkPolicyArgs {
    const spec = clientSpec(serviceName(portal), selectorOf(identityOf(portal)), portalPort);
    return { metadata: metadata(portal, objectName(portal.name, "history-portal-client")), spec };
}

export function proxies(portal: ResolvedHistoryPortal, settingsName: pulumi.Input<string>): k8s.apps.v1.DeploymentArgs {
    const identity = identityOf(portal);
    return {
        metadata: metadata(portal, objectName(portal.name, "history-portal")),
        spec: {
            replicas: portal.replicas,
            selector: { matchLabels: selectorOf(identity) },
            template: {
                metadata: podMetadata(podLabels(portal), portal.pod),
                spec: restrictedPod(
                    {
                        user: proxyUser,
                        serviceAccountName: portal.serviceAccount,
                        terminationGracePeriodSeconds: 10,
                        volumes: [{ name: "settings", configMap: { name: settingsName } }],
                        containers: [
                            {
                                name: "proxy",
                                image: portal.image,
                                args: ["nginx", "-e", "stderr", "-c", `${settingsDirectory}/nginx.conf`, "-g", "daemon off;"],
                                ports: [{ name: "http", containerPort: portalPort }],
                                resources: { requests: { cpu: "10m", memory: "64Mi" }, limits: { memory: "64Mi" } },
                                startupProbe: { httpGet: { path: "/", port: "http" }, periodSeconds: 1, failureThreshold: 60 },
                                readinessProbe: { httpGet: { path: "/", port: "http" }, periodSeconds: 5 },
                                livenessProbe: { tcpSocket: { port: "http" }, periodSeconds: 20, failureThreshold: 6 },
                                volumeMounts: [{ name: "settings", mountPath: settingsDirectory, readOnly: true }],
                                writable: { "/tmp": "64Mi" },
                            },
                        ],
                    },
                    portal.pod,
                ),
            },
        },
    };
}

/** Each server's policy lets in who wears its label. */
function podLabels(portal: ResolvedHistoryPortal): pulumi.Output<Record<string, string>> {
    return pulumi.output(portal.servers).apply((servers) => ({
        ...clientLabelsOfAll(Object.values(servers)),
        ...labelsOf<string>(identityOf(portal)),
    }));
}
