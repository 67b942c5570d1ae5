import * as pulumi from "@pulumi/pulumi";

import type { ResolvedSecrets, VaultSecrets } from "../args";
import { accountName } from "../secret";
import type { ExternalProvider } from "./external";

export function vault(secrets: ResolvedSecrets, settings: VaultSecrets): ExternalProvider {
    const { server, role, path, mount, vaultNamespace, caSecret, refresh = "" } = settings;
    return {
        store: pulumi.output({
            vault: {
                server,
                path,
                version: "v2",
                ...(vaultNamespace !== undefined && { namespace: vaultNamespace }),
                ...(caSecret !== undefined && { caProvider: { type: "Secret", name: caSecret, key: "ca.crt" } }),
                auth: { kubernetes: { mountPath: mount, role, serviceAccountRef: { name: accountName(secrets) } } },
            },
        }),
        account: true,
        refresh,
    };
}
