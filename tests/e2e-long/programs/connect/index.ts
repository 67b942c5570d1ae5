import * as k8s from "@pulumi/kubernetes";

import { SparkConnect, SparkHistoryServer, type SparkConnectArgs } from "../../../../components";
import { sparkImage, tlsProxyImage } from "../../../../components/internal/images";
import { newestTested } from "../../../../components/internal/spark-versions";
import { registry, smallConnect, team } from "../team";

/**
 * A team's namespace with its store, a History Server of the newest line, and Connect servers as the test asks for, small enough to share a
 * machine with others. A key for TLS comes from the test, and so does what a broken server is told instead of the truth.
 */
const {
    NAMESPACE: given = "",
    SPARK_VERSION: sparkVersion = "",
    SETTINGS: settings = "{}",
    TLS: tls = "",
    BROKEN: broken = "",
} = process.env;

const own = team(given, { memory: "512m" });
const { namespace, store } = own;
const { executor, ...sized } = smallConnect(own, sparkVersion);
const common = { ...sized, proxyImage: tlsProxyImage(registry), warehouse: store.warehouse };
const asked = JSON.parse(settings) as Partial<SparkConnectArgs>;
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
              ...asked,
              executor: { ...executor, maximum: undefined, ...asked.executor },
          });
const history =
    server &&
    new SparkHistoryServer("team", {
        namespace,
        sparkVersion: newestTested,
        image: sparkImage(registry, newestTested),
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
