import { basename, dirname } from "node:path/posix";

import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { fromSecret, secretData } from "../../internal/environment";
import { labelsOf, selectorOf } from "../../internal/identity";
import { clientSpec } from "../../internal/network";
import { podMetadata, restrictedPod, type PlainContainer } from "../../internal/pod";
import { environmentOf, mountsOf, volumesOf } from "../../internal/pod-additions";
import { renderSparkProperties, withOwn } from "../../internal/spark-properties";
import { sparkLine } from "../../internal/spark-versions";
import type { EventLogLocation } from "../../storage/connections";
import { credentialsEnvironment } from "../../storage/s3a";
import { executorTemplateFile } from "../client-mode";
import { volumeOfKeys } from "../driver-files";
import { localEventLog, uploaderArguments } from "../event-log";
import { icebergEnvironment, icebergMounts, icebergVolumes } from "../iceberg";
import { kerberosFiles, kerberosMounts, kerberosVolumes } from "../kerberos";
import { logEnvironment } from "../logs";
import { sparkUser, workDirectory } from "../spark-image";
import { authenticationEnvironment } from "../standalone/client";
import type { ResolvedConnect } from "./args";
import { SparkConnectBackend } from "./backends";
import { connectConf, containerMiB, serverLabel, startCommand } from "./conf";
import { executorTemplate } from "./executor";
import * as names from "./identity";
import { executorIdentity, serverIdentity, serviceName } from "./identity";
import { labels, metadata, podLabels } from "./labels";
import { clientPort, executorPolicy, serverPolicy } from "./network";
import { connectPort, driverPort, uiPort } from "./ports";
import { operatorContainer, operatorScript, sparkConnect } from "./operator";
import { preflight } from "./preflight";
import { proxy, proxyVolumes, tokenKey } from "./proxy";

const localDirectory = "/var/spark/local";
const eventLogVolume = "event-log";

/** The load balancers' and clients' tables are some seconds behind: a server that is told to stop takes calls a little longer. */
const leavingSeconds = 5;
/** Time to stop executors, close the event log and carry its last bytes to the store. */
const graceSeconds = 90;

/** A new text makes a new ConfigMap under a new name (immutable, not named here), which rolls the pods. */
export function settings(server: ResolvedConnect): k8s.core.v1.ConfigMapArgs {
    const conf = pulumi.output(server).apply((known) => renderSparkProperties(withOwn(connectConf(known), known.sparkConf)));
    return {
        metadata: { namespace: server.namespace, labels: labels(server) },
        immutable: true,
        data: {
            "spark-defaults.conf": conf,
            ...kerberosFiles(server.kerberos),
            ...(hasExecutorTemplate(server) && { [basename(executorTemplateFile)]: executorTemplate(server) }),
            ...(isOperated(server) && { [operatorScript.name]: operatorScript.text }),
        },
    };
}

const hasExecutorTemplate = ({ backend }: ResolvedConnect) => backend === SparkConnectBackend.Kubernetes;
const isOperated = ({ backend }: ResolvedConnect) => backend === SparkConnectBackend.Operator;

/**
 * The address for clients. A session lives on one server, so a client stays with the one that it found: for a day, the longest that
 * there is, since a client that has worked for hours over one connection must find its server when it opens the next.
 */
export function address(server: ResolvedConnect): k8s.core.v1.ServiceArgs {
    return {
        metadata: metadata(server, serviceName(server)),
        spec: {
            selector: selectorOf(serverIdentity(server)),
            sessionAffinity: "ClientIP",
            sessionAffinityConfig: { clientIP: { timeoutSeconds: 86_400 } },
            ports: [clientServicePort(server)],
        },
    };
}

/** One port for clients, whether there is a proxy behind it or not. */
const clientServicePort = ({ tls }: ResolvedConnect) => ({
    name: "grpc",
    port: connectPort,
    targetPort: tls ? "grpc-tls" : "grpc",
    appProtocol: tls ? "grpcs" : "grpc",
});

/** The address of one server, for clients that choose theirs by name: behind a proxy all clients are one IP. */
export function replicaAddress(server: ResolvedConnect, ordinal: number): k8s.core.v1.ServiceArgs {
    return {
        metadata: metadata(server, names.replicaService(server, ordinal)),
        spec: {
            selector: { ...selectorOf(serverIdentity(server)), "statefulset.kubernetes.io/pod-name": names.podName(server, ordinal) },
            ports: [clientServicePort(server)],
        },
    };
}

/** A name for each server, also before it is ready: whoever shares a server out by name needs it, and it can never be added later. */
export function podNames(server: ResolvedConnect): k8s.core.v1.ServiceArgs {
    return {
        metadata: metadata(server, names.podNamesService(server)),
        spec: {
            selector: selectorOf(serverIdentity(server)),
            clusterIP: "None",
            publishNotReadyAddresses: true,
            ports: [clientServicePort(server), { name: "driver", port: driverPort, targetPort: "driver" }],
        },
    };
}

