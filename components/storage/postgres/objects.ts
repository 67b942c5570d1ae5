import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { clientLabelsOf, hashOf, labelsOf, objectName, selectorOf, type Identity } from "../../internal/identity";
import { quantity } from "../../internal/memory";
import { fromPrometheus, podMonitor, type ResolvedMonitoring } from "../../internal/monitoring";
import { clientSpec, clientsOf, pods, policySpec, tcp } from "../../internal/network";
import { podMetadata, restrictedPod } from "../../internal/pod";
import { fromSecret, passwordKey, usernameKey } from "../database";
import type { ResolvedDatabase, ResolvedPostgres } from "./args";
import { exporterPort, postgresPort, serverArguments } from "./conf";
import { exporter } from "./exporter";

/** The user of the PostgreSQL image. */
const postgresUser = 999;
const dataDirectory = "/var/lib/postgresql/data";
const administratorKey = "password";
/** A shutdown writes out what is in memory; killed, the server would do the same work at its next start. */
const graceSeconds = 60;

const identityOf = ({ name }: ResolvedPostgres, role: "server" | "setup"): Identity => ({ application: "postgres", role, instance: name });
const serviceName = ({ name }: ResolvedPostgres): string => objectName(name, "postgres");
const podNamesService = ({ name }: ResolvedPostgres): string => objectName(name, "postgres-pods");

/** Names, known from their objects, of what the server needs; another name rolls it. */
export interface ServerParts {
    administrator: pulumi.Input<string>;
    claim: pulumi.Input<string>;
    /** Secret with the password that the exporter logs in with, where there is one. */
    monitor?: pulumi.Input<string>;
}

/** What the set-up depends on: it runs again when any of it is another. */
export interface SetupParts {
    administrator: pulumi.Input<string>;
    /** Secrets with users and passwords, in the order of the databases. */
    credentials: pulumi.Input<string>[];
    volumeId: pulumi.Input<string>;
    monitor?: pulumi.Input<string>;
}

function metadata(
    server: ResolvedPostgres,
    name: pulumi.Input<string>,
    role: "server" | "setup" = "server",
): k8s.types.input.meta.v1.ObjectMeta {
    return { name, namespace: server.namespace, labels: labelsOf(identityOf(server, role)) };
}

/** Base64 is what the API server answers with, so a refresh finds nothing changed. */
const encoded = (value: pulumi.Input<string>): pulumi.Output<string> =>
    pulumi.output(value).apply((text) => Buffer.from(text).toString("base64"));

/** New contents make a new Secret under a new name (immutable, not named here), which rolls whoever uses it; the old one stays until then. */
function immutableSecret(server: ResolvedPostgres, data: Record<string, pulumi.Input<string>>): k8s.core.v1.SecretArgs {
    const encodedData = Object.fromEntries(Object.entries(data).map(([key, value]) => [key, encoded(value)]));
    return {
        metadata: { namespace: server.namespace, labels: labelsOf(identityOf(server, "server")) },
        immutable: true,
        data: encodedData,
    };
}

/** The administrator's password: no pod of the platform is given it but the server and its set-up. Whoever may make pods here can read it. */
export function administratorSecret(server: ResolvedPostgres, password: pulumi.Input<string>): k8s.core.v1.SecretArgs {
    return immutableSecret(server, { [administratorKey]: password });
}

/** What the exporter logs in with; it reads what the server counts, and no table. */
export function monitorSecret(server: ResolvedPostgres, password: pulumi.Input<string>): k8s.core.v1.SecretArgs {
    return immutableSecret(server, { [passwordKey]: password });
}

/** User and password of one database, as every client of a `DatabaseConnection` reads them. */
export function credentials(
    server: ResolvedPostgres,
    { database, rotation }: ResolvedDatabase,
    password: pulumi.Input<string>,
): k8s.core.v1.SecretArgs {
    return immutableSecret(server, { [usernameKey]: pulumi.interpolate`${database}_${rotation}`, [passwordKey]: password });
}

/**
 * A claim of its own rather than one made by the StatefulSet: it can be protected, and grow. One of another storage class has another
 * name: Kubernetes does not let a claim go before its pod has moved to the next.
 */
export function data(server: ResolvedPostgres): k8s.core.v1.PersistentVolumeClaimArgs {
    const storage = pulumi.output(server.storage).apply(quantity);
    const role = pulumi.output(server.storageClass).apply((known) => (known === undefined ? "postgres" : `postgres-${hashOf(known)}`));
    return {
        metadata: metadata(
            server,
            role.apply((known) => objectName(server.name, known)),
        ),
        spec: { accessModes: ["ReadWriteOnce"], storageClassName: server.storageClass, resources: { requests: { storage } } },
    };
}

