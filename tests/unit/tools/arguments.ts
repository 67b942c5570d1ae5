import type { DatabaseConnection } from "../../../components";

/** A database in the cluster, as `Postgres` describes itself. */
export const database: DatabaseConnection = {
    host: "p-postgres.team-a.svc",
    database: "mlflow",
    credentialsSecret: "p-mlflow",
    clusterEndpoint: { namespace: "team-a", podLabels: { app: "postgres" }, clientLabels: { "postgres-client": "true" } },
};
