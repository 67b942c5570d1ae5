import type { PlatformSecretsSettings } from "../../components";
import type { Changes } from "./fields";

/** What kubeseal's output looks like, and nothing that opens. */
export const ciphertext = (fill: string): string => fill.repeat(700);

/** One example of every provider, for the Secrets `s3` (access-key, secret-key) and `db` (password). */
export const providers: Record<string, Omit<PlatformSecretsSettings, "environment">> = {
    generated: { generated: {} },
    aws: { aws: { region: "eu-central-1", roleArn: "arn:aws:iam::111122223333:role/secrets" } },
    vault: { vault: { server: "https://vault.example.org:8200", role: "prod", caSecret: "vault-ca" } },
    azure: {
        azure: {
            vaultUrl: "https://acme.vault.azure.net",
            clientId: "11111111-2222-3333-4444-555555555555",
            tenantId: "66666666-2222-3333-4444-555555555555",
        },
    },
    gcp: {
        gcp: {
            projectId: "acme-data",
            clusterName: "prod",
            clusterLocation: "europe-west3",
            serviceAccountEmail: "reader@acme-data.iam.gserviceaccount.com",
        },
    },
    ibm: { ibm: { serviceUrl: "https://0a1b.eu-de.secrets-manager.appdomain.cloud", apiKeySecret: "ibm-key" } },
    sealed: {
        sealed: {
            ciphertexts: { s3: { "access-key": ciphertext("A"), "secret-key": ciphertext("B") }, db: { password: ciphertext("C") } },
        },
    },
    vaultAgent: { vaultAgent: { server: "https://vault.example.org:8200", role: "prod" } },
};

/** For every public argument of each provider a value that differs from the one above. */
export const providerChanges: Record<string, Changes> = {
    generated: { "generated.length": 20, "generated.rotation": 2 },
    aws: { "aws.region": "eu-west-1", "aws.roleArn": "arn:aws:iam::111122223333:role/other", "aws.refresh": "5m" },
    vault: {
        "vault.server": "https://other.example.org",
        "vault.role": "other",
        "vault.path": "kv",
        "vault.mount": "other",
        "vault.vaultNamespace": "team",
        "vault.caSecret": "other-ca",
        "vault.refresh": "5m",
    },
    azure: {
        "azure.vaultUrl": "https://other.vault.azure.net",
        "azure.clientId": "77777777-2222-3333-4444-555555555555",
        "azure.tenantId": "88888888-2222-3333-4444-555555555555",
        "azure.refresh": "5m",
    },
    gcp: {
        "gcp.projectId": "other-data",
        "gcp.clusterName": "other",
        "gcp.clusterLocation": "europe-west1",
        "gcp.serviceAccountEmail": "other@acme-data.iam.gserviceaccount.com",
        "gcp.refresh": "5m",
    },
    ibm: { "ibm.serviceUrl": "https://other.appdomain.cloud", "ibm.apiKeySecret": "other-key", "ibm.refresh": "5m" },
    sealed: {
        "sealed.ciphertexts": {
            s3: { "access-key": ciphertext("D"), "secret-key": ciphertext("B") },
            db: { password: ciphertext("C") },
        },
    },
    vaultAgent: {
        "vaultAgent.server": "https://other.example.org",
        "vaultAgent.role": "other",
        "vaultAgent.path": "kv",
        "vaultAgent.mount": "other",
        "vaultAgent.vaultNamespace": "team",
    },
};
