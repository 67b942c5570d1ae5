import type * as pulumi from "@pulumi/pulumi";

import { arn, awsRegion } from "../internal/aws";
import { Checks, type Check } from "../internal/checks";
import { withDefaults } from "../internal/defaults";
import { dnsLabel, duration, existingObject, httpUrl, keyOfSecret, present, wholeNumber } from "../internal/values";

/** One Secret: what its keys are. Where their values come from is the provider's business. */
export interface PlatformSecret {
    /** Keys whose values are secret. Plain: decides what is made or fetched. */
    keys: string[];
    /** Keys whose values everybody may know, a user's name for example. Default: none. */
    values?: Record<string, pulumi.Input<string>>;
}

/** Values made here, kept encrypted in Pulumi's state. */
export interface GeneratedSecrets {
    /** Characters of a value. Default: 40. */
    length?: pulumi.Input<number>;
    /** A higher number makes new values. Default: 1. */
    rotation?: pulumi.Input<number>;
}

/** AWS Secrets Manager, by External Secrets (the add-on `ExternalSecretsAddOn`): one secret <environment>/<name>, a JSON object with the keys. */
export interface AwsSecretsManager {
    /** Region of the secrets. */
    region: pulumi.Input<string>;
    /** Role that may read them (see `AwsIdentity`, for the account <brick>-secrets). Default: that of External Secrets itself. */
    roleArn?: pulumi.Input<string>;
    /** Time between two looks for new values. Default: 1h. */
    refresh?: pulumi.Input<string>;
}

/** HashiCorp Vault, by External Secrets (the add-on `ExternalSecretsAddOn`): one secret <environment>/<name> of a key-value engine (version 2). */
export interface VaultSecrets {
    /** URL of the server. */
    server: pulumi.Input<string>;
    /** Role of the Kubernetes login that the account <brick>-secrets has. */
    role: pulumi.Input<string>;
    /** Path of the key-value engine. Default: secret. */
    path?: pulumi.Input<string>;
    /** Path of the Kubernetes login. Default: kubernetes. */
    mount?: pulumi.Input<string>;
    /** Namespace inside Vault (Enterprise). Default: none. */
    vaultNamespace?: pulumi.Input<string>;
    /** Secret with the key ca.crt: who may have signed the server's certificate. Default: the public authorities. */
    caSecret?: pulumi.Input<string>;
    /** Time between two looks for new values. Default: 1h. */
    refresh?: pulumi.Input<string>;
}

/** Azure Key Vault, by External Secrets (the add-on `ExternalSecretsAddOn`) and workload identity: one secret <environment>-<name>, a JSON object with the keys. */
export interface AzureKeyVault {
    /** URL of the vault. */
    vaultUrl: pulumi.Input<string>;
    /** Client id of the identity that may read it, federated with the account <brick>-secrets. */
    clientId: pulumi.Input<string>;
    /** Id of the tenant. */
    tenantId: pulumi.Input<string>;
    /** Time between two looks for new values. Default: 1h. */
    refresh?: pulumi.Input<string>;
}

/** Google Secret Manager, by External Secrets (the add-on `ExternalSecretsAddOn`) and workload identity: one secret <environment>-<name>, a JSON object with the keys. */
export interface GcpSecretManager {
    /** Project of the secrets. */
    projectId: pulumi.Input<string>;
    /** Name of the GKE cluster. */
    clusterName: pulumi.Input<string>;
    /** Region or zone of the cluster. */
    clusterLocation: pulumi.Input<string>;
    /** Google service account that may read them, and that the account <brick>-secrets may act as. */
    serviceAccountEmail: pulumi.Input<string>;
    /** Time between two looks for new values. Default: 1h. */
    refresh?: pulumi.Input<string>;
}

/** IBM Cloud Secrets Manager, by External Secrets (the add-on `ExternalSecretsAddOn`): one key-value secret <environment>-<name>. */
export interface IbmSecretsManager {
    /** URL of the instance. */
    serviceUrl: pulumi.Input<string>;
    /** Secret of the namespace with the key apiKey, of a service that may read this environment's secrets alone. */
    apiKeySecret: pulumi.Input<string>;
    /** Time between two looks for new values. Default: 1h. */
    refresh?: pulumi.Input<string>;
}

/** Ciphertexts that only the cluster can open, by Sealed Secrets (the add-on `SealedSecretsAddOn`). They belong to one Secret of one namespace, which keeps environments apart. */
export interface SealedSecrets {
    /** What kubeseal printed, by secret and key: kubeseal --raw --namespace <namespace> --name <Secret>. */
    ciphertexts: Record<string, Record<string, pulumi.Input<string>>>;
}

