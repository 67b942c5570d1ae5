import { environments, type Environment } from "../stacks/schema";
import { podAnnotationsOf, type StackObject } from "./objects";

/** Names of secrets that AWS chooses itself, for the databases that it makes. */
const madeByAws = /^rds!/;
/** Stands before the whole name at some providers: the kind of secret, the engine that keeps it. */
const before = /^(kv\/|.*\/data\/)/;

/** Whether a secret belongs to an environment, by the beginning of its path: prod/s3, team-a-prod/s3, and where names have no slashes prod-s3. */
export function isOf(environment: Environment, path: string): boolean {
    const [head = "", ...rest] = path.replace(before, "").split("/");
    const words = head.split("-");
    const named = rest.length > 0 ? words.at(-1) : words.find((word) => environments.some((known) => known === word));
    return named === environment || madeByAws.test(head);
}

/** What is wrong with the secrets that an object reads, or lets somebody read, in a stack of an environment. */
export function foreignSecrets(object: StackObject, environment: Environment): string[] {
    const foreign = readBy(object).filter((path) => path === "" || !isOf(environment, path));
    return [
        ...foreign.map((path) => `it reads the secret ${path === "" ? "of any path" : path}, which is not one of ${environment}`),
        ...(readsFromAnywhere(object) ? ["it asks a store of the whole cluster, which reads every environment's secrets"] : []),
    ];
}

/** Paths of secrets; an empty one stands for all of them. */
function readBy(object: StackObject): string[] {
    switch (object.type.replace(/^.*[/:]/, "")) {
        case "ExternalSecret":
            return fetched(object.props.spec as ExternalSecretSpec);
        case "RolePolicy":
        case "Policy":
            return object.type.startsWith("aws:iam/") ? allowed(object.props.policy) : [];
        default:
            return podAnnotationsOf(object).flatMap(injected);
    }
}

interface ExternalSecretSpec {
    secretStoreRef?: { kind?: string };
    data?: { remoteRef?: { key?: string } }[];
    dataFrom?: { extract?: { key?: string }; find?: { path?: string } }[];
}

const fetched = ({ data = [], dataFrom = [] }: ExternalSecretSpec): string[] => [
    ...new Set([
        ...data.map(({ remoteRef }) => remoteRef?.key ?? ""),
        ...dataFrom.map(({ extract, find }) => extract?.key ?? (find?.path === undefined ? "" : `${find.path.replace(/\/$/, "")}/`)),
    ]),
];

const readsFromAnywhere = ({ type, props }: StackObject): boolean =>
    type.endsWith(":ExternalSecret") && (props.spec as ExternalSecretSpec).secretStoreRef?.kind === "ClusterSecretStore";

/** What Vault's agent is told to fetch; a template that reads no secret says "true". */
const injected = (annotations: Record<string, string>): string[] => [
    ...new Set(
        Object.entries(annotations)
            .filter(([key, path]) => key.startsWith("vault.hashicorp.com/agent-inject-secret-") && path !== "true")
            .map(([, path]) => path),
    ),
];

interface Statement {
    Effect?: string;
    Action?: string | string[];
    Resource?: string | string[];
}

/** Paths that a policy of AWS lets somebody read. One that is not known yet is judged in the update. */
function allowed(policy: unknown): string[] {
    const { Statement: statements = [] } = (typeof policy === "string" ? JSON.parse(policy) : {}) as { Statement?: Statement[] };
    return statements
        .filter(({ Effect, Action = [] }) => Effect === "Allow" && [Action].flat().some((action) => /^(\*|secretsmanager:)/.test(action)))
        .flatMap(({ Resource = [] }) => [Resource].flat())
        .map((arn) => /:secret:(.+)$/.exec(arn)?.[1] ?? "");
}
