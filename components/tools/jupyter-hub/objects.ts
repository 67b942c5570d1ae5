import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { fromSecret, secretData } from "../../internal/environment";
import { clientLabelsOf, labelsOf, selectorOf, type Identity } from "../../internal/identity";
import { quantity } from "../../internal/memory";
import { podMonitor, type ResolvedMonitoring } from "../../internal/monitoring";
import { clientSpec } from "../../internal/network";
import { podMetadata, restrictedPod, type PlainContainer } from "../../internal/pod";
import { databaseClientLabels, type DatabaseFacts } from "../../storage/database";
import { authorityMounts, authorityVolumes, libpqEnvironment } from "../libpq";
import { homeDirectory } from "../notebooks";
import type { ResolvedJupyterHub } from "./args";
import {
    dataDirectory,
    hubPort,
    hubSettings,
    hubUser,
    passwordsDirectory,
    proxyApiPort,
    proxyArguments,
    settingsDirectory,
    settingsFile,
    userObject,
    webPort,
    type ServerPod,
} from "./conf";
import { hubName, identityOf, keysSecretName, passwordsSecretName, proxyName, serverName, serviceName, type Role } from "./identity";
import { hubPolicy, proxyPolicy, serverPolicy, type NetworkFacts } from "./network";
import { serverPod } from "./user-server";

export const clientLabels = (hub: ResolvedJupyterHub): Record<string, string> => clientLabelsOf(serviceName(hub));

const labels = (hub: ResolvedJupyterHub, role: Role): Record<string, string> => labelsOf<string>(identityOf(hub, role));

function metadata(hub: ResolvedJupyterHub, role: Role, name?: string): k8s.types.input.meta.v1.ObjectMeta {
    return { ...(name !== undefined && { name }), namespace: hub.namespace, labels: labels(hub, role) };
}

const proxyToken = "proxy-token";
const cookieSecret = "cookie-secret";

/** What the hub and the proxy know each other by, and what cookies are signed with: with new ones everybody has to log in again. */
export function keysSecret(hub: ResolvedJupyterHub, proxy: pulumi.Input<string>, cookie: pulumi.Input<string>): k8s.core.v1.SecretArgs {
    return { metadata: metadata(hub, "hub", keysSecretName(hub)), data: secretData({ [proxyToken]: proxy, [cookieSecret]: cookie }) };
}

/** A password for each user, under the user's name. */
export function passwordsSecret(hub: ResolvedJupyterHub, passwords: Record<string, pulumi.Input<string>>): k8s.core.v1.SecretArgs {
    return { metadata: metadata(hub, "hub", passwordsSecretName(hub)), data: secretData(passwords) };
}

/** Immutable under a name of the engine's: other settings are another ConfigMap, which rolls the hub. */
export function settings(hub: ResolvedJupyterHub): k8s.core.v1.ConfigMapArgs {
    const { name, namespace, users, admins, oidc, publicUrl, database, server, logs } = hub;
    const { storage, storageClass, idleTimeout, maximum } = server;
    const facts = pulumi.output({ namespace, admins, oidc, publicUrl, logs, server: { storage, storageClass, idleTimeout, maximum } });
    const text = pulumi
        .all([facts, userServer(hub)])
        .apply(([known, pod]) =>
            hubSettings({
                ...known,
                name,
                users,
                withDatabase: database !== undefined,
                watched: hub.monitoring !== undefined,
                pod: pod as ServerPod,
            }),
        )
        .apply((all) => JSON.stringify(all, undefined, 2));
    return { metadata: metadata(hub, "hub"), immutable: true, data: { [settingsFile]: text } };
}

function userServer(hub: ResolvedJupyterHub): pulumi.Output<object> {
    const { server, serverImage, connect, historyServer, tracking, logs } = hub;
    const home = {
        volume: { name: "home", persistentVolumeClaim: { claimName: userObject(hub.name) } },
        mount: { name: "home", mountPath: homeDirectory },
    };
    return serverPod({ ...server, image: serverImage, connect, historyServer, tracking, logs, home, labels: labels(hub, "user-server") });
}

/** What makes servers asks of Kubernetes: their pods and homes, and why they do not start. It deletes no home. */
export function role(hub: ResolvedJupyterHub): k8s.rbac.v1.RoleArgs {
    return {
        metadata: metadata(hub, "hub", hubName(hub)),
        rules: [
            { apiGroups: [""], resources: ["pods"], verbs: ["get", "list", "watch", "create", "delete"] },
            { apiGroups: [""], resources: ["persistentvolumeclaims"], verbs: ["get", "create"] },
            { apiGroups: [""], resources: ["events"], verbs: ["list", "watch"] },
        ],
    };
}

