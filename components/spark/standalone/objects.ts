import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { secretData } from "../../internal/environment";
import { labelsOf, selectorOf, type Identity } from "../../internal/identity";
import { quantity } from "../../internal/memory";
import { podMetadata, restrictedPod, type PlainContainer } from "../../internal/pod";
import { renderSparkProperties, withOwn } from "../../internal/spark-properties";
import { seconds } from "../../internal/values";
import { credentialsEnvironment, storeClientLabels } from "../../storage/s3a";
import { jsonLogging, sparkUser, workDirectory } from "../spark-image";
import type { Cluster } from "./args";
import { authenticationEnvironment, authenticationKey, authenticationPlaceholder, masterPort, shuffleServicePort } from "./client";
import {
    daemonMiB,
    leaderUiPort,
    localFolder,
    masterCommand,
    masterConf,
    masterUiPort,
    restPort,
    workerCommand,
    workerConf,
    workerMiB,
    workerPort,
    workerUiPort,
    workFolder,
} from "./conf";
import {
    clientsName,
    masterHost,
    masterIdentity,
    masterNamesService,
    mastersName,
    serviceName,
    workerIdentity,
    workerNamesService,
    workersName,
} from "./identity";
import { clientPolicy, masterPolicy, uiPortOf, workerPolicy } from "./network";
import { recoveryDirectory, StandaloneRecovery } from "./recovery";

const recoveryVolume = "recovery";

const masterLabels = (cluster: Cluster) => labelsOf<pulumi.Input<string>>(masterIdentity(cluster), cluster.sparkVersion);
const workerLabels = (cluster: Cluster) => labelsOf<pulumi.Input<string>>(workerIdentity(cluster), cluster.sparkVersion);

const ofMasters = (cluster: Cluster, name: string) => ({ name, namespace: cluster.namespace, labels: masterLabels(cluster) });
const ofWorkers = (cluster: Cluster, name: string) => ({ name, namespace: cluster.namespace, labels: workerLabels(cluster) });

/** A new text makes a new ConfigMap under a new name (immutable, not named here), which rolls the pods. */
export function masterSettings(cluster: Cluster): k8s.core.v1.ConfigMapArgs {
    const conf = cluster.known.apply((known) => renderSparkProperties(withOwn(masterConf(known), known.sparkConf)));
    return settings(cluster, masterLabels(cluster), conf);
}

export function workerSettings(cluster: Cluster): k8s.core.v1.ConfigMapArgs {
    const conf = cluster.known.apply((known) => renderSparkProperties(withOwn(workerConf(known), known.sparkConf)));
    return settings(cluster, workerLabels(cluster), conf);
}

function settings(
    { namespace }: Cluster,
    labels: Record<string, pulumi.Input<string>>,
    conf: pulumi.Input<string>,
): k8s.core.v1.ConfigMapArgs {
    return { metadata: { namespace, labels }, immutable: true, data: { "spark-defaults.conf": conf } };
}

/** A new secret makes a new Secret under a new name, which rolls masters and workers; drivers of before are locked out. */
export function authentication(cluster: Cluster, secret: pulumi.Input<string>): k8s.core.v1.SecretArgs {
    return {
        metadata: { namespace: cluster.namespace, labels: masterLabels(cluster) },
        immutable: true,
        data: secretData({ [authenticationKey]: secret }),
    };
}

/** A name for each master, also before it is ready: masters listen on their names, and one that recovers is not ready yet. */
export function masterNames(cluster: Cluster): k8s.core.v1.ServiceArgs {
    return {
        metadata: ofMasters(cluster, masterNamesService(cluster)),
        spec: {
            selector: selectorOf(masterIdentity(cluster)),
            clusterIP: "None",
            publishNotReadyAddresses: true,
            ports: [
                { name: "spark", port: masterPort, targetPort: "spark" },
                { name: "rest", port: restPort, targetPort: restPort },
            ],
        },
    };
}

/** A StatefulSet's governing Service can never be changed later. */
export function workerNames(cluster: Cluster): k8s.core.v1.ServiceArgs {
    return {
        metadata: ofWorkers(cluster, workerNamesService(cluster)),
        spec: {
            selector: selectorOf(workerIdentity(cluster)),
            clusterIP: "None",
            publishNotReadyAddresses: true,
            ports: [{ name: "spark", port: workerPort, targetPort: "spark" }],
        },
    };
}

/** The web UI of whichever master leads. */
export function address(cluster: Cluster): k8s.core.v1.ServiceArgs {
    return {
        metadata: ofMasters(cluster, serviceName(cluster)),
        spec: {
            selector: selectorOf(masterIdentity(cluster)),
            ports: [{ name: "http", port: masterUiPort, targetPort: uiPortOf(cluster) }],
        },
    };
}

