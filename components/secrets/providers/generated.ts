import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

import type { GeneratedSecrets, ResolvedSecrets } from "../args";
import { metadata, namedSecrets, type NamedSecret, type Provided } from "../secret";

export function generated(secrets: ResolvedSecrets, settings: GeneratedSecrets, child: pulumi.CustomResourceOptions): Provided {
    const names = namedSecrets(secrets).map((one) => {
        const values = one.keys.map((key) => [key, password(secrets, one, key, settings, child)] as const);
        const secret = new k8s.core.v1.Secret(`${secrets.name}-${one.key}`, secretOf(secrets, one, Object.fromEntries(values)), child);
        return [one.key, secret.metadata.name] as const;
    });
    return { names: Object.fromEntries(names) };
}

function password(
    { name }: ResolvedSecrets,
    { key: secret }: NamedSecret,
    key: string,
    { length = 40, rotation }: GeneratedSecrets,
    child: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
    const keepers = { rotation: pulumi.interpolate`${rotation}` };
    return new random.RandomPassword(`${name}-${secret}-${key}`, { length, special: false, keepers }, child).result;
}

/** Base64 is what the API server answers with, so a refresh finds nothing changed. */
function secretOf(
    secrets: ResolvedSecrets,
    { secret, values }: NamedSecret,
    made: Record<string, pulumi.Output<string>>,
): k8s.core.v1.SecretArgs {
    const data = pulumi
        .all([values, made])
        .apply(([given, own]) =>
            Object.fromEntries(Object.entries({ ...given, ...own }).map(([key, text]) => [key, Buffer.from(text).toString("base64")])),
        );
    return { metadata: metadata(secrets, secret), data };
}
