import { atLeastTwo, beyondDev, isPinned } from "../stacks/rules";
import { environments, type Environment } from "../stacks/schema";
import { foreignSecrets } from "./isolation";
import { namespaceOf, podsOf, type StackObject } from "./objects";
import { containersOf, hasToken, podProblems, resourceProblems } from "./pods";
import { isReadableSecret, readableSecrets } from "./secrets";

/**
 * The environment that a stack is for, by its name: prod, team-a-prod. The engine does not show policies the stack's file, so
 * a name that says nothing is taken for the strictest.
 */
export function environmentOf(urn: string): Environment {
    const [, stack = ""] = /^urn:pulumi:([^:]*)::/.exec(urn) ?? [];
    return environments.find((environment) => stack === environment || stack.endsWith(`-${environment}`)) ?? "prod";
}

/** What must hold for one object. */
export interface Invariant {
    name: string;
    description: string;
    /** Where it must hold. Default: everywhere. */
    in?: readonly Environment[];
    /** What is wrong with the object; nothing for most. */
    problems: (object: StackObject, environment: Environment) => string[];
}

/** Objects whose loss loses data. */
const keepsData =
    /^(kubernetes:core\/v1:PersistentVolumeClaim|aws:s3\/bucket(V2)?:Bucket(V2)?|aws:rds\/(instance:Instance|cluster:Cluster))$/;
/** Servers that people wait for. */
const servers = ["spark-connect", "spark-history-server"];

export const invariants: Invariant[] = [
    {
        name: "restricted-pods",
        description: "Every pod meets the Pod Security Standard restricted, and what the platform asks beyond it.",
        problems: (object) =>
            podsOf(object).flatMap(({ pod }) => podProblems(pod, { userIds: pod.securityContext?.runAsUser !== undefined })),
    },
    {
        name: "executors-without-token",
        description: "Executors run the users' code, so nothing in them can talk to the Kubernetes API.",
        problems: (object) =>
            podsOf(object)
                .filter(({ pod, executor }) => executor && hasToken(pod))
                .map(() => "the template of executors mounts a token of the Kubernetes API"),
    },
    {
        name: "no-readable-secrets",
        description: "Secrets stand in Secrets, not in ConfigMaps, environments, commands or arguments.",
        problems: readable,
    },
    {
        name: "own-secrets",
        description: "No environment reads another's secrets: their paths begin with the environment, or with a name that ends in it.",
        problems: foreignSecrets,
    },
    {
        name: "resources-set",
        description: "Every container says what it needs, and what memory it may take at most. Spark itself says it for executors.",
        problems: (object) => podsOf(object).flatMap(({ pod, executor }) => (executor ? [] : resourceProblems(pod))),
    },
    {
        name: "pinned-images",
        description: "Images have a digest or a version, so that they are the same tomorrow.",
        in: beyondDev,
        problems: (object) =>
            podsOf(object)
                .flatMap(({ pod }) => containersOf(pod))
                .filter(({ image }) => image !== undefined && !isPinned(image))
                .map(({ name, image }) => `${name}: the image ${String(image)} has neither a digest nor a version other than latest`),
    },
    {
        name: "protected-data",
        description: "Volumes, buckets and databases are protected, so that a slip does not delete them.",
        in: beyondDev,
        problems: ({ type, protect }) => (keepsData.test(type) && !protect ? ["it holds data and is not protected"] : []),
    },
    {
        name: "replicated-servers",
        description: "Servers that people wait for have a second one.",
        in: ["prod"],
        problems: ({ type, props }) => {
            const labels = (props.metadata as { labels?: Record<string, string> } | undefined)?.labels ?? {};
            const server = type === "kubernetes:apps/v1:StatefulSet" && servers.includes(labels["app.kubernetes.io/name"] ?? "");
            return server && !atLeastTwo((props.spec as { replicas?: number }).replicas) ? ["it has less than 2 replicas"] : [];
        },
    },
];

function readable(object: StackObject): string[] {
    const data = object.type === "kubernetes:core/v1:ConfigMap" ? ((object.props.data ?? {}) as Record<string, string>) : {};
    const files = Object.entries(data).flatMap(([file, text]) => [
        ...(isReadableSecret(file, text) ? [`the key ${file} is readable by everyone in the namespace`] : []),
        ...readableSecrets(text).map((key) => `${key} in ${file} is readable by everyone in the namespace`),
    ]);
    const pods = podsOf(object).flatMap(({ pod }) =>
        containersOf(pod).flatMap(({ name, env = [], command = [], args = [] }) => [
            ...env
                .filter((variable) => isReadableSecret(variable.name, variable.value ?? ""))
                .map((variable) => `${name}: the variable ${variable.name} holds a secret; take it from a Secret`),
            ...(readableSecrets([...command, ...args].map((word) => word.replace(/^--?/, "")).join("\n")).length > 0
                ? [`${name}: the command holds a secret; take it from a Secret`]
                : []),
        ]),
    );
    return [...files, ...pods];
}

interface PolicySpec {
    podSelector: object;
    policyTypes: string[];
    ingress: unknown[];
    egress: unknown[];
}

/** Namespaces with pods in which not everything is closed that no policy opens. */
export function openNamespaces(objects: StackObject[]): string[] {
    const closed = new Set(objects.filter(deniesEverything).map(namespaceOf));
    const namespaces = new Set(objects.filter((object) => podsOf(object).some(({ executor }) => !executor)).map(namespaceOf));
    return [...namespaces].filter((namespace) => !closed.has(namespace));
}

function deniesEverything({ type, props }: StackObject): boolean {
    const empty: PolicySpec = { podSelector: {}, policyTypes: [], ingress: [], egress: [] };
    const { podSelector, policyTypes, ingress, egress }: PolicySpec = { ...empty, ...(props.spec as object) };
    const policy = type === "kubernetes:networking.k8s.io/v1:NetworkPolicy" && Object.keys(podSelector).length === 0;
    return policy && policyTypes.includes("Ingress") && policyTypes.includes("Egress") && ingress.length + egress.length === 0;
}
