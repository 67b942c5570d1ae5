import type { SparkPlatformObjectStore, SparkPlatformStorage } from "../../components";
import type { S3Connection } from "../../components/storage/connections";
import { list, section, text, yesOrNo } from "../hints";
import { cpu, size } from "../quantity";
import { clientNamespaces, clusterEndpoint, filled, forms, image, name, pod, type Every } from "./forms";
import { monitoring } from "./monitoring";

export const objectStore = section(
    "An object store (MinIO) of the platform's own, with generated credentials. Not together with storage.",
    {
        image: image("Image of the store. Default: the registry's minio, of the version that the platform is tested with.").optional(),
        buckets: list("Buckets to make before anyone starts. Default: warehouse.", text("A bucket.", forms.bucket)).optional(),
        eventLogBucket: text("Bucket for Spark's event logs, made too. Default: spark-logs.", forms.bucket).optional(),
        eventLogPrefix: text("Directory of the event logs in their bucket. Default: events.", forms.prefix).optional(),
        storage: text("Size of the volume. Default: 10g.", size("1g")).optional(),
        storageClass: filled(
            "Storage class of the volume. Changing it replaces the volume and loses its data. Default: the cluster's.",
            "the name of a storage class",
        ).optional(),
        protectData: yesOrNo("Whether the volume refuses to be destroyed. Default: false.").optional(),
        memory: text("Memory of the server. Default: 1g.", size("256m")).optional(),
        cpuRequest: text("CPU request of the server. Default: 100m.", cpu).optional(),
        clientNamespaces: clientNamespaces.optional(),
        monitoring: monitoring.optional(),
        pod: pod.optional(),
    } satisfies Every<SparkPlatformObjectStore>,
);

/** A store that exists already. */
export const s3 = (description: string) =>
    section(description, {
        endpoint: text("URL of the S3 API; its scheme decides about TLS. Default: AWS, by region.", forms.url).optional(),
        region: filled("Region. Default: us-east-1.", 'a region like "eu-central-1"').optional(),
        pathStyle: yesOrNo("Whether the bucket stands in the path rather than in the host name. Default: false.").optional(),
        credentialsSecret: name(
            "Secret of the namespace with the keys access-key and secret-key. Default: none, pods use their own cloud identity.",
        ).optional(),
        credentialsFile: filled(
            "File in the pods with the keys in AWS's own format, in place of a Secret. Default: none.",
            "the path of a file",
        ).optional(),
        clusterEndpoint: clusterEndpoint.optional(),
    } satisfies Every<S3Connection>);

export const storage = section("An S3 store that exists already. Not together with objectStore.", {
    s3: s3("How to reach the store, and as whom."),
    credentialsFromSecrets: yesOrNo(
        "Whether its keys come from secrets: access-key and secret-key of the secret s3. Default: false.",
    ).optional(),
    warehouse: text("Directory for tables. Default: none; Connect servers may name one of their own.", forms.directory).optional(),
    eventLogDirectory: text("Directory for event logs; it must exist. Default: no event logs.", forms.directory).optional(),
} satisfies Every<SparkPlatformStorage>);
