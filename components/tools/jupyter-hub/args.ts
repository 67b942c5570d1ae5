import * as pulumi from "@pulumi/pulumi";

import { Checks, type Check } from "../../internal/checks";
import { withDefaults } from "../../internal/defaults";
import { resolveLogLevel, type LogLevelSettings } from "../../internal/logs";
import { memorySize } from "../../internal/memory";
import { resolveMonitoring, type Monitoring, type ResolvedMonitoring } from "../../internal/monitoring";
import { checkPod, type PodSettings } from "../../internal/pod";
import {
    apiServerAddress,
    cpuQuantity,
    dnsLabel,
    duration,
    each,
    existingObject,
    httpUrl,
    imageReference,
    notEmpty,
    present,
    quoted,
    wholeNumber,
} from "../../internal/values";
import type { DatabaseConnection } from "../../storage/connections";
import { databaseConnection } from "../../storage/database";
import type { ServiceEndpoint, TrackingConnection } from "../connections";
import { connectEndpoint, trackingConnection, webEndpoint, type EndpointFacts } from "../endpoints";

/** The server of one user; everybody's is alike. */
export interface JupyterHubServer {
    /** Memory of the server and all its kernels, for example 4g. Default: 2g. */
    memory?: pulumi.Input<string>;
    /** CPU request. Default: 100m. */
    cpuRequest?: pulumi.Input<string>;
    /** Size of the home directory, made when its user first comes. Homes that exist keep their size. Default: 5g. */
    storage?: pulumi.Input<string>;
    /** Storage class of the home directories. Default: the cluster's. */
    storageClass?: pulumi.Input<string>;
    /** Time after which a server whose user is away and whose kernels run nothing is stopped; its home stays. Default: 1h. */
    idleTimeout?: pulumi.Input<string>;
    /** Most servers at a time. Default: 50. */
    maximum?: pulumi.Input<number>;
    /** Service account of the servers, which run people's code. Default: the namespace's default account. Its token is never mounted. */
    serviceAccount?: pulumi.Input<string>;
    /** Where and as whom the servers run. */
    pod?: PodSettings;
}

/** Logins at an OpenID provider, such as Keycloak, Okta or Entra ID. */
export interface JupyterHubOidc {
    /** Where browsers are sent to log in. */
    authorizeUrl: pulumi.Input<string>;
    /** Where the hub asks for tokens. */
    tokenUrl: pulumi.Input<string>;
    /** Where the hub asks who somebody is. */
    userInfoUrl: pulumi.Input<string>;
    /** Name of the hub at the provider. Its redirect address there is <publicUrl>/hub/oauth_callback. */
    clientId: pulumi.Input<string>;
    /** Secret with the key client-secret. */
    clientSecret: pulumi.Input<string>;
    /** What the provider calls a user's name. Default: preferred_username. */
    usernameClaim?: pulumi.Input<string>;
    /** What the provider calls a user's groups. Default: groups. */
    groupsClaim?: pulumi.Input<string>;
    /** Groups whose members may log in, beside the users named. Default: none. */
    groups?: pulumi.Input<pulumi.Input<string>[]>;
    /** What the hub asks to be told. Default: openid, profile. */
    scopes?: pulumi.Input<pulumi.Input<string>[]>;
}

/** What a hub is like: everything but its place and what its users' servers are connected to. */
export interface JupyterHubSettings {
    /** Users that may log in. Plain: without oidc each gets a password. Needed unless oidc names groups. */
    users?: string[];
    /** Those of the users that may see and stop the servers of others. Default: none. */
    admins?: pulumi.Input<pulumi.Input<string>[]>;
    /** Secret with a key for each user, whose value is the password. Plain as to whether it is given. Default: generated; with oidc there is none. */
    passwordsSecret?: pulumi.Input<string>;
    /** Logins at an OpenID provider in place of passwords. Plain as to whether it is given. Default: passwords. */
    oidc?: JupyterHubOidc;
    /** URL that browsers use, for example https://jupyter.example.org. Needed with oidc. Default: whatever they come by. */
    publicUrl?: pulumi.Input<string>;
    /** The users' servers. */
    server?: JupyterHubServer;
    /** Memory of the hub. Default: 512m. */
    memory?: pulumi.Input<string>;
    /** CPU request of the hub and of the proxy. Default: 50m. */
    cpuRequest?: pulumi.Input<string>;
    /** Volume of the hub's own database; not together with database. Default: 1g. */
    storage?: pulumi.Input<string>;
    /** Storage class of that volume. Default: the cluster's. */
    storageClass?: pulumi.Input<string>;
    /** Whether that volume refuses to be destroyed. Plain: the engine must know it beforehand. Default: false. */
    protectData?: boolean;
    /** Namespaces whose pods may use the hub, such as an ingress controller's; pods of its own namespace may when they wear its client label. Default: none. */
    clientNamespaces?: pulumi.Input<pulumi.Input<string>[]>;
    /** What the hub, its proxy and the users' servers write on their standard output. A change makes a new hub; servers that run stay as they are. Default: lines from info on, of the proxy from warn on. */
    logs?: LogLevelSettings;
    /** A monitor for the Prometheus operator, of the hub. Plain as to whether it is given: decides which objects exist. Default: none. */
    monitoring?: Monitoring;
    /** Addresses of the Kubernetes API server as CIDRs, with the port behind a colon where it is neither 443 nor 6443. Default: 0.0.0.0/0, ports 443 and 6443 only. */
    apiServer?: pulumi.Input<pulumi.Input<string>[]>;
    /** Where and as whom the hub and the proxy run. */
    pod?: PodSettings;
}

