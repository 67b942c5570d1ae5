import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { fromSecret, secretData } from "../../internal/environment";
import { exporterContainer } from "../../internal/exporters";
import { clientLabelsOf, labelsOf, objectName, selectorOf, type Identity } from "../../internal/identity";
import { quantity } from "../../internal/memory";
import { fromPrometheus, podMonitor, type ResolvedMonitoring } from "../../internal/monitoring";
import { clientSpec, clientsOf, policySpec, tcp, toS3 } from "../../internal/network";
import { podMetadata, restrictedPod, type PlainContainer } from "../../internal/pod";
import { databaseClientLabels, passwordKey, toDatabase, usernameKey, type DatabaseFacts } from "../../storage/database";
import { credentialsEnvironment, storeClientLabels } from "../../storage/s3a";
import { authorityMounts, authorityVolumes, libpqEnvironment } from "../libpq";
import type { ResolvedMLflow } from "./args";
import { logEnvironment, metricsDirectory, metricsPort, mlflowUser, serverArguments, storeEnvironment, webPort } from "./conf";

const identityOf = ({ name }: ResolvedMLflow): Identity => ({ application: "mlflow", role: "server", instance: name });
const serviceName = ({ name }: ResolvedMLflow): string => objectName(name, "mlflow");
const sessionSecretName = ({ name }: ResolvedMLflow): string => objectName(name, "mlflow-session");
const sessionKey = "session-key";

export const clientLabels = (server: ResolvedMLflow): Record<string, string> => clientLabelsOf(serviceName(server));

function metadata(server: ResolvedMLflow, name: string): k8s.types.input.meta.v1.ObjectMeta {
    return { name, namespace: server.namespace, labels: labelsOf(identityOf(server)) };
}

export function adminSecret(server: ResolvedMLflow, password: pulumi.Input<string>): k8s.core.v1.SecretArgs {
    const data = secretData({ [usernameKey]: "admin", [passwordKey]: password });
    return { metadata: metadata(server, objectName(server.name, "mlflow-admin")), data };
}

/** What signs the forms of the web UI: the same in every server, or a form from one would be refused by another. */
export function sessionSecret(server: ResolvedMLflow, key: pulumi.Input<string>): k8s.core.v1.SecretArgs {
    return { metadata: metadata(server, sessionSecretName(server)), data: secretData({ [sessionKey]: key }) };
}

export function address(server: ResolvedMLflow): k8s.core.v1.ServiceArgs {
    return {
        metadata: metadata(server, serviceName(server)),
        spec: { selector: selectorOf(identityOf(server)), ports: [{ name: "http", port: webPort, targetPort: "http" }] },
    };
}

export function network(server: ResolvedMLflow): k8s.networking.v1.NetworkPolicyArgs {
    const { database, s3, clientNamespaces, monitoring } = server;
    const spec = pulumi.output({ database, s3, clientNamespaces, monitoring }).apply((known) =>
        policySpec(selectorOf(identityOf(server)), {
            ingress: [
                { from: clientsOf(serviceName(server), known.clientNamespaces), ports: tcp(webPort) },
                ...fromPrometheus(known.monitoring, metricsPort),
            ],
            egress: [toDatabase(known.database), ...toS3(known.s3)],
        }),
    );
    return { metadata: metadata(server, serviceName(server)), spec };
}

export function monitor(server: ResolvedMLflow, monitoring: ResolvedMonitoring): k8s.apiextensions.CustomResourceArgs {
    const watched = { metadata: metadata(server, serviceName(server)), selector: selectorOf(identityOf(server)) };
    return podMonitor({ ...watched, endpoints: [{ port: "metrics", path: "/metrics" }] }, monitoring);
}

export function clientNetwork(server: ResolvedMLflow): k8s.networking.v1.NetworkPolicyArgs {
    const spec = clientSpec(serviceName(server), selectorOf(identityOf(server)), webPort);
    return { metadata: metadata(server, objectName(server.name, "mlflow-client")), spec };
}

/** Any server answers any request: losing one at a time costs nobody anything. */
export function disruptionBudget(server: ResolvedMLflow): k8s.policy.v1.PodDisruptionBudgetArgs {
    return {
        metadata: metadata(server, serviceName(server)),
        spec: { maxUnavailable: 1, selector: { matchLabels: selectorOf(identityOf(server)) } },
    };
}

