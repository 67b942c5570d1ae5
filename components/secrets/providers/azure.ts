import * as pulumi from "@pulumi/pulumi";

import type { AzureKeyVault, ResolvedSecrets } from "../args";
import { accountName } from "../secret";
import type { ExternalProvider } from "./external";

/** Names in a key vault have no slashes. */
export function azure(secrets: ResolvedSecrets, { vaultUrl, clientId, tenantId, refresh = "" }: AzureKeyVault): ExternalProvider {
    return {
        store: pulumi.output({
            azurekv: { vaultUrl, tenantId, authType: "WorkloadIdentity", serviceAccountRef: { name: accountName(secrets) } },
        }),
        account: true,
        accountAnnotations: { "azure.workload.identity/client-id": clientId, "azure.workload.identity/tenant-id": tenantId },
        separator: "-",
        refresh,
    };
}
