import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { Check } from "../internal/checks";
import { pods, tcp } from "../internal/network";
import { structure } from "../internal/structure";
import { existingObject, portNumber, quoted } from "../internal/values";
import { clusterEndpoint, type DatabaseConnection } from "./connections";

/** A connection whose values are known. */
export type DatabaseFacts = pulumi.Unwrap<DatabaseConnection>;

export const usernameKey = "username";
export const passwordKey = "password";

const sslModes = ["disable", "require", "verify-ca", "verify-full"];

const host: Check<string> = (value) =>
    /^[A-Za-z0-9]([-A-Za-z0-9.]*[A-Za-z0-9])?$/.test(value)
        ? undefined
        : `${quoted(value)} is not the name of a server; write it like "db.example.org"`;

const database: Check<string> = (value) =>
    /^[A-Za-z_][A-Za-z0-9_-]{0,62}$/.test(value)
        ? undefined
        : `${quoted(value)} is not the name of a database; use letters, digits, "_" and "-"`;

const sslMode: Check<string> = (value) => (sslModes.includes(value) ? undefined : `"${value}" is not one of ${sslModes.join(", ")}`);

const authority: Check<DatabaseFacts> = ({ sslMode: mode, caSecret }) =>
    mode?.startsWith("verify") && caSecret === undefined ? `sslMode "${mode}" needs caSecret: without it nobody is trusted` : undefined;

export const databaseConnection = structure<DatabaseFacts>(
    { host, port: portNumber, database, credentialsSecret: existingObject, sslMode, caSecret: existingObject, clusterEndpoint },
    { needed: ["host", "database", "credentialsSecret"], rules: [authority] },
);

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