export function masterAccount(cluster: Cluster): k8s.core.v1.ServiceAccountArgs {
    return account(ofMasters(cluster, mastersName(cluster)), cluster.masterAccountAnnotations);
}

/** Executors run the users' code, so their account has neither rights nor a token. */
export function workerAccount(cluster: Cluster): k8s.core.v1.ServiceAccountArgs {
    return account(ofWorkers(cluster, workersName(cluster)), cluster.workerAccountAnnotations);
}

function account(metadata: object, annotations: Cluster["masterAccountAnnotations"]): k8s.core.v1.ServiceAccountArgs {
    return { metadata: { ...metadata, annotations }, automountServiceAccountToken: false };
}

/** Made here and without a holder: masters then need no right to make Leases, which cannot be given for one name only. */
export function lease(cluster: Cluster): k8s.coordination.v1.LeaseArgs {
    return { metadata: ofMasters(cluster, mastersName(cluster)) };
}

export function leaseRole(cluster: Cluster): k8s.rbac.v1.RoleArgs {
    return {
        metadata: ofMasters(cluster, mastersName(cluster)),
        rules: [
            { apiGroups: ["coordination.k8s.io"], resources: ["leases"], resourceNames: [mastersName(cluster)], verbs: ["get", "update"] },
        ],
    };
}

export function leaseBinding(cluster: Cluster): k8s.rbac.v1.RoleBindingArgs {
    const name = mastersName(cluster);
    return {
        metadata: ofMasters(cluster, name),
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name },
        subjects: [{ kind: "ServiceAccount", name, namespace: cluster.namespace }],
    };
}

export function masterNetwork(cluster: Cluster): k8s.networking.v1.NetworkPolicyArgs {
    return { metadata: ofMasters(cluster, mastersName(cluster)), spec: cluster.known.apply(masterPolicy) };
}

export function workerNetwork(cluster: Cluster): k8s.networking.v1.NetworkPolicyArgs {
    return { metadata: ofWorkers(cluster, workersName(cluster)), spec: cluster.known.apply(workerPolicy) };
}

export function clientNetwork(cluster: Cluster): k8s.networking.v1.NetworkPolicyArgs {
    return { metadata: ofMasters(cluster, clientsName(cluster)), spec: cluster.known.apply(clientPolicy) };
}

/** One at a time: another leads meanwhile, or the same pod is back before anybody gives up. */
export function masterBudget(cluster: Cluster): k8s.policy.v1.PodDisruptionBudgetArgs {
    return {
        metadata: ofMasters(cluster, mastersName(cluster)),
        spec: { maxUnavailable: 1, selector: { matchLabels: selectorOf(masterIdentity(cluster)) } },
    };
}

/** One at a time, so that the results of the one that goes have somewhere to go. */
export function workerBudget(cluster: Cluster): k8s.policy.v1.PodDisruptionBudgetArgs {
    return {
        metadata: ofWorkers(cluster, workersName(cluster)),
        spec: { maxUnavailable: 1, selector: { matchLabels: selectorOf(workerIdentity(cluster)) } },
    };
}

/** The names of what the pods mount and read. */
export interface Given {
    settings: pulumi.Input<string>;
    secret: pulumi.Input<string>;
}

export function masters(cluster: Cluster, given: Given): k8s.apps.v1.StatefulSetArgs {
    const labels = pulumi
        .all([masterLabels(cluster), cluster.s3, cluster.recovery.ensembleEndpoint])
        .apply(([own, s3, ensemble]) => ({ ...storeClientLabels(s3), ...ensemble?.clientLabels, ...own }));
    return {
        metadata: ofMasters(cluster, mastersName(cluster)),
        spec: {
            serviceName: masterNamesService(cluster),
            replicas: cluster.masters,
            podManagementPolicy: "Parallel",
            selector: { matchLabels: selectorOf(masterIdentity(cluster)) },
            template: {
                metadata: podMetadata(labels, cluster.pod),
                spec: {
                    ...restrictedPod(
                        {
                            user: sparkUser,
                            serviceAccountName: mastersName(cluster),
                            terminationGracePeriodSeconds: 30,
                            volumes: [settingsVolume(given.settings)],
                            containers: [master(cluster, given.secret), ...(cluster.recovery.shared ? [leaderProxy(cluster)] : [])],
                        },
                        cluster.pod,
                    ),
                    ...spread(masterIdentity(cluster)),
                },
            },
            ...(cluster.recovery.mode === StandaloneRecovery.Filesystem && { volumeClaimTemplates: [recoveryClaim(cluster)] }),
        },
    };
}

