import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { clientLabelsOf, labelsOf, objectName, selectorOf, type Identity } from "../../internal/identity";
import { quantity } from "../../internal/memory";
import { fromPrometheus, podMonitor, type ResolvedMonitoring } from "../../internal/monitoring";
import { clientSpec, clientsOf, policySpec, tcp, toS3 } from "../../internal/network";
import { podMetadata, restrictedPod, type PlainContainer } from "../../internal/pod";
import { databaseClientLabels, fromSecret, passwordKey, portOf, toDatabase, usernameKey } from "../../storage/database";
import { credentialsEnvironment, storeClientLabels } from "../../storage/s3a";
import { jmxContainerPort, jmxEndpoints, jmxOption, jmxPort, jmxSettingsKey } from "../jmx-agent";
import { hadoopXml, kerberosMounts, kerberosVolumes, toKdc, type KerberosFacts } from "../kerberos";
import { logEnvironment } from "../logs";
import { metastorePort } from "../metastore";
import type { ResolvedMetastore } from "./args";
import { agentSettings, caFile, coreSite, metastoreSite } from "./conf";

/** The user of the Hive image. */
const hiveUser = 1000;
const settingsDirectory = "/etc/metastore";
/** Of the Hive image. */
const jmxAgent = "/opt/hive/jmx-exporter.jar";
/** The load balancers' and clients' tables are some seconds behind: a server that is told to stop takes calls a little longer. */
const leavingSeconds = 5;

type Role = "server" | "schema";

const identityOf = ({ name }: ResolvedMetastore, role: Role): Identity => ({ application: "hive-metastore", role, instance: name });
const serviceName = ({ name }: ResolvedMetastore): string => objectName(name, "metastore");

const labels = (metastore: ResolvedMetastore, role: Role = "server") =>
    labelsOf<pulumi.Input<string>>(identityOf(metastore, role), metastore.hiveVersion);

function metadata(metastore: ResolvedMetastore, name: string, role: Role = "server"): k8s.types.input.meta.v1.ObjectMeta {
    return { name, namespace: metastore.namespace, labels: labels(metastore, role) };
}

/** A new text makes a new ConfigMap under a new name (immutable, not named here), which rolls the pods. */
export function settings(metastore: ResolvedMetastore): k8s.core.v1.ConfigMapArgs {
    const { database, s3, warehouse, hiveConf, kerberos, monitoring } = metastore;
    const data = pulumi.output({ database, s3, warehouse, hiveConf, kerberos, monitoring }).apply((facts) => ({
        "metastore-site.xml": hadoopXml(metastoreSite(facts)),
        "core-site.xml": hadoopXml(coreSite(facts)),
        ...(facts.monitoring && { [jmxSettingsKey]: agentSettings() }),
    }));
    return { metadata: { namespace: metastore.namespace, labels: labels(metastore) }, immutable: true, data };
}

export function address(metastore: ResolvedMetastore): k8s.core.v1.ServiceArgs {
    return {
        metadata: metadata(metastore, serviceName(metastore)),
        spec: {
            selector: selectorOf(identityOf(metastore, "server")),
            ports: [{ name: "thrift", port: metastorePort, targetPort: "thrift" }],
        },
    };
}

export function network(metastore: ResolvedMetastore): k8s.networking.v1.NetworkPolicyArgs {
    const { database, s3, clientNamespaces, kerberos, monitoring } = metastore;
    const spec = pulumi.output({ database, s3, clientNamespaces, kerberos, monitoring }).apply((known) =>
        policySpec(selectorOf(identityOf(metastore, "server")), {
            ingress: [
                { from: clientsOf(serviceName(metastore), known.clientNamespaces, clientLabels(metastore)), ports: tcp(metastorePort) },
                ...fromPrometheus(known.monitoring, jmxPort),
            ],
            egress: [toDatabase(known.database), ...toS3(known.s3), ...toKdc(known.kerberos)],
        }),
    );
    return { metadata: metadata(metastore, serviceName(metastore)), spec };
}

export function monitor(metastore: ResolvedMetastore, monitoring: ResolvedMonitoring): k8s.apiextensions.CustomResourceArgs {
    const watched = { metadata: metadata(metastore, serviceName(metastore)), selector: selectorOf(identityOf(metastore, "server")) };
    return podMonitor({ ...watched, endpoints: jmxEndpoints }, monitoring);
}

