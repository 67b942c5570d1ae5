import { takenApart, type ServerPod } from "../jupyter-hub/conf";
import { homeDirectory } from "../notebooks";

/** Labels that the chart gives the pods of users' servers. */
export const chartLabels = (release: string): Record<string, string> => ({ release, component: "singleuser-server" });

/** An image as the chart wants it: what stands before the last colon and behind it, which it joins again, digests too. A port belongs to the name. */
export function imageOf(reference: string): { name: string; tag: string } {
    const [, name = reference, tag = ""] = /^(.*?)(?::([^/:@]+))?$/.exec(reference) ?? [];
    return { name, tag };
}

/** Values for the official chart (4.4 and newer) that lead its users' notebooks to the platform; everything else in it stays as it is. */
export function chartValues({ account, pod }: { account: string; pod: ServerPod }): object {
    const { image, cmd, environment, labels, annotations, volumes, volume_mounts, extra_container_config, extra_pod_config } =
        takenApart(pod);
    return {
        singleuser: {
            image: imageOf(image),
            cmd,
            serviceAccountName: account,
            extraEnv: environment,
            extraLabels: labels,
            extraAnnotations: annotations,
            storage: { homeMountPath: homeDirectory, extraVolumes: volumes, extraVolumeMounts: volume_mounts },
            // Its container needs to be privileged; the policy beside it closes the same way.
            cloudMetadata: { blockWithIptables: false },
            networkPolicy: { enabled: true },
        },
        hub: { config: { KubeSpawner: { extra_container_config, extra_pod_config } } },
    };
}