const settingsVolume = (name: pulumi.Input<string>): k8s.types.input.core.v1.Volume => ({ name: "settings", configMap: { name } });

/** On different nodes where there are several. */
const spread = (identity: Identity): Partial<k8s.types.input.core.v1.PodSpec> => ({
    topologySpreadConstraints: [
        {
            maxSkew: 1,
            topologyKey: "kubernetes.io/hostname",
            whenUnsatisfiable: "ScheduleAnyway",
            labelSelector: { matchLabels: selectorOf(identity) },
        },
    ],
});

function recoveryClaim({ recovery }: Cluster): k8s.types.input.core.v1.PersistentVolumeClaim {
    const storage = pulumi.output(recovery.storage).apply(quantity);
    return {
        metadata: { name: recoveryVolume },
        spec: { accessModes: ["ReadWriteOnce"], storageClassName: recovery.storageClass, resources: { requests: { storage } } },
    };
}

function master(cluster: Cluster, secret: pulumi.Input<string>): PlainContainer {
    const memory = pulumi.output(cluster.memory).apply((heap) => `${daemonMiB(heap)}Mi`);
    const { mode } = cluster.recovery;
    return {
        name: "master",
        image: cluster.image,
        apiToken: mode === StandaloneRecovery.S3,
        args: ["/bin/bash", "-c", pulumi.output(cluster.namespace).apply((namespace) => masterCommand({ name: cluster.name, namespace }))],
        workingDir: workDirectory,
        env: withKeys(
            [...daemonEnvironment(cluster.memory, secret), { name: "POD_UID", valueFrom: { fieldRef: { fieldPath: "metadata.uid" } } }],
            mode === StandaloneRecovery.S3 ? cluster.s3 : undefined,
        ),
        ports: [
            { name: "spark", containerPort: masterPort },
            { name: "ui", containerPort: masterUiPort },
        ],
        resources: { requests: { cpu: cluster.cpuRequest, memory }, limits: { memory } },
        // Answered whether it leads, stands by or recovers: a master that recovers is at its most important.
        startupProbe: { httpGet: { path: "/json/", port: "ui" }, periodSeconds: 1, timeoutSeconds: 5, failureThreshold: 180 },
        readinessProbe: { httpGet: { path: "/json/", port: "ui" }, periodSeconds: 5, timeoutSeconds: 5 },
        livenessProbe: { tcpSocket: { port: "spark" }, periodSeconds: 20, timeoutSeconds: 10, failureThreshold: 6 },
        volumeMounts: [
            { name: "settings", mountPath: "/opt/spark/conf", readOnly: true },
            ...(mode === StandaloneRecovery.Filesystem ? [{ name: recoveryVolume, mountPath: recoveryDirectory }] : []),
        ],
        writable: { "/tmp": "256Mi", [workDirectory]: "64Mi" },
    };
}

/** Any master's web address leads to the master that leads: a Service cannot know which that is. */
function leaderProxy(cluster: Cluster): PlainContainer {
    const hosts = pulumi
        .all([cluster.namespace, cluster.masters])
        .apply(([namespace, count]) =>
            Array.from({ length: count }, (_, ordinal) => [
                "--master",
                `${masterHost(cluster, namespace, ordinal)}:${masterUiPort}`,
            ]).flat(),
        );
    return {
        name: "leader-proxy",
        image: cluster.image,
        args: hosts.apply((masters) => ["python3", "/opt/spark/leader-proxy.py", "--listen", String(leaderUiPort), ...masters]),
        ports: [{ name: "leader-ui", containerPort: leaderUiPort }],
        resources: { requests: { cpu: "10m", memory: "64Mi" }, limits: { memory: "64Mi" } },
        readinessProbe: { tcpSocket: { port: "leader-ui" }, periodSeconds: 5 },
        livenessProbe: { tcpSocket: { port: "leader-ui" }, periodSeconds: 20, failureThreshold: 6 },
        writable: { "/tmp": "16Mi" },
    };
}

/** Named pods rather than a Deployment's: an update then replaces one worker after the other, each when its forerunner is there again. */
export function workers(cluster: Cluster, given: Given): k8s.apps.v1.StatefulSetArgs {
    const labels = pulumi.all([workerLabels(cluster), cluster.s3]).apply(([own, s3]) => ({ ...storeClientLabels(s3), ...own }));
    return {
        metadata: ofWorkers(cluster, workersName(cluster)),
        spec: {
            serviceName: workerNamesService(cluster),
            replicas: cluster.worker.replicas,
            podManagementPolicy: "Parallel",
            selector: { matchLabels: selectorOf(workerIdentity(cluster)) },
            template: {
                metadata: podMetadata(labels, cluster.worker.pod),
                spec: {
                    ...restrictedPod(
                        {
                            user: sparkUser,
                            serviceAccountName: workersName(cluster),
                            terminationGracePeriodSeconds: pulumi.output(cluster.worker.leaveTimeout).apply((time) => seconds(time) + 20),
                            volumes: [settingsVolume(given.settings)],
                            containers: [worker(cluster, given.secret)],
                        },
                        cluster.worker.pod,
                    ),
                    ...spread(workerIdentity(cluster)),
                },
            },
        },
    };
}

