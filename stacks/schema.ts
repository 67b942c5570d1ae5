import type * as k8s from "@pulumi/kubernetes";
import type { z } from "zod";

import type { SparkPlatformArgs, SparkPlatformConnect, SparkPlatformHistoryServer, SparkPlatformImages } from "../components";
import type { SparkPlatformObjectStore, SparkPlatformStorage } from "../components";
import type { PodSettings } from "../components/internal/pod";
import { sparkVersion as isSparkVersion, sparkLines, testedVersions } from "../components/internal/spark-versions";
import { bucketName, cidr, dnsLabel, httpUrl, objectPrefix, present, s3aDirectory } from "../components/internal/values";
import type { SparkConnectExecutor } from "../components/spark/connect/args";
import type { SparkHistoryServerRetention } from "../components/spark/history-server/args";
import type { ClusterEndpoint, S3Connection } from "../components/storage/connections";
import type { SparkWorkspaceQuota, SparkWorkspaceSettings } from "../components/workspace/args";
import { list, named, oneOf, scalar, section, text, wholeNumber, yesOrNo, type Form } from "./hints";
import { nearest } from "./problem";
import { cpu, duration, size } from "./quantity";

export const environments = ["dev", "staging", "prod"] as const;
export type Environment = (typeof environments)[number];

/** Proves at compile time that a section knows every argument of a component, and no other. */
type Every<Args> = Record<keyof Args, z.ZodType>;

const forms = {
    name: { check: dnsLabel, expected: 'a name of at most 63 lower-case letters, digits and "-", starting with a letter' },
    bucket: { check: bucketName, expected: 'the name of a bucket: 3 to 63 lower-case letters, digits and "-"' },
    prefix: { check: objectPrefix, expected: 'a path in a bucket like "logs/events"' },
    directory: { check: s3aDirectory, expected: 'a directory in a bucket like "s3a://bucket/directory"' },
    url: { check: httpUrl, expected: 'the URL of a server like "https://s3.example.com"' },
    addresses: { check: cidr, expected: 'a range of addresses like "198.51.100.7/32"', nearest: (found) => `${found}/32` },
    registry: {
        check: (found) => (/^[a-z0-9][-.a-z0-9]*(:[0-9]+)?(\/[a-z0-9][-._a-z0-9]*)*$/.test(found) ? undefined : "is not a registry"),
        expected: 'a registry like "registry.example.com/data", without https:// and without a tag',
        nearest: (found) => found.replace(/^[a-z]+:\/\//, "").replace(/\/+$/, ""),
    },
    sparkVersion: {
        check: isSparkVersion,
        expected: `a Spark version of ${Object.keys(sparkLines)
            .map((line) => `${line}.x`)
            .join(" or ")}`,
        pattern: `^(${Object.keys(sparkLines)
            .map((line) => line.replace(".", "\\."))
            .join("|")})\\.[0-9]+$`,
        nearest: (found) => nearest(found, testedVersions) ?? testedVersions.at(-1),
    },
} satisfies Record<string, Form>;

const filled = (description: string, expected: string) => text(description, { check: present, expected });
const name = (description: string) => text(description, forms.name);
const names = (description: string) => list(description, name("A name."));
const texts = (description: string) => named(description, filled("A text.", "a text; quote numbers, true and false"));
const image = (description: string) => filled(description, "the name of an image");
const sparkVersion = (description: string) => text(description, forms.sparkVersion);
const sparkConf = named("Further Spark settings. Those that another key decides are refused. Default: none.", scalar("A setting."));
const clientNamespaces = names("Further namespaces whose pods may connect. Default: none.");

const toleration = section("A taint that the pods put up with; effect and operator as Kubernetes names them.", {
    key: filled("Key of the taint. Default: every key.", "a text").optional(),
    operator: oneOf("How the value is compared. Default: Equal.", ["Equal", "Exists"]).optional(),
    value: filled("Value of the taint.", "a text").optional(),
    effect: oneOf("Effect of the taint. Default: every effect.", ["NoSchedule", "PreferNoSchedule", "NoExecute"]).optional(),
    tolerationSeconds: wholeNumber("Seconds until a pod leaves a node that got the taint NoExecute. Default: never.", 0).optional(),
} satisfies Every<k8s.types.input.core.v1.Toleration>);

const pod = section("Where and as whom the pods run.", {
    nodeSelector: texts("Labels of the nodes to run on. Default: any node.").optional(),
    tolerations: list("Taints of nodes that the pods put up with. Default: none.", toleration).optional(),
    labels: texts("Further labels of the pods; the platform's own win. Default: none.").optional(),
    annotations: texts("Annotations of the pods. Default: none.").optional(),
    imagePullSecrets: names("Secrets with the credentials of private image registries. Default: those of images.pullSecrets.").optional(),
    priorityClassName: filled("Priority class of the pods. Default: the cluster's.", "the name of a priority class").optional(),
    userIdFromNamespace: yesOrNo("Whether the namespace assigns user ids itself, as OpenShift does. Default: false.").optional(),
} satisfies Every<PodSettings>);

const cluster = section("The Kubernetes cluster to deploy to.", {
    context: filled(
        "Context of the kubeconfig. Needed in staging and prod, so that nothing lands in the cluster that happens to be current. Default: the current context.",
        "the name of a context",
    ).optional(),
    kubeconfig: filled(
        "Path of the kubeconfig; ~ is the home directory. Default: KUBECONFIG, then ~/.kube/config, then the cluster that Pulumi itself runs in.",
        "the path of a kubeconfig",
    ).optional(),
});

const images = section("Where the platform's images come from.", {
    registry: text(
        "Registry, with a path if there is one: Spark is <registry>/spark:<version>, MinIO <registry>/minio:<version>.",
        forms.registry,
    ),
    pullSecrets: names("Secrets with the registry's credentials. Default: none.").optional(),
} satisfies Every<SparkPlatformImages>);

const workspace = section("Quota and accounts of the namespace.", {
    quota: section("Upper bounds of everything in the namespace. Default: none.", {
        cpu: text("Sum of the CPU requests. Default: no bound.", cpu).optional(),
        memory: text("Sum of the memory limits. Default: no bound.", size("1g")).optional(),
        pods: wholeNumber("Number of pods. Default: no bound.", 1).optional(),
    } satisfies Every<SparkWorkspaceQuota>).optional(),
    serverAccountAnnotations: texts(
        "Annotations of the account that Spark servers run as, for example the role that a cloud grants it. Default: none.",
    ).optional(),
    executorAccountAnnotations: texts("Annotations of the account that executors run as. Default: none.").optional(),
} satisfies Every<SparkWorkspaceSettings>);

const objectStore = section("An object store (MinIO) of the platform's own, with generated credentials. Not together with storage.", {
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
    pod: pod.optional(),
} satisfies Every<SparkPlatformObjectStore>);

const storage = section("An S3 store that exists already. Not together with objectStore.", {
    s3: section("How to reach the store, and as whom.", {
        endpoint: text("URL of the S3 API; its scheme decides about TLS. Default: AWS, by region.", forms.url).optional(),
        region: filled("Region. Default: us-east-1.", 'a region like "eu-central-1"').optional(),
        pathStyle: yesOrNo("Whether the bucket stands in the path rather than in the host name. Default: false.").optional(),
        credentialsSecret: name(
            "Secret of the namespace with the keys access-key and secret-key. Default: none, pods use their own cloud identity.",
        ).optional(),
        clusterEndpoint: section("The pods behind the endpoint when it is inside the cluster. Default: none.", {
            namespace: name("Namespace of the answering pods."),
            podLabels: texts("Labels of the answering pods."),
            clientLabels: texts("Labels that a pod needs to be let in."),
            port: wholeNumber(
                "Port on the pods where their Service maps it to another. Default: the port of the address.",
                1,
                65535,
            ).optional(),
        } satisfies Every<ClusterEndpoint>).optional(),
    } satisfies Every<S3Connection>),
    eventLogDirectory: text("Directory for event logs; it must exist. Default: no event logs.", forms.directory).optional(),
} satisfies Every<SparkPlatformStorage>);

const historyServer = section("The server that shows finished and running applications. Default: none.", {
    sparkVersion: sparkVersion(
        "Spark version of the server; it reads logs of its own line and of older ones. Default: the platform's.",
    ).optional(),
    image: image("Image of the server. Default: the registry's spark of that version.").optional(),
    replicas: wholeNumber("Number of servers behind one address. Default: 1.", 1).optional(),
    retention: section("Deletion of old event logs. Default: nothing is deleted.", {
        days: wholeNumber("Delete logs older than this many days.", 1),
        everyHours: wholeNumber("Hours between two looks at the logs. Default: 24.", 1).optional(),
    } satisfies Every<SparkHistoryServerRetention>).optional(),
    memory: text("Java heap of each server. Default: 1g.", size("512m")).optional(),
    cpuRequest: text("CPU request of each server. Default: 100m.", cpu).optional(),
    cacheStorage: text("Disk for replayed logs; the least used are forgotten first. Default: 5g.", size("512m")).optional(),
    updateSeconds: wholeNumber("Seconds between two looks for new logs. Default: 10.", 1).optional(),
    clientNamespaces: clientNamespaces.optional(),
    sparkConf: sparkConf.optional(),
    pod: pod.optional(),
} satisfies Every<SparkPlatformHistoryServer>);

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
    pod: pod.optional(),
} satisfies Every<SparkConnectExecutor>);

