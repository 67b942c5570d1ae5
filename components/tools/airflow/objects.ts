import { basename } from "node:path/posix";

import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";

import { secretData } from "../../internal/environment";
import { clientLabelsOf, labelsOf, objectName, selectorOf } from "../../internal/identity";
import { clientSpec } from "../../internal/network";
import { podMetadata, restrictedPod } from "../../internal/pod";
import { sparkUser } from "../../spark/spark-image";
import { databaseClientLabels, passwordKey, usernameKey } from "../../storage/database";
import { storeClientLabels } from "../../storage/s3a";
import { applicationRules } from "../applications";
import { classicVolumes } from "../classic";
import { clientLabelsOfAll } from "../endpoints";
import { authorityVolumes } from "../libpq";
import type { ResolvedAirflow, ResolvedProcess } from "./args";
import { templateFile, webPort } from "./conf";
import {
    dagsVolumeOf,
    fernetKey,
    jwtKey,
    knownOf,
    migrationContainer,
    partContainer,
    readsDags,
    sessionKey,
    taskContainer,
    templateVolumeOf,
    type Known,
    type Part,
} from "./containers";
import { identityOf, keysSecretName, partName, serviceName, type Role } from "./identity";
import { partPolicy } from "./network";

/** Names that are made when the program runs. */
export interface Names {
    dags: pulumi.Input<string>;
    template: pulumi.Input<string>;
}

export const clientLabels = (airflow: ResolvedAirflow): Record<string, string> => clientLabelsOf(serviceName(airflow));

const labels = (airflow: ResolvedAirflow, role: Role): Record<string, string> => labelsOf<string>(identityOf(airflow, role));

function metadata(airflow: ResolvedAirflow, name: string, role: Role = "api-server"): k8s.types.input.meta.v1.ObjectMeta {
    return { name, namespace: airflow.namespace, labels: labels(airflow, role) };
}

export function adminSecret(airflow: ResolvedAirflow, password: pulumi.Input<string>): k8s.core.v1.SecretArgs {
    const data = secretData({ [usernameKey]: "admin", [passwordKey]: password });
    return { metadata: metadata(airflow, objectName(airflow.name, "airflow-admin")), data };
}

/** What connections are encrypted with, and what the parts know each other and the browsers by. */
export function keysSecret(
    airflow: ResolvedAirflow,
    { fernet, jwt, session }: Record<"fernet" | "jwt" | "session", pulumi.Output<string>>,
): k8s.core.v1.SecretArgs {
    const urlSafe = fernet.apply((base64) => base64.replaceAll("+", "-").replaceAll("/", "_"));
    return {
        metadata: metadata(airflow, keysSecretName(airflow)),
        data: secretData({ [fernetKey]: urlSafe, [jwtKey]: jwt, [sessionKey]: session }),
    };
}

/** New files make a new ConfigMap under a new name (immutable, not named here), which rolls the pods that read them. */
export function dags(airflow: ResolvedAirflow): k8s.core.v1.ConfigMapArgs {
    return { metadata: { namespace: airflow.namespace, labels: labels(airflow, "dag-processor") }, immutable: true, data: airflow.dags };
}

/** The pod of a task. Its YAML is read by Airflow as version 1.1, where on, off, yes and no are no words. */
export function template(airflow: ResolvedAirflow, dagsName: pulumi.Input<string>): k8s.core.v1.ConfigMapArgs {
    const text = knownOf(airflow)
        .apply((known) =>
            pulumi.output({
                apiVersion: "v1",
                kind: "Pod",
                metadata: taskMetadata(airflow, known),
                spec: taskPod(airflow, known, dagsName),
            }),
        )
        .apply((pod) => stringify(pod, { version: "1.1", sortMapEntries: true, aliasDuplicateObjects: false }));
    return {
        metadata: { namespace: airflow.namespace, labels: labels(airflow, "worker") },
        immutable: true,
        data: { [basename(templateFile)]: text },
    };
}

function taskMetadata(airflow: ResolvedAirflow, { s3, connect, tracking, classic }: Known): k8s.types.input.meta.v1.ObjectMeta {
    const own = {
        ...storeClientLabels(s3),
        ...clientLabelsOfAll([...connect, tracking]),
        ...classic?.clientLabels,
        ...labels(airflow, "worker"),
    };
    return podMetadata(own, airflow.worker.pod);
}

function taskPod(airflow: ResolvedAirflow, known: Known, dagsName: pulumi.Input<string>): k8s.types.input.core.v1.PodSpec {
    return restrictedPod(
        {
            user: sparkUser,
            restartPolicy: "Never",
            serviceAccountName: taskAccount(airflow, known),
            terminationGracePeriodSeconds: 60,
            volumes: [dagsVolumeOf(dagsName), ...classicVolumes(known.classic)],
            containers: [taskContainer(airflow, known)],
        },
        airflow.worker.pod,
    );
}

/** Drivers make executors, so that the account of classic sessions comes first. */
const taskAccount = (airflow: ResolvedAirflow, { classic }: Pick<Known, "classic">): string =>
    classic?.serviceAccount ?? partName(airflow, "worker");

/** Of the scheduler, and of tasks, which by themselves may do nothing; the rest runs as an account from elsewhere, without a token. */
export function account(airflow: ResolvedAirflow, role: Role): k8s.core.v1.ServiceAccountArgs {
    const annotations = role === "scheduler" ? airflow.schedulerAccountAnnotations : airflow.workerAccountAnnotations;
    return { metadata: { ...metadata(airflow, partName(airflow, role), role), annotations }, automountServiceAccountToken: false };
}