export function account(hub: ResolvedJupyterHub): k8s.core.v1.ServiceAccountArgs {
    return { metadata: metadata(hub, "hub", hubName(hub)), automountServiceAccountToken: false };
}

export function binding(hub: ResolvedJupyterHub): k8s.rbac.v1.RoleBindingArgs {
    const name = hubName(hub);
    return {
        metadata: metadata(hub, "hub", name),
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name },
        subjects: [{ kind: "ServiceAccount", name, namespace: hub.namespace }],
    };
}

function service(hub: ResolvedJupyterHub, to: Role, name: string, port: number): k8s.core.v1.ServiceArgs {
    return {
        metadata: metadata(hub, to, name),
        spec: { selector: selectorOf(identityOf(hub, to)), ports: [{ name: "http", port, targetPort: port }] },
    };
}

export const address = (hub: ResolvedJupyterHub) => service(hub, "proxy", serviceName(hub), webPort);
export const hubAddress = (hub: ResolvedJupyterHub) => service(hub, "hub", hubName(hub), hubPort);
export const proxyAddress = (hub: ResolvedJupyterHub) => service(hub, "proxy", proxyName(hub), proxyApiPort);

const policies = {
    hub: { name: hubName, spec: hubPolicy },
    proxy: { name: proxyName, spec: proxyPolicy },
    "user-server": { name: serverName, spec: serverPolicy },
};

export function network(hub: ResolvedJupyterHub, of: Role): k8s.networking.v1.NetworkPolicyArgs {
    const { name, clientNamespaces, apiServer, database, oidc, connect, historyServer, tracking, monitoring } = hub;
    const neighbours = { connect, historyServer, tracking };
    const facts = pulumi.output({ name, clientNamespaces, apiServer, database, oidc, monitoring, neighbours });
    return {
        metadata: metadata(hub, of, policies[of].name(hub)),
        spec: facts.apply((known) => policies[of].spec(known as NetworkFacts)),
    };
}

export function monitor(hub: ResolvedJupyterHub, monitoring: ResolvedMonitoring): k8s.apiextensions.CustomResourceArgs {
    const endpoints = [{ port: "http", path: "/hub/metrics" }];
    return podMonitor(
        { metadata: metadata(hub, "hub", hubName(hub)), selector: selectorOf(identityOf(hub, "hub")), endpoints },
        monitoring,
    );
}

export function clientNetwork(hub: ResolvedJupyterHub): k8s.networking.v1.NetworkPolicyArgs {
    const spec = clientSpec(serviceName(hub), selectorOf(identityOf(hub, "proxy")), webPort);
    return { metadata: metadata(hub, "proxy", serviceName(hub)), spec };
}

/** The hub's database when it has no server for it. */
export function volume(hub: ResolvedJupyterHub): k8s.core.v1.PersistentVolumeClaimArgs {
    const storage = pulumi.output(hub.storage).apply(quantity);
    return {
        metadata: metadata(hub, "hub", hubName(hub)),
        spec: { accessModes: ["ReadWriteOnce"], storageClassName: hub.storageClass, resources: { requests: { storage } } },
    };
}

/** One pod at a time: two hubs would both think that they lead the proxy and the servers. */
function deployment(
    hub: ResolvedJupyterHub,
    of: Role,
    name: string,
    { podLabels, spec }: { podLabels?: pulumi.Input<Record<string, string>>; spec: pulumi.Input<k8s.types.input.core.v1.PodSpec> },
): k8s.apps.v1.DeploymentArgs {
    const identity: Identity = identityOf(hub, of);
    return {
        metadata: metadata(hub, of, name),
        spec: {
            replicas: 1,
            strategy: { type: "Recreate" },
            selector: { matchLabels: selectorOf(identity) },
            template: { metadata: podMetadata(podLabels ?? labels(hub, of), hub.pod), spec },
        },
    };
}

export function proxy(hub: ResolvedJupyterHub): k8s.apps.v1.DeploymentArgs {
    const container = proxyContainer(hub);
    const spec = restrictedPod({ user: hubUser, terminationGracePeriodSeconds: 30, containers: [container] }, hub.pod);
    return deployment(hub, "proxy", proxyName(hub), { spec });
}

