import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { secretData } from "../../internal/environment";
import { clientLabelsOf, labelsOf, objectName, selectorOf, type Identity } from "../../internal/identity";
import { quantity } from "../../internal/memory";
import { fromPrometheus, podMonitor, type ResolvedMonitoring } from "../../internal/monitoring";
import { clientSpec, clientsOf, policySpec, tcp } from "../../internal/network";
import { podMetadata, restrictedPod, type PlainContainer } from "../../internal/pod";
import { sparkUser } from "../../spark/spark-image";
import { asksKubernetes, classicEnvironment, classicMounts, classicVolumes, type ClassicFacts } from "../classic";
import { trackingEnvironment } from "../endpoints";
import { addresses, homeDirectory, labelsOfNeighbours, notebookPort as webPort, waysToNeighbours, type Neighbours } from "../notebooks";
import type { ResolvedJupyterLab } from "./args";
import { startArguments, tokenDirectory, tokenKey } from "./conf";

const identityOf = ({ name }: ResolvedJupyterLab): Identity => ({ application: "jupyter-lab", role: "server", instance: name });
const serviceName = ({ name }: ResolvedJupyterLab): string => objectName(name, "jupyter");
const podNamesService = ({ name }: ResolvedJupyterLab): string => objectName(name, "jupyter-pods");
const claimName = ({ name }: ResolvedJupyterLab): string => objectName(name, "jupyter");
const tokenSecretName = ({ name }: ResolvedJupyterLab): string => objectName(name, "jupyter-token");

export const clientLabels = (lab: ResolvedJupyterLab): Record<string, string> => clientLabelsOf(serviceName(lab));

function metadata(lab: ResolvedJupyterLab, name: string): k8s.types.input.meta.v1.ObjectMeta {
    return { name, namespace: lab.namespace, labels: labelsOf(identityOf(lab)) };
}

const neighboursOf = ({ connect, historyServer, tracking }: ResolvedJupyterLab): pulumi.Output<Neighbours> =>
    pulumi.output({ connect, historyServer, tracking });

/** Whoever has the token runs code on the platform. */
export function tokenSecret(lab: ResolvedJupyterLab, token: pulumi.Input<string>): k8s.core.v1.SecretArgs {
    return { metadata: metadata(lab, tokenSecretName(lab)), data: secretData({ [tokenKey]: token }) };
}

/** A claim of its own rather than one made by the StatefulSet: it can be protected, and grow. */
export function home(lab: ResolvedJupyterLab): k8s.core.v1.PersistentVolumeClaimArgs {
    const storage = pulumi.output(lab.storage).apply(quantity);
    return {
        metadata: metadata(lab, claimName(lab)),
        spec: { accessModes: ["ReadWriteOnce"], storageClassName: lab.storageClass, resources: { requests: { storage } } },
    };
}

export function address(lab: ResolvedJupyterLab): k8s.core.v1.ServiceArgs {
    return {
        metadata: metadata(lab, serviceName(lab)),
        spec: { selector: selectorOf(identityOf(lab)), ports: [{ name: "http", port: webPort, targetPort: "http" }] },
    };
}

/** A name for the pod; a StatefulSet's governing Service can never be changed later. */
export function podNames(lab: ResolvedJupyterLab): k8s.core.v1.ServiceArgs {
    return {
        metadata: metadata(lab, podNamesService(lab)),
        spec: {
            selector: selectorOf(identityOf(lab)),
            clusterIP: "None",
            ports: [{ name: "http", port: webPort, targetPort: "http" }],
        },
    };
}

export function network(lab: ResolvedJupyterLab): k8s.networking.v1.NetworkPolicyArgs {
    const spec = pulumi.all([neighboursOf(lab), lab.clientNamespaces, lab.monitoring]).apply(([neighbours, namespaces, monitoring]) =>
        policySpec(selectorOf(identityOf(lab)), {
            ingress: [{ from: clientsOf(serviceName(lab), namespaces), ports: tcp(webPort) }, ...fromPrometheus(monitoring, webPort)],
            egress: waysToNeighbours(neighbours),
        }),
    );
    return { metadata: metadata(lab, serviceName(lab)), spec };
}

