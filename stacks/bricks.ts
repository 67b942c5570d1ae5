import * as pulumi from "@pulumi/pulumi";

import { newestTested } from "../components/internal/spark-versions";
import { resolveObservability } from "../components/observability/args";
import { resolveIngress } from "../components/edge/platform-ingress/args";
import { resolveBackup } from "../components/operations/backup/args";
import { resolvePlatform } from "../components/platform/resolve";
import { wanted } from "../components/platform/wiring/secrets";
import { resolveSecrets } from "../components/secrets/args";
import { resolveApplication, resolveSchedule } from "../components/spark/application/args";
import { resolveClassic } from "../components/spark/classic/args";
import { SparkConnectBackend } from "../components/spark/connect/backends";
import { resolveConnect } from "../components/spark/connect/args";
import type { StandaloneConnection } from "../components/spark/connections";
import { resolveHistoryPortal } from "../components/spark/history-portal/args";
import { resolveHistoryServer } from "../components/spark/history-server/args";
import { resolveMetastore } from "../components/spark/hive-metastore/args";
import { resolveSubmit } from "../components/spark/submit/args";
import { resolveBuckets } from "../components/storage/aws-buckets/args";
import { resolveIdentity } from "../components/storage/aws-identity/args";
import { resolveAwsPostgres } from "../components/storage/aws-postgres/args";
import { resolvePostgres } from "../components/storage/postgres/args";
import { resolveAirflow } from "../components/tools/airflow/args";
import { resolveMLflow } from "../components/tools/mlflow/args";
import { resolveStandalone } from "../components/spark/standalone/args";
import { resolveObjectStore } from "../components/storage/object-store/args";
import { resolveJupyterHub } from "../components/tools/jupyter-hub/args";
import { resolveJupyterLab } from "../components/tools/jupyter-lab/args";
import { resolveWorkspace } from "../components/workspace/args";
import type { Problem } from "./problem";
import type { StackFile } from "./schema";

/** What a brick gets from its neighbours, and no stack file decides. */
const fromNeighbours = {
    image: "registry.example.com/image:1",
    proxyImage: "registry.example.com/proxy:1",
    exporterImage: "registry.example.com/exporters:1",
    serviceAccount: "server",
    executorServiceAccount: "executor",
    eventLog: { directory: "s3a://logs/events", s3: {} },
};

const database = { host: "database", database: "database", credentialsSecret: "database" };
const stores = { s3: {}, database, warehouse: "s3a://warehouse/tables", artifacts: "s3a://mlflow/artifacts" };
const metastore = { uris: "thrift://metastore:9083" };
const route = { host: "history.example.com", url: "http://history.spark.svc:18080" };

function clusterOf(name: string, clusters: Clusters, common: string): StandaloneConnection {
    const endpoint = { namespace: "spark", podLabels: {}, clientLabels: {} };
    const sparkVersion = clusters[name]?.sparkVersion ?? common;
    return { masterUrl: "spark://masters:7077", sparkVersion, masters: endpoint, workers: endpoint };
}

/** A server whose executors run on a Standalone cluster gets its connection in place of the account of executors. */
function executorsOf({ standalone: name, ...server }: Server, clusters: Clusters, common: string) {
    return name === undefined
        ? server
        : {
              backend: SparkConnectBackend.Standalone,
              ...server,
              standalone: clusterOf(name, clusters, common),
              executorServiceAccount: undefined,
          };
}

type Clusters = NonNullable<StackFile["standalone"]>;
type Server = NonNullable<StackFile["connect"]>[string];

type Sections = Omit<StackFile, "environment" | "cluster">;

/** What every brick of the file gets besides its own section. */
const commonOf = ({ namespace, sparkVersion = newestTested }: Sections) => ({ ...fromNeighbours, namespace, sparkVersion });

/**
 * What the bricks themselves would refuse, such as a Spark setting that another key decides. A brick says so only when its
 * turn comes, and then the ones before it may be deployed already.
 */
export function refusals(file: Sections): Problem[] {
    const own = refusal("", () => resolvePlatform("spark", file));
    // What secrets there are is known of a platform that makes sense.
    return [...own, ...ofSurroundings(file, own.length === 0), ...ofSpark(file), ...ofTools(file), ...ofApplications(file)];
}