const apiServer = list(
    "Addresses of the Kubernetes API server, for all network policies that need them. Default: 0.0.0.0/0, ports 443 and 6443 only.",
    text("A range of addresses.", forms.addresses),
);

const connectServer = section("One Connect server, under a name of your choice.", {
    sparkVersion: sparkVersion("Spark version of the server. Default: the platform's.").optional(),
    image: image("Image of the server and its executors. Default: the registry's spark of that version.").optional(),
    replicas: wholeNumber("Number of servers behind one address; a session lives on one of them. Default: 1.", 1).optional(),
    memory: text("Java heap of each server. Default: 2g.", size("1g")).optional(),
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
    apiServer: apiServer.optional(),
    clientNamespaces: clientNamespaces.optional(),
    sparkConf: sparkConf.optional(),
    pod: pod.optional(),
} satisfies Every<SparkPlatformConnect>);

const platform = {
    namespace: name("Namespace to make for the platform. Changing it replaces everything inside."),
    sparkVersion: sparkVersion("Spark version of servers that do not say their own. Default: 4.1.0.").optional(),
    images,
    workspace: workspace.optional(),
    objectStore: objectStore.optional(),
    storage: storage.optional(),
    historyServer: historyServer.optional(),
    connect: named("Spark Connect servers, each under a name of your choice.", connectServer).optional(),
    apiServer: apiServer.optional(),
} satisfies Every<SparkPlatformArgs>;

/**
 * Everything a stack file may say under `spark-platform:`, one entry for each key.
 *
 * Defaults belong to the components: what is left out here is left out there.
 */
export const stackSchema = section("Keys of the namespace spark-platform.", {
    environment: oneOf(
        "What the stack is for. Staging and prod name their cluster and their registry; prod is also replicated and keeps its data outside.",
        environments,
    ),
    cluster,
    ...platform,
});

export type StackFile = z.infer<typeof stackSchema>;
