import type {
    AwsSecretsManager,
    AzureKeyVault,
    GcpSecretManager,
    GeneratedSecrets,
    IbmSecretsManager,
    PlatformSecret,
    SealedSecrets,
    SparkPlatformSecrets,
    VaultAgent,
    VaultSecrets,
} from "../../components";
import { awsRegion } from "../../components/internal/aws";
import { list, named, section, text, wholeNumber } from "../hints";
import { duration } from "../quantity";
import { filled, forms, name, texts, type Every } from "./forms";

const refresh = text("Time between two looks for new values. Default: 1h.", duration).optional();

const login = {
    server: text("URL of the server.", forms.url),
    role: filled("Role of the Kubernetes login.", "the name of a role"),
    path: filled("Path of the key-value engine (version 2). Default: secret.", "a path in Vault").optional(),
    mount: filled("Path of the Kubernetes login. Default: kubernetes.", "a path in Vault").optional(),
    vaultNamespace: filled("Namespace inside Vault (Enterprise). Default: none.", "a path in Vault").optional(),
};

const secret = section("One Secret.", {
    keys: list("Keys whose values are secret.", filled("A key.", "the name of a key")),
    values: texts("Keys whose values everybody may know. Default: none.").optional(),
} satisfies Every<PlatformSecret>);

export const secrets = section("Where secrets come from: give one provider. Default: each part generates its own.", {
    environment: name("Begins the path of every secret at a provider, so that no environment reads another's."),
    generated: section("Values generated here, kept encrypted in Pulumi's state. Default: these.", {
        length: wholeNumber("Characters of a value. Default: 40.", 16, 128).optional(),
        rotation: wholeNumber("A higher number makes new values. Default: 1.", 1).optional(),
    } satisfies Every<GeneratedSecrets>).optional(),
    aws: section("AWS Secrets Manager, by External Secrets.", {
        region: text("Region of the secrets.", { check: awsRegion, expected: 'a region of AWS like "eu-central-1"' }),
        roleArn: filled("Role that may read them. Default: that of External Secrets itself.", "the ARN of a role").optional(),
        refresh,
    } satisfies Every<AwsSecretsManager>).optional(),
    vault: section("HashiCorp Vault, by External Secrets.", {
        ...login,
        caSecret: name(
            "Secret with the key ca.crt: who may have signed the server's certificate. Default: the public authorities.",
        ).optional(),
        refresh,
    } satisfies Every<VaultSecrets>).optional(),
    azure: section("Azure Key Vault, by External Secrets and workload identity.", {
        vaultUrl: text("URL of the vault.", forms.url),
        clientId: filled("Client id of the identity that may read it.", "an id"),
        tenantId: filled("Id of the tenant.", "an id"),
        refresh,
    } satisfies Every<AzureKeyVault>).optional(),
    gcp: section("Google Secret Manager, by External Secrets and workload identity.", {
        projectId: filled("Project of the secrets.", "the id of a project"),
        clusterName: name("Name of the GKE cluster."),
        clusterLocation: name("Region or zone of the cluster."),
        serviceAccountEmail: filled("Google service account that may read them.", "a service account"),
        refresh,
    } satisfies Every<GcpSecretManager>).optional(),
    ibm: section("IBM Cloud Secrets Manager, by External Secrets.", {
        serviceUrl: text("URL of the instance.", forms.url),
        apiKeySecret: name("Secret of the namespace with the key apiKey."),
        refresh,
    } satisfies Every<IbmSecretsManager>).optional(),
    sealed: section("Ciphertexts that only the cluster can open, by Sealed Secrets.", {
        ciphertexts: named("What kubeseal printed, by secret and key.", texts("Ciphertexts by key.")),
    } satisfies Every<SealedSecrets>).optional(),
    named: named("Further Secrets, which other settings name as spark-<key>. Default: none.", secret).optional(),
    vaultAgent: section("HashiCorp Vault's agent: files in place of Secrets.", login satisfies Every<VaultAgent>).optional(),
} satisfies Every<SparkPlatformSecrets>);