export function serverNetwork(server: ResolvedConnect): k8s.networking.v1.NetworkPolicyArgs {
    return { metadata: metadata(server, serviceName(server)), spec: pulumi.output(server).apply(serverPolicy) };
}

export function executorNetwork(server: ResolvedConnect): k8s.networking.v1.NetworkPolicyArgs {
    const labels = labelsOf<pulumi.Input<string>>(executorIdentity(server), server.sparkVersion);
    return {
        metadata: { name: names.executorsName(server), namespace: server.namespace, labels },
        spec: pulumi.output(server).apply(executorPolicy),
    };
}

export function clientNetwork(server: ResolvedConnect): k8s.networking.v1.NetworkPolicyArgs {
    const spec = clientSpec(serviceName(server), selectorOf(serverIdentity(server)), clientPort(server));
    return { metadata: metadata(server, names.clientsName(server)), spec };
}

/** Sessions live in a server's memory: evicting it ends them. */
export function disruptionBudget(server: ResolvedConnect): k8s.policy.v1.PodDisruptionBudgetArgs {
    // For pods of an unknown kind of owner Kubernetes only counts those that must stay.
    const bound = pulumi
        .output(server.evictable)
        .apply((evictable) =>
            server.backend === SparkConnectBackend.Operator ? { minAvailable: evictable ? 0 : 1 } : { maxUnavailable: evictable ? 1 : 0 },
        );
    return {
        metadata: metadata(server, serviceName(server)),
        spec: pulumi.output(bound).apply((known) => ({ ...known, selector: { matchLabels: selectorOf(serverIdentity(server)) } })),
    };
}

/** A generated token in a Secret. It has no fixed name: another token is another Secret, which rolls the servers. */
export function tokenSecret(server: ResolvedConnect, token: pulumi.Input<string>): k8s.core.v1.SecretArgs {
    return { metadata: { namespace: server.namespace, labels: labels(server) }, immutable: true, data: secretData({ [tokenKey]: token }) };
}

/** What the servers' pods take from other objects. */
export interface Made {
    settings: pulumi.Input<string>;
    /** Secret with the token, where one is asked for. */
    token?: pulumi.Input<string>;
}

export function servers(server: ResolvedConnect, made: Made): k8s.apps.v1.StatefulSetArgs {
    return {
        metadata: metadata(server, names.serversName(server)),
        spec: {
            serviceName: names.podNamesService(server),
            replicas: server.replicas,
            podManagementPolicy: "Parallel",
            selector: { matchLabels: selectorOf(serverIdentity(server)) },
            template: podTemplate(server, made),
        },
    };
}

/** The same server as a resource of the Spark operator, which makes the pod. */
export function operatedServer(server: ResolvedConnect, made: Made): k8s.apiextensions.CustomResourceArgs {
    return sparkConnect(server, podTemplate(server, made));
}

function podTemplate(server: ResolvedConnect, made: Made) {
    const before = [...preflight(server), ...(server.eventLog ? [uploader(server, server.eventLog)] : []), ...proxy(server, made.token)];
    return {
        metadata: podMetadata(podLabels(server), server.pod),
        spec: restrictedPod(
            {
                user: sparkUser,
                serviceAccountName: server.serviceAccount,
                terminationGracePeriodSeconds: graceSeconds,
                volumes: [
                    // Two volumes of one ConfigMap: what lies beside spark-defaults.conf Spark would hand to every executor.
                    volumeOfKeys("settings", made.settings, ["spark-defaults.conf", ...Object.keys(kerberosFiles(server.kerberos))]),
                    ...kerberosVolumes(server.kerberos),
                    ...(hasExecutorTemplate(server)
                        ? [volumeOfKeys("executor-template", made.settings, [basename(executorTemplateFile)])]
                        : []),
                    ...(isOperated(server) ? [scriptVolume(made.settings)] : []),
                    ...(server.eventLog ? [{ name: eventLogVolume, emptyDir: { sizeLimit: "1Gi" } }] : []),
                    ...proxyVolumes(server, made.token),
                    ...icebergVolumes(server.iceberg),
                    ...volumesOf(server),
                ],
                ...(before.length > 0 && { initContainers: before }),
                containers: [connectServer(server, made)],
            },
            server.pod,
        ),
    };
}

const scriptVolume = (name: pulumi.Input<string>): k8s.types.input.core.v1.Volume => ({
    name: "script",
    configMap: { name, items: [{ key: operatorScript.name, path: operatorScript.name }], defaultMode: 0o555 },
});

