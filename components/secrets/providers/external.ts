import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { after } from "../../internal/after";
import { objectName } from "../../internal/identity";
import { seconds } from "../../internal/values";
import type { ResolvedSecrets } from "../args";
import { accountName, metadata, namedSecrets, pathOf, type NamedSecret, type Provided } from "../secret";

const apiVersion = "external-secrets.io/v1";

/** What one provider of External Secrets adds to what they all have in common. */
export interface ExternalProvider {
    /** The provider's part of a SecretStore: one key, that of the provider. */
    store: pulumi.Input<Record<string, unknown>>;
    /** Annotations by which a cloud knows the account that fetches. Default: it fetches by other means. */
    accountAnnotations?: pulumi.Input<Record<string, pulumi.Input<string>>>;
    /** Whether External Secrets acts as an account of this namespace. */
    account: boolean;
    /** Separates the environment from the secret's name. */
    separator?: string;
    /** Stands before the whole name: what kind of secret it is. */
    kind?: string;
    refresh: pulumi.Input<string>;
}

/**
 * Secrets that External Secrets keeps equal to a provider's. The store is the namespace's own: one for the whole cluster would read every
 * environment's secrets for anybody.
 */
export function external(secrets: ResolvedSecrets, provider: ExternalProvider, child: pulumi.CustomResourceOptions): Provided {
    const { name } = secrets;
    const account = provider.account ? [new k8s.core.v1.ServiceAccount(`${name}-account`, serviceAccount(secrets, provider), child)] : [];
    const store = new k8s.apiextensions.CustomResource(`${name}-store`, secretStore(secrets, provider), {
        ...child,
        dependsOn: account,
    });
    const fetched = { ...child, dependsOn: [store] };
    const names = namedSecrets(secrets).map((one) => {
        const object = new k8s.apiextensions.CustomResource(`${name}-${one.key}`, externalSecret(secrets, provider, one), fetched);
        return [one.key, after(one.secret, object)] as const;
    });
    return { names: Object.fromEntries(names) };
}

const serviceAccount = (
    secrets: ResolvedSecrets,
    { accountAnnotations: annotations }: ExternalProvider,
): k8s.core.v1.ServiceAccountArgs => ({
    metadata: { ...metadata(secrets, accountName(secrets)), annotations },
    automountServiceAccountToken: false,
});

const storeName = ({ name }: ResolvedSecrets): string => objectName(name, "secrets");

const secretStore = (secrets: ResolvedSecrets, { store }: ExternalProvider): k8s.apiextensions.CustomResourceArgs => ({
    apiVersion,
    kind: "SecretStore",
    metadata: { ...metadata(secrets, storeName(secrets)), annotations: readyWhen("Ready") },
    spec: { provider: store },
});

/** The engine waits: whoever takes the name of the Secret starts when it is there. */
const readyWhen = (condition: string) => ({ "pulumi.com/waitFor": `condition=${condition}` });

function externalSecret(
    secrets: ResolvedSecrets,
    { separator, kind = "", refresh }: ExternalProvider,
    one: NamedSecret,
): k8s.apiextensions.CustomResourceArgs {
    const remote = pulumi.interpolate`${kind}${pathOf(secrets, one, separator)}`;
    // Kubernetes writes durations back as Go does: 1h0m0s.
    const refreshInterval = pulumi.output(refresh).apply(goDuration);
    return {
        apiVersion,
        kind: "ExternalSecret",
        metadata: { ...metadata(secrets, one.secret), annotations: readyWhen("Ready") },
        spec: {
            refreshInterval,
            secretStoreRef: { kind: "SecretStore", name: storeName(secrets) },
            target: {
                name: one.secret,
                creationPolicy: "Owner",
                // A provider that cannot be reached, or a slip there, must not take the Secret away from those who use it.
                deletionPolicy: "Retain",
                ...(Object.keys(one.values).length > 0 && { template: { engineVersion: "v2", mergePolicy: "Merge", data: one.values } }),
            },
            data: one.keys.map((key) => ({ secretKey: key, remoteRef: { key: remote, property: key } })),
        },
    };
}

export function goDuration(duration: string): string {
    const all = seconds(duration);
    return `${Math.floor(all / 3600)}h${Math.floor((all % 3600) / 60)}m${all % 60}s`;
}