const ports = [{ name: "postgres", port: postgresPort, targetPort: "postgres" }];

export function address(server: ResolvedPostgres): k8s.core.v1.ServiceArgs {
    return { metadata: metadata(server, serviceName(server)), spec: { selector: selectorOf(identityOf(server, "server")), ports } };
}

/** A name for the pod; a StatefulSet's governing Service can never be changed later. */
export function podNames(server: ResolvedPostgres): k8s.core.v1.ServiceArgs {
    return {
        metadata: metadata(server, podNamesService(server)),
        spec: { selector: selectorOf(identityOf(server, "server")), clusterIP: "None", ports },
    };
}

export function network(server: ResolvedPostgres): k8s.networking.v1.NetworkPolicyArgs {
    const spec = pulumi.all([server.clientNamespaces, server.monitoring]).apply(([namespaces, monitoring]) =>
        policySpec(selectorOf(identityOf(server, "server")), {
            ingress: [
                { from: clientsOf(serviceName(server), namespaces, clientLabels(server)), ports: tcp(postgresPort) },
                ...fromPrometheus(monitoring, exporterPort),
            ],
            egress: [],
        }),
    );
    return { metadata: metadata(server, serviceName(server)), spec };
}

export function monitor(server: ResolvedPostgres, monitoring: ResolvedMonitoring): k8s.apiextensions.CustomResourceArgs {
    const watched = { metadata: metadata(server, serviceName(server)), selector: selectorOf(identityOf(server, "server")) };
    return podMonitor({ ...watched, endpoints: [{ port: "metrics", path: "/metrics" }] }, monitoring);
}

export function clientNetwork(server: ResolvedPostgres): k8s.networking.v1.NetworkPolicyArgs {
    const spec = clientSpec(serviceName(server), selectorOf(identityOf(server, "server")), postgresPort);
    return { metadata: metadata(server, objectName(server.name, "postgres-client")), spec };
}

export function setupNetwork(server: ResolvedPostgres): k8s.networking.v1.NetworkPolicyArgs {
    const spec = policySpec(selectorOf(identityOf(server, "setup")), {
        ingress: [],
        egress: [{ to: [pods(selectorOf(identityOf(server, "server")))], ports: tcp(postgresPort) }],
    });
    return { metadata: metadata(server, objectName(server.name, "postgres-setup"), "setup"), spec };
}

export function server(server: ResolvedPostgres, { administrator, claim, monitor }: ServerParts): k8s.apps.v1.StatefulSetArgs {
    const identity = identityOf(server, "server");
    const memory = pulumi.output(server.memory).apply(quantity);
    const { maxConnections, parameters, logs } = server;
    const settings = pulumi.output({ memory: server.memory, maxConnections, parameters, logs });
    return {
        metadata: metadata(server, objectName(server.name, "postgres", 52)),
        spec: {
            serviceName: podNamesService(server),
            replicas: 1,
            // In order, a pod that never gets ready (a wrong image) would never be replaced by a right one either.
            podManagementPolicy: "Parallel",
            selector: { matchLabels: selectorOf(identity) },
            template: {
                metadata: podMetadata(labelsOf<string>(identity), server.pod),
                spec: restrictedPod(
                    {
                        user: postgresUser,
                        terminationGracePeriodSeconds: graceSeconds,
                        volumes: [
                            { name: "data", persistentVolumeClaim: { claimName: claim } },
                            ...(server.tlsSecret === undefined ? [] : [{ name: "tls", secret: { secretName: server.tlsSecret } }]),
                        ],
                        containers: [
                            {
                                name: "postgres",
                                image: server.image,
                                args: settings.apply((known) => ["/bin/bash", "/opt/postgres/server.sh", ...serverArguments(known)]),
                                env: [fromSecret("POSTGRES_ADMIN_PASSWORD", administrator, administratorKey)],
                                ports: [{ name: "postgres", containerPort: postgresPort }],
                                resources: { requests: { cpu: server.cpuRequest, memory }, limits: { memory } },
                                // Patient: after a crash the server first reads its log.
                                startupProbe: { exec: { command: ["pg_isready", "--quiet"] }, periodSeconds: 1, failureThreshold: 600 },
                                readinessProbe: { exec: { command: ["pg_isready", "--quiet"] }, periodSeconds: 5, timeoutSeconds: 5 },
                                livenessProbe: {
                                    tcpSocket: { port: "postgres" },
                                    periodSeconds: 20,
                                    timeoutSeconds: 5,
                                    failureThreshold: 6,
                                },
                                // The image says how it wants to be stopped; where that is not heeded, SIGTERM would wait for the clients.
                                lifecycle: {
                                    preStop: {
                                        exec: { command: ["pg_ctl", "stop", "--mode=fast", "--no-wait"] },
                                    },
                                },
                                terminationMessagePolicy: "FallbackToLogsOnError",
                                volumeMounts: [
                                    { name: "data", mountPath: dataDirectory },
                                    ...(server.tlsSecret === undefined
                                        ? []
                                        : [{ name: "tls", mountPath: "/etc/postgres-tls", readOnly: true }]),
                                ],
                                writable: { "/tmp": "64Mi", "/run/postgres": "16Mi", "/dev/shm": "256Mi" },
                            },
                            ...(monitor === undefined ? [] : [exporter(server, monitor)]),
                        ],
                    },
                    server.pod,
                ),
            },
        },
    };
}

