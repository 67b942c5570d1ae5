import type * as pulumi from "@pulumi/pulumi";

import { awsTags, keyArn } from "../../internal/aws";
import { Checks, type Check } from "../../internal/checks";
import { withDefaults } from "../../internal/defaults";
import { mebibytes, memorySize } from "../../internal/memory";
import { databaseName, dnsLabel, present, wholeNumber } from "../../internal/values";

/** What a database of RDS is like. */
export interface AwsPostgresSettings {
    /** Id of the network (VPC) to stand in. */
    vpcId: pulumi.Input<string>;
    /** Ids of its private subnets, in two zones at least. */
    subnetIds: pulumi.Input<pulumi.Input<string>[]>;
    /** Ids of the security groups that may connect: that of the cluster's nodes or pods. */
    clientSecurityGroupIds: pulumi.Input<pulumi.Input<string>[]>;
    /** Database to make. Changing it replaces the server. Default: spark. */
    database?: pulumi.Input<string>;
    /** User that owns it. Changing it replaces the server. Default: spark. */
    username?: pulumi.Input<string>;
    /**
     * Secret of the namespace that External Secrets brings the password to (see `PlatformSecrets`): then AWS makes the password, keeps
     * it in Secrets Manager and changes it every week. Default: none, the password is generated and the Secret is made here.
     */
    credentialsSecret?: pulumi.Input<string>;
    /** Secret with the key ca.crt that holds the certificates of RDS: then the server's is checked. Default: none, TLS is asked for without. */
    caSecret?: pulumi.Input<string>;
    /** Major version of PostgreSQL. The programs that make backups must be of the same or a newer one. Default: 15. */
    version?: pulumi.Input<string>;
    /** Kind of machine. Default: db.t4g.medium. */
    instanceClass?: pulumi.Input<string>;
    /** Disk to begin with, at least 20g. Default: 20g. */
    storage?: pulumi.Input<string>;
    /** Disk that it may grow to by itself. Default: 100g. */
    maximumStorage?: pulumi.Input<string>;
    /** Whether a second machine in another zone takes over when the first one fails. Default: true. */
    standby?: pulumi.Input<boolean>;
    /** Days that AWS's own backups are kept, at most 35. Default: 7. */
    backupDays?: pulumi.Input<number>;
    /** Key that encrypts disk, backups and password. Default: AWS's own. Changing it replaces the server. */
    kmsKeyArn?: pulumi.Input<string>;
    /** Whether the server refuses to be destroyed, by AWS and by Pulumi. Plain: the engine must know it beforehand. Default: true. */
    protectData?: boolean;
    /** Tags of everything made. Default: none. */
    tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** Arguments of `AwsPostgres`. */
export interface AwsPostgresArgs extends AwsPostgresSettings {
    /** Namespace of the consumer, where the Secret with the credentials is. */
    namespace: pulumi.Input<string>;
}

/** The arguments with every default filled in. */
export interface ResolvedAwsPostgres extends AwsPostgresArgs {
    name: string;
    subnetIds: pulumi.Input<string[]>;
    clientSecurityGroupIds: pulumi.Input<string[]>;
    database: pulumi.Input<string>;
    username: pulumi.Input<string>;
    version: pulumi.Input<string>;
    instanceClass: pulumi.Input<string>;
    storage: pulumi.Input<string>;
    maximumStorage: pulumi.Input<string>;
    standby: pulumi.Input<boolean>;
    backupDays: pulumi.Input<number>;
    protectData: boolean;
}

const defaults = {
    database: "spark",
    username: "spark",
    version: "15",
    instanceClass: "db.t4g.medium",
    storage: "20g",
    maximumStorage: "100g",
    standby: true,
    backupDays: 7,
    protectData: true,
};

const idOf =
    (kind: string): Check<string> =>
    (value) =>
        new RegExp(`^${kind}-[0-9a-f]{8,17}$`).test(value)
            ? undefined
            : `${JSON.stringify(value)} is not an id like "${kind}-0123456789abcdef0"`;

const eachId =
    (kind: string, least: number): Check<string[]> =>
    (ids) =>
        ids.length < least ? `has ${ids.length} of at least ${least}` : ids.map(idOf(kind)).find((problem) => problem !== undefined);

const major: Check<string> = (value) =>
    /^1[4-9]$/.test(value) ? undefined : `${JSON.stringify(value)} is not a major version of PostgreSQL from "14" to "19"`;

const instanceClass: Check<string> = (value) =>
    /^db\.[a-z0-9-]+\.[a-z0-9-]+$/.test(value)
        ? undefined
        : `${JSON.stringify(value)} is not a kind of machine of RDS; write it like "db.t4g.medium"`;

/** Words that RDS keeps for itself. */
const masterName: Check<string> = (value) =>
    ["admin", "rdsadmin", "postgres"].includes(value) ? `"${value}" belongs to RDS; choose another` : databaseName(value);

/** @throws pulumi.InputPropertiesError naming every wrong field. */
export function resolveAwsPostgres(name: string, given: AwsPostgresArgs): ResolvedAwsPostgres {
    const args = withDefaults(given, defaults);
    const checks = new Checks(`AwsPostgres "${name}"`);
    checks.plain("name", name, dnsLabel);
    const resolved: ResolvedAwsPostgres = {
        ...args,
        name,
        namespace: checks.input("namespace", args.namespace, present, dnsLabel),
        vpcId: checks.input("vpcId", args.vpcId, present, idOf("vpc")),
        subnetIds: checks.input("subnetIds", args.subnetIds, present, eachId("subnet", 2)),
        clientSecurityGroupIds: checks.input("clientSecurityGroupIds", args.clientSecurityGroupIds, present, eachId("sg", 1)),
        database: checks.input("database", args.database, databaseName),
        username: checks.input("username", args.username, masterName),
        credentialsSecret: checks.optional("credentialsSecret", args.credentialsSecret, dnsLabel),
        caSecret: checks.optional("caSecret", args.caSecret, dnsLabel),
        version: checks.input("version", args.version, major),
        instanceClass: checks.input("instanceClass", args.instanceClass, instanceClass),
        storage: checks.input("storage", args.storage, memorySize({ from: "20g" })),
        maximumStorage: checks.input("maximumStorage", args.maximumStorage, memorySize({ from: "20g" })),
        tags: checks.optional("tags", args.tags, awsTags),
        backupDays: checks.input("backupDays", args.backupDays, wholeNumber({ from: 1, to: 35 })),
        kmsKeyArn: checks.optional("kmsKeyArn", args.kmsKeyArn, keyArn),
    };
    checks.plain("maximumStorage", args, roomToGrow);
    checks.throwIfAny();
    return resolved;
}

/** Only where both are known by now; RDS itself refuses the rest. */
function roomToGrow({ storage, maximumStorage }: AwsPostgresSettings): string | undefined {
    return typeof storage === "string" && typeof maximumStorage === "string" && mebibytes(maximumStorage) < mebibytes(storage)
        ? `${maximumStorage} is less than storage, which is ${storage}`
        : undefined;
}
