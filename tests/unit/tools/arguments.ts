import type { ClassicConnection, DatabaseConnection } from "../../../components";

/** A database in the cluster, as `Postgres` describes itself. */
export const database: DatabaseConnection = {
    host: "p-postgres.team-a.svc",
    database: "mlflow",
    credentialsSecret: "p-mlflow",
    clusterEndpoint: { namespace: "team-a", podLabels: { app: "postgres" }, clientLabels: { "postgres-client": "true" } },
};

/** Sessions whose executors are pods, as `SparkClassic` describes itself. */
export const classic: ClassicConnection = {
    settings: "c-settings",
    clientLabels: { "store-client": "true", "spark-platform/c-classic-client": "true" },
    serviceAccount: "server",
    credentialsSecret: "s-s3-credentials",
};