/** HashiCorp Vault's agent beside each container: files in place of Secrets, from <path>/data/<environment>/<name>. */
export interface VaultAgent {
    /** URL of the server. */
    server: pulumi.Input<string>;
    /** Role of the Kubernetes login that the pods' own accounts have. */
    role: pulumi.Input<string>;
    /** Path of the key-value engine (version 2). Default: secret. */
    path?: pulumi.Input<string>;
    /** Path of the Kubernetes login. Default: kubernetes. */
    mount?: pulumi.Input<string>;
    /** Namespace inside Vault (Enterprise). Default: none. */
    vaultNamespace?: pulumi.Input<string>;
}

/** Where secrets come from: give one provider. */
export interface PlatformSecretsSettings {
    /** Begins the path of every secret at a provider, so that no environment reads another's. */
    environment: pulumi.Input<string>;
    /** Values generated here. Plain, as all of these: decides what is made. Default: these, when no other provider is given. */
    generated?: GeneratedSecrets;
    /** AWS Secrets Manager. */
    aws?: AwsSecretsManager;
    /** HashiCorp Vault. */
    vault?: VaultSecrets;
    /** Azure Key Vault. */
    azure?: AzureKeyVault;
    /** Google Secret Manager. */
    gcp?: GcpSecretManager;
    /** IBM Cloud Secrets Manager. */
    ibm?: IbmSecretsManager;
    /** Sealed Secrets. */
    sealed?: SealedSecrets;
    /** HashiCorp Vault's agent. */
    vaultAgent?: VaultAgent;
}

/** Arguments of `PlatformSecrets`. */
export interface PlatformSecretsArgs extends PlatformSecretsSettings {
    /** Namespace of the Secrets, and of everything that fetches them. */
    namespace: pulumi.Input<string>;
    /** Secrets by the names that the program gives them. Plain: decides which there are. */
    secrets: Record<string, PlatformSecret>;
}

/** The arguments with every default filled in; one provider is left. */
export interface ResolvedSecrets extends PlatformSecretsArgs {
    name: string;
}

export const providers = ["generated", "aws", "vault", "azure", "gcp", "ibm", "sealed", "vaultAgent"] as const;

/** One answer for many: the first problem, with the name it is about. */
const eachName =
    (check: Check<string>): Check<string[]> =>
    (names) =>
        names.map(check).find((problem) => problem !== undefined);

const mountPath: Check<string> = (value) =>
    /^[a-zA-Z0-9_-]+(\/[a-zA-Z0-9_-]+)*$/.test(value)
        ? undefined
        : `${JSON.stringify(value)} is not a path in Vault; write it like "team/secret"`;

const guid: Check<string> = (value) =>
    /^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/.test(value)
        ? undefined
        : `${JSON.stringify(value)} is not an id like "11111111-2222-3333-4444-555555555555"`;

const serviceAccountEmail: Check<string> = (value) =>
    /^[^@\s]+@[^@\s]+\.iam\.gserviceaccount\.com$/.test(value)
        ? undefined
        : `${JSON.stringify(value)} is not a service account; write it like "reader@project.iam.gserviceaccount.com"`;

const gcpProject: Check<string> = (value) =>
    /^[a-z][-a-z0-9]{4,28}[a-z0-9]$/.test(value)
        ? undefined
        : `${JSON.stringify(value)} is not a project; use 6 to 30 lower-case letters, digits and "-"`;

const roleArn = arn("iam", "role/", "arn:aws:iam::111122223333:role/secrets");
const every = "1h";

/** The values of secrets must not be taken for templates: External Secrets, Sealed Secrets and Vault all write their files with Go's. */
const noTemplate: Check<string> = (value) =>
    value.includes("{{") ? `${JSON.stringify(value)} has "{{" in it, which providers take for a template` : undefined;

/** What each provider's fields must look like. */
const resolvers = {
    generated: (checks: Checks, given: GeneratedSecrets) => ({
        length: checks.input("generated.length", given.length ?? 40, wholeNumber({ from: 16, to: 128 })),
        rotation: checks.input("generated.rotation", given.rotation ?? 1, wholeNumber({ from: 1 })),
    }),
    aws: (checks: Checks, given: AwsSecretsManager) => ({
        region: checks.input("aws.region", given.region, present, awsRegion),
        roleArn: checks.optional("aws.roleArn", given.roleArn, roleArn),
        refresh: checks.input("aws.refresh", given.refresh ?? every, duration),
    }),
    vault: (checks: Checks, given: VaultSecrets) => ({
        ...server(checks, "vault", given),
        caSecret: checks.optional("vault.caSecret", given.caSecret, dnsLabel),
        refresh: checks.input("vault.refresh", given.refresh ?? every, duration),
    }),
    azure: (checks: Checks, given: AzureKeyVault) => ({
        vaultUrl: checks.input("azure.vaultUrl", given.vaultUrl, present, httpUrl),
        clientId: checks.input("azure.clientId", given.clientId, present, guid),
        tenantId: checks.input("azure.tenantId", given.tenantId, present, guid),
        refresh: checks.input("azure.refresh", given.refresh ?? every, duration),
    }),
    gcp: (checks: Checks, given: GcpSecretManager) => ({
        projectId: checks.input("gcp.projectId", given.projectId, present, gcpProject),
        clusterName: checks.input("gcp.clusterName", given.clusterName, present, dnsLabel),
        clusterLocation: checks.input("gcp.clusterLocation", given.clusterLocation, present, dnsLabel),
        serviceAccountEmail: checks.input("gcp.serviceAccountEmail", given.serviceAccountEmail, present, serviceAccountEmail),
        refresh: checks.input("gcp.refresh", given.refresh ?? every, duration),
    }),
    ibm: (checks: Checks, given: IbmSecretsManager) => ({
        serviceUrl: checks.input("ibm.serviceUrl", given.serviceUrl, present, httpUrl),
        apiKeySecret: checks.input("ibm.apiKeySecret", given.apiKeySecret, existingObject),
        refresh: checks.input("ibm.refresh", given.refresh ?? every, duration),
    }),
    sealed: (checks: Checks, given: SealedSecrets) => ({
        ciphertexts: mapped(given.ciphertexts, (one, secret) =>
            mapped(one, (text, key) => checks.input(`sealed.ciphertexts["${secret}"]["${key}"]`, text, ciphertext)),
        ),
    }),
    vaultAgent: (checks: Checks, given: VaultAgent) => server(checks, "vaultAgent", given),
};

