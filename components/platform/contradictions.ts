import { lineOf, newestTested } from "../internal/spark-versions";
import type { SparkPlatformArgs } from "./args";

/** What two fields say, and cannot both be meant: told under one of them, naming the other. */
export interface Contradiction {
    field: string;
    says: string | undefined;
}

/** Every pair of fields that was judged, with nothing said about those that go together. */
export function contradictions(args: SparkPlatformArgs): Contradiction[] {
    return [
        { field: "objectStore", says: oneStore(args) },
        { field: "historyServer", says: logsToShow(args) },
        { field: "historyServer.retention", says: oneOwnerOfLogs(args) },
        { field: "historyPortal", says: portalWithoutServer(args) },
        { field: "storage.credentialsFromSecrets", says: keysFromSomewhere(args) },
        { field: "secrets.vaultAgent", says: agentWithoutFiles(args) },
        { field: "aws.identity.clusterName", says: podIdentityOfOldSpark(args) },
        { field: "ingress.connect", says: grpcInItsOwnTls(args) },
        { field: "ingress.connect.annotations", says: wordsForGrpc(args) },
        { field: "ingress", says: nothingBehind(args) },
        ...clustersOf(args),
        ...sessionsOf(args),
        ...databasesOf(args),
        { field: "mlflow.artifacts", says: directoryOf(args, args.mlflow, args.mlflow?.artifacts) },
        { field: "airflow.taskLogs", says: directoryOf(args, args.airflow, args.airflow?.taskLogs) },
        { field: "hiveMetastore", says: warehouseOf(args) },
        { field: "observability", says: somethingToSee(args) },
    ];
}

function oneStore({ objectStore, storage, aws }: SparkPlatformArgs): string | undefined {
    const others = [storage && "storage", aws?.buckets && "aws.buckets"].filter((other) => other !== undefined);
    if (objectStore !== undefined && others.length > 0) {
        return `is given together with ${others.join(" and ")}; give one of them`;
    }
    return others.length > 1 ? "is left out, but storage and aws.buckets are both given; give one of them" : undefined;
}

function logsToShow({ historyServer, storage }: SparkPlatformArgs): string | undefined {
    return historyServer && storage && storage.eventLogDirectory === undefined
        ? "has no logs to show; give storage.eventLogDirectory too"
        : undefined;
}

function oneOwnerOfLogs({ historyServer, aws }: SparkPlatformArgs): string | undefined {
    return historyServer?.retention !== undefined && aws?.buckets?.eventLogDays !== undefined
        ? "is given together with aws.buckets.eventLogDays; one of the two deletes old logs"
        : undefined;
}

const portalWithoutServer = ({ historyPortal, historyServer }: SparkPlatformArgs): string | undefined =>
    historyPortal && historyServer === undefined ? "shows the platform's own history first; give historyServer too" : undefined;

/** Values made here open no store that exists already. */
function keysFromSomewhere({ storage, secrets }: SparkPlatformArgs): string | undefined {
    if (!storage?.credentialsFromSecrets) {
        return undefined;
    }
    const providers = ["aws", "vault", "azure", "gcp", "ibm", "sealed", "vaultAgent"] as const;
    return providers.some((provider) => secrets?.[provider] !== undefined)
        ? undefined
        : `is true, but secrets ${secrets === undefined ? "is not given" : "makes them up"}; give one of ${providers.map((each) => `secrets.${each}`).join(", ")}`;
}

const agentWithoutFiles = ({ storage, secrets }: SparkPlatformArgs): string | undefined =>
    secrets?.vaultAgent && !storage?.credentialsFromSecrets && secrets.named === undefined
        ? "brings files for nobody; give storage.credentialsFromSecrets or secrets.named, or another provider"
        : undefined;

