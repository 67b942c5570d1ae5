import * as pulumi from "@pulumi/pulumi";

import { SparkConnect, SparkHistoryServer, SparkStandalone } from "../../../../components";
import { sparkImage } from "../../../../components/internal/images";
import { newestTested, testedVersions } from "../../../../components/internal/spark-versions";
import { registry, smallConnect, team } from "../team";

/**
 * One namespace with one store and one history, in which each line of Spark has a team with all that may be mistaken for the other's: a
 * Connect server whose executors are pods, a Standalone cluster, and a Connect server whose executors are in that cluster.
 */
const { NAMESPACE: given = "" } = process.env;
const shared = team(given, { memory: "512m", cpuRequest: "50m" });
const { namespace, store } = shared;
const history = new SparkHistoryServer("shared", {
    namespace,
    sparkVersion: newestTested,
    image: sparkImage(registry, newestTested),
    eventLog: store.eventLog,
    memory: "512m",
    cpuRequest: "50m",
    updateSeconds: 2,
});

const teams = testedVersions.map((sparkVersion, i) => {
    const name = `team-${i}`;
    const { executor, executorServiceAccount, ...server } = {
        ...smallConnect(shared, sparkVersion),
        cpuRequest: "50m",
        eventLog: store.eventLog,
        eventLogUploadSeconds: 2,
    };
    const cluster = new SparkStandalone(name, {
        ...{ namespace, sparkVersion, image: server.image, s3: store.connection, memory: "256m", cpuRequest: "50m" },
        worker: { replicas: 1, cpuRequest: "50m", memory: "512m", memoryOverhead: "256m", daemonMemory: "128m", localStorage: "1g" },
    });
    const servers = {
        pods: new SparkConnect(`${name}-pods`, { ...server, executor, executorServiceAccount }),
        workers: new SparkConnect(`${name}-workers`, {
            ...server,
            backend: "standalone",
            standalone: cluster.connection,
            executor: { memory: "512m", maximum: 1 },
        }),
    };
    return {
        servers: Object.entries(servers).map(([kind, { url, clientLabels }]) => ({ kind, url, clientLabels })),
        cluster: { masterUrl: cluster.connection.apply(({ masterUrl }) => masterUrl), clientLabels: cluster.clientLabels },
    };
});

export const made = pulumi.all(teams);
export const historyUrl = history.url;
