import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";

import { labelsOf, type Identity } from "../internal/identity";
import type { LogSettings } from "../internal/logs";
import { quantity } from "../internal/memory";
import { podMetadata, restrictedPod, type PlainContainer, type PodSettings } from "../internal/pod";
import { credentialsEnvironment, storeClientLabels } from "../storage/s3a";
import { driverContainer, executorContainer } from "./client-mode";
import { localEventLog, uploaderArguments } from "./event-log";
import { executorGraceSeconds, type Executors } from "./executors";
import { logEnvironment } from "./logs";
import { driverClientLabels, type RuntimeFacts } from "./runtime";
import { sparkUser, workDirectory } from "./spark-image";

/** A pod that Spark starts from: it adds image, sizes, names and its own labels. */
export interface Template {
    metadata: k8s.types.input.meta.v1.ObjectMeta;
    spec: k8s.types.input.core.v1.PodSpec;
}

export interface PodFacts {
    identity: Identity;
    runtime: RuntimeFacts;
    pod?: PodSettings;
    /** What a driver logs; executors are told by their driver. */
    logs?: LogSettings;
}

export const localDirectory = "/var/spark/local";
/** The name tells Spark that this is the place for shuffle and spill; under any other it adds a volume without a limit. */
const localVolume = "spark-local-dir-1";
const localMount = { name: localVolume, mountPath: localDirectory };
const driverLocalStorage = "2Gi";
const eventLogVolume = "event-log";

/** Time to stop executors, close the event log and carry its last bytes to the store. */
export const driverGraceSeconds = 60;
const uploadSeconds = 10;

/** Spark reads YAML 1.1, where on, off, yes and no are no words. */
export const templateText = (template: pulumi.Input<Template>): pulumi.Output<string> =>
    pulumi
        .output(template)
        .apply((pod) =>
            stringify({ apiVersion: "v1", kind: "Pod", ...pod }, { version: "1.1", sortMapEntries: true, aliasDuplicateObjects: false }),
        );

/** A field that has to be given twice: Spark looks at the old name only, and overwrites the new one when the old is empty. */
const account = (name: string) => ({ serviceAccount: name, serviceAccountName: name });

/** An executor: no rights, no token, all of the disk that it was promised. */
export function executorTemplate({ identity, runtime, pod }: PodFacts, executor: Executors): Template {
    const disk = pulumi.output(executor.localStorage).apply(quantity);
    const spec = restrictedPod(
        {
            user: sparkUser,
            restartPolicy: "Never",
            terminationGracePeriodSeconds: executorGraceSeconds,
            volumes: [{ name: localVolume, emptyDir: { sizeLimit: disk } }],
            containers: [
                {
                    name: executorContainer,
                    env: runtime.s3 && credentialsEnvironment(runtime.s3),
                    resources: { requests: { "ephemeral-storage": disk } },
                    volumeMounts: [localMount],
                    writable: { "/tmp": "1Gi", [workDirectory]: "1Gi" },
                },
            ],
        },
        withPullSecrets(runtime, pod),
    );
    const labels = { ...storeClientLabels(runtime.s3), ...labelsOf(identity, runtime.sparkVersion) };
    return { metadata: podMetadata(labels, pod), spec: { ...spec, ...account(runtime.executorServiceAccount) } };
}

/** A driver whose pod Spark makes. */
export function driverTemplate(facts: PodFacts): Template {
    const { runtime, pod } = facts;
    const spec = driverPod(facts, driverParts(facts, { name: driverContainer, resources: {} }));
    return { metadata: podMetadata(driverLabels(facts), pod), spec: { ...spec, ...account(runtime.driverServiceAccount) } };
}

export const driverLabels = ({ identity, runtime }: PodFacts): Record<string, string> => ({
    ...driverClientLabels(runtime),
    ...labelsOf(identity, runtime.sparkVersion),
});

/** A pod with a driver in it: beside the driver only what carries its log to the store. */
export function driverPod(
    { runtime, pod }: PodFacts,
    driver: PlainContainer,
    volumes: k8s.types.input.core.v1.Volume[] = [],
): k8s.types.input.core.v1.PodSpec {
    return restrictedPod(
        {
            user: sparkUser,
            restartPolicy: "Never",
            serviceAccountName: runtime.driverServiceAccount,
            terminationGracePeriodSeconds: driverGraceSeconds,
            volumes: [
                { name: localVolume, emptyDir: { sizeLimit: driverLocalStorage } },
                ...volumes,
                ...(runtime.eventLog ? [{ name: eventLogVolume, emptyDir: { sizeLimit: "1Gi" } }] : []),
            ],
            ...(runtime.eventLog && { initContainers: [uploader(runtime.image, runtime.eventLog)] }),
            containers: [driver],
        },
        withPullSecrets(runtime, pod),
    );
}

/** What every driver's container has, over what only this one has. */
export function driverParts({ runtime, logs }: PodFacts, own: PlainContainer): PlainContainer {
    const ofBrick = [...((own.env ?? []) as k8s.types.input.core.v1.EnvVar[]), ...logEnvironment(logs)];
    const environment = runtime.s3 ? credentialsEnvironment(runtime.s3) : pulumi.output([]);
    return {
        apiToken: true,
        ...own,
        env: environment.apply((credentials) => [...ofBrick, ...credentials]),
        volumeMounts: [
            ...(own.volumeMounts ?? []),
            localMount,
            ...(runtime.eventLog ? [{ name: eventLogVolume, mountPath: localEventLog }] : []),
        ],
        writable: { "/tmp": "2Gi", [workDirectory]: "1Gi" },
    };
}

/** A sidecar that Kubernetes starts before the driver and stops after it, so that the last bytes of the log arrive too. */
function uploader(image: string, { directory, s3 }: NonNullable<RuntimeFacts["eventLog"]>): PlainContainer {
    return {
        name: "event-log-uploader",
        image,
        restartPolicy: "Always",
        args: uploaderArguments(directory, s3, uploadSeconds),
        env: credentialsEnvironment(s3),
        resources: { requests: { cpu: "10m", memory: "96Mi" }, limits: { memory: "96Mi" } },
        volumeMounts: [{ name: eventLogVolume, mountPath: localEventLog }],
        writable: { "/tmp": "64Mi" },
    };
}

/** The runtime's pull secrets, unless the pod has its own. */
export const withPullSecrets = ({ imagePullSecrets }: RuntimeFacts, pod: PodSettings = {}): PodSettings => ({
    ...pod,
    imagePullSecrets: pod.imagePullSecrets ?? imagePullSecrets,
});
