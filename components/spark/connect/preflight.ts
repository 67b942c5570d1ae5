import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { podMetadata, restrictedPod, type PlainContainer } from "../../internal/pod";
import type { S3Connection } from "../../storage/connections";
import { credentialsEnvironment, defaultRegion, type S3Facts } from "../../storage/s3a";
import { nameNodeOf } from "../hdfs";
import { icebergTargets } from "../iceberg";
import { sparkUser } from "../spark-image";
import type { ResolvedConnect } from "./args";
import { checkIdentity, checkName } from "./identity";
import { labels, metadata, podLabels } from "./labels";
import { checkPolicy } from "./network";

/**
 * The same questions before there is a server: an update hears of a Job that failed at once, of pods that start again and again only
 * after ten minutes.
 *
 * The name is left to the engine: a Job cannot be changed, so other questions are another Job.
 */
export function checkJob(server: ResolvedConnect): k8s.batch.v1.JobArgs {
    const identity = checkIdentity(server);
    return {
        metadata: {
            namespace: server.namespace,
            labels: labels(server, identity),
            // A Job that has failed stays failed; the next `up` makes another.
            annotations: { "pulumi.com/replaceUnready": "true" },
        },
        spec: {
            // The program itself tries again; what it gives up on, another pod would not find otherwise.
            backoffLimit: 0,
            activeDeadlineSeconds: 600,
            template: {
                metadata: podMetadata(podLabels(server, identity), server.pod),
                spec: restrictedPod(
                    {
                        user: sparkUser,
                        // By cloud identity the store is asked as the server's own account.
                        serviceAccountName: server.serviceAccount,
                        restartPolicy: "Never",
                        terminationGracePeriodSeconds: 5,
                        containers: preflight(server),
                    },
                    server.pod,
                ),
            },
        },
    };
}

export function checkNetwork(server: ResolvedConnect): k8s.networking.v1.NetworkPolicyArgs {
    return { metadata: metadata(server, checkName(server), checkIdentity(server)), spec: pulumi.output(server).apply(checkPolicy) };
}

/**
 * What a server needs is asked for before it starts: a wrong key, an absent bucket or a silent master is then one line in the log of
 * the pod and in `pulumi up`, where Spark would start, fail and start again.
 */
export function preflight(server: ResolvedConnect): PlainContainer[] {
    const { s3, warehouse, eventLog } = server;
    const logs = eventLog && pulumi.output(eventLog);
    return [
        ...(s3 && warehouse ? [check(server, "check-warehouse", s3, warehouse)] : []),
        ...(logs
            ? [
                  check(
                      server,
                      "check-event-log",
                      logs.apply((known) => known.s3),
                      logs.apply(({ directory }) => directory),
                  ),
              ]
            : []),
        ...(server.iceberg || server.metastore || server.hdfs || server.standalone ? [addresses(server)] : []),
    ];
}

function check({ image }: ResolvedConnect, name: string, s3: pulumi.Input<S3Connection>, directory: pulumi.Input<string>): PlainContainer {
    const args = pulumi.all([s3, directory]).apply(([store, of]) => [...program, "--directory", of, ...storeArguments(store)]);
    return { name, image, args, env: credentialsEnvironment(s3), ...small };
}

function addresses({ image, iceberg, metastore, hdfs, standalone }: ResolvedConnect): PlainContainer {
    const args = pulumi.all([iceberg, metastore, hdfs, standalone]).apply(([catalogs, hive, files, cluster]) => {
        const targets = catalogs ? icebergTargets(catalogs).map(({ what, host, port }) => `${what}=${host}:${port}`) : [];
        const masters = cluster ? [`The Standalone cluster=${cluster.masterUrl.replace("spark://", "")}`] : [];
        const tables = hive ? [`The Hive Metastore=${hive.uris.replaceAll("thrift://", "")}`] : [];
        const nameNode = files && nameNodeOf(files);
        const names = nameNode?.isOne ? [`The NameNode=${nameNode.host}:${nameNode.port}`] : [];
        return [...program, ...[...targets, ...tables, ...names, ...masters].flatMap((address) => ["--address", address])];
    });
    return { name: "check-addresses", image, args, ...small };
}

const program = ["/opt/spark/check-stores.py"];

const storeArguments = ({ endpoint, region, pathStyle }: S3Facts): string[] => [
    ...(endpoint === undefined ? [] : ["--endpoint", endpoint]),
    ...["--region", region ?? defaultRegion],
    ...["--path-style", String(pathStyle ?? false)],
];

const small = { resources: { requests: { cpu: "10m", memory: "96Mi" }, limits: { memory: "96Mi" } }, writable: { "/tmp": "16Mi" } };