/** Answers when the worker has found its master; later losses are the worker's own affair. */
const registered = [
    "bash",
    "-c",
    `exec 3<>/dev/tcp/127.0.0.1/${workerUiPort} && printf 'GET /json/ HTTP/1.0\\r\\n\\r\\n' >&3 && grep -q '"masterurl" *: *"spark:' <&3`,
];

function worker(cluster: Cluster, secret: pulumi.Input<string>): PlainContainer {
    const sizes = cluster.known.apply(({ worker }) => worker);
    const memory = sizes.apply((known) => `${workerMiB(known)}Mi`);
    const disk = sizes.apply(({ localStorage }) => quantity(localStorage));
    const leave = sizes.apply(({ leaveTimeout }) => String(seconds(leaveTimeout)));
    return {
        name: "worker",
        image: cluster.image,
        args: ["/bin/sh", "-c", cluster.known.apply(workerCommand)],
        workingDir: workDirectory,
        env: withKeys(
            pulumi
                .output(cluster.restSubmission)
                .apply((rest) => [
                    ...daemonEnvironment(cluster.worker.daemonMemory, secret),
                    { name: "SPARK_LOCAL_DIRS", value: localFolder },
                    ...(rest ? [submittedDrivers] : []),
                ]),
            cluster.s3,
        ),
        ports: [
            { name: "spark", containerPort: workerPort },
            { name: "ui", containerPort: workerUiPort },
            { name: "shuffle", containerPort: shuffleServicePort },
        ],
        resources: {
            requests: { cpu: sizes.apply(({ cpuRequest, cores }) => cpuRequest ?? String(cores)), memory, "ephemeral-storage": disk },
            limits: { memory },
        },
        startupProbe: { exec: { command: registered }, periodSeconds: 1, timeoutSeconds: 5, failureThreshold: 180 },
        readinessProbe: { httpGet: { path: "/json/", port: "ui" }, periodSeconds: 5, timeoutSeconds: 5 },
        // Slow to judge: with a worker all of its executors and their results go.
        livenessProbe: { tcpSocket: { port: "spark" }, periodSeconds: 20, timeoutSeconds: 10, failureThreshold: 6 },
        lifecycle: {
            preStop: {
                exec: {
                    command: leave.apply((time) => [
                        "python3",
                        "/opt/spark/leave-cluster.py",
                        "--port",
                        String(workerUiPort),
                        "--seconds",
                        time,
                    ]),
                },
            },
        },
        volumeMounts: [{ name: "settings", mountPath: "/opt/spark/conf", readOnly: true }],
        writable: { "/tmp": "1Gi", [workDirectory]: "64Mi", [workFolder]: disk, [localFolder]: disk },
    };
}

/**
 * The worker takes the secret out of what a driver that it starts is told, which then misses the setting that stands for it. Java
 * reads this variable by itself, so it reaches the drivers whatever the worker does.
 */
const submittedDrivers = {
    name: "JAVA_TOOL_OPTIONS",
    value: `-Dspark.authenticate=true -Dspark.authenticate.secret=${authenticationPlaceholder}`,
};

function daemonEnvironment(heap: pulumi.Input<string>, secret: pulumi.Input<string>): k8s.types.input.core.v1.EnvVar[] {
    return [
        { name: "HOME", value: "/tmp" },
        { name: "POD_NAME", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
        { name: "POD_IP", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } },
        { name: "SPARK_DAEMON_MEMORY", value: heap },
        { name: "SPARK_DAEMON_JAVA_OPTS", value: `-XX:+ExitOnOutOfMemoryError ${jsonLogging}` },
        ...authenticationEnvironment(secret),
    ];
}

/** With the store's keys; executors have the environment of their worker. */
function withKeys(own: pulumi.Input<k8s.types.input.core.v1.EnvVar[]>, s3: Cluster["s3"]): pulumi.Output<k8s.types.input.core.v1.EnvVar[]> {
    return pulumi.all([own, s3 === undefined ? [] : credentialsEnvironment(s3)]).apply(([first, keys]) => [...first, ...keys]);
}
