import { labelsOf } from "../../internal/identity";
import { jupyterLevels, levelIn, logLevels, type LogLevelFacts } from "../../internal/logs";
import { quantity } from "../../internal/memory";
import { seconds } from "../../internal/values";
import { levelArguments, notebookPort, startProgram } from "../notebooks";
import { hubName, identityOf, proxyName, userPrefix } from "./identity";

/** Where people and the proxy's own health are found. */
export const webPort = 8000;
export const proxyApiPort = 8001;
export const hubPort = 8081;

/** The user of the image. */
export const hubUser = 1000;
export const settingsDirectory = "/etc/jupyter-hub";
export const settingsFile = "settings.json";
export const passwordsDirectory = "/etc/jupyter-hub-passwords";
export const dataDirectory = "/srv/jupyter-hub";

export interface OidcFacts {
    authorizeUrl: string;
    tokenUrl: string;
    userInfoUrl: string;
    clientId: string;
    usernameClaim: string;
    groupsClaim: string;
    groups: string[];
    scopes: string[];
}

/** A pod as Kubernetes has it: what a user's server is made after. */
export interface ServerPod {
    labels: Record<string, string>;
    annotations?: Record<string, string>;
    spec: { containers: ServerContainer[]; volumes?: object[] } & Record<string, unknown>;
}

interface ServerContainer {
    name: string;
    image: string;
    args?: string[];
    env?: { name: string; value?: string; valueFrom?: object }[];
    ports?: object[];
    volumeMounts?: object[];
}

export interface HubFacts {
    name: string;
    namespace: string;
    users: string[];
    admins: string[];
    oidc?: OidcFacts;
    publicUrl?: string;
    /** Whether the hub's database is a server's. */
    withDatabase: boolean;
    /** Whether Prometheus reads numbers about the hub. */
    watched: boolean;
    logs?: LogLevelFacts;
    server: { storage: string; storageClass?: string; idleTimeout: string; maximum: number };
    pod: ServerPod;
}

type Settings = Record<string, Record<string, unknown>>;

/** Settings of the hub in its own words; it reads JSON. No secrets are among it. */
export function hubSettings(facts: HubFacts): Settings {
    const { name, namespace, publicUrl, withDatabase, watched, logs, server } = facts;
    return {
        JupyterHub: {
            hub_bind_url: `http://:${hubPort}`,
            hub_connect_url: `http://${hubName({ name })}.${namespace}.svc:${hubPort}`,
            ...(publicUrl !== undefined && { public_url: `${withoutSlash(publicUrl)}/` }),
            // Host, user and password come by libpq's own environment, so that no address holds a password.
            db_url: withDatabase ? "postgresql+psycopg2://" : `sqlite:///${dataDirectory}/hub.sqlite`,
            upgrade_db: true,
            spawner_class: "kubespawner.KubeSpawner",
            // Servers and their users go on while a hub is replaced.
            cleanup_servers: false,
            ...(logs?.level !== undefined && { log_level: levelIn(jupyterLevels, logs.level) }),
            // A token for numbers would be one for the hub's API; the network policy says who reads them.
            ...(watched && { authenticate_prometheus: false }),
            active_server_limit: server.maximum,
            // It is also how long a proxy that was replaced knows no servers.
            last_activity_interval: 30,
            ...culling(server.idleTimeout, logs),
            authenticator_class: facts.oidc ? "generic-oauth" : "passwords.PasswordFiles",
        },
        ConfigurableHTTPProxy: { should_start: false, api_url: `http://${proxyName({ name })}.${namespace}.svc:${proxyApiPort}` },
        ...logins(facts),
        KubeSpawner: spawner(facts),
    };
}

const withoutSlash = (url: string): string => url.replace(/\/$/, "");

/** Stops servers that nobody uses. It may see and stop servers, and nothing else. */
function culling(idleTimeout: string, logs?: LogLevelFacts): Settings[string] {
    const service = "idle-culler";
    const command = ["python3", "-m", "jupyterhub_idle_culler", `--timeout=${seconds(idleTimeout)}`, ...levelArguments(logs)];
    const scopes = ["list:users", "read:users:activity", "read:servers", "delete:servers"];
    return {
        services: [{ name: service, command }],
        load_roles: [{ name: service, scopes, services: [service] }],
    };
}

