import { objectName, type Identity } from "../../internal/identity";

interface Named {
    name: string;
}

/** The parts of a hub; the users' servers are one of them, made by the hub itself. */
export type Role = "hub" | "proxy" | "user-server";

export const identityOf = ({ name }: Named, role: Role): Identity => ({ application: "jupyter-hub", role, instance: name });

/** What people use: the proxy. */
export const serviceName = ({ name }: Named): string => objectName(name, "jupyterhub");
/** Where the proxy and the users' servers find the hub. */
export const hubName = ({ name }: Named): string => objectName(name, "jupyterhub-hub");
/** Where the hub tells the proxy of servers. */
export const proxyName = ({ name }: Named): string => objectName(name, "jupyterhub-proxy");
export const serverName = ({ name }: Named): string => objectName(name, "jupyterhub-server");
export const keysSecretName = ({ name }: Named): string => objectName(name, "jupyterhub-keys");
export const passwordsSecretName = ({ name }: Named): string => objectName(name, "jupyterhub-passwords");
/** Begins the names of what the hub makes for a user; the user's own name follows and needs room. */
export const userPrefix = ({ name }: Named): string => objectName(name, "user", 24);