/** The oldest SDK of a line that the platform runs decides. */
function podIdentityOfOldSpark(args: SparkPlatformArgs): string | undefined {
    const old = Object.entries(versionsOf(args)).find(([, version]) => lineOf(version) === "3.5");
    return args.aws?.identity?.clusterName !== undefined && old !== undefined
        ? `is EKS Pod Identity, which Spark 3.5 does not know, and ${old.join(" is ")}; give aws.identity.oidcProviderArn in its place`
        : undefined;
}

/** Versions of Spark that reach the store, by the fields that say them. */
function versionsOf({ connect, standalone, classic, sparkVersion = newestTested }: SparkPlatformArgs): Record<string, string> {
    const servers = Object.entries({ connect, standalone, classic }).flatMap(([kind, named]) =>
        Object.entries<{ sparkVersion?: string }>(named ?? {}).map(([name, server]) => [
            `${kind}["${name}"].sparkVersion`,
            server.sparkVersion ?? sparkVersion,
        ]),
    );
    return { sparkVersion, ...(Object.fromEntries(servers) as Record<string, string>) };
}

/** A route of the Gateway API cannot say that what is behind it speaks TLS. */
function grpcInItsOwnTls({ ingress, connect = {} }: SparkPlatformArgs): string | undefined {
    const encrypted = Object.keys(connect).filter((name) => connect[name]?.tls !== undefined);
    return ingress?.connect && ingress.ingressClass === undefined && encrypted.length > 0
        ? `leads to connect["${encrypted.join('"], connect["')}"], which ${encrypted.length > 1 ? "speak" : "speaks"} TLS itself, by the Gateway API; give ingress.ingressClass, or no tls there`
        : undefined;
}

const wordsForGrpc = ({ ingress }: SparkPlatformArgs): string | undefined =>
    ingress?.connect && ingress.ingressClass !== undefined && ingress.connect.annotations === undefined
        ? "is missing: with ingressClass, write what its controller wants to know of gRPC, or use gatewayClass or gateway"
        : undefined;

function nothingBehind(args: SparkPlatformArgs): string | undefined {
    const { ingress, historyServer, mlflow, airflow, jupyterHub, jupyterLab = {}, standalone = {}, connect = {} } = args;
    const web = [historyServer, mlflow, airflow, jupyterHub, ...Object.values(jupyterLab), ...Object.values(standalone)];
    const all = [...web, ...(ingress?.connect ? Object.values(connect) : [])];
    return ingress && all.every((part) => part === undefined)
        ? "leads nowhere; give historyServer, mlflow, airflow, jupyterHub, jupyterLab or standalone, or ingress.connect"
        : undefined;
}

/** A name that nobody has. */
const noneOf = (what: string, section: string, given: object, name: string | undefined): string | undefined =>
    name === undefined || name in given
        ? undefined
        : `"${name}" is none of the platform's ${what}; there is ${Object.keys(given).join(", ") || `none, give one in ${section}`}`;

const clustersOf = ({ connect, classic, standalone = {} }: SparkPlatformArgs): Contradiction[] =>
    Object.entries({ connect, classic }).flatMap(([kind, named]) =>
        Object.entries<{ standalone?: string }>(named ?? {}).map(([name, { standalone: cluster }]) => ({
            field: `${kind}["${name}"].standalone`,
            says: noneOf("Standalone clusters", "standalone", standalone, cluster),
        })),
    );

/** Classic sessions and who starts them: their drivers run in pods of others. */
const sessionsOf = (args: SparkPlatformArgs): Contradiction[] => [
    ...Object.entries(args.classic ?? {}).map(([name, { standalone, image }]) => ({
        field: `classic["${name}"].image`,
        says: standalone !== undefined && image !== undefined ? "has no effect: executors run in the workers of standalone" : undefined,
    })),
    ...[
        ["airflow", args.airflow] as const,
        ...Object.entries(args.jupyterLab ?? {}).map(([name, lab]) => [`jupyterLab["${name}"]`, lab] as const),
    ].map(([path, tool]) => ({ field: `${path}.classic`, says: sessionsFor(args, tool ?? {}) })),
];

