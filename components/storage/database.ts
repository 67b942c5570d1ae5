import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { Check } from "../internal/checks";
import { pods, tcp } from "../internal/network";
import type { DatabaseConnection } from "./connections";

/** A connection whose values are known. */
export type DatabaseFacts = pulumi.Unwrap<DatabaseConnection>;

export const usernameKey = "username";
export const passwordKey = "password";

const sslModes = ["disable", "require", "verify-ca", "verify-full"];

export const databaseConnection: Check<DatabaseFacts> = (connection) =>
    [hostProblem, portProblem, databaseProblem, secretProblem, sslProblem]
        .map((problem) => problem(connection))
        .find((found) => found !== undefined);

const hostProblem: Check<DatabaseFacts> = ({ host }) =>
    /^[A-Za-z0-9]([-A-Za-z0-9.]*[A-Za-z0-9])?$/.test(host)
        ? undefined
        : `host ${JSON.stringify(host)} is not the name of a server; write it like "db.example.org"`;

const portProblem: Check<DatabaseFacts> = ({ port = defaultPort }) =>
    Number.isInteger(port) && port > 0 && port < 65536 ? undefined : `port ${port} is not a port`;

const databaseProblem: Check<DatabaseFacts> = ({ database }) =>
    /^[A-Za-z_][A-Za-z0-9_-]{0,62}$/.test(database)
        ? undefined
        : `database ${JSON.stringify(database)} is not the name of a database; use letters, digits, "_" and "-"`;

const secretProblem: Check<DatabaseFacts> = ({ credentialsSecret }) =>
    credentialsSecret === "" ? "credentialsSecret is missing" : undefined;

const sslProblem: Check<DatabaseFacts> = ({ sslMode, caSecret }) => {
    if (sslMode !== undefined && !sslModes.includes(sslMode)) {
        return `sslMode "${sslMode}" is not one of ${sslModes.join(", ")}`;
    }
    return sslMode?.startsWith("verify") && caSecret === undefined
        ? `sslMode "${sslMode}" needs caSecret: without it nobody is trusted`
        : undefined;
};

const defaultPort = 5432;

export const portOf = ({ port }: DatabaseFacts): number => port ?? defaultPort;

export const sslModeOf = ({ sslMode, caSecret }: DatabaseFacts): string => sslMode ?? (caSecret === undefined ? "require" : "verify-full");

export const fromSecret = (name: string, secret: pulumi.Input<string>, key: string): k8s.types.input.core.v1.EnvVar => ({
    name,
    valueFrom: { secretKeyRef: { name: secret, key } },
});

/** Labels that let a pod through to the database. */
export function databaseClientLabels({ clusterEndpoint }: DatabaseFacts): Record<string, string> {
    return clusterEndpoint?.clientLabels ?? {};
}

/** The way to the database. */
export function toDatabase(database: DatabaseFacts): k8s.types.input.networking.v1.NetworkPolicyEgressRule {
    const { clusterEndpoint } = database;
    const peer = clusterEndpoint
        ? pods(clusterEndpoint.podLabels, clusterEndpoint.namespace)
        : { ipBlock: { cidr: "0.0.0.0/0", except: ["169.254.0.0/16"] } };
    return { to: [peer], ports: tcp(clusterEndpoint?.port ?? portOf(database)) };
}
