import * as k8s from "@pulumi/kubernetes";

import { ObjectStore, SparkConnect, SparkHistoryServer, SparkWorkspace, type SparkConnectArgs } from "../../../../components";
import { minioImage, sparkImage, tlsProxyImage } from "../../../../components/internal/images";
import { testedVersions } from "../../../../components/internal/spark-versions";

/**
 * A team's namespace with its store, a History Server of the newest line, and Connect servers as the test asks for, small enough to share a
 * machine with others. A key for TLS comes from the test, and so does what a broken server is told instead of the truth.
 */
const {
    NAMESPACE: team = "",
    SPARK_VERSION: sparkVersion = "",
    SETTINGS: settings = "{}",
    TLS: tls = "",
    BROKEN: broken = "",
} = process.env;
const registry = "spark-platform.local";

const workspace = new SparkWorkspace("team", { namespace: team });
const { namespace } = workspace;
const store = new ObjectStore("team", {
    namespace,
    image: minioImage(registry),
    buckets: ["warehouse"],
    storage: "1g",
    memory: "512m",
});
const common = {
    namespace,
    sparkVersion,
    image: sparkImage(registry, sparkVersion),
    proxyImage: tlsProxyImage(registry),
    serviceAccount: workspace.serverAccount,
    executorServiceAccount: workspace.executorAccount,
    s3: store.connection,
    warehouse: store.warehouse,
    memory: "1g",
    cpuRequest: "100m",
};
const given = JSON.parse(settings) as Partial<SparkConnectArgs>;
const secretOf = (name: string, type: string, stringData: Record<string, string>) =>
    new k8s.core.v1.Secret(name, { metadata: { name, namespace }, type, stringData });

if (tls !== "") {
    secretOf("certificate", "kubernetes.io/tls", JSON.parse(tls) as Record<string, string>);
}
const server =
    settings === "{}"
        ? undefined
        : new SparkConnect("main", {
              ...common,
              eventLog: store.eventLog,
              eventLogUploadSeconds: 2,
              ...given,
              executor: { memory: "512m", cpuRequest: "100m", localStorage: "1g", ...given.executor },
          });
const history =
    server &&
    new SparkHistoryServer("team", {
        namespace,
        sparkVersion: testedVersions.at(-1) ?? "",
        image: sparkImage(registry, testedVersions.at(-1) ?? ""),
        eventLog: store.eventLog,
        memory: "512m",
        updateSeconds: 2,
    });

if (broken !== "") {
    const { s3 = {}, ...others } = JSON.parse(broken) as { s3?: object; warehouse?: string; metastore?: { uris: string } };
    secretOf("wrong-keys", "Opaque", { "access-key": "nobody", "secret-key": "nothing" });
    new SparkConnect("broken", { ...common, s3: store.connection.apply((known) => ({ ...known, ...s3 })), ...others });
}

export const connection = server && {
    url: server.url,
    replicaUrls: server.replicaUrls,
    clientLabels: server.clientLabels,
    tokenSecret: server.tokenSecret,
};
export const historyUrl = history?.url;
