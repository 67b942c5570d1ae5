import { parse } from "yaml";

import type { Registered } from "./recorder";

/** Every pod that a program makes, by name: templates of workloads, and the one that Spark makes executors from. */
export function podsOf(made: Registered[]): Record<string, any> {
    const workloads = made.flatMap(({ name, inputs }) => (inputs.spec?.template?.spec ? [[name, inputs.spec.template.spec]] : []));
    const templates = made.flatMap(({ name, inputs }) =>
        inputs.data?.["executor.yaml"] ? [[name, parse(inputs.data["executor.yaml"]).spec]] : [],
    );
    return Object.fromEntries([...workloads, ...templates]);
}

const noPrivileges = (container: any): [string, boolean][] => {
    const security = container.securityContext ?? {};
    return [
        ["no privilege escalation", security.allowPrivilegeEscalation === false],
        ["no capabilities", JSON.stringify(security.capabilities) === '{"drop":["ALL"]}'],
        ["a read-only root", security.readOnlyRootFilesystem === true],
        ["not privileged", security.privileged === undefined],
        ["no ports of the host", (container.ports ?? []).every((port: any) => port.hostPort === undefined)],
        ["memory limited", container.name === "executor" || container.resources?.limits?.memory !== undefined],
    ];
};

const allowedVolumes = ["configMap", "emptyDir", "persistentVolumeClaim", "projected", "secret", "downwardAPI"];

/**
 * What the Pod Security Standard `restricted`, and the platform's own rules beyond it, find wrong with a pod. Pure, so quick:
 * that a cluster admits the pods is tried elsewhere, on a cluster.
 */
export function podProblems(spec: any, { userIds = true } = {}): string[] {
    const security = spec.securityContext ?? {};
    const pod: [string, boolean][] = [
        ["not root", security.runAsNonRoot === true],
        ["a numeric user", userIds === security.runAsUser > 0],
        ["the default seccomp profile", security.seccompProfile?.type === "RuntimeDefault"],
        ["no token by default", spec.automountServiceAccountToken === false],
        ["no service links", spec.enableServiceLinks === false],
        ["nothing of the host", [spec.hostNetwork, spec.hostPID, spec.hostIPC].every((field) => field === undefined)],
        [
            "plain volumes",
            spec.volumes.every((volume: any) => Object.keys(volume).every((key) => key === "name" || allowedVolumes.includes(key))),
        ],
        ["limited scratch space", spec.volumes.every((volume: any) => !volume.emptyDir || volume.emptyDir.sizeLimit)],
        ["every mount has its volume", mounts(spec).every((name) => spec.volumes.some((volume: any) => volume.name === name))],
    ];
    const containers = all(spec).flatMap((container: any) =>
        noPrivileges(container).map(([rule, kept]) => [`${container.name}: ${rule}`, kept] as const),
    );
    return [...pod, ...containers].filter(([, kept]) => !kept).map(([rule]) => rule);
}

const all = (spec: any): any[] => [...(spec.initContainers ?? []), ...spec.containers];
const mounts = (spec: any): string[] => all(spec).flatMap((container) => (container.volumeMounts ?? []).map(({ name }: any) => name));