export function schemaNetwork(metastore: ResolvedMetastore): k8s.networking.v1.NetworkPolicyArgs {
    const spec = pulumi
        .output(metastore.database)
        .apply((database) => policySpec(selectorOf(identityOf(metastore, "schema")), { ingress: [], egress: [toDatabase(database)] }));
    return { metadata: metadata(metastore, objectName(metastore.name, "metastore-schema"), "schema"), spec };
}

export function clientNetwork(metastore: ResolvedMetastore): k8s.networking.v1.NetworkPolicyArgs {
    const spec = clientSpec(serviceName(metastore), selectorOf(identityOf(metastore, "server")), metastorePort);
    return { metadata: metadata(metastore, objectName(metastore.name, "metastore-client")), spec };
}

/** One server at a time may be evicted; with a single one that is a short break, which clients' retries bridge. */
export function disruptionBudget(metastore: ResolvedMetastore): k8s.policy.v1.PodDisruptionBudgetArgs {
    return {
        metadata: metadata(metastore, serviceName(metastore)),
        spec: { maxUnavailable: 1, selector: { matchLabels: selectorOf(identityOf(metastore, "server")) } },
    };
}

export function servers(metastore: ResolvedMetastore, settingsName: pulumi.Input<string>): k8s.apps.v1.DeploymentArgs {
    return {
        metadata: metadata(metastore, serviceName(metastore)),
        spec: {
            replicas: metastore.replicas,
            selector: { matchLabels: selectorOf(identityOf(metastore, "server")) },
            strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
            template: {
                metadata: podMetadata(podLabels(metastore, "server"), metastore.pod),
                spec: restrictedPod(
                    {
                        user: hiveUser,
                        serviceAccountName: metastore.serviceAccount,
                        terminationGracePeriodSeconds: 30,
                        volumes: volumes(metastore, settingsName),
                        containers: [
                            {
                                ...container(metastore, "server"),
                                ports: [
                                    { name: "thrift", containerPort: metastorePort },
                                    ...(metastore.monitoring ? [jmxContainerPort] : []),
                                ],
                                startupProbe: { ...listens(metastore), periodSeconds: 1, failureThreshold: 300 },
                                readinessProbe: { ...listens(metastore), periodSeconds: 5, timeoutSeconds: 5 },
                                livenessProbe: {
                                    ...listens(metastore),
                                    periodSeconds: 20,
                                    timeoutSeconds: 10,
                                    failureThreshold: 6,
                                },
                                lifecycle: { preStop: { exec: { command: ["sleep", String(leavingSeconds)] } } },
                            },
                        ],
                    },
                    metastore.pod,
                ),
            },
        },
    };
}

/**
 * Makes the tables of the metastore itself, or brings them to the version of the image; running it again changes nothing. A Job rather than
 * every server's start: several at once would get into each other's way.
 *
 * The name is left to the engine: a Job cannot be changed, so another set-up is another Job, made before the old one goes.
 */
export function schema(metastore: ResolvedMetastore, settingsName: pulumi.Input<string>): k8s.batch.v1.JobArgs {
    return {
        metadata: {
            namespace: metastore.namespace,
            labels: labels(metastore, "schema"),
            // A Job that has failed stays failed; the next `up` makes another.
            annotations: { "pulumi.com/replaceUnready": "true" },
        },
        spec: {
            // The program itself waits for the database; what it gives up on, another pod would not find otherwise.
            backoffLimit: 0,
            activeDeadlineSeconds: 900,
            template: {
                metadata: podMetadata(podLabels(metastore, "schema"), metastore.pod),
                spec: restrictedPod(
                    {
                        user: hiveUser,
                        restartPolicy: "Never",
                        terminationGracePeriodSeconds: 5,
                        volumes: volumes(metastore, settingsName),
                        containers: [container(metastore, "schema")],
                    },
                    metastore.pod,
                ),
            },
        },
    };
}

/**
 * Whether somebody listens at the port. A server that asks who is there writes an error with its stack for each caller that says nothing, as a
 * probe would; so the kernel is asked, which is what answers such a call in any case.
 */
function listens({ kerberos }: ResolvedMetastore): k8s.types.input.core.v1.Probe {
    const address = `:${metastorePort.toString(16).toUpperCase()} 0+:0000 0A `;
    return kerberos === undefined
        ? { tcpSocket: { port: "thrift" } }
        : { exec: { command: ["grep", "-qsE", address, "/proc/net/tcp", "/proc/net/tcp6"] } };
}

