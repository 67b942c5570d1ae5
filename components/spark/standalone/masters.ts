import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { selectorOf } from "../../internal/identity";
import { quantity } from "../../internal/memory";
import { podMetadata, restrictedPod, type PlainContainer } from "../../internal/pod";
import { renderSparkProperties, withOwn } from "../../internal/spark-properties";
import { storeClientLabels } from "../../storage/s3a";
import { sparkUser, workDirectory } from "../spark-image";
import type { Cluster } from "./args";
import { masterPort } from "./client";
import { daemonMiB, leaderUiPort, masterCommand, masterConf, masterUiPort, restPort } from "./conf";
import { accountOf, daemonEnvironment, masterLabels, ofMasters, settingsOf, settingsVolume, spread, withKeys, type Given } from "./daemons";
import { masterHost, masterIdentity, masterNamesService, mastersName } from "./identity";
import { masterPolicy } from "./network";
import { recoveryDirectory, StandaloneRecovery } from "./recovery";

const recoveryVolume = "recovery";

export function settings(cluster: Cluster): k8s.core.v1.ConfigMapArgs {
    const conf = cluster.known.apply((known) => renderSparkProperties(withOwn(masterConf(known), known.sparkConf)));
    return settingsOf(cluster, masterLabels(cluster), conf);
}

/** A name for each master, also before it is ready: masters listen on their names, and one that recovers is not ready yet. */
export function names(cluster: Cluster): k8s.core.v1.ServiceArgs {
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

export function account(cluster: Cluster): k8s.core.v1.ServiceAccountArgs {
    return accountOf(ofMasters(cluster, mastersName(cluster)), cluster.masterAccountAnnotations);
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

export function network(cluster: Cluster): k8s.networking.v1.NetworkPolicyArgs {
    return { metadata: ofMasters(cluster, mastersName(cluster)), spec: cluster.known.apply(masterPolicy) };
}

/** One at a time: another leads meanwhile, or the same pod is back before anybody gives up. */
export function budget(cluster: Cluster): k8s.policy.v1.PodDisruptionBudgetArgs {
    return {
        metadata: ofMasters(cluster, mastersName(cluster)),
        spec: { maxUnavailable: 1, selector: { matchLabels: selectorOf(masterIdentity(cluster)) } },
    };
}

export function statefulSet(cluster: Cluster, given: Given): k8s.apps.v1.StatefulSetArgs {
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
            [
                ...daemonEnvironment(cluster, cluster.memory, secret),
                { name: "POD_UID", valueFrom: { fieldRef: { fieldPath: "metadata.uid" } } },
            ],
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
