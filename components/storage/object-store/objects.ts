import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { clientLabelsOf, hashOf, labelsOf, objectName, selectorOf, type Identity } from "../../internal/identity";
import { mebibytes, quantity } from "../../internal/memory";
import { fromPrometheus, podMonitor, type ResolvedMonitoring } from "../../internal/monitoring";
import { clientSpec, clientsOf, pods, policySpec, tcp } from "../../internal/network";
import { podMetadata, restrictedPod } from "../../internal/pod";
import { accessKeyName, defaultRegion, secretKeyName } from "../s3a";
import type { ResolvedObjectStore } from "./args";

export const s3Port = 9000;

/** The user of the MinIO image. */
const minioUser = 1000;
const dataDirectory = "/data";

type EnvVar = k8s.types.input.core.v1.EnvVar;

const identityOf = ({ name }: ResolvedObjectStore, role: "server" | "setup"): Identity => ({
    application: "object-store",
    role,
    instance: name,
});
const serviceName = ({ name }: ResolvedObjectStore): string => objectName(name, "store");
const podNamesService = ({ name }: ResolvedObjectStore): string => objectName(name, "store-pods");

/** Names, known from their objects, of what the pods need; another name rolls them. */
export interface StoreParts {
    rootSecret: pulumi.Input<string>;
    claim: pulumi.Input<string>;
}

/** What the set-up depends on: it runs again when any of it is another. */
export interface SetupParts {
    rootSecret: pulumi.Input<string>;
    credentialsSecret: pulumi.Input<string>;
    volumeId: pulumi.Input<string>;
}

function metadata(
    store: ResolvedObjectStore,
    name: pulumi.Input<string>,
    role: "server" | "setup" = "server",
): k8s.types.input.meta.v1.ObjectMeta {
    return { name, namespace: store.namespace, labels: labelsOf(identityOf(store, role)) };
}

/** A pair of keys as a Secret. Base64 is what the API server answers with, so a refresh finds nothing changed. */
function keyPair(accessKey: pulumi.Input<string>, secretKey: pulumi.Input<string>): Record<string, pulumi.Output<string>> {
    const encoded = (value: pulumi.Input<string>) => pulumi.output(value).apply((text) => Buffer.from(text).toString("base64"));
    return { [accessKeyName]: encoded(accessKey), [secretKeyName]: encoded(secretKey) };
}

/** New keys make a new Secret under a new name (immutable, not named here), which rolls whoever uses them. */
function immutableKeys(store: ResolvedObjectStore, data: k8s.core.v1.SecretArgs["data"]): k8s.core.v1.SecretArgs {
    return { metadata: { namespace: store.namespace, labels: labelsOf(identityOf(store, "server")) }, immutable: true, data };
}

/** The administrator's keys: no pod of the platform is given them but the server and its set-up. Whoever may make pods here can read them. */
export function rootSecret(store: ResolvedObjectStore, password: pulumi.Input<string>): k8s.core.v1.SecretArgs {
    return immutableKeys(store, keyPair("root", password));
}

/** The application's keys, as every client of an `S3Connection` reads them. */
export function credentialsSecret(
    store: ResolvedObjectStore,
    accessKey: pulumi.Input<string>,
    secretKey: pulumi.Input<string>,
): k8s.core.v1.SecretArgs {
    return immutableKeys(store, keyPair(accessKey, secretKey));
}

/**
 * A claim of its own rather than one made by the StatefulSet: it can be protected, and grow. One of another storage class has another
 * name: Kubernetes does not let a claim go before its pod has moved to the next.
 */
export function data(store: ResolvedObjectStore): k8s.core.v1.PersistentVolumeClaimArgs {
    const storage = pulumi.output(store.storage).apply(quantity);
    const role = pulumi.output(store.storageClass).apply((known) => (known === undefined ? "store" : `store-${hashOf(known)}`));
    return {
        metadata: metadata(
            store,
            role.apply((known) => objectName(store.name, known)),
        ),
        spec: { accessModes: ["ReadWriteOnce"], storageClassName: store.storageClass, resources: { requests: { storage } } },
    };
}

export function address(store: ResolvedObjectStore): k8s.core.v1.ServiceArgs {
    return {
        metadata: metadata(store, serviceName(store)),
        spec: { selector: selectorOf(identityOf(store, "server")), ports: [{ name: "s3", port: s3Port, targetPort: "s3" }] },
    };
}

