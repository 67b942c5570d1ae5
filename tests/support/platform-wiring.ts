import * as pulumi from "@pulumi/pulumi";

import type { SparkPlatformArgs } from "../../components";
import { resolvePlatform } from "../../components/platform/resolve";
import { application } from "../../components/platform/wiring/applications";
import * as aws from "../../components/platform/wiring/aws";
import { databaseBackup } from "../../components/platform/wiring/backups";
import * as databases from "../../components/platform/wiring/databases";
import * as edge from "../../components/platform/wiring/edge";
import type { Ground } from "../../components/platform/wiring/ground";
import * as keys from "../../components/platform/wiring/secrets";
import * as spark from "../../components/platform/wiring/spark";
import * as stores from "../../components/platform/wiring/storage";
import * as tools from "../../components/platform/wiring/tools";

/** Stands for any brick: each of its outputs is its own name. */
const brick = (name: string): any => new Proxy({}, { get: (_, output) => pulumi.output(`${name}.${String(output)}`) });

const each = <Settings, Args>(named: Record<string, Settings>, args: (key: string, settings: Settings) => Args) =>
    Object.entries(named).map(([key, settings]) => [key, args(key, settings)] as const);

/** The arguments that a platform hands to its bricks, without making any. */
export function wired(given: SparkPlatformArgs): unknown {
    const platform = resolvePlatform("spark", given);
    const workspace = brick("workspace");
    const store = platform.objectStore && brick("store");
    const buckets = platform.aws?.buckets && brick("buckets");
    const identities = aws.identities(platform, buckets);
    const roles = aws.granted(Object.fromEntries(Object.keys(identities).map((role) => [role, brick(role)])));
    const secretsArgs = keys.secrets(platform, workspace.namespace, roles);
    const secrets = keys.provided(platform, secretsArgs && brick("secrets"));
    const storage = stores.storage(platform, store, buckets, secrets);
    const ground: Ground = { platform, workspace, roles, secrets, storage };
    const clusters = each(platform.standalone, brick);
    const sessions = each(platform.classic, brick);
    const servers = each(platform.connect, brick);
    const labs = each(platform.jupyterLab, brick);
    const [history, metastore, tracking, server, service] = ["history", "metastore", "mlflow", "postgres", "service"].map(brick);
    const made = {
        storage,
        history,
        portal: brick("portal"),
        clusters,
        sessions,
        servers,
        labs,
        hub: brick("hub"),
        mlflow: tracking,
        airflow: brick("airflow"),
    };
    const database = (part: databases.Consumer, name: string) => {
        const connection = databases.databaseOf(part, server, part.awsPostgres && service, name);
        return {
            postgres: databases.postgres(ground, part, name),
            awsPostgres: databases.awsPostgres(ground, part, name),
            backup: part.backup && databaseBackup(ground, part.backup, name, connection),
            connection,
        };
    };
    const consumer = <Part extends databases.Consumer>(
        part: Part | undefined,
        name: string,
        args: (part: Part, connection: databases.Consumer["database"] & {}) => unknown,
    ) => part && [database(part, name), args(part, database(part, name).connection)];
    const applications = [platform.sparkSubmit, platform.sparkApplication, platform.scheduledSparkApplication];
    return {
        aws: [aws.buckets(platform), identities],
        secrets: secretsArgs,
        workspace: stores.workspace(platform, roles),
        storage: { ...storage, toolDirectory: undefined },
        objectStore: stores.objectStore(platform, workspace),
        historyServer: spark.historyServer(ground),
        historyPortal: platform.historyPortal && edge.historyPortal(ground, platform.historyPortal, history),
        connect: each(platform.connect, (key, settings) => spark.connect(ground, key, settings, clusters, metastore)),
        standalone: each(platform.standalone, (key, settings) => spark.standalone(ground, key, settings)),
        classic: each(platform.classic, (_, settings) => spark.classic(ground, settings, clusters, metastore)),
        jupyterLab: each(platform.jupyterLab, (key, settings) =>
            tools.jupyterLab(ground, key, settings, servers, history, tracking, sessions),
        ),
        jupyterHub: platform.jupyterHub && tools.jupyterHub(ground, platform.jupyterHub, servers, history, tracking),
        hiveMetastore: consumer(platform.hiveMetastore, "metastore", (part, to) => databases.hiveMetastore(ground, part, to)),
        mlflow: consumer(platform.mlflow, "mlflow", (part, to) => tools.mlflow(ground, part, to)),
        airflow: consumer(platform.airflow, "airflow", (part, to) => tools.airflow(ground, part, to, servers, tracking, sessions)),
        applications: applications.map((all) => each<any, unknown>(all, (_, settings) => application(ground, settings, metastore))),
        ingress: edge.ingress(ground, made),
        observability: platform.observability,
        runtimes: spark.runtimes(ground, metastore),
    };
}