/**
 * Makes databases, roles and users; running it again changes nothing.
 *
 * The name is left to the engine: a Job cannot be changed, so another set-up is another Job, made before the old one goes.
 */
export function setup(server: ResolvedPostgres, { administrator, credentials, volumeId, monitor }: SetupParts): k8s.batch.v1.JobArgs {
    const identity = identityOf(server, "setup");
    const labels = { ...clientLabels(server), ...labelsOf<string>(identity) };
    const sources = server.databases.map(({ database }, index) => ({
        secret: { name: credentials[index], items: [usernameKey, passwordKey].map((key) => ({ key, path: `${database}/${key}` })) },
    }));
    return {
        // A Job that has failed stays failed; the next `up` makes another.
        metadata: { namespace: server.namespace, labels: labelsOf(identity), annotations: { "pulumi.com/replaceUnready": "true" } },
        spec: {
            backoffLimit: 3,
            activeDeadlineSeconds: 600,
            template: {
                metadata: podMetadata(labels, server.pod),
                spec: restrictedPod(
                    {
                        user: postgresUser,
                        restartPolicy: "Never",
                        terminationGracePeriodSeconds: 5,
                        volumes: [{ name: "credentials", projected: { sources } }],
                        containers: [
                            {
                                name: "setup",
                                image: server.image,
                                args: ["/bin/bash", "/opt/postgres/setup.sh", ...server.databases.map(({ database }) => database)],
                                env: [
                                    { name: "PGHOST", value: serviceName(server) },
                                    { name: "PGUSER", value: "postgres" },
                                    { name: "PGSSLMODE", value: "require" },
                                    { name: "VOLUME_ID", value: volumeId },
                                    fromSecret("PGPASSWORD", administrator, administratorKey),
                                    ...(monitor === undefined ? [] : [fromSecret("MONITOR_PASSWORD", monitor, passwordKey)]),
                                ],
                                resources: { requests: { cpu: "50m", memory: "64Mi" }, limits: { memory: "64Mi" } },
                                terminationMessagePolicy: "FallbackToLogsOnError",
                                volumeMounts: [{ name: "credentials", mountPath: "/run/credentials", readOnly: true }],
                                writable: { "/tmp": "16Mi" },
                            },
                        ],
                    },
                    server.pod,
                ),
            },
        },
    };
}

const clientLabels = (server: ResolvedPostgres): Record<string, string> => clientLabelsOf(serviceName(server));

/** What clients need to know; a value of its own, so that it can be handed out when the set-up is done and not before. */
export function connections(
    server: ResolvedPostgres,
    { namespace, secrets, tlsSecret }: { namespace: string; secrets: string[]; tlsSecret?: string },
) {
    const common = {
        // The address by namespace, for clients elsewhere too.
        host: `${serviceName(server)}.${namespace}.svc`,
        port: postgresPort,
        sslMode: tlsSecret === undefined ? "require" : "verify-full",
        ...(tlsSecret !== undefined && { caSecret: tlsSecret }),
        clusterEndpoint: { namespace, podLabels: selectorOf(identityOf(server, "server")), clientLabels: clientLabels(server) },
    };
    return Object.fromEntries(
        server.databases.map(({ database }, index) => [database, { ...common, database, credentialsSecret: secrets[index] ?? "" }]),
    );
}
