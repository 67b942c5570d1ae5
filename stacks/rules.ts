import { keysAt, placesOf } from "./hints";
import { shown, type Finding } from "./problem";
import { environments, stackSchema, type Environment } from "./schema";

/** A section of the file whose values are not known to be well-formed. */
export type Raw = Record<string, unknown>;

/** What must hold beyond the form of each single value. */
export interface Rule {
    /** Where it holds. Default: everywhere. */
    in?: readonly Environment[];
    /** Key of the file; `*` stands for every entry of a section. */
    path: string;
    /** Judges a value, which may be missing, by itself or beside the other values of its section. */
    holds: (value: unknown, section: Raw, key: string, file: Raw) => boolean;
    expected: string;
}

export const beyondDev = environments.filter((environment) => environment !== "dev");

const given = (value: unknown) => value !== undefined && value !== null && value !== "";
export const atLeastTwo = (value: unknown) => given(value) && Number(value) >= 2;
const notSandbox = (value: unknown) => typeof value !== "string" || !value.startsWith("spark-platform.local");

/** Whether an image is named so that it is the same one tomorrow: by a digest, or by a tag other than `latest`. */
export function isPinned(image: string): boolean {
    const [, tag] = /:([^/:@]+)$/.exec(image) ?? [];
    return image.includes("@sha256:") || (tag !== undefined && tag !== "latest");
}

/** What is well-formed and still makes no sense, beside what the bricks themselves refuse. */
const everywhere: Rule[] = [
    {
        path: "storage",
        holds: (storage, _, __, { objectStore, aws }) => given(storage) || given(objectStore) || given((aws as Raw | undefined)?.buckets),
        expected: "storage (an S3 store that exists), or objectStore (one of the platform's own) or aws.buckets in its place",
    },
    {
        path: "storage.s3.credentialsSecret",
        holds: (secret, s3, _, { storage }) =>
            given(secret) || given(s3.credentialsFile) || !given(s3.endpoint) || (storage as Raw).credentialsFromSecrets === true,
        expected:
            "the name of a Secret with the keys access-key and secret-key, or storage.credentialsFromSecrets, because only AWS itself knows the cloud identity of pods",
    },
    {
        path: "connect.*",
        // The name becomes part of the names of pods, to which Kubernetes and Spark add some of their own.
        holds: (_, __, name) => name.length <= 30,
        expected: "a name of at most 30 characters",
    },
];

const ofEnvironment = (name: unknown, environment: unknown) =>
    typeof name === "string" && typeof environment === "string" && (name === environment || name.endsWith(`-${environment}`));

/** The part of an ARN that tells whose secrets they are. */
const secretOf = (arn: unknown) => (typeof arn === "string" ? (/:secret:([^/]+)\//.exec(arn)?.[1] ?? "") : "");

/** No environment reads another's secrets: their paths begin with the environment's name. */
const isolation: Rule[] = [
    {
        path: "secrets.environment",
        holds: (name, _, __, { environment }) => ofEnvironment(name, environment),
        expected:
            'the name of this environment, or one that ends in "-" and it: the paths of secrets begin with it, and no environment reads another\'s',
    },
    {
        path: "aws.identity.secretArns.*",
        holds: (arn, _, __, { secrets }) => secretOf(arn) === (secrets as Raw | undefined)?.environment,
        expected: "an ARN whose name begins with secrets.environment and a slash, so that no environment reads another's",
    },
];

// The schema itself says where these are, so that a new part of the platform cannot be forgotten here.
const images = placesOf(stackSchema, (_, hint) => hint?.software === "image");
const keepsData = placesOf(stackSchema, (key) => key === "protectData");
const backedUp = keysAt(stackSchema, []).filter((part) => keysAt(stackSchema, [part]).includes("backup"));

/** What AWS keeps is protected unless the file says no, what the cluster keeps only when the file says so. */
const byAws = (path: string) => /\b(aws|awsPostgres)\./.test(path);

/** What stands between a slip in a file and an accident in an environment that people rely on. */
export const guards: Rule[] = [
    {
        in: beyondDev,
        path: "cluster.context",
        holds: given,
        expected: "the context to deploy to, so that nothing lands in the cluster that happens to be current",
    },
    {
        in: beyondDev,
        path: "images.registry",
        holds: notSandbox,
        expected: "a registry of your own: the sandbox's images exist in no other cluster",
    },
    ...images.map((path) => ({
        in: beyondDev,
        path,
        holds: (image: unknown) => typeof image !== "string" || isPinned(image),
        expected: "an image with a digest or a version other than latest",
    })),
    ...keepsData.map((path) => ({
        in: beyondDev,
        path,
        // A hub whose database stands elsewhere has no volume.
        holds: (kept: unknown, section: Raw) => kept === true || (!given(kept) && (byAws(path) || given(section.database))),
        expected: "true: a slip must not delete the data",
    })),
    ...backedUp.map((part) => ({
        in: ["prod"] as const,
        path: `${part}.backup`,
        holds: (backup: unknown, section: Raw) => given(backup) || given(section.database),
        expected: "a section: prod can restore what it keeps in a database of its own",
    })),
    {
        in: beyondDev,
        path: "ingress.tls.terminatedElsewhere",
        holds: (elsewhere) => elsewhere !== true,
        expected: "secret or issuer in its place: passwords do not travel in the clear",
    },
    {
        in: ["prod"],
        path: "objectStore",
        holds: (store) => !given(store),
        expected: "storage in its place: prod keeps its data in a store that outlives it",
    },
    { in: ["prod"], path: "connect.*.replicas", holds: atLeastTwo, expected: "at least 2 in prod" },
    { in: ["prod"], path: "historyServer.replicas", holds: atLeastTwo, expected: "at least 2 in prod" },
];

/** Everything that breaks a rule, also in a file that has other problems. */
export function brokenRules(file: Raw): Finding[] {
    return [...everywhere, ...isolation, ...guards]
        .filter((rule) => rule.in === undefined || rule.in.some((environment) => environment === file.environment))
        .flatMap((rule) =>
            places(file, rule.path.split("."))
                .filter(({ section, key }) => !rule.holds(section[key], section, key, file))
                .map(({ section, key, field }) => ({
                    field,
                    found: shown(rule.path.endsWith("*") && !Array.isArray(section) ? key : section[key]),
                    expected: rule.expected,
                })),
        );
}

interface Place {
    section: Raw;
    key: string;
    field: string;
}

/** Where a rule's path leads: to nothing when a section on the way is left out. */
function places(section: unknown, [first = "*", ...rest]: string[], around: string[] = []): Place[] {
    if (typeof section !== "object" || section === null) {
        return [];
    }
    const keys = first === "*" ? Object.keys(section) : [first];
    return keys.flatMap((key) => {
        const path = Array.isArray(section) ? [...around.slice(0, -1), `${around.at(-1)}[${key}]`] : [...around, key];
        return rest.length === 0 ? [{ section: section as Raw, key, field: path.join(".") }] : places((section as Raw)[key], rest, path);
    });
}
