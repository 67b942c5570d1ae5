import * as pulumi from "@pulumi/pulumi";

import type { SparkPlatformArgs } from "../../components";
import { resolvePlatform } from "../../components/platform/resolve";
import * as databases from "../../components/platform/wiring/databases";
import * as spark from "../../components/platform/wiring/spark";
import * as stores from "../../components/platform/wiring/storage";
import * as tools from "../../components/platform/wiring/tools";

/** Stands for any brick: each of its outputs is its own name. */
const brick = (name: string): any => new Proxy({}, { get: (_, output) => pulumi.output(`${name}.${String(output)}`) });

/** The arguments that a platform hands to its bricks, without making any. */
export function wired(given: SparkPlatformArgs): unknown {
    const platform = resolvePlatform("spark", given);
    const workspace = brick("workspace");
    const store = platform.objectStore && brick("store");
    const storage = stores.storage(platform, store);
    const clusters = Object.keys(platform.standalone).map((key) => [key, brick(key)] as const);
    const servers = Object.keys(platform.connect).map((key) => [key, brick(key)] as const);
    const history = brick("history");
    const metastore = brick("metastore");
    const tracking = brick("mlflow");
    const server = brick("postgres");
    const part = <Settings, Args>(settings: Settings | undefined, args: (given: Settings) => Args) => settings && args(settings);
    const each = <Settings, Args>(named: Record<string, Settings>, args: (settings: Settings) => Args) =>
        Object.entries(named).map(([key, settings]) => [key, args(settings)]);
    return {
        workspace: stores.workspace(platform),
        storage,
        objectStore: platform.objectStore && stores.objectStore(platform, platform.objectStore, workspace),
        historyServer: spark.historyServer(platform, storage, workspace),
        connect: each(platform.connect, (settings) => spark.connect(platform, settings, storage, workspace, clusters, metastore)),
        standalone: each(platform.standalone, (settings) => spark.standalone(platform, settings, storage, workspace)),
        jupyterLab: each(platform.jupyterLab, (settings) => tools.jupyterLab(platform, settings, workspace, servers, history, tracking)),
        hiveMetastore: part(platform.hiveMetastore, (settings) => [
            databases.postgres(platform, settings.postgres ?? {}, "metastore", workspace),
            databases.hiveMetastore(platform, settings, storage, workspace, databases.databaseOf(settings, server, "metastore")),
        ]),
        mlflow: part(platform.mlflow, (settings) => [
            databases.postgres(platform, settings.postgres ?? {}, "mlflow", workspace),
            tools.mlflow(platform, settings, storage, workspace, databases.databaseOf(settings, server, "mlflow")),
        ]),
        airflow: part(platform.airflow, (settings) => [
            databases.postgres(platform, settings.postgres ?? {}, "airflow", workspace),
            tools.airflow(platform, settings, storage, workspace, databases.databaseOf(settings, server, "airflow"), servers, tracking),
        ]),
        observability: platform.observability,
        runtimes: spark.runtimes(platform, storage, workspace, metastore),
    };
}
