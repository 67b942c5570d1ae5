import * as pulumi from "@pulumi/pulumi";

import type { IbmSecretsManager, ResolvedSecrets } from "../args";
import type { ExternalProvider } from "./external";

/** A key, not a trusted profile: that would need a token mounted into External Secrets itself, the same for every environment. */
export function ibm(_: ResolvedSecrets, { serviceUrl, apiKeySecret, refresh = "" }: IbmSecretsManager): ExternalProvider {
    return {
        store: pulumi.output({
            ibm: { serviceUrl, auth: { secretRef: { secretApiKeySecretRef: { name: apiKeySecret, key: "apiKey" } } } },
        }),
        account: false,
        separator: "-",
        kind: "kv/",
        refresh,
    };
}
