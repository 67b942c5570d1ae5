import "./stack-traces";

import * as k8s from "@pulumi/kubernetes";
import * as random from "@pulumi/random";

import { SparkPlatform } from "../components";
import { awsProvider } from "./aws-provider";
import { readConfig } from "./config";
import { unknownKinds } from "./kinds";

const config = readConfig();

// Default providers are off in every stack file, so that a resource which escaped these fails in the preview.
const providers = {
    kubernetes: new k8s.Provider("cluster", config.provider),
    random: new random.Provider("random"),
    ...(config.platform.aws && { aws: awsProvider(config.platform.aws.region) }),
};
const kinds = unknownKinds(config.provider);
const platform = new SparkPlatform("spark", config.platform, { providers, transformations: [kinds.note] });
void kinds.tell();

/** Namespace that everything runs in. */
export const namespace = platform.namespace;
/** Addresses of the Connect servers inside the cluster, by name. */
export const connectUrls = platform.connectUrls;
/** Seconds until the executors of each Connect server go when nothing runs, by name. */
export const executorIdleSeconds = platform.executorIdleSeconds;
/** URL of the History Server's UI inside the cluster. */
export const historyServerUrl = platform.historyServerUrl;
/** Seconds by which the history of a running application may be late. */
export const historyLatenessSeconds = platform.historyLatenessSeconds;
/** URLs of the notebook servers inside the cluster, by name. */
export const jupyterLabUrls = platform.jupyterLabUrls;
/** URL of JupyterHub inside the cluster; empty without it. */
export const jupyterHubUrl = platform.jupyterHubUrl;
/** URL of MLflow inside the cluster; empty without it. */
export const mlflowUrl = platform.mlflowUrl;
/** URL of Airflow inside the cluster; empty without it. */
export const airflowUrl = platform.airflowUrl;
/** What is called from outside, by the first part of the host name. */
export const publicUrls = platform.publicUrls;
/** URL of the S3 API; empty for AWS's own. */
export const s3Endpoint = platform.s3Endpoint;
/** Directory for tables in the platform's own object store or buckets. */
export const warehouse = platform.warehouse;