function connectServer(server: ResolvedConnect, { token }: Made): PlainContainer {
    const memory = pulumi.all([server.memory, server.memoryOverhead]).apply(([heap, overhead]) => `${containerMiB(heap, overhead)}Mi`);
    const makesPods = hasExecutorTemplate(server);
    const start = pulumi.output(server.iceberg).apply((iceberg) => startCommand(server.name, { backend: server.backend, iceberg }));
    const cleaning = ["/opt/spark/remove-old-executors.py", "--selector", `spark-role=executor,${serverLabel}=$(POD_NAME)`, "--"];
    return {
        name: isOperated(server) ? operatorContainer : "connect",
        image: server.image,
        apiToken: server.backend !== SparkConnectBackend.Standalone,
        // The operator has a command of its own.
        ...(!isOperated(server) && { args: [...(makesPods ? cleaning : []), "/bin/sh", "-c", start] }),
        workingDir: workDirectory,
        env: pulumi.all([environment(server), tokenEnvironment(server, token)]).apply((lists) => lists.flat()),
        ports: [
            { name: "grpc", containerPort: connectPort },
            { name: "ui", containerPort: uiPort },
            { name: "driver", containerPort: driverPort },
        ],
        resources: { requests: { cpu: server.cpuRequest, memory }, limits: { memory } },
        // The port opens when the Spark context is up. There is no gRPC health service to ask before Spark 4.2.
        startupProbe: { ...(server.tls ? fromInside : { tcpSocket: { port: "grpc" } }), periodSeconds: 1, failureThreshold: 300 },
        readinessProbe: { httpGet: { path: "/api/v1/applications", port: "ui" }, periodSeconds: 5, timeoutSeconds: 5, failureThreshold: 6 },
        // Slow to judge: a long garbage collection must not cost all sessions.
        livenessProbe: { tcpSocket: { port: "ui" }, periodSeconds: 20, timeoutSeconds: 10, failureThreshold: 6 },
        lifecycle: { preStop: { exec: { command: ["sleep", String(leavingSeconds)] } } },
        volumeMounts: [
            { name: "settings", mountPath: "/opt/spark/conf", readOnly: true },
            ...(makesPods ? [{ name: "executor-template", mountPath: dirname(executorTemplateFile), readOnly: true }] : []),
            ...(isOperated(server) ? [{ name: "script", mountPath: operatorScript.directory, readOnly: true }] : []),
            ...(server.eventLog ? [{ name: eventLogVolume, mountPath: localEventLog }] : []),
            ...kerberosMounts(server.kerberos),
            ...icebergMounts(server.iceberg),
            ...mountsOf(server),
        ],
        writable: { "/tmp": "2Gi", [workDirectory]: "1Gi", [localDirectory]: "2Gi" },
    };
}

/** Behind the proxy the port may be open on the loopback only, where the kubelet does not come. */
const fromInside = { exec: { command: ["bash", "-c", `: </dev/tcp/127.0.0.1/${connectPort}`] }, timeoutSeconds: 5 };

/** A line that checks the token itself does so too: behind the proxy's back there is nothing to be had. By environment, as clients can read every setting. */
function tokenEnvironment(
    server: ResolvedConnect,
    token: pulumi.Input<string> | undefined,
): pulumi.Output<k8s.types.input.core.v1.EnvVar[]> {
    return pulumi.output(server.sparkVersion).apply((version) => {
        const variable = sparkLine(version).connectTokenVariable;
        return token === undefined || variable === undefined ? [] : [fromSecret(variable, token, tokenKey)];
    });
}

/** The user's come first: of two variables with one name the later one counts. */
function environment(server: ResolvedConnect): pulumi.Output<k8s.types.input.core.v1.EnvVar[]> {
    const own = [
        { name: "HOME", value: "/tmp" },
        { name: "POD_NAME", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
        { name: "POD_IP", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } },
        { name: "SPARK_LOCAL_DIRS", value: localDirectory },
        ...logEnvironment(server.logs),
    ];
    const credentials = server.s3 ? credentialsEnvironment(server.s3) : pulumi.output([]);
    const cluster = pulumi.output(server.standalone).apply((standalone) => authenticationEnvironment(standalone?.authenticationSecret));
    return pulumi
        .all([environmentOf(server), credentials, cluster, icebergEnvironment(server.iceberg)])
        .apply(([users, ...others]) => [...users, ...own, ...others.flat()]);
}

/** A sidecar that Kubernetes starts before the server and stops after it, so that the last bytes of the log arrive too. */
function uploader(server: ResolvedConnect, eventLog: pulumi.Input<EventLogLocation>): PlainContainer {
    const args = pulumi
        .all([eventLog, server.eventLogUploadSeconds])
        .apply(([location, seconds]) => uploaderArguments(location.directory, location.s3, seconds));
    return {
        name: "event-log-uploader",
        image: server.image,
        restartPolicy: "Always",
        args,
        env: credentialsEnvironment(pulumi.output(eventLog).apply(({ s3 }) => s3)),
        resources: { requests: { cpu: "10m", memory: "96Mi" }, limits: { memory: "96Mi" } },
        volumeMounts: [{ name: eventLogVolume, mountPath: localEventLog }],
        writable: { "/tmp": "64Mi" },
    };
}