function server(checks: Checks, path: string, given: VaultAgent) {
    return {
        server: checks.input(`${path}.server`, given.server, present, httpUrl),
        role: checks.input(`${path}.role`, given.role, present),
        path: checks.input(`${path}.path`, given.path ?? "secret", mountPath),
        mount: checks.input(`${path}.mount`, given.mount ?? "kubernetes", mountPath),
        vaultNamespace: checks.optional(`${path}.vaultNamespace`, given.vaultNamespace, mountPath),
    };
}

/** What kubeseal prints is base64 of an RSA block and more: a short or readable text was never sealed. */
const ciphertext: Check<string> = (value) =>
    /^[A-Za-z0-9+/]{300,}={0,2}$/.test(value) ? undefined : "is no ciphertext of kubeseal; a value in the clear must not stand here";

const mapped = <A, B>(record: Record<string, A>, change: (value: A, key: string) => B): Record<string, B> =>
    Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value, key)]));

/** @throws pulumi.InputPropertiesError naming every wrong field. */
export function resolveSecrets(name: string, given: PlatformSecretsArgs): ResolvedSecrets {
    const some = providers.some((provider) => given[provider] !== undefined);
    const args: PlatformSecretsArgs = some ? given : withDefaults(given, { generated: {} });
    const checks = new Checks(`PlatformSecrets "${name}"`);
    checks.plain("name", name, dnsLabel);
    checks.plain("secrets", Object.keys(args.secrets), eachName(dnsLabel));
    checks.plain("provider", args, oneProvider);
    if (args.sealed !== undefined) {
        checks.plain("sealed.ciphertexts", args, everyCiphertext);
    }
    const resolved: ResolvedSecrets = {
        namespace: checks.input("namespace", args.namespace, present, dnsLabel),
        environment: checks.input("environment", args.environment, present, dnsLabel),
        secrets: mapped(args.secrets, (secret, key) => {
            checks.plain(`secrets["${key}"].keys`, secret, keysOf);
            const values = mapped(secret.values ?? {}, (value, one) =>
                checks.input(`secrets["${key}"].values["${one}"]`, value, noTemplate),
            );
            return { ...secret, values };
        }),
        name,
        ...resolveProvider(checks, args),
    };
    checks.throwIfAny();
    return resolved;
}

function resolveProvider(checks: Checks, args: PlatformSecretsArgs): Partial<PlatformSecretsSettings> {
    const found = providers.filter((provider) => args[provider] !== undefined);
    return Object.fromEntries(
        found.map((provider) => [provider, (resolvers[provider] as (c: Checks, g: unknown) => unknown)(checks, args[provider])]),
    );
}

function keysOf({ keys, values = {} }: PlatformSecret): string | undefined {
    const twice = Object.keys(values).find((key) => keys.includes(key));
    if (twice !== undefined) {
        return `"${twice}" stands in values too`;
    }
    return keys.length === 0 ? "is empty; give at least one" : eachName(keyOfSecret)([...keys, ...Object.keys(values)]);
}

function oneProvider(args: PlatformSecretsArgs): string | undefined {
    const given = providers.filter((provider) => args[provider] !== undefined);
    return given.length > 1 ? `is one of ${given.join(", ")}; give one provider` : undefined;
}

function everyCiphertext({ secrets, sealed }: PlatformSecretsArgs): string | undefined {
    const missing = Object.entries(secrets).flatMap(([secret, { keys }]) =>
        keys.filter((key) => sealed?.ciphertexts[secret]?.[key] === undefined).map((key) => `["${secret}"]["${key}"]`),
    );
    return missing.length === 0 ? undefined : `lacks ${missing.join(", ")}`;
}
