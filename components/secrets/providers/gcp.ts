import * as pulumi from "@pulumi/pulumi";

import type { GcpSecretManager, ResolvedSecrets } from "../args";
import { accountName } from "../secret";
import type { ExternalProvider } from "./external";

/** Names in Secret Manager have no slashes. */
export function gcp(secrets: ResolvedSecrets, settings: GcpSecretManager): ExternalProvider {
    const { projectId: projectID, clusterName, clusterLocation, serviceAccountEmail, refresh = "" } = settings;
    const serviceAccountRef = { name: accountName(secrets) };
    return {
        store: pulumi.output({ gcpsm: { projectID, auth: { workloadIdentity: { clusterLocation, clusterName, serviceAccountRef } } } }),
        account: true,
        accountAnnotations: { "iam.gke.io/gcp-service-account": serviceAccountEmail },
        separator: "-",
        refresh,
    };
}
