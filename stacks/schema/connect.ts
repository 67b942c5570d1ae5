import type { Iceberg, IcebergCatalog, MountedFiles, Rapids, SecretKey, SparkPlatformConnect } from "../../components";
import type { SparkConnectAuthentication, SparkConnectExecutor, SparkConnectTls } from "../../components/spark/connect/args";
import { SparkConnectBackend } from "../../components/spark/connect/backends";
import { IcebergCatalogKind } from "../../components/spark/iceberg";
import { named, oneOf, section, text, wholeNumber, yesOrNo } from "../hints";
import { cpu, duration, size } from "../quantity";
import {
    apiServer,
    clientNamespaces,
    clusterEndpoint,
    database,
    filled,
    forms,
    image,
    name,
    pod,
    sparkConf,
    sparkVersion,
    texts,
    type Every,
} from "./forms";
import { partLogs } from "./logs";
import { monitoring } from "./monitoring";

const executor = section("Size and number of the executors.", {
    cores: wholeNumber("Tasks that one executor runs at a time. Default: 1.", 1).optional(),
    cpuRequest: text("CPU request of an executor; less than its cores packs more executors on a node. Default: its cores.", cpu).optional(),
    memory: text("Java heap of an executor. Default: 1g.", size("512m")).optional(),
    memoryOverhead: text(
        "Memory beside the heap, for Python above all. Default: 384m or a tenth of the heap, whichever is more.",
        size("64m"),
    ).optional(),
    minimum: wholeNumber("Executors that stay when nothing runs. Default: 0.", 0).optional(),
    maximum: wholeNumber("Most executors of one server. Default: 4.", 1).optional(),
    idleTimeout: text("Time after which an executor without work goes. Default: 60s.", duration).optional(),
    idleTimeoutWithCache: text("The same for an executor that holds cached tables. Default: 30m.", duration).optional(),
    localStorage: text("Disk for shuffle and spill of one executor. Default: 10g.", size("256m")).optional(),
    localStorageClass: filled("Storage class of that disk. Default: the node's own disk.", "the name of a storage class").optional(),
    pod: pod.optional(),
} satisfies Every<SparkConnectExecutor>);

const secretKey = section("One value of a Secret.", {
    secret: filled("Name of the Secret.", "the name of a Secret"),
    key: filled("Key in it.", "a text"),
} satisfies Every<SecretKey>);

const path = (description: string) => filled(description, 'an absolute path like "/etc/team/files"');

const files = section("A directory of files that exist already, from one of configMap, secret and claim.", {
    path: path("Directory in the containers."),
    configMap: filled("ConfigMap whose keys are the files.", "the name of a ConfigMap").optional(),
    secret: filled("Secret whose keys are the files.", "the name of a Secret").optional(),
    claim: filled("Volume claim that several pods may mount.", "the name of a volume claim").optional(),
    writable: yesOrNo("Whether the pods may write; only a claim can be written to. Default: false.").optional(),
} satisfies Every<MountedFiles>);

const icebergCatalog = section("A catalog of Iceberg tables.", {
    kind: oneOf("Where the catalog keeps which tables there are.", Object.values(IcebergCatalogKind)),
    warehouse: filled("Directory of the tables; for rest the service's name of it.", "a directory like s3a://bucket/directory").optional(),
    uri: filled("Address of a rest or hive catalog. Default: the metastore of the server.", "an address").optional(),
    tokenSecret: filled("Secret with the key token, which a rest catalog asks for. Default: none.", "the name of a Secret").optional(),
    database: database.optional(),
    clusterEndpoint: clusterEndpoint.optional(),
} satisfies Every<IcebergCatalog>);

const iceberg = section("Iceberg tables. Default: none.", {
    catalogs: named("Catalogs by the names that queries call them by.", icebergCatalog),
    sessionCatalog: yesOrNo("Whether the built-in catalog keeps Iceberg tables too. Default: false.").optional(),
} satisfies Every<Iceberg>);

const rapids = section("GPUs for SQL, one for each executor. Default: none.", {
    concurrentTasks: wholeNumber("Tasks of an executor that use its GPU at the same time. Default: 2.", 1).optional(),
    pinnedMemory: text("Pinned memory for copies to and from the GPU. Default: 2g.", size("64m")).optional(),
    vendor: filled("Domain of the GPU's resource name. Default: nvidia.com.", "a domain").optional(),
    discoveryScript: path("Script that prints the GPUs' addresses. Default: /opt/sparkRapidsPlugin/getGpusResources.sh.").optional(),
} satisfies Every<Rapids>);

export const connectServer = section("One Connect server, under a name of your choice.", {
    sparkVersion: sparkVersion("Spark version of the server. Default: the platform's.").optional(),
    image: image("Image of the server and its executors. Default: the registry's spark of that version.").optional(),
    backend: oneOf("Who runs the executors. Default: k8s.", Object.values(SparkConnectBackend)).optional(),
    standalone: name(
        "Standalone cluster of the platform that runs the executors; the backend is standalone then. Default: none.",
    ).optional(),
    replicas: wholeNumber("Number of servers behind one address; a session lives on one of them. Default: 1.", 1).optional(),
    memory: text("Java heap of each server. Default: 2g.", size("1g")).optional(),
    memoryOverhead: text(
        "Memory of each server's container beside the heap. Default: 640m or a quarter of the heap, whichever is more.",
        size("256m"),
    ).optional(),
    cpuRequest: text("CPU request of each server. Default: 500m.", cpu).optional(),
    executor: executor.optional(),
    warehouse: text(
        "Directory of managed tables. Without a catalog in sparkConf their names live in one server's memory. Default: none is set.",
        forms.directory,
    ).optional(),
    eventLogUploadSeconds: wholeNumber(
        "Seconds between two uploads of the event log: what the history may be late by. Default: 10.",
        1,
    ).optional(),
    evictable: yesOrNo("Whether a node drain may evict a server, which ends its sessions. Default: false.").optional(),
    environment: texts("Further environment variables; secrets do not belong here. Default: none.").optional(),
    secretEnvironment: named("Further environment variables whose values are in Secrets. Default: none.", secretKey).optional(),
    files: named("Further files, by a name for each directory. Default: none.", files).optional(),
    authentication: section("Token that clients must send; it needs tls. Default: none is asked for.", {
        tokenSecret: filled("Secret with the key token. Default: one is made.", "the name of a Secret").optional(),
    } satisfies Every<SparkConnectAuthentication>).optional(),
    tls: section("TLS between clients and servers. Default: none.", {
        secret: filled("Secret of the type kubernetes.io/tls.", "the name of a Secret"),
    } satisfies Every<SparkConnectTls>).optional(),
    iceberg: iceberg.optional(),
    rapids: rapids.optional(),
    logs: partLogs.optional(),
    monitoring: monitoring.optional(),
    apiServer: apiServer.optional(),
    clientNamespaces: clientNamespaces.optional(),
    sparkConf: sparkConf.optional(),
    pod: pod.optional(),
} satisfies Every<SparkPlatformConnect>);
