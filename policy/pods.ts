/** Pods as the policy reads them: of each field only that it may be there. */
export interface Pod {
    automountServiceAccountToken?: boolean;
    enableServiceLinks?: boolean;
    hostNetwork?: boolean;
    hostPID?: boolean;
    hostIPC?: boolean;
    securityContext?: { runAsNonRoot?: boolean; runAsUser?: number; seccompProfile?: { type?: string } };
    volumes?: Volume[];
    initContainers?: Container[];
    containers: Container[];
}

export interface Container {
    name: string;
    image?: string;
    command?: string[];
    args?: string[];
    env?: { name: string; value?: string }[];
    ports?: { hostPort?: number }[];
    resources?: { requests?: Record<string, string>; limits?: Record<string, string> };
    securityContext?: {
        allowPrivilegeEscalation?: boolean;
        capabilities?: { drop?: string[]; add?: string[] };
        privileged?: boolean;
        readOnlyRootFilesystem?: boolean;
    };
    volumeMounts?: { name: string }[];
}

interface Volume {
    name: string;
    emptyDir?: { sizeLimit?: string };
    projected?: { sources?: { serviceAccountToken?: object }[] };
}

type Rules = [rule: string, kept: boolean][];

const allowedVolumes = ["configMap", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret", "downwardAPI"];

export const containersOf = (pod: Pod): Container[] => [...(pod.initContainers ?? []), ...pod.containers];

/**
 * What the Pod Security Standard `restricted`, and the platform's own rules beyond it, find wrong with a pod. That a cluster
 * admits the pods is tried elsewhere, on a cluster.
 *
 * @param userIds Whether the pod must name its user; not where the namespace assigns one, as on OpenShift.
 */
export function podProblems(pod: Pod, { userIds = true } = {}): string[] {
    const inContainers = containersOf(pod).flatMap((container) =>
        containerRules(container).map(([rule, kept]): Rules[number] => [`${container.name}: ${rule}`, kept]),
    );
    return broken([...identityRules(pod, userIds), ...volumeRules(pod), ...inContainers]);
}

const broken = (rules: Rules): string[] => rules.filter(([, kept]) => !kept).map(([rule]) => rule);

function identityRules({ securityContext: security = {}, ...pod }: Pod, userIds: boolean): Rules {
    return [
        ["not root", security.runAsNonRoot === true],
        ["a numeric user", userIds === (security.runAsUser ?? 0) > 0],
        ["the default seccomp profile", security.seccompProfile?.type === "RuntimeDefault"],
        ["no token by default", pod.automountServiceAccountToken === false],
        ["no service links", pod.enableServiceLinks === false],
        ["nothing of the host", !pod.hostNetwork && !pod.hostPID && !pod.hostIPC],
    ];
}

function volumeRules(pod: Pod): Rules {
    const volumes = pod.volumes ?? [];
    const mounted = containersOf(pod).flatMap(({ volumeMounts = [] }) => volumeMounts.map(({ name }) => name));
    return [
        ["plain volumes", volumes.every((volume) => Object.keys(volume).every((key) => key === "name" || allowedVolumes.includes(key)))],
        ["limited scratch space", volumes.every(({ emptyDir }) => emptyDir === undefined || emptyDir.sizeLimit !== undefined)],
        ["every mount has its volume", mounted.every((name) => volumes.some((volume) => volume.name === name))],
    ];
}

function containerRules({ securityContext: security = {}, ports = [] }: Container): Rules {
    return [
        ["no privilege escalation", security.allowPrivilegeEscalation === false],
        ["no capabilities", JSON.stringify(security.capabilities) === '{"drop":["ALL"]}'],
        ["a read-only root", security.readOnlyRootFilesystem === true],
        ["not privileged", security.privileged !== true],
        ["no ports of the host", ports.every(({ hostPort }) => hostPort === undefined)],
    ];
}

/** Containers that could take more than their share, or get less than they need. */
export function resourceProblems(pod: Pod): string[] {
    return containersOf(pod).flatMap(({ name, resources = {} }) =>
        broken([
            [`${name}: CPU requested`, resources.requests?.cpu !== undefined],
            [`${name}: memory requested`, resources.requests?.memory !== undefined],
            [`${name}: memory limited`, resources.limits?.memory !== undefined],
        ]),
    );
}

/** Whether anything in the pod can talk to the Kubernetes API. */
export const hasToken = (pod: Pod): boolean =>
    pod.automountServiceAccountToken !== false ||
    (pod.volumes ?? []).some(({ projected }) => projected?.sources?.some(({ serviceAccountToken }) => serviceAccountToken !== undefined));
