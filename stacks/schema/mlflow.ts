import type { SparkPlatformMLflow } from "../../components";
import { list, section, text, wholeNumber } from "../hints";
import { cpu, size } from "../quantity";
import { clientNamespaces, database, filled, forms, hostName, image, pod, type Every } from "./forms";
import { awsPostgres } from "./aws";
import { databaseBackup } from "./database-backup";
import { partLogLevel } from "./logs";
import { monitoring } from "./monitoring";
import { postgres } from "./postgres";

export const mlflow = section("Experiments and models: the tracking server of MLflow. Default: none.", {
    image: image("Image of the server. Default: the registry's mlflow, of the version that the platform is tested with.").optional(),
    artifacts: text(
        "Directory of the artifacts. Default: artifacts in the bucket mlflow of the platform's own object store.",
        forms.directory,
    ).optional(),
    database: database.optional(),
    postgres: postgres.optional(),
    awsPostgres: awsPostgres.optional(),
    backup: databaseBackup.optional(),

    replicas: wholeNumber("Number of servers behind one address. Default: 1.", 1).optional(),
    workers: wholeNumber("Processes of each server that answer requests. Default: 2.", 1).optional(),
    memory: text("Memory of each server. Default: 1500m.", size("512m")).optional(),
    cpuRequest: text("CPU request of each server. Default: 100m.", cpu).optional(),
    adminSecret: filled(
        "Secret with the keys username and password of the first administrator. Default: generated.",
        "the name of a Secret",
    ).optional(),
    hosts: list("Host names that browsers use. Default: none.", hostName("A host name.")).optional(),
    clientNamespaces: clientNamespaces.optional(),
    logs: partLogLevel("info").optional(),
    monitoring: monitoring.optional(),
    pod: pod.optional(),
} satisfies Every<SparkPlatformMLflow>);
