import * as pulumi from "@pulumi/pulumi";

import type { SparkPlatformArgs } from "../../components";
import { resolvePlatform } from "../../components/platform/resolve";
import * as spark from "../../components/platform/wiring/spark";
import * as stores from "../../components/platform/wiring/storage";
import * as tools from "../../components/platform/wiring/tools";
import type { SparkConnect } from "../../components/spark/connect";
import type { SparkHistoryServer } from "../../components/spark/history-server";
import type { SparkStandalone } from "../../components/spark/standalone";
import type { ObjectStore } from "../../components/storage/object-store";
import type { SparkWorkspace } from "../../components/workspace";

/** Stands for any brick: each of its outputs is its own name. */
const brick = <Brick>(name: string) =>
    new Proxy({}, { get: (_, output) => pulumi.output(`${name}.${String(output)}`) }) as unknown as Brick;

/** The arguments that a platform hands to its bricks, without making any. */
export function wired(given: SparkPlatformArgs): unknown {
    const platform = resolvePlatform("spark", given);
    const workspace = brick<SparkWorkspace>("workspace");
    const store = platform.objectStore && brick<ObjectStore>("store");
    const storage = stores.storage(platform, store);
    const clusters = Object.keys(platform.standalone).map((key) => [key, brick<SparkStandalone>(key)] as const);
    const servers = Object.keys(platform.connect).map((key) => [key, brick<SparkConnect>(key)] as const);
    const history = brick<SparkHistoryServer>("history");
    const each = <Settings, Args>(named: Record<string, Settings>, args: (settings: Settings) => Args) =>
        Object.entries(named).map(([key, settings]) => [key, args(settings)]);
    return {
        workspace: stores.workspace(platform),
        storage,
        objectStore: platform.objectStore && stores.objectStore(platform, platform.objectStore, workspace),
        historyServer: spark.historyServer(platform, storage, workspace),
        connect: each(platform.connect, (settings) => spark.connect(platform, settings, storage, workspace, clusters)),
        standalone: each(platform.standalone, (settings) => spark.standalone(platform, settings, storage, workspace)),
        jupyterLab: each(platform.jupyterLab, (settings) => tools.jupyterLab(platform, settings, workspace, servers, history)),
        runtimes: spark.runtimes(platform, storage, workspace),
    };
}
