import * as pulumi from "@pulumi/pulumi";

import { resolveSecrets, type PlatformSecretsArgs, type ResolvedSecrets } from "./args";
import { aws } from "./providers/aws";
import { azure } from "./providers/azure";
import { external, type ExternalProvider } from "./providers/external";
import { gcp } from "./providers/gcp";
import { generated } from "./providers/generated";
import { ibm } from "./providers/ibm";
import { sealed } from "./providers/sealed";
import { vault } from "./providers/vault";
import { vaultAgent } from "./providers/vault-agent";
import type { Provided } from "./secret";

export type {
    AwsSecretsManager,
    AzureKeyVault,
    GcpSecretManager,
    GeneratedSecrets,
    IbmSecretsManager,
    PlatformSecret,
    PlatformSecretsArgs,
    PlatformSecretsSettings,
    SealedSecrets,
    VaultAgent,
    VaultSecrets,
} from "./args";

/** The Secrets that a platform needs, under the same names whoever keeps their values: made here, or fetched from where a company keeps them. */
export class PlatformSecrets extends pulumi.ComponentResource {
    /** Names of the Secrets by the names that the program gave; empty with Vault's agent, which makes none. */
    public readonly names: pulumi.Output<Record<string, string>>;
    /** Annotations that pods need; none but with Vault's agent. */
    public readonly podAnnotations: pulumi.Output<Record<string, string>>;
    /** Labels that pods need; none but with Vault's agent, whom network policies let through by them. */
    public readonly podLabels: pulumi.Output<Record<string, string>>;
    /** Audience of the token that pods need; empty but with Vault's agent. */
    public readonly podTokenAudience: pulumi.Output<string>;
    /** Files with the values, by secret and key; none but with Vault's agent. */
    public readonly files: pulumi.Output<Record<string, Record<string, string>>>;

    constructor(name: string, args: PlatformSecretsArgs, opts?: pulumi.ComponentResourceOptions) {
        super("spark-platform:index:PlatformSecrets", name, {}, opts);
        const { names, pods } = provided(resolveSecrets(name, args), { parent: this });

        this.names = pulumi.output(names);
        this.podAnnotations = pulumi.output(pods?.annotations ?? {});
        this.podLabels = pulumi.output(pods?.labels ?? {});
        this.podTokenAudience = pulumi.output(pods?.tokenAudience ?? "");
        this.files = pulumi.output(pods?.files ?? {});
        this.registerOutputs({
            names: this.names,
            podAnnotations: this.podAnnotations,
            podLabels: this.podLabels,
            podTokenAudience: this.podTokenAudience,
            files: this.files,
        });
    }
}

type Child = pulumi.CustomResourceOptions;
type Provider<S> = (secrets: ResolvedSecrets, settings: S, child: Child) => Provided;

const byExternalSecrets =
    <S>(provider: (secrets: ResolvedSecrets, settings: S) => ExternalProvider): Provider<S> =>
    (secrets, settings, child) =>
        external(secrets, provider(secrets, settings), child);

const providers = {
    generated,
    aws: byExternalSecrets(aws),
    vault: byExternalSecrets(vault),
    azure: byExternalSecrets(azure),
    gcp: byExternalSecrets(gcp),
    ibm: byExternalSecrets(ibm),
    sealed,
    vaultAgent,
};

/** By the one provider whose settings are given. */
function provided(secrets: ResolvedSecrets, child: Child): Provided {
    const [found] = Object.entries(providers).filter(([key]) => secrets[key as keyof typeof providers] !== undefined);
    const [key, provider] = found ?? ["generated", generated];
    return (provider as Provider<unknown>)(secrets, secrets[key as keyof typeof providers], child);
}
