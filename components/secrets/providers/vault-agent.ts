import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { clientLabelsOf, objectName } from "../../internal/identity";
import { tcp, toDns } from "../../internal/network";
import { identityTokenVolume } from "../../internal/pod";
import { accessKeyName, secretKeyName } from "../../storage/s3a";
import type { ResolvedSecrets, VaultAgent } from "../args";
import { metadata, namedSecrets, pathOf, type NamedSecret, type Provided } from "../secret";

const vaultPrefix = "vault.hashicorp.com";
const directory = "/vault/secrets";

/** Tokens for Vault and for nobody else: what Vault's Kubernetes login asks for by default. */
const audience = "vault";

/** Files that the agent writes into each pod before its containers start. The pods' own accounts log in, so each needs Vault's role. */
export function vaultAgent(secrets: ResolvedSecrets, settings: VaultAgent, child: pulumi.CustomResourceOptions): Provided {
    const labels = clientLabelsOf(objectName(secrets.name, "vault"));
    new k8s.networking.v1.NetworkPolicy(`${secrets.name}-network`, network(secrets, settings, labels), child);
    const named = namedSecrets(secrets);
    return {
        names: {},
        pods: {
            annotations: annotations(secrets, settings, named),
            labels,
            files: Object.fromEntries(named.map((one) => [one.key, filesOf(one)])),
            tokenAudience: audience,
        },
    };
}

const fileName = ({ key: secret }: NamedSecret, key: string) => `${secret}/${key}`;

/** Keys for an S3 store, once more as SDKs read them from a file. */
const awsFile = "aws-credentials";
const isKeyPair = ({ keys }: NamedSecret): boolean => [accessKeyName, secretKeyName].every((key) => keys.includes(key));

function filesOf(one: NamedSecret): Record<string, string> {
    const keys = [...one.keys, ...Object.keys(one.values), ...(isKeyPair(one) ? [awsFile] : [])];
    return Object.fromEntries(keys.map((key) => [key, `${directory}/${fileName(one, key)}`]));
}

/**
 * An init container alone: beside a Spark driver or a Job an agent that stays would keep the pod from ever ending. So files are of the moment
 * the pod starts.
 */
function annotations(secrets: ResolvedSecrets, settings: VaultAgent, named: NamedSecret[]): pulumi.Output<Record<string, string>> {
    const { server, role, mount, vaultNamespace } = settings;
    const common = {
        "agent-inject": "true",
        "agent-pre-populate-only": "true",
        "agent-init-first": "true",
        "agent-set-security-context": "true",
        "agent-service-account-token-volume-name": identityTokenVolume,
        "agent-requests-cpu": "10m",
        "agent-requests-mem": "64Mi",
        "agent-limits-cpu": "500m",
        "agent-limits-mem": "64Mi",
        "error-on-missing-key": "true",
        role,
        service: server,
        "auth-path": pulumi.interpolate`auth/${mount}`,
        ...(vaultNamespace !== undefined && { namespace: vaultNamespace }),
    };
    const files = named.flatMap((one) => [...secretFiles(secrets, settings, one), ...plainFiles(one)]);
    return pulumi.output([common, ...files]).apply((parts) => prefixed(Object.assign({}, ...parts) as Record<string, string>));
}

const prefixed = (record: Record<string, string>): Record<string, string> =>
    Object.fromEntries(Object.entries(record).map(([key, value]) => [`${vaultPrefix}/${key}`, value]));

/** Annotation names have no slashes, and so neither has the name that ties a template to its file. */
const nameOf = (secret: NamedSecret, key: string) => `${secret.key}.${key}`;

function secretFiles(
    secrets: ResolvedSecrets,
    { path }: VaultAgent,
    one: NamedSecret,
): pulumi.Input<Record<string, pulumi.Input<string>>>[] {
    const remote = pulumi.interpolate`${path}/data/${pathOf(secrets, one)}`;
    const value = (key: string) => `{{ index .Data.data "${key}" }}`;
    const file = (key: string, text: string) => ({
        [`agent-inject-secret-${nameOf(one, key)}`]: remote,
        [`agent-inject-file-${nameOf(one, key)}`]: fileName(one, key),
        [`agent-inject-template-${nameOf(one, key)}`]: pulumi.interpolate`{{- with secret "${remote}" }}${text}{{ end }}`,
    });
    const profile = `[default]\naws_access_key_id = ${value(accessKeyName)}\naws_secret_access_key = ${value(secretKeyName)}\n`;
    return [...one.keys.map((key) => file(key, value(key))), ...(isKeyPair(one) ? [file(awsFile, profile)] : [])];
}

/** What everybody may know is a file like the others, so that programs need not tell them apart. */
function plainFiles(one: NamedSecret): pulumi.Input<Record<string, pulumi.Input<string>>>[] {
    return Object.entries(one.values).map(([key, value]) => ({
        // A template that reads no secret still wants some word here.
        [`agent-inject-secret-${nameOf(one, key)}`]: "true",
        [`agent-inject-file-${nameOf(one, key)}`]: fileName(one, key),
        [`agent-inject-template-${nameOf(one, key)}`]: value,
    }));
}

/** The agent stands in a pod that may talk to nobody else but its own services. */
function network(secrets: ResolvedSecrets, { server }: VaultAgent, labels: Record<string, string>): k8s.networking.v1.NetworkPolicyArgs {
    const port = pulumi.output(server).apply((url) => portOf(url));
    return {
        metadata: metadata(secrets, objectName(secrets.name, "vault")),
        spec: port.apply((known) => ({
            podSelector: { matchLabels: labels },
            policyTypes: ["Egress"],
            egress: [{ to: [{ ipBlock: { cidr: "0.0.0.0/0", except: ["169.254.0.0/16"] } }], ports: tcp(known) }, toDns],
        })),
    };
}

function portOf(url: string): number {
    const { port, protocol } = new URL(url);
    return port === "" ? (protocol === "https:" ? 443 : 80) : Number(port);
}
