import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { Checks, type Check } from "../internal/checks";
import { pods, tcp } from "../internal/network";
import type { SparkConf } from "../internal/spark-properties";
import { existingObject, httpUrl, present, s3aDirectory } from "../internal/values";
import { clusterEndpoint, type ClusterEndpoint, type DatabaseConnection } from "../storage/connections";
import { databaseConnection } from "../storage/database";

type EnvVar = k8s.types.input.core.v1.EnvVar;
type Egress = k8s.types.input.networking.v1.NetworkPolicyEgressRule;

/** Where a catalog keeps which tables there are. A directory alone (Iceberg's hadoop kind) is not among them: on S3 two writers lose data. */
export const IcebergCatalogKind = { Hive: "hive", Rest: "rest", Jdbc: "jdbc", Glue: "glue" } as const;

/** A catalog of Iceberg tables. Data and metadata are read and written through the same store as everything else (s3a). */
export interface IcebergCatalog {
    /** hive: a Hive Metastore; rest: a service with Iceberg's REST API; jdbc: a PostgreSQL database; glue: AWS Glue, in the region of the store and as whom the store is used. Plain: decides what else is needed. */
    kind: string;
    /** Directory of the tables, for example s3a://warehouse/iceberg; for rest the service's name of it. Default: what the catalog itself says; needed for jdbc and glue. */
    warehouse?: pulumi.Input<string>;
    /** Address: https://host of a rest catalog, thrift://host:9083 of a hive one. Default: the metastore of the server. */
    uri?: pulumi.Input<string>;
    /** Secret with the key `token`, which a rest catalog asks for. Plain as to whether it is given. Default: none. */
    tokenSecret?: pulumi.Input<string>;
    /** Database of a jdbc catalog. Iceberg makes its two tables there. Plain as to whether it is given. Default: none. */
    database?: pulumi.Input<DatabaseConnection>;
    /** The pods behind the address when it is inside the cluster. Default: none, network policies allow any address at its port. */
    clusterEndpoint?: pulumi.Input<ClusterEndpoint>;
}

/** Iceberg tables: catalogs by the names that queries call them by. */
export interface Iceberg {
    /** Catalogs: `SELECT * FROM name.schema.table`. Plain: decides what the servers need to reach them. */
    catalogs: Record<string, IcebergCatalog>;
    /** Whether the built-in catalog keeps Iceberg tables too (CREATE TABLE … USING iceberg); needs a metastore. Default: false. */
    sessionCatalog?: pulumi.Input<boolean>;
}

export type IcebergCatalogFacts = pulumi.Unwrap<IcebergCatalog>;

export interface IcebergFacts {
    catalogs: Record<string, IcebergCatalogFacts>;
    sessionCatalog?: boolean;
}

const extensions = "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions";

/** Settings that the arguments decide. */
export const icebergOwnedKeys = (catalogs: string[]): Record<string, string> =>
    Object.fromEntries(
        catalogs.flatMap((name) =>
            [`spark.sql.catalog.${name}`, `spark.sql.catalog.${name}.`].map((key) => [key, `iceberg.catalogs["${name}"]`]),
        ),
    );

/** Settings of all catalogs. Keys and passwords never stand here: a client may read every setting of its server. */
export function icebergConf({ catalogs, sessionCatalog }: IcebergFacts, region?: string): SparkConf {
    return {
        "spark.sql.extensions": extensions,
        ...(sessionCatalog && {
            "spark.sql.catalog.spark_catalog": "org.apache.iceberg.spark.SparkSessionCatalog",
            "spark.sql.catalog.spark_catalog.type": "hive",
        }),
        ...Object.fromEntries(Object.entries(catalogs).flatMap(([name, catalog]) => Object.entries(catalogConf(name, catalog, region)))),
    };
}

function catalogConf(name: string, { kind, uri, warehouse, tokenSecret }: IcebergCatalogFacts, region?: string): SparkConf {
    const settings: SparkConf = {
        type: kind,
        uri: kind === IcebergCatalogKind.Jdbc ? `jdbc:postgresql:///?service=${name}` : uri,
        warehouse,
        // S3A, as for every other table: one configuration of the store, and one set of keys.
        "io-impl": "org.apache.iceberg.hadoop.HadoopFileIO",
        // Iceberg itself asks the environment for the value.
        token: tokenSecret === undefined ? undefined : `env:${variable(name, "TOKEN")}`,
        // Without one the SDK would look for it in the environment, and then at the machine's own address, which network policies close.
        "client.region": kind === IcebergCatalogKind.Glue ? region : undefined,
        "jdbc.schema-version": kind === IcebergCatalogKind.Jdbc ? "V1" : undefined,
    };
    const prefix = `spark.sql.catalog.${name}`;
    return {
        [prefix]: "org.apache.iceberg.spark.SparkCatalog",
        ...Object.fromEntries(Object.entries(settings).map(([key, value]) => [`${prefix}.${key}`, value])),
    };
}

const variable = (catalog: string, what: string): string => `ICEBERG_${catalog.toUpperCase()}_${what}`;