/** A name for the pod; a StatefulSet's governing Service can never be changed later. */
export function podNames(store: ResolvedObjectStore): k8s.core.v1.ServiceArgs {
    return {
        metadata: metadata(store, podNamesService(store)),
        spec: {
            selector: selectorOf(identityOf(store, "server")),
            clusterIP: "None",
            ports: [{ name: "s3", port: s3Port, targetPort: "s3" }],
        },
    };
}

export function network(store: ResolvedObjectStore): k8s.networking.v1.NetworkPolicyArgs {
    const spec = pulumi.all([store.clientNamespaces, store.monitoring]).apply(([namespaces, monitoring]) =>
        policySpec(selectorOf(identityOf(store, "server")), {
            ingress: [
                { from: clientsOf(serviceName(store), namespaces, clientLabels(store)), ports: tcp(s3Port) },
                ...fromPrometheus(monitoring, s3Port),
            ],
            egress: [],
        }),
    );
    return { metadata: metadata(store, serviceName(store)), spec };
}

export function monitor(store: ResolvedObjectStore, monitoring: ResolvedMonitoring): k8s.apiextensions.CustomResourceArgs {
    const endpoints = [{ port: "s3", path: "/minio/v2/metrics/cluster" }];
    return podMonitor(
        { metadata: metadata(store, serviceName(store)), selector: selectorOf(identityOf(store, "server")), endpoints },
        monitoring,
    );
}

/** Whoever gets past the network policy may read the metrics, which name buckets and count bytes; else Prometheus would need a user here. */
const openMetrics: EnvVar = { name: "MINIO_PROMETHEUS_AUTH_TYPE", value: "public" };

export function clientNetwork(store: ResolvedObjectStore): k8s.networking.v1.NetworkPolicyArgs {
    const spec = clientSpec(serviceName(store), selectorOf(identityOf(store, "server")), s3Port);
    return { metadata: metadata(store, objectName(store.name, "store-client")), spec };
}

export function setupNetwork(store: ResolvedObjectStore): k8s.networking.v1.NetworkPolicyArgs {
    const spec = policySpec(selectorOf(identityOf(store, "setup")), {
        ingress: [],
        egress: [{ to: [pods(selectorOf(identityOf(store, "server")))], ports: tcp(s3Port) }],
    });
    return { metadata: metadata(store, objectName(store.name, "store-setup"), "setup"), spec };
}

export function server(store: ResolvedObjectStore, { rootSecret, claim }: StoreParts): k8s.apps.v1.StatefulSetArgs {
    const identity = identityOf(store, "server");
    const memory = pulumi.output(store.memory).apply(quantity);
    return {
        metadata: metadata(store, objectName(store.name, "store", 52)),
        spec: {
            serviceName: podNamesService(store),
            replicas: 1,
            // In order, a pod that never gets ready (a wrong image) would never be replaced by a right one either.
            podManagementPolicy: "Parallel",
            selector: { matchLabels: selectorOf(identity) },
            template: {
                metadata: podMetadata(labelsOf<string>(identity), store.pod),
                spec: restrictedPod(
                    {
                        user: minioUser,
                        terminationGracePeriodSeconds: 30,
                        volumes: [{ name: "data", persistentVolumeClaim: { claimName: claim } }],
                        containers: [
                            {
                                name: "minio",
                                image: store.image,
                                args: ["/usr/bin/minio", "server", dataDirectory, "--address", `:${s3Port}`],
                                env: [
                                    ...rootEnvironment(rootSecret),
                                    { name: "MINIO_BROWSER", value: "off" },
                                    memoryTarget(store),
                                    ...(store.monitoring ? [openMetrics] : []),
                                ],
                                ports: [{ name: "s3", containerPort: s3Port }],
                                resources: { requests: { cpu: store.cpuRequest, memory }, limits: { memory } },
                                startupProbe: {
                                    httpGet: { path: "/minio/health/live", port: "s3" },
                                    periodSeconds: 1,
                                    failureThreshold: 120,
                                },
                                readinessProbe: { httpGet: { path: "/minio/health/ready", port: "s3" }, periodSeconds: 5 },
                                livenessProbe: {
                                    httpGet: { path: "/minio/health/live", port: "s3" },
                                    periodSeconds: 20,
                                    failureThreshold: 6,
                                },
                                volumeMounts: [{ name: "data", mountPath: dataDirectory }],
                                writable: { "/tmp": "256Mi" },
                            },
                        ],
                    },
                    store.pod,
                ),
            },
        },
    };
}

