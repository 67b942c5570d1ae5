import * as k8s from "@pulumi/kubernetes";
import * as random from "@pulumi/random";

import { DatabaseBackup, ObjectStore, Postgres, SparkWorkspace } from "../../../../components";
import { backupImage, minioImage, postgresImage } from "../../../../components/internal/images";

/** A database with a backup in a store beside it; STEP is the id of the backup to bring back. */
const registry = "spark-platform.local";
const step = process.env.STEP ?? "first";
const opts = { providers: { kubernetes: new k8s.Provider("cluster"), random: new random.Provider("random") } };

const { namespace } = new SparkWorkspace("e2e", { namespace: "backup-e2e" }, opts);
const store = new ObjectStore("e2e", { namespace, image: minioImage(registry), buckets: ["spark-backups"], memory: "512m" }, opts);
const postgres = new Postgres("e2e", { namespace, image: postgresImage(registry), databases: { shop: {} } }, opts);
const backup = new DatabaseBackup(
    "shop",
    {
        namespace,
        image: backupImage(registry),
        database: postgres.connections.apply(({ shop }) => shop ?? { host: "", database: "", credentialsSecret: "" }),
        s3: store.connection,
        bucket: "spark-backups",
        memory: "256m",
        paused: true,
        restore: step === "first" ? undefined : { backup: step, start: true },
    },
    opts,
);

/** Name of the CronJob. */
export const cronJob = backup.cronJob;