function logins({ users, admins, oidc, publicUrl = "" }: HubFacts): Settings {
    // Who was once let in and is named no more would otherwise stay.
    const common = { allowed_users: users, admin_users: admins, allow_existing_users: false };
    if (oidc === undefined) {
        return { PasswordFiles: { ...common, directory: passwordsDirectory } };
    }
    const { authorizeUrl, tokenUrl, userInfoUrl, clientId, usernameClaim, groupsClaim, groups, scopes } = oidc;
    return {
        GenericOAuthenticator: {
            ...common,
            authorize_url: authorizeUrl,
            token_url: tokenUrl,
            userdata_url: userInfoUrl,
            client_id: clientId,
            oauth_callback_url: `${withoutSlash(publicUrl)}/hub/oauth_callback`,
            username_claim: usernameClaim,
            scope: scopes,
            ...(groups.length > 0 && {
                manage_groups: true,
                auth_state_groups_key: `oauth_user.${groupsClaim}`,
                allowed_groups: groups,
            }),
        },
    };
}

/** Our pod in the words of what makes users' pods. The hub itself adds its address and the server's token. */
export function takenApart({ labels, annotations = {}, spec }: ServerPod) {
    const { containers, volumes = [], ...podConfig } = spec;
    const { name: _, image, args, env = [], ports: __, volumeMounts = [], ...containerConfig } = containers[0] as ServerContainer;
    return {
        image,
        cmd: args,
        environment: Object.fromEntries(env.map(({ name, value, valueFrom }) => [name, value ?? { name, valueFrom }])),
        labels,
        annotations,
        volumes,
        volume_mounts: volumeMounts,
        extra_container_config: containerConfig,
        extra_pod_config: podConfig,
    };
}

/** What makes the pod of a user's server, and its home. */
function spawner({ name, namespace, server, pod }: HubFacts): Settings[string] {
    const { labels, annotations, ...own } = takenApart(pod);
    const { "app.kubernetes.io/component": role, ...common } = labelsOf<string>(identityOf({ name }, "user-server"));
    return {
        ...own,
        namespace,
        port: notebookPort,
        pod_name_template: userObject(name),
        component_label: role,
        common_labels: common,
        extra_labels: Object.fromEntries(Object.entries(labels).filter(([label]) => !label.startsWith("app.kubernetes.io/"))),
        extra_annotations: annotations,
        storage_pvc_ensure: true,
        pvc_name_template: userObject(name),
        storage_capacity: quantity(server.storage),
        storage_access_modes: ["ReadWriteOnce"],
        ...(server.storageClass !== undefined && { storage_class: server.storageClass }),
        // Whoever removes a user decides about the notebooks apart from that.
        delete_pvc: false,
        start_timeout: 300,
    };
}

/** What the hub calls a user's pod and the claim of the home, in the words of its templates. */
export const userObject = (name: string): string => `${userPrefix({ name })}-{user_server}`;

export const serverArguments = (idleTimeout: string, logs?: LogLevelFacts): string[] => [
    startProgram,
    // Without this a kernel that a forgotten page is connected to would keep its server.
    `--MappingKernelManager.cull_idle_timeout=${seconds(idleTimeout)}`,
    ...levelArguments(logs),
];

/** It knows nothing finer than debug. */
const proxyLevels = { ...logLevels, trace: logLevels.debug };

/** What the proxy runs. What it does not know is the hub's: pages, logins, servers that are not there. */
export function proxyArguments({ name, namespace, logs }: { name: string; namespace: string; logs?: LogLevelFacts }): string[] {
    const hub = `http://${hubName({ name })}.${namespace}.svc:${hubPort}`;
    return [
        ...["node", "/opt/jupyter-hub/node_modules/.bin/configurable-http-proxy"],
        ...["--ip", "0.0.0.0", "--port", String(webPort), "--api-ip", "0.0.0.0", "--api-port", String(proxyApiPort)],
        ...["--default-target", hub, "--error-target", `${hub}/hub/error`],
        ...["--log-level", levelIn(proxyLevels, logs?.level ?? logLevels.warn)],
    ];
}
