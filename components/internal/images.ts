import * as pulumi from "@pulumi/pulumi";

/** The version of MinIO that the platform is tested with: the day of its last commit. */
export const minioVersion = "20260212";

export const sparkImage = (registry: pulumi.Input<string>, version: string): pulumi.Output<string> =>
    pulumi.interpolate`${registry}/spark:${version}`;

export const jupyterLabImage = (registry: pulumi.Input<string>, version: string): pulumi.Output<string> =>
    pulumi.interpolate`${registry}/jupyter-lab:${version}`;

export const minioImage = (registry: pulumi.Input<string>): pulumi.Output<string> => pulumi.interpolate`${registry}/minio:${minioVersion}`;

/** The major version of PostgreSQL that the platform is tested with. */
export const postgresVersion = "15";

export const postgresImage = (registry: pulumi.Input<string>): pulumi.Output<string> =>
    pulumi.interpolate`${registry}/postgres:${postgresVersion}`;

/** Its programs read databases of this major version and of older ones. */
export const backupImage = (registry: pulumi.Input<string>): pulumi.Output<string> =>
    pulumi.interpolate`${registry}/backup:${postgresVersion}`;

/** Raised with what images/tls-proxy makes. */
const tlsProxyVersion = "1";

/** TLS and a token check in front of a gRPC server. */
export const tlsProxyImage = (registry: pulumi.Input<string>): pulumi.Output<string> =>
    pulumi.interpolate`${registry}/tls-proxy:${tlsProxyVersion}`;

/** Raised with what images/exporters makes. */
const exportersVersion = "1";

/** Programs that show the metrics of PostgreSQL and of Airflow. */
export const exportersImage = (registry: pulumi.Input<string>): pulumi.Output<string> =>
    pulumi.interpolate`${registry}/exporters:${exportersVersion}`;

/** The version of the Hive metastore that the platform is tested with, on every line of Spark. */
export const hiveVersion = "3.1.3";

export const hiveImage = (registry: pulumi.Input<string>): pulumi.Output<string> => pulumi.interpolate`${registry}/hive:${hiveVersion}`;

/** The version of MLflow that the platform is tested with. */
export const mlflowVersion = "3.17.2";

export const mlflowImage = (registry: pulumi.Input<string>): pulumi.Output<string> =>
    pulumi.interpolate`${registry}/mlflow:${mlflowVersion}`;

/** The version of JupyterHub that the platform is tested with; the notebook servers' images have the same. */
export const jupyterHubVersion = "6.1.1";

export const jupyterHubImage = (registry: pulumi.Input<string>): pulumi.Output<string> =>
    pulumi.interpolate`${registry}/jupyter-hub:${jupyterHubVersion}`;

/** The version of Airflow that the platform is tested with. */
export const airflowVersion = "3.3.2";

/** Airflow with the client of a version of Spark. */
export const airflowImage = (registry: pulumi.Input<string>, version: string): pulumi.Output<string> =>
    pulumi.interpolate`${registry}/airflow:${airflowVersion}-spark-${version}`;
