import { remoteLogging, storeConnection } from "../airflow/conf";
import type { EndpointFacts } from "../endpoints";
import type { S3Facts } from "../../storage/s3a";

/** Airflow's connections to the platform, by their names in Airflow. What is secret in them comes by the environment of the pods. */
export function connections({ s3, connect: [first] }: { s3?: S3Facts; connect: EndpointFacts[] }): Record<string, string> {
    const [, host = "", port = "15002"] = /^sc:\/\/([^:/]+)(?::([0-9]+))?/.exec(first?.url ?? "") ?? [];
    return {
        ...(s3 && { platform_s3: JSON.stringify(storeConnection(s3)) }),
        ...(first && { spark_connect_default: JSON.stringify({ conn_type: "spark_connect", host: `sc://${host}`, port: Number(port) }) }),
    };
}

export const connectionVariable = (name: string): string => `AIRFLOW_CONN_${name.toUpperCase()}`;

export interface ValuesFacts {
    account: string;
    podTemplate: string;
    connectionsSecret: string;
    connections: string[];
    maximum: number;
    taskLogs?: string;
}

/** Values for the official chart (1.22 and newer) that lead its tasks to the platform; everything else in it stays as it is. */
export function chartValues({ account, podTemplate, connectionsSecret, connections: names, maximum, taskLogs }: ValuesFacts): object {
    return {
        executor: "KubernetesExecutor",
        workers: { kubernetes: { serviceAccount: { create: false, name: account } } },
        podTemplate,
        secret: names.map((name) => ({ envName: connectionVariable(name), secretName: connectionsSecret, secretKey: name })),
        config: { core: { parallelism: maximum }, ...(taskLogs !== undefined && { logging: remoteLogging(taskLogs) }) },
    };
}