/** Environment of drivers, which alone talk to catalogs: what a catalog asks for as proof of who they are. */
export function icebergEnvironment(iceberg: Iceberg | undefined): pulumi.Output<EnvVar[]> {
    const each = Object.entries(iceberg?.catalogs ?? {}).map(([name, { tokenSecret, database }]) =>
        pulumi
            .all([tokenSecret, database])
            .apply(([token, of]) => [
                ...(token === undefined ? [] : [fromSecret(variable(name, "TOKEN"), token, "token")]),
                ...(of === undefined
                    ? []
                    : ["username", "password"].map((key) => fromSecret(variable(name, key.toUpperCase()), of.credentialsSecret, key))),
            ]),
    );
    return pulumi.all(each).apply((lists) => lists.flat());
}

const fromSecret = (name: string, secret: string, key: string): EnvVar => ({ name, valueFrom: { secretKeyRef: { name: secret, key } } });

const databases = (iceberg: Iceberg | undefined) =>
    Object.entries(iceberg?.catalogs ?? {}).flatMap(([name, { database }]) => (database === undefined ? [] : [{ name, database }]));

const authorityDirectory = (catalog: string): string => `/etc/spark-platform/iceberg/${catalog}`;

/** Certificates of the databases' authorities, for drivers. The path is the same whether there is one or not; then it is empty. */
export function icebergVolumes(iceberg: Iceberg | undefined): k8s.types.input.core.v1.Volume[] {
    return databases(iceberg).map(({ name, database }) => ({
        name: volumeName(name),
        projected: pulumi.output(database).apply(({ caSecret }) => ({
            sources: caSecret === undefined ? [] : [{ secret: { name: caSecret, items: [{ key: "ca.crt", path: "ca.crt" }] } }],
        })),
    }));
}

export function icebergMounts(iceberg: Iceberg | undefined): k8s.types.input.core.v1.VolumeMount[] {
    return databases(iceberg).map(({ name }) => ({ name: volumeName(name), mountPath: authorityDirectory(name), readOnly: true }));
}

const volumeName = (catalog: string): string => `iceberg-${catalog.replaceAll("_", "-")}`;

/** Where the JDBC driver looks for what a catalog's `service=` stands for. */
const serviceFile = "/tmp/pg_service.conf";

/**
 * Shell commands in front of a driver: they write what the JDBC driver needs to a file that only the driver's pod has, since its
 * settings could be read by every client.
 */
export function icebergPreparation({ catalogs }: IcebergFacts): string[] {
    const sections = Object.entries(catalogs).flatMap(([name, { database }]) => (database === undefined ? [] : [section(name, database)]));
    return sections.length === 0 ? [] : [`(umask 077; { ${sections.join(" ")} } >${serviceFile})`, `export PGSERVICEFILE=${serviceFile}`];
}

function section(name: string, { host, port, database, sslMode, caSecret }: pulumi.Unwrap<DatabaseConnection>): string {
    const facts = [
        `[${name}]`,
        `host=${host}`,
        `port=${port ?? 5432}`,
        `dbname=${database}`,
        `sslmode=${sslMode ?? (caSecret === undefined ? "require" : "verify-full")}`,
        ...(caSecret === undefined ? [] : [`sslrootcert=${authorityDirectory(name)}/ca.crt`]),
    ];
    const secrets = ["username", "password"].map((key) => `"$${variable(name, key.toUpperCase())}"`).join(" ");
    return `printf '%s\\n' ${facts.map((fact) => `'${fact}'`).join(" ")}; printf 'user=%s\\npassword=%s\\n' ${secrets};`;
}

/** What a driver must reach so that its catalogs work: host and port, and what they are. */
export function icebergTargets({ catalogs }: IcebergFacts): { what: string; host: string; port: number }[] {
    return Object.entries(catalogs).flatMap(([name, { uri, database }]) => {
        const what = `Iceberg catalog "${name}"`;
        if (database !== undefined) {
            return [{ what, host: database.host, port: database.port ?? 5432 }];
        }
        return uri === undefined ? [] : [{ what, ...hostAndPort(uri) }];
    });
}

function hostAndPort(uri: string): { host: string; port: number } {
    const [, scheme = "", host = "", port] = /^([a-z]+):\/\/([^/:,]+)(?::([0-9]+))?/.exec(uri) ?? [];
    return { host, port: Number(port ?? { http: 80, https: 443, thrift: 9083 }[scheme]) };
}

/** Where a kind of catalog is that has no address of its own. */
const addresses: Record<string, string> = { glue: "https://glue.amazonaws.com" };

/** Ways out of drivers to their catalogs. */
export function toIceberg({ catalogs }: IcebergFacts): Egress[] {
    return Object.values(catalogs).flatMap((catalog) => {
        const endpoint = catalog.database?.clusterEndpoint ?? catalog.clusterEndpoint;
        const port = endpoint?.port ?? portOf(catalog);
        const to = endpoint ? pods(endpoint.podLabels, endpoint.namespace) : { ipBlock: { cidr: "0.0.0.0/0", except: ["169.254.0.0/16"] } };
        return port === undefined ? [] : [{ to: [to], ports: tcp(port) }];
    });
}

