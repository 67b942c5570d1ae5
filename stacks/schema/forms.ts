import type * as k8s from "@pulumi/kubernetes";
import type { z } from "zod";

import { nodeKinds } from "../../components/internal/placement";
import type { ClusterEndpoint, DatabaseConnection } from "../../components";
import type { PodSettings } from "../../components/internal/pod";
import { sparkVersion as isSparkVersion, sparkLines, testedVersions } from "../../components/internal/spark-versions";
import {
    apiServerAddress,
    bucketName,
    cidr,
    dnsLabel,
    hostName as isHostName,
    httpUrl,
    imageRegistry,
    objectPrefix,
    present,
    s3aDirectory,
} from "../../components/internal/values";
import { list, named, oneOf, scalar, section, text, wholeNumber, yesOrNo, type Form } from "../hints";
import { collectorUrl } from "../../components/spark/tracing";
import { nearest } from "../problem";

/** Proves at compile time that a section knows every argument of a component, and no other. */
export type Every<Args> = Record<keyof Args, z.ZodType>;

export const forms = {
    name: { check: dnsLabel, expected: 'a name of at most 63 lower-case letters, digits and "-", starting with a letter' },
    bucket: { check: bucketName, expected: 'the name of a bucket: 3 to 63 lower-case letters, digits and "-"' },
    prefix: { check: objectPrefix, expected: 'a path in a bucket like "logs/events"' },
    directory: { check: s3aDirectory, expected: 'a directory in a bucket like "s3a://bucket/directory"' },
    url: { check: httpUrl, expected: 'the URL of a server like "https://s3.example.com"' },
    collector: {
        check: collectorUrl,
        expected: 'the URL of a collector like "http://collector.tracing.svc:4318", where it takes HTTP',
        nearest: (found) => found.replace(/:4317\/?$/, ":4318"),
    },
    addresses: { check: cidr, expected: 'a range of addresses like "198.51.100.7/32"', nearest: (found) => `${found}/32` },
    apiServer: {
        check: apiServerAddress,
        expected: 'a range of addresses like "198.51.100.7/32", or "198.51.100.7/32:16443" for another port than 443 and 6443',
        nearest: (found) => found.replace(/(:[0-9]+)?$/, "/32$1"),
    },
    host: {
        check: isHostName,
        expected: 'a host name like "spark.example.com"',
        nearest: (found) => found.replace(/^[a-z]+:\/\//, "").replace(/\/.*$/, ""),
    },
    registry: {
        check: imageRegistry,
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
        software: "version",
    },
} satisfies Record<string, Form>;

export const filled = (description: string, expected: string) => text(description, { check: present, expected });
export const name = (description: string) => text(description, forms.name);
export const names = (description: string) => list(description, name("A name."));
export const hostName = (description: string) => text(description, forms.host);
export const texts = (description: string) => named(description, filled("A text.", "a text; quote numbers, true and false"));
/** By this form, not by its key, an image is known to whatever judges or carries images. */
export const image = (description: string) => text(description, { check: present, expected: "the name of an image", software: "image" });
export const sparkVersion = (description: string) => text(description, forms.sparkVersion);
export const sparkConf = named("Further Spark settings. Those that another key decides are refused. Default: none.", scalar("A setting."));
export const clientNamespaces = names("Further namespaces whose pods may connect. Default: none.");

export const toleration = section("A taint that the pods put up with; effect and operator as Kubernetes names them.", {
    key: filled("Key of the taint. Default: every key.", "a text").optional(),
    operator: oneOf("How the value is compared. Default: Equal.", ["Equal", "Exists"]).optional(),
    value: filled("Value of the taint.", "a text").optional(),
    effect: oneOf("Effect of the taint. Default: every effect.", ["NoSchedule", "PreferNoSchedule", "NoExecute"]).optional(),
    tolerationSeconds: wholeNumber("Seconds until a pod leaves a node that got the taint NoExecute. Default: never.", 0).optional(),
} satisfies Every<k8s.types.input.core.v1.Toleration>);

export const pod = section("Where and as whom the pods run.", {
    nodes: oneOf("Kind of nodes to run on; the taint of such nodes is put up with. Default: any node.", nodeKinds).optional(),
    keepOnNode: yesOrNo(
        "Whether Karpenter and the Cluster Autoscaler must leave a node alone while one of the pods is on it. Default: false.",
    ).optional(),
    nodeSelector: texts("Labels of the nodes to run on. Default: any node.").optional(),
    tolerations: list("Taints of nodes that the pods put up with. Default: none.", toleration).optional(),
    labels: texts("Further labels of the pods; the platform's own win. Default: none.").optional(),
    annotations: texts("Annotations of the pods. Default: none.").optional(),
    imagePullSecrets: names("Secrets with the credentials of private image registries. Default: those of images.pullSecrets.").optional(),
    priorityClassName: filled("Priority class of the pods. Default: the cluster's.", "the name of a priority class").optional(),
    tokenAudience: filled(
        "Audience of a token of the pods' account that lies ready for an agent such as Vault's. Default: none.",
        "the audience of a token",
    ).optional(),
    userIdFromNamespace: yesOrNo("Whether the namespace assigns user ids itself, as OpenShift does. Default: false.").optional(),
} satisfies Every<PodSettings>);

export const addresses = text("A range of addresses.", forms.addresses);

export const apiServer = list(
    "Addresses of the Kubernetes API server, for all network policies that need them. Default: 0.0.0.0/0, ports 443 and 6443 only.",
    text("A range of addresses, and a port where it is neither 443 nor 6443.", forms.apiServer),
);

export const clusterEndpoint = section("The pods that answer inside the cluster. Default: none.", {
    namespace: name("Namespace of the answering pods."),
    podLabels: texts("Labels of the answering pods."),
    clientLabels: texts("Labels that a pod needs to get through to them."),
    port: wholeNumber("Port on the pods where their Service maps it to another. Default: the port of the address.", 1, 65535).optional(),
} satisfies Every<ClusterEndpoint>);

export const database = section("A database that exists already.", {
    host: filled("Host name of the server.", "a host name"),
    port: wholeNumber("Port of the server. Default: 5432.", 1).optional(),
    database: filled("Database.", "the name of a database"),
    credentialsSecret: filled("Secret with the keys username and password.", "the name of a Secret"),
    sslMode: oneOf("How much of TLS is asked for. Default: verify-full with caSecret, else require.", [
        "disable",
        "require",
        "verify-ca",
        "verify-full",
    ]).optional(),
    caSecret: filled("Secret with the key ca.crt. Default: none.", "the name of a Secret").optional(),
    clusterEndpoint: clusterEndpoint.optional(),
} satisfies Every<DatabaseConnection>);