/** What the executor asks of Kubernetes, and no more: pods of tasks, and why they do not start. */
export function schedulerRole(airflow: ResolvedAirflow): k8s.rbac.v1.RoleArgs {
    return {
        metadata: metadata(airflow, partName(airflow, "scheduler"), "scheduler"),
        rules: [
            { apiGroups: [""], resources: ["pods"], verbs: ["create", "get", "list", "watch", "patch", "delete"] },
            { apiGroups: [""], resources: ["pods/log"], verbs: ["get"] },
            { apiGroups: [""], resources: ["events"], verbs: ["list"] },
        ],
    };
}

export const schedulerBinding = (airflow: ResolvedAirflow): k8s.rbac.v1.RoleBindingArgs =>
    binding(airflow, "scheduler", partName(airflow, "scheduler"));

/** Of the role of a part to an account. */
function binding(airflow: ResolvedAirflow, part: "scheduler" | "worker", account: pulumi.Input<string>): k8s.rbac.v1.RoleBindingArgs {
    const name = partName(airflow, part);
    return {
        metadata: metadata(airflow, name, part),
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name },
        subjects: [{ kind: "ServiceAccount", name: account, namespace: airflow.namespace }],
    };
}

export function workerRole(airflow: ResolvedAirflow): k8s.rbac.v1.RoleArgs {
    return { metadata: metadata(airflow, partName(airflow, "worker"), "worker"), rules: applicationRules };
}

export function workerBinding(airflow: ResolvedAirflow): k8s.rbac.v1.RoleBindingArgs {
    const account = pulumi.output(airflow.classic).apply((classic) => taskAccount(airflow, { classic }));
    return binding(airflow, "worker", account);
}

export function address(airflow: ResolvedAirflow): k8s.core.v1.ServiceArgs {
    return {
        metadata: metadata(airflow, serviceName(airflow)),
        spec: { selector: selectorOf(identityOf(airflow, "api-server")), ports: [{ name: "http", port: webPort, targetPort: "http" }] },
    };
}

export function network(airflow: ResolvedAirflow, role: Role): k8s.networking.v1.NetworkPolicyArgs {
    const { name, database, s3, connect, tracking, clientNamespaces, kubernetesApi, applications, monitoring } = airflow;
    const facts = pulumi.output({ name, database, s3, connect, tracking, clientNamespaces, kubernetesApi, applications, monitoring });
    return { metadata: metadata(airflow, partName(airflow, role), role), spec: facts.apply((known) => partPolicy(role, known)) };
}

export function clientNetwork(airflow: ResolvedAirflow): k8s.networking.v1.NetworkPolicyArgs {
    const spec = clientSpec(serviceName(airflow), selectorOf(identityOf(airflow, "api-server")), webPort);
    return { metadata: metadata(airflow, objectName(airflow.name, "airflow-client")), spec };
}

const podLabels = (airflow: ResolvedAirflow, { database, s3 }: Known, role: Role): Record<string, string> => ({
    ...databaseClientLabels(database),
    ...storeClientLabels(s3),
    ...labels(airflow, role),
});

export function part(airflow: ResolvedAirflow, role: Part, size: ResolvedProcess, names: Names): k8s.apps.v1.DeploymentArgs {
    const known = knownOf(airflow);
    return {
        metadata: metadata(airflow, partName(airflow, role), role),
        spec: {
            replicas: size.replicas,
            selector: { matchLabels: selectorOf(identityOf(airflow, role)) },
            template: {
                metadata: podMetadata(
                    known.apply((facts) => podLabels(airflow, facts, role)),
                    airflow.pod,
                ),
                spec: known.apply((facts) => partPod(airflow, facts, role, size, names)),
            },
        },
    };
}

function partPod(airflow: ResolvedAirflow, known: Known, role: Part, size: ResolvedProcess, names: Names) {
    return restrictedPod(
        {
            user: sparkUser,
            serviceAccountName: role === "scheduler" ? partName(airflow, role) : airflow.serviceAccount,
            terminationGracePeriodSeconds: 60,
            volumes: [
                ...authorityVolumes(known.database),
                ...(readsDags(role) ? [dagsVolumeOf(names.dags)] : []),
                ...(role === "scheduler" ? [templateVolumeOf(names.template)] : []),
            ],
            containers: [partContainer(airflow, known, role, size)],
        },
        airflow.pod,
    );
}

/** The name is left to the engine: a Job cannot be changed, so another version's migration is another Job. */
export function migration(airflow: ResolvedAirflow, admin: pulumi.Input<string>): k8s.batch.v1.JobArgs {
    const known = knownOf(airflow);
    return {
        // A Job that has failed stays failed; the next `up` makes another.
        metadata: {
            namespace: airflow.namespace,
            labels: labels(airflow, "migration"),
            annotations: { "pulumi.com/replaceUnready": "true" },
        },
        spec: {
            backoffLimit: 3,
            activeDeadlineSeconds: 900,
            template: {
                metadata: podMetadata(
                    known.apply((facts) => podLabels(airflow, facts, "migration")),
                    airflow.pod,
                ),
                spec: known.apply((facts) => migrationPod(airflow, facts, admin)),
            },
        },
    };
}

function migrationPod(airflow: ResolvedAirflow, known: Known, admin: pulumi.Input<string>) {
    return restrictedPod(
        {
            user: sparkUser,
            restartPolicy: "Never",
            terminationGracePeriodSeconds: 30,
            volumes: authorityVolumes(known.database),
            containers: [migrationContainer(airflow, known, admin)],
        },
        airflow.pod,
    );
}
