import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { ObjectStore, SparkConnect, SparkHistoryServer, SparkWorkspace } from "../../../../components";
import { minioImage, sparkImage } from "../../../../components/internal/images";
import { newestTested, testedVersions } from "../../../../components/internal/spark-versions";
import { registry, smallConnect } from "../team";

/** A store and a History Server that all share, and for each line of Spark a team with a Connect server of its own. */
const { NAMESPACE: shared = "" } = process.env;
const teams = testedVersions.map((version, i) => ({ version, namespace: `${shared}-${i}` }));

const workspace = new SparkWorkspace("shared", { namespace: shared });
const store = new ObjectStore("shared", {
    namespace: workspace.namespace,
    image: minioImage(registry),
    storage: "1g",
    memory: "512m",
    clientNamespaces: teams.map(({ namespace }) => namespace),
});
const history = new SparkHistoryServer("shared", {
    namespace: workspace.namespace,
    sparkVersion: newestTested,
    image: sparkImage(registry, newestTested),
    eventLog: store.eventLog,
    memory: "512m",
    updateSeconds: 2,
});

/** A Secret is for its own namespace, so each team has the store's keys in one of its own. */
const keysOf = store.connection.apply(({ credentialsSecret }) => credentialsSecret);
const { data: keys } = k8s.core.v1.Secret.get("shared-keys", pulumi.interpolate`${shared}/${keysOf}`);

const servers = teams.map(({ version, namespace }, i) => {
    const team = new SparkWorkspace(`team-${i}`, { namespace });
    const secret = new k8s.core.v1.Secret(`team-${i}-keys`, { metadata: { name: "store-keys", namespace: team.namespace }, data: keys });
    const s3 = store.connection.apply((known) => ({ ...known, credentialsSecret: secret.metadata.name }));
    return new SparkConnect(`team-${i}-main`, {
        ...smallConnect({ workspace: team, namespace: team.namespace, store }, version),
        s3,
        eventLog: store.eventLog.apply(({ directory }) => ({ directory, s3 })),
        eventLogUploadSeconds: 2,
    });
});

export const connections = pulumi.all(servers.map(({ url, clientLabels }) => ({ url, clientLabels })));
export const historyUrl = history.url;
