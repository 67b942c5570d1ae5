import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import { after } from "../../internal/after";
import type { ResolvedSecrets, SealedSecrets } from "../args";
import { metadata, namedSecrets, type NamedSecret, type Provided } from "../secret";

/** Sealing is random, so it cannot be done here: the ciphertext would be another in every preview. */
export function sealed(secrets: ResolvedSecrets, { ciphertexts }: SealedSecrets, child: pulumi.CustomResourceOptions): Provided {
    const names = namedSecrets(secrets).map((one) => {
        const args = sealedSecret(secrets, one, ciphertexts[one.key] ?? {});
        const object = new k8s.apiextensions.CustomResource(`${secrets.name}-${one.key}`, args, child);
        return [one.key, after(one.secret, object)] as const;
    });
    return { names: Object.fromEntries(names) };
}

/** Strict, which is the default: a ciphertext opens under this name in this namespace, and nowhere else. */
function sealedSecret(
    secrets: ResolvedSecrets,
    { secret, keys, values }: NamedSecret,
    ciphertexts: Record<string, pulumi.Input<string>>,
): k8s.apiextensions.CustomResourceArgs {
    const own = metadata(secrets, secret);
    return {
        apiVersion: "bitnami.com/v1alpha1",
        kind: "SealedSecret",
        metadata: { ...own, annotations: { "pulumi.com/waitFor": "condition=Synced" } },
        spec: {
            encryptedData: Object.fromEntries(keys.map((key) => [key, ciphertexts[key]])),
            template: { metadata: own, ...(Object.keys(values).length > 0 && { data: values }) },
        },
    };
}