function proxyContainer(hub: ResolvedJupyterHub): PlainContainer {
    const answers = { httpGet: { path: "/_chp_healthz", port: "http" }, timeoutSeconds: 5 };
    return {
        name: "proxy",
        image: hub.image,
        args: pulumi
            .output({ namespace: hub.namespace, logs: hub.logs })
            .apply(({ namespace, logs }) => proxyArguments({ name: hub.name, namespace, logs })),
        env: [fromSecret("CONFIGPROXY_AUTH_TOKEN", keysSecretName(hub), proxyToken)],
        ports: [
            { name: "http", containerPort: webPort },
            { name: "api", containerPort: proxyApiPort },
        ],
        resources: { requests: { cpu: hub.cpuRequest, memory: "128Mi" }, limits: { memory: "256Mi" } },
        startupProbe: { ...answers, periodSeconds: 1, failureThreshold: 60 },
        readinessProbe: { ...answers, periodSeconds: 5 },
        livenessProbe: { ...answers, periodSeconds: 20, failureThreshold: 6 },
        writable: { "/tmp": "64Mi" },
    };
}

/** Names that are made when the program runs. */
export interface Names {
    settings: pulumi.Input<string>;
    passwords?: pulumi.Input<string>;
    /** Claim of the volume with the hub's own database. */
    volume?: pulumi.Input<string>;
}

export function server(hub: ResolvedJupyterHub, names: Names): k8s.apps.v1.DeploymentArgs {
    const database = pulumi.output(hub.database);
    const podLabels = database.apply((known) => ({ ...(known && databaseClientLabels(known)), ...labels(hub, "hub") }));
    return deployment(hub, "hub", hubName(hub), { podLabels, spec: database.apply((known) => hubPod(hub, names, known)) });
}

function hubPod(hub: ResolvedJupyterHub, names: Names, database: DatabaseFacts | undefined): k8s.types.input.core.v1.PodSpec {
    return restrictedPod(
        {
            user: hubUser,
            serviceAccountName: hubName(hub),
            terminationGracePeriodSeconds: 30,
            volumes: [
                { name: "settings", configMap: { name: names.settings } },
                ...(names.passwords === undefined ? [] : [{ name: "passwords", secret: { secretName: names.passwords } }]),
                ...(names.volume === undefined ? [] : [{ name: "data", persistentVolumeClaim: { claimName: names.volume } }]),
                ...(database ? authorityVolumes(database) : []),
            ],
            containers: [hubContainer(hub, names, database)],
        },
        hub.pod,
    );
}

function hubContainer(hub: ResolvedJupyterHub, names: Names, database: DatabaseFacts | undefined): PlainContainer {
    const memory = pulumi.output(hub.memory).apply(quantity);
    const answers = { httpGet: { path: "/hub/health", port: "http" }, timeoutSeconds: 5 };
    return {
        name: "hub",
        image: hub.image,
        args: ["python3", "-m", "jupyterhub", "--config", `${settingsDirectory}/${settingsFile}`],
        workingDir: dataDirectory,
        env: [
            fromSecret("CONFIGPROXY_AUTH_TOKEN", keysSecretName(hub), proxyToken),
            fromSecret("JPY_COOKIE_SECRET", keysSecretName(hub), cookieSecret),
            ...(hub.oidc ? [fromSecret("OAUTH_CLIENT_SECRET", hub.oidc.clientSecret, "client-secret")] : []),
            ...(database ? libpqEnvironment(database) : []),
        ],
        ports: [{ name: "http", containerPort: hubPort }],
        apiToken: true,
        resources: { requests: { cpu: hub.cpuRequest, memory }, limits: { memory } },
        startupProbe: { ...answers, periodSeconds: 2, failureThreshold: 120 },
        readinessProbe: { ...answers, periodSeconds: 5 },
        livenessProbe: { ...answers, periodSeconds: 20, failureThreshold: 6 },
        volumeMounts: [
            { name: "settings", mountPath: settingsDirectory, readOnly: true },
            ...(names.passwords === undefined ? [] : [{ name: "passwords", mountPath: passwordsDirectory, readOnly: true }]),
            ...(names.volume === undefined ? [] : [{ name: "data", mountPath: dataDirectory }]),
            ...(database ? authorityMounts(database) : []),
        ],
        writable: { "/tmp": "64Mi", ...(names.volume === undefined && { [dataDirectory]: "64Mi" }) },
    };
}
