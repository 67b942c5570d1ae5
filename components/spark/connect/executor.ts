import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";

import { labelsOf } from "../../internal/identity";
import { quantity } from "../../internal/memory";
import { podMetadata, restrictedPod } from "../../internal/pod";
import { environmentOf, mountsOf, volumesOf } from "../../internal/pod-additions";
import { credentialsEnvironment, storeClientLabels } from "../../storage/s3a";
import { executorGraceSeconds } from "../executors";
import { hdfsClientLabels } from "../hdfs";
import { realmMounts, realmVolumes } from "../kerberos";
import { sparkUser, workDirectory } from "../spark-image";
import type { ResolvedConnect } from "./args";
import { executorContainerOf } from "./backends";
import { executorIdentity } from "./identity";

const localDirectory = "/var/spark/local";

/** The pod that Spark starts from; it adds image, sizes, names and its own labels. It reads YAML 1.1, where on, off, yes and no are no words. */
export function executorTemplate(server: ResolvedConnect): pulumi.Output<string> {
    return pulumi
        .output({ apiVersion: "v1", kind: "Pod", metadata: executorMetadata(server), spec: executorSpec(server) })
        .apply((pod) => stringify(pod, { version: "1.1", sortMapEntries: true, aliasDuplicateObjects: false }));
}

export function executorMetadata(server: ResolvedConnect): k8s.types.input.meta.v1.ObjectMeta {
    const own = pulumi
        .all([labelsOf<pulumi.Input<string>>(executorIdentity(server), server.sparkVersion), server.s3, server.hdfs])
        .apply(([labels, s3, hdfs]) => ({ ...storeClientLabels(s3), ...hdfsClientLabels(hdfs), ...labels }));
    return podMetadata(own, server.executor.pod);
}

export function executorSpec(server: ResolvedConnect): k8s.types.input.core.v1.PodSpec {
    const disk = pulumi.output(server.executor.localStorage).apply(quantity);
    const pod = restrictedPod(
        {
            user: sparkUser,
            restartPolicy: "Never",
            serviceAccountName: server.executorServiceAccount,
            terminationGracePeriodSeconds: executorGraceSeconds,
            // The name tells Spark that this is the place for shuffle and spill; under any other it adds a volume without a limit.
            volumes: [
                { name: "spark-local-dir-1", ...localVolume(disk, server.executor.localStorageClass) },
                ...realmVolumes(server.kerberos),
                ...volumesOf(server),
            ],
            containers: [
                {
                    name: executorContainerOf(server.backend),
                    env: environment(server),
                    resources: server.executor.localStorageClass === undefined ? { requests: { "ephemeral-storage": disk } } : {},
                    volumeMounts: [
                        { name: "spark-local-dir-1", mountPath: localDirectory },
                        ...realmMounts(server.kerberos),
                        ...mountsOf(server),
                    ],
                    writable: { "/tmp": "1Gi", [workDirectory]: "1Gi" },
                },
            ],
        },
        server.executor.pod,
    );
    // Spark looks at the old name of the field only, and overwrites the new one when the old is empty.
    return { ...pod, serviceAccount: server.executorServiceAccount };
}

/** The node's disk, or a volume that Kubernetes makes for this pod and deletes with it; for that the server needs no rights. */
function localVolume(disk: pulumi.Input<string>, storageClassName: string | undefined): Omit<k8s.types.input.core.v1.Volume, "name"> {
    return storageClassName === undefined
        ? { emptyDir: { sizeLimit: disk } }
        : {
              ephemeral: {
                  volumeClaimTemplate: {
                      spec: { accessModes: ["ReadWriteOnce"], storageClassName, resources: { requests: { storage: disk } } },
                  },
              },
          };
}

function environment(server: ResolvedConnect): pulumi.Output<k8s.types.input.core.v1.EnvVar[] | undefined> {
    const credentials = server.s3 ? credentialsEnvironment(server.s3) : pulumi.output([]);
    return pulumi.all([environmentOf(server), credentials]).apply(([own, keys]) => {
        const all = [...own, ...keys];
        return all.length === 0 ? undefined : all;
    });
}