export function monitor(lab: ResolvedJupyterLab, monitoring: ResolvedMonitoring): k8s.apiextensions.CustomResourceArgs {
    const endpoints = [{ port: "http", path: "/metrics" }];
    return podMonitor({ metadata: metadata(lab, serviceName(lab)), selector: selectorOf(identityOf(lab)), endpoints }, monitoring);
}

export function clientNetwork(lab: ResolvedJupyterLab): k8s.networking.v1.NetworkPolicyArgs {
    const spec = clientSpec(serviceName(lab), selectorOf(identityOf(lab)), webPort);
    return { metadata: metadata(lab, objectName(lab.name, "jupyter-client")), spec };
}

/** What decides what the pod looks like. */
interface Known {
    neighbours: Neighbours;
    classic?: ClassicFacts;
}

export function server(lab: ResolvedJupyterLab, tokenSecretName: pulumi.Input<string>): k8s.apps.v1.StatefulSetArgs {
    const known = pulumi.output({ neighbours: neighboursOf(lab), classic: lab.classic }) as pulumi.Output<Known>;
    const own = known.apply(({ neighbours, classic }) => ({
        ...labelsOfNeighbours(neighbours),
        ...classic?.clientLabels,
        ...labelsOf<string>(identityOf(lab)),
    }));
    return {
        metadata: metadata(lab, objectName(lab.name, "jupyter", 52)),
        spec: {
            serviceName: podNamesService(lab),
            replicas: 1,
            // In order, a pod that never gets ready (a wrong image) would never be replaced by a right one either.
            podManagementPolicy: "Parallel",
            selector: { matchLabels: selectorOf(identityOf(lab)) },
            template: { metadata: podMetadata(own, lab.pod), spec: known.apply((facts) => notebookPod(lab, facts, tokenSecretName)) },
        },
    };
}

function notebookPod(lab: ResolvedJupyterLab, known: Known, tokenSecretName: pulumi.Input<string>): k8s.types.input.core.v1.PodSpec {
    return restrictedPod(
        {
            user: sparkUser,
            serviceAccountName: known.classic?.serviceAccount ?? lab.serviceAccount,
            // Kernels get to stop their sessions.
            terminationGracePeriodSeconds: 30,
            volumes: [
                { name: "home", persistentVolumeClaim: { claimName: claimName(lab) } },
                { name: "token", secret: { secretName: tokenSecretName, items: [{ key: tokenKey, path: tokenKey }] } },
                ...classicVolumes(known.classic),
            ],
            containers: [notebookServer(lab, known)],
        },
        lab.pod,
    );
}

function notebookServer(lab: ResolvedJupyterLab, known: Known): PlainContainer {
    const memory = pulumi.output(lab.memory).apply(quantity);
    const answers = { httpGet: { path: "/api", port: "http" }, timeoutSeconds: 5 };
    return {
        name: "jupyter",
        image: lab.image,
        args: pulumi
            .output({ timeout: lab.kernelIdleTimeout, logs: lab.logs })
            .apply(({ timeout, logs }) => startArguments(timeout, { monitoring: lab.monitoring, logs })),
        workingDir: homeDirectory,
        env: environment(known),
        ports: [{ name: "http", containerPort: webPort }],
        apiToken: asksKubernetes(known.classic),
        resources: { requests: { cpu: lab.cpuRequest, memory }, limits: { memory } },
        startupProbe: { ...answers, periodSeconds: 1, failureThreshold: 120 },
        readinessProbe: { ...answers, periodSeconds: 5 },
        livenessProbe: { ...answers, periodSeconds: 20, failureThreshold: 6 },
        volumeMounts: [
            { name: "home", mountPath: homeDirectory },
            { name: "token", mountPath: tokenDirectory, readOnly: true },
            ...classicMounts(known.classic),
        ],
        writable: { "/tmp": "2Gi" },
    };
}

/** The token is a file, because the environment is handed on to every kernel and whatever it starts. */
function environment({ neighbours, classic }: Known): pulumi.Output<k8s.types.input.core.v1.EnvVar[]> {
    const own: k8s.types.input.core.v1.EnvVar[] = [
        { name: "HOME", value: homeDirectory },
        { name: "JUPYTER_TOKEN_FILE", value: `${tokenDirectory}/${tokenKey}` },
        ...addresses(neighbours),
        ...trackingEnvironment(neighbours.tracking),
    ];
    return classicEnvironment(classic).apply((ofDriver) => pulumi.output([...own, ...ofDriver]));
}
