import type { z } from "zod";

import type { SparkPlatformArgs, SparkPlatformImages } from "../../components";
import { named, oneOf, section, text } from "../hints";
import { scheduledSparkApplication, sparkApplication, sparkSubmit } from "./applications";
import { aws } from "./aws";
import { classic } from "./classic";
import { connectServer } from "./connect";
import { apiServer, filled, forms, name, names, sparkVersion, type Every } from "./forms";
import { historyPortal } from "./history-portal";
import { historyServer } from "./history-server";
import { ingress } from "./ingress";
import { secrets } from "./secrets";
import { airflow } from "./airflow";
import { hiveMetastore } from "./hive-metastore";
import { mlflow } from "./mlflow";
import { jupyterHub } from "./jupyter-hub";
import { jupyterLab } from "./jupyter-lab";
import { logs } from "./logs";
import { monitoring } from "./monitoring";
import { observability } from "./observability";
import { objectStore, storage } from "./storage";
import { tracing } from "./tracing";
import { standalone } from "./standalone";
import { workspace } from "./workspace";

export const environments = ["dev", "staging", "prod"] as const;
export type Environment = (typeof environments)[number];

export const cluster = section("The Kubernetes cluster to deploy to.", {
    context: filled(
        "Context of the kubeconfig. Needed in staging and prod, so that nothing lands in the cluster that happens to be current. Default: the current context.",
        "the name of a context",
    ).optional(),
    kubeconfig: filled(
        "Path of the kubeconfig; ~ is the home directory. Default: KUBECONFIG, then ~/.kube/config, then the cluster that Pulumi itself runs in.",
        "the path of a kubeconfig",
    ).optional(),
});

const images = section("Where the platform's images come from.", {
    registry: text(
        "Registry, with a path if there is one: Spark is <registry>/spark:<version>, MinIO <registry>/minio:<version>.",
        forms.registry,
    ),
    pullSecrets: names("Secrets with the registry's credentials. Default: none.").optional(),
} satisfies Every<SparkPlatformImages>);

const platform = {
    namespace: name("Namespace to make for the platform. Changing it replaces everything inside."),
    sparkVersion: sparkVersion("Spark version of servers that do not say their own. Default: 4.1.0.").optional(),
    images,
    workspace: workspace.optional(),
    objectStore: objectStore.optional(),
    storage: storage.optional(),
    aws: aws.optional(),
    secrets: secrets.optional(),
    historyServer: historyServer.optional(),
    connect: named("Spark Connect servers, each under a name of your choice.", connectServer).optional(),
    hiveMetastore: hiveMetastore.optional(),
    mlflow: mlflow.optional(),
    airflow: airflow.optional(),
    standalone: named("Standalone clusters, each under a name of your choice.", standalone).optional(),
    classic: named("Classic sessions for notebooks and tasks, each under a name of your choice.", classic).optional(),
    jupyterLab: named(
        "Notebook servers with sessions ready for the platform's Spark, each under a name of your choice.",
        jupyterLab,
    ).optional(),
    jupyterHub: jupyterHub.optional(),
    historyPortal: historyPortal.optional(),
    sparkSubmit: named("Applications that run to their end once, each under a name of your choice.", sparkSubmit).optional(),
    sparkApplication: named("Applications that the Spark operator runs, each under a name of your choice.", sparkApplication).optional(),
    scheduledSparkApplication: named(
        "Applications that the Spark operator runs by the clock, each under a name of your choice.",
        scheduledSparkApplication,
    ).optional(),
    ingress: ingress.optional(),
    logs: logs.optional(),
    monitoring: monitoring.optional(),
    tracing: tracing.optional(),
    observability: observability.optional(),
    apiServer: apiServer.optional(),
} satisfies Every<SparkPlatformArgs>;

/**
 * Everything a stack file may say under `spark-platform:`, one entry for each key.
 *
 * Defaults belong to the components: what is left out here is left out there.
 */
export const stackSchema = section("Keys of the namespace spark-platform.", {
    environment: oneOf(
        "What the stack is for. Staging and prod name their cluster and their registry; prod is also replicated and keeps its data outside.",
        environments,
    ),
    cluster,
    ...platform,
});

export type StackFile = z.infer<typeof stackSchema>;
