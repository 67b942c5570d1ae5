import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";

import { fromSecret, secretData } from "../../internal/environment";
import { labelsOf, objectName, selectorOf, type Identity } from "../../internal/identity";
import { quantity } from "../../internal/memory";
import { policySpec, toApiServer, toS3 } from "../../internal/network";
import { podMetadata, restrictedPod, type PlainContainer } from "../../internal/pod";
import { sparkUser } from "../../spark/spark-image";
import { credentialsEnvironment, storeClientLabels, type S3Facts } from "../../storage/s3a";
import { applicationRules } from "../applications";
import { homeDirectory, remoteLogging, taskEnvironment, values, variables, workerContainer } from "../airflow/conf";
import { sized } from "../airflow/containers";
import { clientLabelsOfAll, toEndpoint, trackingEnvironment, type EndpointFacts, type TrackingFacts } from "../endpoints";
import type { ResolvedAttachment } from "./args";
import { chartValues, connections, connectionVariable } from "./conf";

type EnvVar = k8s.types.input.core.v1.EnvVar;

const identityOf = ({ name }: ResolvedAttachment): Identity => ({ application: "airflow", role: "attached-worker", instance: name });
const workerName = ({ name }: ResolvedAttachment): string => objectName(name, "airflow-task");
export const connectionsName = ({ name }: ResolvedAttachment): string => objectName(name, "airflow-connections");

/** The arguments whose values decide what the objects look like. */
interface Known {
    url: string;
    connect: EndpointFacts[];
    tracking?: TrackingFacts;
    s3?: S3Facts;
    taskLogs?: string;
    warehouse?: string;
    environment: Record<string, string>;
    kubernetesApi: string[];
}

function knownOf(attachment: ResolvedAttachment): pulumi.Output<Known> {
    const { apiServerUrl: url, connect, tracking, s3, taskLogs, warehouse, environment, kubernetesApi } = attachment;
    return pulumi.output({ url, connect, tracking, s3, taskLogs, warehouse, environment, kubernetesApi });
}

function metadata(attachment: ResolvedAttachment, name: string): k8s.types.input.meta.v1.ObjectMeta {
    return { name, namespace: attachment.namespace, labels: labelsOf(identityOf(attachment)) };
}

/** Of the tasks. The chart binds its own launcher's rights to its scheduler, not to this one. */
export function account(attachment: ResolvedAttachment): k8s.core.v1.ServiceAccountArgs {
    return { metadata: metadata(attachment, workerName(attachment)), automountServiceAccountToken: false };
}

export function role(attachment: ResolvedAttachment): k8s.rbac.v1.RoleArgs {
    return { metadata: metadata(attachment, workerName(attachment)), rules: applicationRules };
}

export function binding(attachment: ResolvedAttachment): k8s.rbac.v1.RoleBindingArgs {
    const name = workerName(attachment);
    return {
        metadata: metadata(attachment, name),
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name },
        subjects: [{ kind: "ServiceAccount", name, namespace: attachment.namespace }],
    };
}

export function connectionsSecret(attachment: ResolvedAttachment): k8s.core.v1.SecretArgs {
    const data = knownOf(attachment).apply((known) => secretData(connections(known)));
    return { metadata: metadata(attachment, connectionsName(attachment)), data };
}

/** Tasks report to Airflow, and reach what they are attached to. Nobody calls them. */
export function network(attachment: ResolvedAttachment): k8s.networking.v1.NetworkPolicyArgs {
    const spec = knownOf(attachment).apply(({ url, connect, tracking, s3, kubernetesApi }) =>
        policySpec(selectorOf(identityOf(attachment)), {
            ingress: [],
            egress: [
                ...[{ url }, ...connect, ...(tracking ? [tracking] : [])].map(toEndpoint),
                ...(s3 ? toS3(s3) : []),
                ...(attachment.applications ? [toApiServer(kubernetesApi)] : []),
            ],
        }),
    );
    return { metadata: metadata(attachment, workerName(attachment)), spec };
}

/** The pod of a task as YAML 1.1, which Airflow reads. */
export const podTemplate = (attachment: ResolvedAttachment): pulumi.Output<string> =>
    knownOf(attachment)
        .apply((known) => {
            const labels = {
                ...storeClientLabels(known.s3),
                ...clientLabelsOfAll([...known.connect, known.tracking]),
                ...labelsOf<string>(identityOf(attachment)),
            };
            return pulumi.output({
                apiVersion: "v1",
                kind: "Pod",
                metadata: podMetadata(labels, attachment.worker.pod),
                spec: taskPod(attachment, known),
            });
        })
        .apply((pod) => stringify(pod, { version: "1.1", sortMapEntries: true, aliasDuplicateObjects: false }));

function taskPod(attachment: ResolvedAttachment, known: Known): k8s.types.input.core.v1.PodSpec {
    return restrictedPod(
        {
            user: sparkUser,
            restartPolicy: "Never",
            serviceAccountName: workerName(attachment),
            terminationGracePeriodSeconds: 60,
            containers: [taskContainer(attachment, known)],
        },
        attachment.worker.pod,
    );
}

function taskContainer(attachment: ResolvedAttachment, known: Known): PlainContainer {
    return {
        name: workerContainer,
        image: attachment.image,
        env: taskVariables(attachment, known),
        resources: sized(attachment.worker),
        apiToken: attachment.applications,
        writable: { "/tmp": pulumi.output(attachment.worker.localStorage).apply(quantity), [homeDirectory]: "1Gi" },
    };
}

function taskVariables(attachment: ResolvedAttachment, known: Known): pulumi.Output<EnvVar[]> {
    const { url, s3, taskLogs, environment, tracking } = known;
    const own: EnvVar[] = [
        ...values({
            AIRFLOW_HOME: homeDirectory,
            AIRFLOW__CORE__EXECUTOR: "KubernetesExecutor",
            AIRFLOW__CORE__EXECUTION_API_SERVER_URL: `${url.replace(/\/$/, "")}/execution/`,
            ...(taskLogs !== undefined && variables("LOGGING", remoteLogging(taskLogs))),
            ...environment,
        }),
        ...taskEnvironment(known),
        ...trackingEnvironment(tracking),
        ...Object.keys(connections(known)).map((name) => fromSecret(connectionVariable(name), connectionsName(attachment), name)),
    ];
    return s3 === undefined ? pulumi.output(own) : credentialsEnvironment(s3).apply((keys) => pulumi.output([...own, ...keys]));
}

/** New settings are another template under another name; running tasks keep theirs. */
export function template(attachment: ResolvedAttachment): k8s.core.v1.ConfigMapArgs {
    return {
        metadata: { namespace: attachment.namespace, labels: labelsOf(identityOf(attachment)) },
        immutable: true,
        data: { "pod.yaml": podTemplate(attachment) },
    };
}

export function valuesOf(attachment: ResolvedAttachment): pulumi.Output<string> {
    const { taskLogs, worker } = attachment;
    const names = knownOf(attachment).apply((known) => Object.keys(connections(known)));
    const facts = { podTemplate: podTemplate(attachment), connections: names, taskLogs, maximum: worker.maximum };
    return pulumi
        .output(facts)
        .apply((known) =>
            stringify(chartValues({ ...known, account: workerName(attachment), connectionsSecret: connectionsName(attachment) })),
        );
}

export const accountName = workerName;