function portOf({ kind, uri = addresses[kind], database }: IcebergCatalogFacts): number | undefined {
    if (database !== undefined) {
        return database.port ?? 5432;
    }
    return uri === undefined ? undefined : hostAndPort(uri).port;
}

/** Labels that let a driver through to its catalogs. */
export function icebergClientLabels(iceberg: IcebergFacts | undefined): Record<string, string> {
    return Object.assign(
        {},
        ...Object.values(iceberg?.catalogs ?? {}).map(({ database, clusterEndpoint }) => ({
            ...clusterEndpoint?.clientLabels,
            ...database?.clusterEndpoint?.clientLabels,
        })),
    ) as Record<string, string>;
}

/** Checks catalogs; what comes back must be used. */
export function resolveIceberg(checks: Checks, iceberg: Iceberg, hasMetastore: boolean): Iceberg {
    checks.plain("iceberg.catalogs", Object.keys(iceberg.catalogs), (names) =>
        names.length > 0 ? undefined : "is empty; give at least one",
    );
    const sessionCatalog = checks.optional("iceberg.sessionCatalog", iceberg.sessionCatalog, (wanted) =>
        wanted && !hasMetastore ? "needs a metastore; give one, or name a catalog of its own" : undefined,
    );
    const catalogs = Object.entries(iceberg.catalogs).map(
        ([name, catalog]) => [name, resolveCatalog(checks, name, catalog, hasMetastore)] as const,
    );
    return { ...iceberg, sessionCatalog, catalogs: Object.fromEntries(catalogs) };
}

function resolveCatalog(checks: Checks, name: string, catalog: IcebergCatalog, hasMetastore: boolean): IcebergCatalog {
    const field = `iceberg.catalogs["${name}"]`;
    checks.plain(field, name, catalogName);
    checks.plain(`${field}.kind`, catalog.kind, kindOf);
    const check = needs[catalog.kind];
    checks.plain(field, catalog, (given) => check?.(given, hasMetastore));
    return {
        ...catalog,
        warehouse: checks.optional(
            `${field}.warehouse`,
            catalog.warehouse,
            catalog.kind === IcebergCatalogKind.Rest ? present : s3aDirectory,
        ),
        uri: checks.optional(`${field}.uri`, catalog.uri, catalog.kind === IcebergCatalogKind.Hive ? thriftUris : restUri),
        tokenSecret: checks.optional(`${field}.tokenSecret`, catalog.tokenSecret, existingObject),
        database: checks.optional(`${field}.database`, catalog.database, databaseConnection),
        clusterEndpoint: checks.optional(`${field}.clusterEndpoint`, catalog.clusterEndpoint, clusterEndpoint),
    };
}

/** A name in SQL that is also part of an environment variable's. */
const catalogName: Check<string> = (name) =>
    /^[a-z][a-z0-9_]{0,40}$/.test(name) && name !== "spark_catalog"
        ? undefined
        : 'is no name for a catalog; use lower-case letters, digits and "_"; spark_catalog is the built-in one';

const kinds = Object.values<string>(IcebergCatalogKind);

const kindOf: Check<string> = (kind) => (kinds.includes(kind) ? undefined : `"${kind}" is not one of ${kinds.join(", ")}`);

const restUri: Check<string> = (uri) => httpUrl(uri.replace(/^(https?:\/\/[^/]+)\/[A-Za-z0-9._/-]*$/, "$1"));

const thriftUris: Check<string> = (uris) =>
    uris.split(",").every((uri) => /^thrift:\/\/[A-Za-z0-9.-]+:[0-9]+$/.test(uri))
        ? undefined
        : `"${uris}" is not the address of a metastore; write it like "thrift://host:9083"`;

/** What each kind needs, and what would be without effect. */
const needs: Record<string, (catalog: IcebergCatalog, hasMetastore: boolean) => string | undefined> = {
    hive: ({ uri, tokenSecret, database }, hasMetastore) =>
        superfluous({ tokenSecret, database }) ??
        (uri === undefined && !hasMetastore ? "has no address; give uri, or a metastore" : undefined),
    rest: ({ uri, database }) => superfluous({ database }) ?? (uri === undefined ? "has no address; give uri" : undefined),
    jdbc: ({ uri, tokenSecret, clusterEndpoint, database, warehouse }) =>
        superfluous({ uri, tokenSecret, clusterEndpoint }) ??
        (database === undefined ? "has no database; give database" : noDirectory(warehouse)),
    glue: ({ uri, tokenSecret, clusterEndpoint, database, warehouse }) =>
        superfluous({ uri, tokenSecret, clusterEndpoint, database }) ?? noDirectory(warehouse),
};

const noDirectory = (warehouse: unknown): string | undefined =>
    warehouse === undefined ? "has no directory for its tables; give warehouse" : undefined;

function superfluous(fields: object): string | undefined {
    const given = Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [name]));
    return given.length === 0 ? undefined : `has ${given.join(" and ")}, which its kind does not use`;
}