/** Arguments of `JupyterHub`. */
export interface JupyterHubArgs extends JupyterHubSettings {
    /** Namespace of the hub and of its users' servers. Changing it replaces everything. */
    namespace: pulumi.Input<string>;
    /** Image with the hub and the proxy (see images/jupyter-hub). */
    image: pulumi.Input<string>;
    /** Image of the users' servers, of the line of Spark that the backends run (see images/jupyter-lab). */
    serverImage: pulumi.Input<string>;
    /** Database of the hub. Plain as to whether it is given. Default: a file on a volume of its own. */
    database?: pulumi.Input<DatabaseConnection>;
    /** Connect servers that notebooks may use. Sessions go to the first unless a notebook names another. Default: none. */
    connect?: pulumi.Input<pulumi.Input<ServiceEndpoint>[]>;
    /** History Server that notebooks may ask; its address is in the environment as SPARK_HISTORY_URL. Default: none. */
    historyServer?: pulumi.Input<ServiceEndpoint>;
    /** Tracking server that MLflow's client in notebooks logs to. Default: none. */
    tracking?: pulumi.Input<TrackingConnection>;
}

type Defaulted<T, Plain extends keyof T> = {
    [Key in keyof T]-?: Key extends Plain ? T[Key] : pulumi.Input<pulumi.Unwrap<NonNullable<T[Key]>>>;
};

export type ResolvedServer = Required<Omit<JupyterHubServer, "storageClass" | "serviceAccount" | "pod">> &
    Pick<JupyterHubServer, "storageClass" | "serviceAccount" | "pod">;
export type ResolvedOidc = Defaulted<JupyterHubOidc, never>;

/** The arguments with every default filled in. */
export interface ResolvedJupyterHub extends JupyterHubArgs {
    name: string;
    users: string[];
    admins: pulumi.Input<string[]>;
    oidc?: ResolvedOidc;
    server: ResolvedServer;
    memory: pulumi.Input<string>;
    cpuRequest: pulumi.Input<string>;
    storage: pulumi.Input<string>;
    clientNamespaces: pulumi.Input<string[]>;
    apiServer: pulumi.Input<string[]>;
    connect: pulumi.Input<EndpointFacts[]>;
    monitoring?: ResolvedMonitoring;
}

const defaults = {
    users: [],
    admins: [],
    server: {},
    memory: "512m",
    cpuRequest: "50m",
    storage: "1g",
    clientNamespaces: [],
    apiServer: ["0.0.0.0/0"],
    connect: [],
};
const serverDefaults = { memory: "2g", cpuRequest: "100m", storage: "5g", idleTimeout: "1h", maximum: 50 };
const oidcDefaults = { usernameClaim: "preferred_username", groupsClaim: "groups", groups: [], scopes: ["openid", "profile"] };

