import type { JupyterHubOidc, JupyterHubServer, SparkPlatformJupyterHub } from "../../components";
import { userName, webAddress } from "../../components/tools/jupyter-hub/args";
import { list, section, text, wholeNumber, yesOrNo } from "../hints";
import { cpu, duration, size } from "../quantity";
import { apiServer, clientNamespaces, database, filled, forms, image, name, pod, sparkVersion, type Every } from "./forms";
import { partLogLevel } from "./logs";
import { monitoring } from "./monitoring";

const user = text("A user.", {
    check: userName,
    expected: 'the name of a user: lower-case letters, digits, ".", "_" and "-", with a letter or digit at both ends',
    nearest: (found) => found.toLowerCase(),
});
const address = (description: string) =>
    text(description, { check: webAddress, expected: 'a web address like "https://login.example.org/oauth2/token"' });
const texts = (description: string) => list(description, filled("A text.", "a text"));

const server = section("The server of one user; everybody's is alike.", {
    memory: text("Memory of the server and all its kernels. Default: 2g.", size("512m")).optional(),
    cpuRequest: text("CPU request. Default: 100m.", cpu).optional(),
    storage: text("Size of the home directory, made when its user first comes. Default: 5g.", size("64m")).optional(),
    storageClass: filled("Storage class of the home directories. Default: the cluster's.", "the name of a storage class").optional(),
    idleTimeout: text("Time after which a server that nobody uses is stopped; its home stays. Default: 1h.", duration).optional(),
    maximum: wholeNumber("Most servers at a time. Default: 50.", 1).optional(),
    serviceAccount: name("Service account of the servers. Default: that of executors, which may do nothing.").optional(),
    pod: pod.optional(),
} satisfies Every<JupyterHubServer>);

const oidc = section("Logins at an OpenID provider in place of passwords. Default: passwords.", {
    authorizeUrl: address("Where browsers are sent to log in."),
    tokenUrl: address("Where the hub asks for tokens."),
    userInfoUrl: address("Where the hub asks who somebody is."),
    clientId: filled("Name of the hub at the provider.", "the name of a client"),
    clientSecret: filled("Secret with the key client-secret.", "the name of a Secret"),
    usernameClaim: filled("What the provider calls a user's name. Default: preferred_username.", "the name of a claim").optional(),
    groupsClaim: filled("What the provider calls a user's groups. Default: groups.", "the name of a claim").optional(),
    groups: texts("Groups whose members may log in, beside the users named. Default: none.").optional(),
    scopes: texts("What the hub asks to be told. Default: openid, profile.").optional(),
} satisfies Every<JupyterHubOidc>);

export const jupyterHub = section("JupyterHub: a notebook server for each user who logs in. Default: none.", {
    sparkVersion: sparkVersion(
        "Spark version of the notebooks; they reach the Connect servers of this version. Default: the platform's.",
    ).optional(),
    image: image("Image of the hub and the proxy. Default: the registry's jupyter-hub.").optional(),
    serverImage: image("Image of the users' servers. Default: the registry's jupyter-lab of that Spark version.").optional(),
    users: list("Users that may log in; without oidc each gets a password. Needed unless oidc names groups.", user).optional(),
    admins: list("Those of the users that may see and stop the servers of others. Default: none.", user).optional(),
    passwordsSecret: filled(
        "Secret with a key for each user, whose value is the password. Default: generated; with oidc there is none.",
        "the name of a Secret",
    ).optional(),
    oidc: oidc.optional(),
    publicUrl: text("URL that browsers use. Default: that of ingress.", forms.url).optional(),
    server: server.optional(),
    memory: text("Memory of the hub. Default: 512m.", size("256m")).optional(),
    cpuRequest: text("CPU request of the hub and of the proxy. Default: 50m.", cpu).optional(),
    storage: text("Volume of the hub's own database. Not together with database. Default: 1g.", size("64m")).optional(),
    storageClass: filled("Storage class of that volume. Default: the cluster's.", "the name of a storage class").optional(),
    protectData: yesOrNo("Whether that volume refuses to be destroyed. Default: false.").optional(),
    database: database.optional(),
    logs: partLogLevel("info").optional(),
    monitoring: monitoring.optional(),
    clientNamespaces: clientNamespaces.optional(),
    apiServer: apiServer.optional(),
    pod: pod.optional(),
} satisfies Every<SparkPlatformJupyterHub>);
