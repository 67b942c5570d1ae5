import type * as pulumi from "@pulumi/pulumi";

import type { PodSettings } from "../../internal/pod";
import type { PlatformSecrets } from "../../secrets";
import type { PlatformSecret, PlatformSecretsArgs } from "../../secrets/args";
import type { S3Connection } from "../../storage/connections";
import { passwordKey, usernameKey } from "../../storage/database";
import { accessKeyName, secretKeyName } from "../../storage/s3a";
import type { ResolvedPlatform } from "../resolve";
import type { Role, Roles } from "./aws";
import { agentPod, filesOf } from "./agent";

/** The platform's secrets, as its parts look at them. */
export interface Secrets {
    /** Name of the Secret of a part; nothing where the part makes one itself. */
    of: (key: string) => pulumi.Output<string> | undefined;
    /** Where the keys of the store are. */
    s3: Pick<S3Connection, "credentialsSecret" | "credentialsFile">;
    /** What a pod that reaches the store looks like. */
    pod: (pod: PodSettings) => PodSettings;
}

export const storeSecret = "s3";
/** A password for each user of JupyterHub. */
export const hubSecret = "jupyterhub";
const token: PlatformSecret = { keys: ["token"] };
const login = (username: string): PlatformSecret => ({ keys: [passwordKey], values: { [usernameKey]: username } });

type Wanted = Record<string, PlatformSecret>;

/** Secrets that are asked for where no part names one itself, by the names that providers know them by. */
export function wanted(platform: ResolvedPlatform): Wanted {
    const { storage, secrets = { environment: "" } } = platform;
    const store: Wanted = storage?.credentialsFromSecrets ? { [storeSecret]: { keys: [accessKeyName, secretKeyName] } } : {};
    const named = secrets.named ?? {};
    // An agent makes no Secrets, and only the store's keys can be read from a file.
    return secrets.vaultAgent === undefined
        ? { ...store, ...ofServers(platform), ...ofTools(platform), ...ofHub(platform), ...named }
        : { ...store, ...named };
}

/** One for each entry of a map for which the part would make one. */
function ofEach<Part>(kind: string, parts: Record<string, Part>, missing: (part: Part) => boolean, secret: PlatformSecret): Wanted {
    const without = Object.entries(parts).filter(([, part]) => missing(part));
    return Object.fromEntries(without.map(([name]) => [`${kind}-${name}`, secret]));
}

const ofServers = ({ connect, standalone, jupyterLab }: ResolvedPlatform): Wanted => ({
    ...ofEach("connect", connect, ({ authentication }) => authentication !== undefined && authentication.tokenSecret === undefined, token),
    ...ofEach("standalone", standalone, ({ authenticationSecret }) => authenticationSecret === undefined, { keys: ["secret"] }),
    ...ofEach("jupyter", jupyterLab, ({ tokenSecret }) => tokenSecret === undefined, token),
});

function ofTools({ mlflow, airflow, hiveMetastore }: ResolvedPlatform): Wanted {
    const tools = Object.entries({ mlflow, airflow }).filter(([, tool]) => tool !== undefined && tool.adminSecret === undefined);
    const consumers = Object.entries({ metastore: hiveMetastore, mlflow, airflow }).filter(
        ([, part]) => part !== undefined && part.database === undefined && part.awsPostgres === undefined,
    );
    return {
        ...Object.fromEntries(tools.map(([name]) => [name, login("admin")])),
        ...Object.fromEntries(consumers.map(([name]) => [databaseSecret(name), login(name)])),
    };
}

/** Who logs in at a provider has no password here. */
function ofHub({ jupyterHub }: ResolvedPlatform): Wanted {
    const { users = [], oidc, passwordsSecret } = jupyterHub ?? {};
    return users.length === 0 || oidc !== undefined || passwordsSecret !== undefined ? {} : { [hubSecret]: { keys: users } };
}

export const databaseSecret = (database: string): string => `${database}-database`;

/** Nothing where each part generates its own. */
export function secrets(platform: ResolvedPlatform, namespace: pulumi.Input<string>, roles: Roles): PlatformSecretsArgs | undefined {
    if (platform.secrets === undefined) {
        return undefined;
    }
    const { named, aws, ...settings } = platform.secrets;
    const fetching: Role = "secrets";
    return {
        ...settings,
        ...(aws && { aws: { ...aws, roleArn: aws.roleArn ?? roles.arn(fetching) } }),
        namespace,
        secrets: wanted(platform),
    };
}

const ownSecrets: Secrets = { of: () => undefined, s3: {}, pod: (pod) => pod };

export function provided(platform: ResolvedPlatform, made: PlatformSecrets | undefined): Secrets {
    if (made === undefined) {
        return ownSecrets;
    }
    const known = Object.keys(wanted(platform));
    const has = (key: string) => known.includes(key);
    const nameOf = (key: string) => (has(key) ? made.names.apply((names) => names[key] ?? "") : undefined);
    return platform.secrets?.vaultAgent === undefined
        ? { of: nameOf, s3: { credentialsSecret: nameOf(storeSecret) }, pod: (pod) => pod }
        : { of: () => undefined, s3: has(storeSecret) ? filesOf(made, storeSecret) : {}, pod: (pod) => agentPod(made, pod) };
}