function container(metastore: ResolvedMetastore, role: Role): PlainContainer {
    const memory = pulumi.output(metastore.memory).apply(quantity);
    return {
        name: "metastore",
        image: metastore.image,
        args: pulumi
            .all([metastore.database, metastore.databaseTimeoutSeconds])
            .apply(([database, seconds]) => [
                ...["python3", "/opt/hive/metastore.py", role],
                ...["--database", `${database.host}:${portOf(database)}`, "--timeout", String(seconds)],
            ]),
        env: environment(metastore, role),
        resources: { requests: { cpu: metastore.cpuRequest, memory }, limits: { memory } },
        // The last lines of the log are the message: they are what `up` shows.
        terminationMessagePolicy: "FallbackToLogsOnError",
        volumeMounts: [
            { name: "settings", mountPath: settingsDirectory, readOnly: true },
            { name: "database-ca", mountPath: caFile.replace(/\/[^/]*$/, ""), readOnly: true },
            ...kerberosMounts(metastore.kerberos),
        ],
        writable: { "/tmp": "256Mi" },
    };
}

function volumes(metastore: ResolvedMetastore, settingsName: pulumi.Input<string>): k8s.types.input.core.v1.Volume[] {
    // Empty where nobody is to be trusted: whether there is a CA is known only when the connection is.
    const sources = pulumi
        .output(metastore.database)
        .apply(({ caSecret }) =>
            caSecret === undefined ? [] : [{ secret: { name: caSecret, items: [{ key: "ca.crt", path: "ca.crt" }] } }],
        );
    return [
        { name: "settings", configMap: { name: settingsName } },
        { name: "database-ca", projected: { sources } },
        ...kerberosVolumes(metastore.kerberos),
    ];
}

function environment(metastore: ResolvedMetastore, role: Role): pulumi.Output<k8s.types.input.core.v1.EnvVar[]> {
    return pulumi.all([metastore.database, credentialsEnvironment(metastore.s3)]).apply(([{ credentialsSecret }, store]) => [
        { name: "METASTORE_CONF_DIR", value: settingsDirectory },
        // The schema's tool has its own (see metastore.py): its output is read by a program.
        ...(role === "server" ? logEnvironment(metastore.logs, "METASTORE") : []),
        ...(role === "server" && metastore.monitoring
            ? [{ name: "METASTORE_JAVA_OPTS", value: jmxOption(jmxAgent, settingsDirectory) }]
            : []),
        fromSecret("DATABASE_USERNAME", credentialsSecret, usernameKey),
        fromSecret("DATABASE_PASSWORD", credentialsSecret, passwordKey),
        ...store,
    ]);
}

/** What the pods' labels add to the selector may change: a version, and what database and store ask of their clients. */
function podLabels(metastore: ResolvedMetastore, role: Role): pulumi.Output<Record<string, string>> {
    return pulumi
        .all([labels(metastore, role), metastore.database, metastore.s3])
        .apply(([own, database, s3]) => ({ ...databaseClientLabels(database), ...(role === "server" && storeClientLabels(s3)), ...own }));
}

const clientLabels = (metastore: ResolvedMetastore): Record<string, string> => clientLabelsOf(serviceName(metastore));

/** Who clients are, when they are asked. */
export const clientIdentity = ({ kerberos }: ResolvedMetastore) =>
    kerberos && {
        principal: kerberos.clientPrincipal,
        keytabSecret: kerberos.clientKeytabSecret,
        configMap: kerberos.configMap,
        servicePrincipal: kerberos.principal,
    };

/** What clients need to know; a value of its own, so that it can be handed out when the servers are there and not before. */
export function connection(
    metastore: ResolvedMetastore,
    known: { namespace: string; version: string; warehouse: string; kerberos?: KerberosFacts },
) {
    const { namespace, version, warehouse, kerberos } = known;
    return {
        uris: `thrift://${serviceName(metastore)}.${namespace}.svc:${metastorePort}`,
        version,
        warehouse,
        clusterEndpoint: { namespace, podLabels: selectorOf(identityOf(metastore, "server")), clientLabels: clientLabels(metastore) },
        ...(kerberos && { kerberos }),
    };
}
