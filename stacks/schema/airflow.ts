import type { AirflowProcess, AirflowSecretKey, AirflowWorker, SparkPlatformAirflow } from "../../components";
import { list, named, scalar, section, text, wholeNumber, yesOrNo } from "../hints";
import { cpu, size } from "../quantity";
import { clientNamespaces, database, filled, forms, image, pod, sparkVersion, type Every } from "./forms";
import { awsPostgres } from "./aws";
import { classicName } from "./classic";
import { databaseBackup } from "./database-backup";
import { airflowLogs } from "./logs";
import { monitoring } from "./monitoring";
import { postgres } from "./postgres";

const process = (description: string) =>
    section(description, {
        replicas: wholeNumber("Number of pods. Default: 1.", 1).optional(),
        memory: text("Memory of a pod. Default: what is said beside the process.", size("512m")).optional(),
        cpuRequest: text("CPU request of a pod. Default: 100m.", cpu).optional(),
    } satisfies Every<AirflowProcess>);

const worker = section("The pods that run tasks.", {
    memory: text("Memory of a pod. Default: 1g.", size("512m")).optional(),
    cpuRequest: text("CPU request of a pod. Default: 100m.", cpu).optional(),
    localStorage: text("Disk for temporary files of a pod. Default: 2g.", size("256m")).optional(),
    maximum: wholeNumber("Most tasks at a time. Default: 16.", 1).optional(),
    pod: pod.optional(),
} satisfies Every<AirflowWorker>);

const secretKey = section("One key of a Secret.", {
    secret: filled("Secret in the platform's namespace.", "the name of a Secret"),
    key: filled("Key in it.", "a key of the Secret"),
} satisfies Every<AirflowSecretKey>);

export const airflow = section("Airflow with a pod for each task. Default: none.", {
    sparkVersion: sparkVersion(
        "Spark version of the tasks; they reach the Connect servers of this version. Default: the platform's.",
    ).optional(),
    image: image("Image of all its pods. Default: the registry's airflow of that Spark version.").optional(),
    classic: classicName("tasks").optional(),
    applications: yesOrNo(
        "Whether tasks may make SparkApplications in the namespace, and watch and delete them. Default: false.",
    ).optional(),
    taskLogs: text(
        "Directory of the tasks' logs. Default: logs in the bucket airflow of the platform's own object store.",
        forms.directory,
    ).optional(),
    database: database.optional(),
    postgres: postgres.optional(),
    awsPostgres: awsPostgres.optional(),
    backup: databaseBackup.optional(),

    apiServer: process("The API server, which also is the web UI; 2g of memory.").optional(),
    scheduler: process("The scheduler; 1500m of memory.").optional(),
    dagProcessor: process("The process that reads DAG files; 1g of memory.").optional(),
    triggerer: process("The process that waits for deferred tasks; 1g of memory.").optional(),
    worker: worker.optional(),
    dags: named("DAGs as file name to text. Default: none.", scalar("Text of a Python file.")).optional(),
    exampleDags: yesOrNo("Whether the example DAGs of the image are there. Default: false.").optional(),
    connections: named("Airflow connections by name, each a key of a Secret. Default: none.", secretKey).optional(),
    adminSecret: filled(
        "Secret with the keys username and password of the administrator. Default: generated.",
        "the name of a Secret",
    ).optional(),
    publicUrl: text("URL that browsers use. Default: the Service's.", forms.url).optional(),
    clientNamespaces: clientNamespaces.optional(),
    kubernetesApi: list(
        "Addresses of the Kubernetes API server. Default: 0.0.0.0/0, ports 443 and 6443 only.",
        text("A range of addresses.", forms.addresses),
    ).optional(),
    logs: airflowLogs.optional(),
    monitoring: monitoring.optional(),
    pod: pod.optional(),
} satisfies Every<SparkPlatformAirflow>);