function ofSurroundings(file: Sections, makesSense: boolean): Problem[] {
    const common = commonOf(file);
    const { namespace } = file;
    const { workspace, objectStore, aws, secrets, ingress, observability } = file;
    return [
        ...refusal("workspace.", () => resolveWorkspace("spark", { ...workspace, namespace })),
        ...refusal("objectStore.", () => objectStore && resolveObjectStore("spark", { ...common, ...objectStore })),
        ...refusal("aws.buckets.", () => aws?.buckets && resolveBuckets("spark", { ...aws.buckets, region: aws.region })),
        ...refusal("aws.identity.", () => aws?.identity && resolveIdentity("spark", { ...common, ...aws.identity })),
        ...refusal("secrets.", () => {
            const asked = makesSense ? wanted(resolvePlatform("spark", file)) : {};
            return secrets && resolveSecrets("spark", { ...secrets, namespace, secrets: asked });
        }),
        ...refusal("observability.", () => observability && resolveObservability("spark", { ...observability, namespace })),
        ...refusal("ingress.", () => ingress && resolveIngress("spark", { ...ingress, namespace: "spark", routes: { history: route } })),
    ];
}

function ofSpark(file: Sections): Problem[] {
    const common = commonOf(file);
    const { historyServer, historyPortal, connect = {}, standalone = {}, hiveMetastore } = file;
    const tables = hiveMetastore && { metastore };
    const portal = historyPortal && { ...common, servers: { spark: { url: "http://history.spark.svc:18080" } }, ...historyPortal };
    return [
        ...refusal("historyServer.", () => historyServer && resolveHistoryServer("spark", { ...common, ...historyServer })),
        ...refusal("historyPortal.", () => portal && resolveHistoryPortal("spark", portal)),
        ...refusalsOf("connect", connect, (name, server) =>
            resolveConnect(name, { ...common, ...tables, ...executorsOf(server, standalone, common.sparkVersion) }),
        ),
        ...refusalsOf("standalone", standalone, (name, cluster) => resolveStandalone(name, { ...common, ...cluster, s3: {} })),
        ...refusal("hiveMetastore.", () => hiveMetastore && resolveMetastore("spark", { ...common, ...stores, ...hiveMetastore })),
    ];
}

function ofTools(file: Sections): Problem[] {
    const common = commonOf(file);
    const { hiveMetastore, mlflow, airflow, jupyterHub, jupyterLab = {}, ingress } = file;
    const hub = { ...common, serverImage: common.image, ...(ingress && { publicUrl: `https://jupyterhub.${ingress.domain}` }) };
    return [
        ...refusal("mlflow.", () => mlflow && resolveMLflow("spark", { ...common, ...stores, ...mlflow })),
        ...refusal(
            "airflow.",
            () =>
                airflow &&
                resolveAirflow("spark", { ...common, ...stores, taskLogs: "s3a://airflow/logs", ...airflow, classic: undefined }),
        ),
        ...Object.entries({ hiveMetastore, mlflow, airflow }).flatMap(([part, given]) => [
            ...refusal(
                `${part}.postgres.`,
                () => given?.postgres && resolvePostgres("spark", { ...common, databases: { database: {} }, ...given.postgres }),
            ),
            ...refusal(
                `${part}.awsPostgres.`,
                () => given?.awsPostgres && resolveAwsPostgres("spark", { namespace: common.namespace, ...given.awsPostgres }),
            ),
            ...refusal(`${part}.backup.`, () => given?.backup && resolveBackup("spark", { ...common, ...stores, ...given.backup })),
        ]),
        ...refusal("jupyterHub.", () => jupyterHub && resolveJupyterHub("spark", { ...hub, ...jupyterHub })),
        ...refusalsOf("jupyterLab", jupyterLab, (name, lab) => resolveJupyterLab(name, { ...common, ...lab, classic: undefined })),
    ];
}

function ofApplications(file: Sections): Problem[] {
    const { classic = {}, standalone = {}, sparkSubmit = {}, sparkApplication = {}, scheduledSparkApplication = {} } = file;
    const common = commonOf(file);
    const runtime = (sparkVersion = common.sparkVersion) => ({ ...common, sparkVersion, driverServiceAccount: "server" });
    return [
        ...refusalsOf("classic", classic, (name, { standalone: on, image, ...sessions }) =>
            resolveClassic(name, {
                ...sessions,
                runtime: runtime(sessions.sparkVersion),
                standalone: on === undefined ? undefined : clusterOf(on, standalone, common.sparkVersion),
            }),
        ),
        ...refusalsOf("sparkSubmit", sparkSubmit, (name, app) => resolveSubmit(name, { ...app, runtime: runtime(app.sparkVersion) })),
        ...refusalsOf("sparkApplication", sparkApplication, (name, app) =>
            resolveApplication(name, { ...app, runtime: runtime(app.sparkVersion) }),
        ),
        ...refusalsOf("scheduledSparkApplication", scheduledSparkApplication, (name, app) =>
            resolveSchedule(name, { ...app, runtime: runtime(app.sparkVersion) }),
        ),
    ];
}

const refusalsOf = <Section>(kind: string, sections: Record<string, Section>, resolve: (name: string, section: Section) => unknown) =>
    Object.entries(sections).flatMap(([name, section]) => refusal(`${kind}.${name}.`, () => resolve(`spark-${name}`, section)));

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