/** @throws pulumi.InputPropertiesError naming every wrong field. */
export function resolveJupyterHub(name: string, given: JupyterHubArgs): ResolvedJupyterHub {
    const args = withDefaults(given, defaults);
    const checks = new Checks(`JupyterHub "${name}"`);
    checks.plain("name", name, dnsLabel);
    const resolved: ResolvedJupyterHub = {
        ...args,
        name,
        namespace: checks.input("namespace", args.namespace, present, dnsLabel),
        image: checks.input("image", args.image, imageReference),
        serverImage: checks.input("serverImage", args.serverImage, imageReference),
        database: checks.optional("database", args.database, databaseConnection),
        connect: checks.input("connect", args.connect, each(connectEndpoint)),
        historyServer: checks.optional("historyServer", args.historyServer, webEndpoint),
        tracking: checks.optional("tracking", args.tracking, trackingConnection),
        admins: checks.input("admins", args.admins, each(userName), amongUsers(args.users)),
        passwordsSecret: checks.optional("passwordsSecret", args.passwordsSecret, existingObject),
        oidc: args.oidc && resolveOidc(checks, args.oidc),
        publicUrl: checks.optional("publicUrl", args.publicUrl, httpUrl),
        server: resolveServer(checks, args.server),
        memory: checks.input("memory", args.memory, memorySize({ from: "256m" })),
        cpuRequest: checks.input("cpuRequest", args.cpuRequest, cpuQuantity),
        storage: checks.input("storage", args.storage, memorySize({ from: "64m" })),
        storageClass: checks.optional("storageClass", args.storageClass, existingObject),
        clientNamespaces: checks.input("clientNamespaces", args.clientNamespaces, each(dnsLabel)),
        logs: resolveLogLevel(checks, args.logs),
        monitoring: resolveMonitoring(checks, args.monitoring),
        apiServer: checks.input("apiServer", args.apiServer, notEmpty, each(apiServerAddress)),
        pod: checkPod(checks, "pod", args.pod),
    };
    checkLogins(checks, given, args.users);
    checks.throwIfAny();
    return resolved;
}

/** Who may log in, and how: what single fields cannot say. */
function checkLogins(checks: Checks, { oidc, passwordsSecret, publicUrl, database, storage }: JupyterHubArgs, users: string[]): void {
    checks.plain("users", users, each(userName));
    checks.plain("users", users, (names) => {
        const nobody = names.length === 0 && (oidc === undefined || oidc.groups === undefined);
        return nobody ? "is empty: nobody could log in; name users, or groups in oidc" : undefined;
    });
    checks.plain("passwordsSecret", passwordsSecret, (secret) =>
        secret !== undefined && oidc !== undefined ? "is given together with oidc; give one of the two" : undefined,
    );
    checks.plain("publicUrl", publicUrl, (url) =>
        url === undefined && oidc !== undefined ? "is missing; with oidc the provider must know where to send people back to" : undefined,
    );
    checks.plain("storage", storage, (size) =>
        size !== undefined && database !== undefined ? "is given together with database; give one of the two" : undefined,
    );
}

function resolveServer(checks: Checks, given: JupyterHubServer): ResolvedServer {
    const args = withDefaults(given, serverDefaults);
    return {
        memory: checks.input("server.memory", args.memory, memorySize({ from: "512m" })),
        cpuRequest: checks.input("server.cpuRequest", args.cpuRequest, cpuQuantity),
        storage: checks.input("server.storage", args.storage, memorySize({ from: "64m" })),
        storageClass: checks.optional("server.storageClass", args.storageClass, existingObject),
        idleTimeout: checks.input("server.idleTimeout", args.idleTimeout, duration),
        maximum: checks.input("server.maximum", args.maximum, wholeNumber({ from: 1 })),
        serviceAccount: checks.optional("server.serviceAccount", args.serviceAccount, existingObject),
        pod: checkPod(checks, "server.pod", args.pod),
    };
}

function resolveOidc(checks: Checks, given: JupyterHubOidc): ResolvedOidc {
    const args = withDefaults(given, oidcDefaults);
    return {
        authorizeUrl: checks.input("oidc.authorizeUrl", args.authorizeUrl, present, webAddress),
        tokenUrl: checks.input("oidc.tokenUrl", args.tokenUrl, present, webAddress),
        userInfoUrl: checks.input("oidc.userInfoUrl", args.userInfoUrl, present, webAddress),
        clientId: checks.input("oidc.clientId", args.clientId, present),
        clientSecret: checks.input("oidc.clientSecret", args.clientSecret, existingObject),
        usernameClaim: checks.input("oidc.usernameClaim", args.usernameClaim, present),
        groupsClaim: checks.input("oidc.groupsClaim", args.groupsClaim, present),
        groups: checks.input("oidc.groups", args.groups, each(present)),
        scopes: checks.input("oidc.scopes", args.scopes, notEmpty, each(present)),
    };
}

/** The hub makes names small; a name is also the key of a Secret. */
export const userName: Check<string> = (name) =>
    /^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$/.test(name)
        ? undefined
        : `${quoted(name)} is not the name of a user; use at most 63 lower-case letters, digits, ".", "_" and "-", with a letter or digit at both ends`;

const amongUsers =
    (users: string[]): Check<string[]> =>
    (admins) => {
        const others = admins.filter((name) => !users.includes(name));
        return others.length === 0 ? undefined : `${others.map(quoted).join(", ")} is none of users`;
    };

export const webAddress: Check<string> = (value) =>
    /^https?:\/\/[A-Za-z0-9.-]+(:[0-9]{1,5})?(\/[^\s]*)?$/.test(value)
        ? undefined
        : `${quoted(value)} is not a web address; write it like "https://login.example.org/oauth2/token"`;