export function servers(server: ResolvedMLflow, admin: pulumi.Input<string>): k8s.apps.v1.DeploymentArgs {
    const own = pulumi.all([server.database, server.s3]).apply(([database, s3]) => ({
        ...databaseClientLabels(database),
        ...storeClientLabels(s3),
        ...labelsOf<string>(identityOf(server)),
    }));
    const database = pulumi.output(server.database);
    return {
        metadata: metadata(server, serviceName(server)),
        spec: {
            replicas: server.replicas,
            selector: { matchLabels: selectorOf(identityOf(server)) },
            template: {
                metadata: podMetadata(own, server.pod),
                spec: database.apply((known) =>
                    restrictedPod(
                        {
                            user: mlflowUser,
                            serviceAccountName: server.serviceAccount,
                            terminationGracePeriodSeconds: 30,
                            volumes: [...authorityVolumes(known), ...(server.monitoring ? [metricsVolume] : [])],
                            initContainers: [migration(server, known)],
                            containers: [trackingServer(server, known, admin), ...(server.monitoring ? [exporter(server)] : [])],
                        },
                        server.pod,
                    ),
                ),
            },
        },
    };
}

/** What the processes count: small files, a few for each that was ever started in the pod. */
const metricsVolume = { name: "metrics", emptyDir: { sizeLimit: "64Mi" } };
const metricsMount = { name: metricsVolume.name, mountPath: metricsDirectory };

const exporter = ({ image }: ResolvedMLflow): PlainContainer =>
    exporterContainer({
        image,
        args: ["python3", "/opt/mlflow/metrics.py", "--directory", metricsDirectory, "--port", String(metricsPort)],
        port: metricsPort,
        volumeMounts: [{ ...metricsMount, readOnly: true }],
    });

/** Before every server: the one that comes first brings the database to this version, the others find it done. */
function migration(server: ResolvedMLflow, database: DatabaseFacts): PlainContainer {
    return {
        name: "migration",
        image: server.image,
        args: ["python3", "/opt/mlflow/migrate.py"],
        env: libpqEnvironment(database),
        resources: { requests: { cpu: server.cpuRequest, memory: "512Mi" }, limits: { memory: "512Mi" } },
        volumeMounts: authorityMounts(database),
        writable: { "/tmp": "64Mi" },
    };
}

function trackingServer(server: ResolvedMLflow, database: DatabaseFacts, admin: pulumi.Input<string>): PlainContainer {
    const memory = pulumi.output(server.memory).apply(quantity);
    const answers = { httpGet: { path: "/health", port: "http" }, timeoutSeconds: 5 };
    return {
        name: "mlflow",
        image: server.image,
        args: pulumi
            .output({ service: serviceName(server), namespace: server.namespace, workers: server.workers })
            .apply((known) =>
                pulumi.output({ ...known, hosts: server.hosts, artifacts: server.artifacts, counting: server.monitoring !== undefined }),
            )
            .apply(serverArguments),
        env: environment(server, database, admin),
        ports: [{ name: "http", containerPort: webPort }],
        resources: { requests: { cpu: server.cpuRequest, memory }, limits: { memory } },
        startupProbe: { ...answers, periodSeconds: 2, failureThreshold: 90 },
        readinessProbe: { ...answers, periodSeconds: 5 },
        livenessProbe: { ...answers, periodSeconds: 20, failureThreshold: 6 },
        volumeMounts: [...authorityMounts(database), ...(server.monitoring ? [metricsMount] : [])],
        // Artifacts on their way through the server.
        writable: { "/tmp": "2Gi" },
    };
}

function environment(
    server: ResolvedMLflow,
    database: DatabaseFacts,
    admin: pulumi.Input<string>,
): pulumi.Output<k8s.types.input.core.v1.EnvVar[]> {
    const own = [
        ...libpqEnvironment(database),
        fromSecret("MLFLOW_AUTH_ADMIN_USERNAME", admin, usernameKey),
        fromSecret("MLFLOW_AUTH_ADMIN_PASSWORD", admin, passwordKey),
        fromSecret("MLFLOW_FLASK_SERVER_SECRET_KEY", sessionSecretName(server), sessionKey),
    ];
    return pulumi
        .all([server.s3, credentialsEnvironment(server.s3), server.logs])
        .apply(([s3, credentials, logs]) => pulumi.output([...own, ...logEnvironment(logs), ...storeEnvironment(s3), ...credentials]));
}
