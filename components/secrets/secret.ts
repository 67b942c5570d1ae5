import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { labelsOf, objectName, type Identity } from "../internal/identity";
import type { PlatformSecret, ResolvedSecrets } from "./args";

/** One of the named Secrets, as providers look at it. */
export interface NamedSecret extends Required<PlatformSecret> {
    /** Name that the program gives it. */
    key: string;
    /** Name of the Secret in the cluster: the same from every provider, so that no workload sees which one it is. */
    secret: string;
}

/** What a provider made. */
export interface Provided {
    /** Names of the Secrets, known when they are there. */
    names: Record<string, pulumi.Input<string>>;
    /** What pods need beside Secrets; only Vault's agent has such needs. */
    pods?: PodNeeds;
}

/** What pods wear and find when an agent brings them files. */
export interface PodNeeds {
    annotations: pulumi.Output<Record<string, string>>;
    labels: Record<string, string>;
    files: Record<string, Record<string, string>>;
    tokenAudience: string;
}

export const namedSecrets = ({ name, secrets }: ResolvedSecrets): NamedSecret[] =>
    Object.entries(secrets).map(([key, { keys, values = {} }]) => ({ keys, values, key, secret: objectName(name, key) }));

const identityOf = ({ name }: ResolvedSecrets): Identity => ({ application: "platform-secrets", role: "secrets", instance: name });

export function metadata(secrets: ResolvedSecrets, name: string): k8s.types.input.meta.v1.ObjectMeta {
    return { name, namespace: secrets.namespace, labels: labelsOf(identityOf(secrets)) };
}

/** The account that fetches: each brick's own, so that one environment's cannot read another's secrets. */
export const accountName = ({ name }: ResolvedSecrets): string => objectName(name, "secrets");

/** Path of a secret at a provider whose names may have slashes, and at one whose names may not. */
export const pathOf = ({ environment }: ResolvedSecrets, { key }: NamedSecret, separator = "/"): pulumi.Output<string> =>
    pulumi.interpolate`${environment}${separator}${key}`;
