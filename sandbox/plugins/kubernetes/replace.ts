import type { Properties } from "../values";
import { kindKey } from "./objects";

/** Fields that the API server never lets change, by kind: the official provider's table, for the versions in use. */
const podFields = [
    "affinity automountServiceAccountToken dnsConfig dnsPolicy enableServiceLinks hostAliases hostIPC hostNetwork hostPID hostname",
    "imagePullSecrets nodeName nodeSelector overhead preemptionPolicy priority priorityClassName readinessGates restartPolicy",
    "runtimeClassName schedulerName securityContext serviceAccount serviceAccountName shareProcessNamespace subdomain",
    "terminationGracePeriodSeconds volumes",
]
    .join(" ")
    .split(" ")
    .map((field) => `spec.${field}`);

const containerFields = [
    "args command env image imagePullPolicy lifecycle livenessProbe ports readinessProbe resources securityContext stdin stdinOnce",
    "terminationMessagePath terminationMessagePolicy tty volumeDevices volumeMounts workingDir",
]
    .join(" ")
    .split(" ")
    .flatMap((field) => [`spec.containers.*.${field}`, `spec.initContainers.*.${field}`]);

const volumeSources = [
    "awsElasticBlockStore azureDisk azureFile cephfs cinder csi fc flexVolume flocker gcePersistentDisk glusterfs hostPath iscsi local nfs",
    "photonPersistentDisk portworxVolume quobyte rbd scaleIO storageos vsphereVolume",
]
    .join(" ")
    .split(" ")
    .map((field) => `spec.${field}`);

const identity = ["metadata.name", "metadata.namespace"];

const byKind: Record<string, string[]> = {
    "apps/v1/DaemonSet": ["spec.selector"],
    "apps/v1/Deployment": ["spec.selector"],
    "apps/v1/StatefulSet": ["podManagementPolicy", "revisionHistoryLimit", "selector", "serviceName", "volumeClaimTemplates"].map(
        (field) => `spec.${field}`,
    ),
    "batch/v1/Job": ["spec.completions", "spec.parallelism", "spec.selector", "spec.template"],
    "rbac.authorization.k8s.io/v1/ClusterRoleBinding": ["roleRef"],
    "rbac.authorization.k8s.io/v1/RoleBinding": ["roleRef"],
    "storage.k8s.io/v1/StorageClass": ["parameters", "provisioner"],
    "v1/PersistentVolume": volumeSources,
    "v1/PersistentVolumeClaim": ["accessModes", "selector", "storageClassName", "volumeName"].map((field) => `spec.${field}`),
    "v1/Pod": [...podFields, ...containerFields],
    "v1/ResourceQuota": ["spec.scopes"],
    "v1/Secret": ["type"],
    "v1/Service": ["spec.clusterIP"],
};

export interface Mutability {
    enableConfigMapMutable: boolean;
    enableSecretMutable: boolean;
}

function contentFields(object: Properties, { enableConfigMapMutable, enableSecretMutable }: Mutability): string[] {
    const fixed = object.immutable === true;
    // New content under a new name rolls the pods that use it; this is the official provider's default too.
    switch (kindKey(object)) {
        case "v1/ConfigMap":
            return enableConfigMapMutable && !fixed ? [] : ["binaryData", "data"];
        case "v1/Secret":
            return enableSecretMutable && !fixed ? [] : ["data", "stringData"];
        default:
            return [];
    }
}

/** The fields of an object whose change means a new object. */
export function replaceFields(object: Properties, mutability: Mutability, patch: boolean): string[] {
    return patch ? identity : [...identity, ...(byKind[kindKey(object)] ?? []), ...contentFields(object, mutability)];
}
