import * as pulumi from "@pulumi/pulumi";

import { testedVersions } from "../components/internal/spark-versions";
import { resolveObservability } from "../components/observability/args";
import { resolvePlatform } from "../components/platform/resolve";
import { SparkConnectBackend } from "../components/spark/connect/backends";
import { resolveConnect } from "../components/spark/connect/args";
import { resolveHistoryServer } from "../components/spark/history-server/args";
import { resolveMetastore } from "../components/spark/hive-metastore/args";
import { resolvePostgres } from "../components/storage/postgres/args";
import { resolveAirflow } from "../components/tools/airflow/args";
import { resolveMLflow } from "../components/tools/mlflow/args";
import { resolveStandalone } from "../components/spark/standalone/args";
import { resolveObjectStore } from "../components/storage/object-store/args";
import { resolveJupyterLab } from "../components/tools/jupyter-lab/args";
import { resolveWorkspace } from "../components/workspace/args";
import type { Problem } from "./problem";
import type { StackFile } from "./schema";

/** What a brick gets from its neighbours, and no stack file decides. */
const fromNeighbours = {
    image: "registry.example.com/image:1",
    serviceAccount: "server",
    executorServiceAccount: "executor",
    eventLog: { directory: "s3a://logs/events", s3: {} },
};

const stores = {
    s3: {},
    database: { host: "database", database: "database", credentialsSecret: "database" },
    warehouse: "s3a://warehouse/tables",
    artifacts: "s3a://mlflow/artifacts",
    logs: "s3a://airflow/logs",
};

/** A server whose executors run on a Standalone cluster gets its connection in place of the account of executors. */
function executorsOf({ standalone: name, ...server }: Server, clusters: Clusters, common: string) {
    if (name === undefined) {
        return server;
    }
    const endpoint = { namespace: "spark", podLabels: {}, clientLabels: {} };
    const version = clusters[name]?.sparkVersion ?? common;
    const standalone = { masterUrl: "spark://masters:7077", sparkVersion: version, masters: endpoint, workers: endpoint };
    return { backend: SparkConnectBackend.Standalone, ...server, standalone, executorServiceAccount: undefined };
}

type Clusters = NonNullable<StackFile["standalone"]>;
type Server = NonNullable<StackFile["connect"]>[string];

/**
 * What the bricks themselves would refuse, such as a Spark setting that another key decides. A brick says so only when its
 * turn comes, and then the ones before it may be deployed already.
 */
export function refusals(file: Omit<StackFile, "environment" | "cluster">): Problem[] {
    const {
        namespace,
        sparkVersion = testedVersions.at(-1) ?? "",
        workspace,
        objectStore,
        historyServer,
        connect = {},
        hiveMetastore,
        mlflow,
        airflow,
        standalone = {},
        jupyterLab = {},
        observability,
    } = file;
    const common = { ...fromNeighbours, namespace, sparkVersion };
    return [
        ...refusal("", () => resolvePlatform("spark", file)),
        ...refusal("workspace.", () => resolveWorkspace("spark", { ...workspace, namespace })),
        ...refusal("objectStore.", () => objectStore && resolveObjectStore("spark", { ...common, ...objectStore })),
        ...refusal("historyServer.", () => historyServer && resolveHistoryServer("spark", { ...common, ...historyServer })),
        ...Object.entries(connect).flatMap(([name, server]) =>
            refusal(`connect.${name}.`, () =>
                resolveConnect(`spark-${name}`, { ...common, ...executorsOf(server, standalone, sparkVersion) }),
            ),
        ),
        ...Object.entries(standalone).flatMap(([name, cluster]) =>
            refusal(`standalone.${name}.`, () => resolveStandalone(`spark-${name}`, { ...common, ...cluster, s3: {} })),
        ),
        ...refusal("hiveMetastore.", () => hiveMetastore && resolveMetastore("spark", { ...common, ...stores, ...hiveMetastore })),
        ...refusal("mlflow.", () => mlflow && resolveMLflow("spark", { ...common, ...stores, ...mlflow })),
        ...refusal("airflow.", () => airflow && resolveAirflow("spark", { ...common, ...stores, ...airflow })),
        ...Object.entries({ hiveMetastore, mlflow, airflow }).flatMap(([part, given]) =>
            refusal(
                `${part}.postgres.`,
                () => given?.postgres && resolvePostgres("spark", { ...common, databases: { database: {} }, ...given.postgres }),
            ),
        ),
        ...refusal("observability.", () => observability && resolveObservability("spark", { ...observability, namespace })),
        ...Object.entries(jupyterLab).flatMap(([name, lab]) =>
            refusal(`jupyterLab.${name}.`, () => resolveJupyterLab(`spark-${name}`, { ...common, ...lab })),
        ),
    ];
}

function refusal(section: string, resolve: () => unknown): Problem[] {
    try {
        resolve();
        return [];
    } catch (error) {
        if (!pulumi.InputPropertiesError.isInstance(error)) {
            throw error;
        }
        // Names of bricks are made from names that the platform has judged.
        const own = error.errors.filter(({ propertyPath }) => propertyPath !== "name");
        return own.map(({ propertyPath, reason }) => ({ field: section + propertyPath, says: reason }));
    }
}