/** Driver and executors speak a protocol that changes with every version. */
function sessionsFor({ classic = {}, sparkVersion: common = newestTested }: SparkPlatformArgs, tool: DriverTool): string | undefined {
    const found = classic[tool.classic ?? ""];
    const [theirs, own] = [found?.sparkVersion ?? common, tool.sparkVersion ?? common];
    return found !== undefined && theirs !== own
        ? `"${tool.classic}" is on Spark ${theirs}, and what starts its sessions has ${own} in its image; give both one sparkVersion`
        : noneOf("classic sessions", "classic", classic, tool.classic);
}

interface DriverTool {
    sparkVersion?: string;
    classic?: string;
}

const consumers = ["hiveMetastore", "mlflow", "airflow"] as const;
const databases = ["database", "postgres", "awsPostgres"] as const;

const databasesOf = (args: SparkPlatformArgs): Contradiction[] =>
    consumers.flatMap((part) => [
        { field: `${part}.database`, says: oneDatabase(args, part) },
        {
            field: `${part}.awsPostgres`,
            says: args[part]?.awsPostgres && args.aws === undefined ? "is a service of AWS; give aws.region too" : undefined,
        },
        { field: `${part}.backup.bucket`, says: bucketOf(args, part) },
    ]);

function oneDatabase(args: SparkPlatformArgs, part: (typeof consumers)[number]): string | undefined {
    const given = databases.filter((kind) => args[part]?.[kind] !== undefined);
    const others = given.filter((kind) => kind !== "database");
    if (given.length < 2) {
        return undefined;
    }
    return given.includes("database")
        ? `is given together with ${others.join(" and ")}; give one of them`
        : `is left out, but ${others.join(" and ")} are both given; give one of them`;
}

/** A bucket that nobody makes is found out at two in the night. */
function bucketOf(args: SparkPlatformArgs, part: (typeof consumers)[number]): string | undefined {
    const { bucket, s3 } = args[part]?.backup ?? {};
    const elsewhere = args.storage ?? args.aws?.buckets ?? s3;
    const made = bucketsOf(args);
    return elsewhere !== undefined || typeof bucket !== "string" || made.includes(bucket)
        ? undefined
        : `"${bucket}" is none of objectStore.buckets, which are ${made.join(", ")}; add it there`;
}

/** As far as they are known by now. */
function bucketsOf({ objectStore }: SparkPlatformArgs): string[] {
    const given = objectStore?.buckets ?? ["warehouse"];
    return Array.isArray(given) ? given.filter((bucket) => typeof bucket === "string") : [];
}

const directoryOf = ({ storage }: SparkPlatformArgs, part: object | undefined, directory: unknown): string | undefined =>
    storage !== undefined && part !== undefined && directory === undefined
        ? "is missing; with storage the platform makes no bucket, so name a directory in one"
        : undefined;

const warehouseOf = ({ hiveMetastore, storage }: SparkPlatformArgs): string | undefined =>
    hiveMetastore && storage && storage.warehouse === undefined ? "has no place for tables; give storage.warehouse too" : undefined;

/** Servers and applications that are watched one by one count, too. */
function somethingToSee({ observability, monitoring, ...parts }: SparkPlatformArgs): string | undefined {
    const { connect, standalone, sparkSubmit, sparkApplication, scheduledSparkApplication } = parts;
    const drivers: Record<string, { monitoring?: object }>[] = [
        { platform: { monitoring } },
        ...[connect, standalone, sparkSubmit, sparkApplication, scheduledSparkApplication].map((named) => named ?? {}),
    ];
    return observability && drivers.every((named) => Object.values(named).every((one) => one.monitoring === undefined))
        ? "has nothing to show; give monitoring too, of the platform, of a server or of an application"
        : undefined;
}
