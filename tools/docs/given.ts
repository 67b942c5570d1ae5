/** What the pages take for given: bricks that their examples are connected to. */

import * as k8s from "@pulumi/kubernetes";

import * as bricks from "../../components";

/** Stands for that of Node: no page brings the files that it names. */
export const readFileSync = (path: string, encoding: "utf8"): string => `# ${path}, in ${encoding}\n`;

export const workspace = new bricks.SparkWorkspace("given", { namespace: "team-a" });
export const namespace = workspace.namespace;
export const image = "registry.example.com/spark/spark:4.1.0";
export const store = new bricks.ObjectStore("given", { namespace, image: "registry.example.com/minio:1" });
export const postgres = new bricks.Postgres("given", {
    namespace,
    image: "registry.example.com/postgres:15",
    databases: { metastore: {}, mlflow: {}, airflow: {}, lake: {} },
});
const databaseOf = (name: string) =>
    postgres.connections.apply(({ [name]: found }) => {
        if (found === undefined) {
            throw new Error(`the given server has no database ${name}`);
        }
        return found;
    });
export const metastore = new bricks.HiveMetastore("given", {
    namespace,
    image: "registry.example.com/hive:3.1.3",
    database: databaseOf("metastore"),
    s3: store.connection,
    warehouse: store.warehouse,
});
export const lakeDatabase = databaseOf("lake");
export const mlflow = new bricks.MLflow("given", {
    namespace,
    image: "registry.example.com/mlflow:3.17.2",
    database: databaseOf("mlflow"),
    s3: store.connection,
    artifacts: "s3a://mlflow/artifacts",
});
export const common: bricks.SparkConnectArgs = {
    namespace,
    sparkVersion: "4.1.0",
    image,
    s3: store.connection,
};
export const connect = new bricks.SparkConnect("given", {
    ...common,
    serviceAccount: workspace.serverAccount,
    executorServiceAccount: workspace.executorAccount,
    eventLog: store.eventLog,
});
export const buckets = new bricks.AwsBuckets("given", { region: "eu-central-1", prefix: "acme" });
export const identity = new bricks.AwsIdentity("given", {
    namespace,
    serviceAccount: "given-secrets",
    oidcProviderArn: "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-central-1.amazonaws.com/id/0A1B",
});
export const providers = { kubernetes: new k8s.Provider("given", { context: "my-cluster" }) };