/**
 * Makes the buckets, the directory of the event logs and the application's user; running it again changes nothing.
 *
 * The name is left to the engine: a Job cannot be changed, so another set-up is another Job, made before the old one goes.
 */
export function setup(store: ResolvedObjectStore, { rootSecret, credentialsSecret, volumeId }: SetupParts): k8s.batch.v1.JobArgs {
    const identity = identityOf(store, "setup");
    const labels = { ...clientLabels(store), ...labelsOf<string>(identity) };
    const contents = pulumi.all([store.buckets, store.eventLogBucket, store.eventLogPrefix]).apply(setupArguments);
    return {
        // A Job that has failed stays failed; the next `up` makes another.
        metadata: { namespace: store.namespace, labels: labelsOf(identity), annotations: { "pulumi.com/replaceUnready": "true" } },
        spec: {
            backoffLimit: 3,
            activeDeadlineSeconds: 600,
            template: {
                metadata: podMetadata(labels, store.pod),
                spec: restrictedPod(
                    {
                        user: minioUser,
                        restartPolicy: "Never",
                        terminationGracePeriodSeconds: 5,
                        containers: [
                            {
                                name: "setup",
                                image: store.image,
                                args: contents.apply((list) => [
                                    "/opt/object-store/setup.py",
                                    "--endpoint",
                                    endpointOf(store, ""),
                                    ...list,
                                ]),
                                env: [
                                    ...rootEnvironment(rootSecret),
                                    ...applicationEnvironment(credentialsSecret),
                                    // Nobody reads it: an empty volume needs another set-up.
                                    { name: "VOLUME_ID", value: volumeId },
                                ],
                                resources: { requests: { cpu: "50m", memory: "128Mi" }, limits: { memory: "128Mi" } },
                                writable: { "/tmp": "16Mi" },
                            },
                        ],
                    },
                    store.pod,
                ),
            },
        },
    };
}

export function setupArguments([buckets, eventLogBucket, eventLogPrefix]: [string[], string, string]): string[] {
    const all = [...new Set([...buckets, eventLogBucket])];
    return [...all.flatMap((bucket) => ["--bucket", bucket]), "--prefix", `${eventLogBucket}/${eventLogPrefix}`];
}

/** The address by namespace, for clients elsewhere too. */
export const endpointOf = (store: ResolvedObjectStore, namespace: string): string =>
    `http://${serviceName(store)}${namespace === "" ? "" : `.${namespace}.svc`}:${s3Port}`;

export const clientLabels = (store: ResolvedObjectStore): Record<string, string> => clientLabelsOf(serviceName(store));

/** What clients need to know; a value of its own, so that it can be handed out when the set-up is done and not before. */
export function connection(store: ResolvedObjectStore, namespace: string, secret: string) {
    return {
        endpoint: endpointOf(store, namespace),
        region: defaultRegion,
        pathStyle: true,
        credentialsSecret: secret,
        clusterEndpoint: { namespace, podLabels: selectorOf(identityOf(store, "server")), clientLabels: clientLabels(store) },
    };
}

const fromSecret = (name: string, secret: pulumi.Input<string>, key: string): EnvVar => ({
    name,
    valueFrom: { secretKeyRef: { name: secret, key } },
});

function rootEnvironment(secret: pulumi.Input<string>): EnvVar[] {
    return [fromSecret("MINIO_ROOT_USER", secret, accessKeyName), fromSecret("MINIO_ROOT_PASSWORD", secret, secretKeyName)];
}

function applicationEnvironment(secret: pulumi.Input<string>): EnvVar[] {
    return [fromSecret("AWS_ACCESS_KEY_ID", secret, accessKeyName), fromSecret("AWS_SECRET_ACCESS_KEY", secret, secretKeyName)];
}

/** Go gives memory back before the limit is reached, rather than being killed at it. */
function memoryTarget(store: ResolvedObjectStore): EnvVar {
    return { name: "GOMEMLIMIT", value: pulumi.output(store.memory).apply((size) => `${Math.floor(mebibytes(size) * 0.9)}MiB`) };
}
