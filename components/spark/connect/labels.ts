import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { labelsOf } from "../../internal/identity";
import { storeClientLabels } from "../../storage/s3a";
import { hdfsClientLabels } from "../hdfs";
import { icebergClientLabels } from "../iceberg";
import { metastoreClientLabels } from "../metastore";
import { tracingClientLabels } from "../tracing";
import type { ResolvedConnect } from "./args";
import { serverIdentity } from "./identity";

export const labels = (server: ResolvedConnect, identity = serverIdentity(server)) =>
    labelsOf<pulumi.Input<string>>(identity, server.sparkVersion);

export function metadata(server: ResolvedConnect, name: string, identity = serverIdentity(server)): k8s.types.input.meta.v1.ObjectMeta {
    return { name, namespace: server.namespace, labels: labels(server, identity) };
}

/** What the pods' labels add to the selector may change: a version, and what others ask of their clients. */
export function podLabels(server: ResolvedConnect, identity = serverIdentity(server)): pulumi.Output<Record<string, string>> {
    return pulumi
        .all([
            labels(server, identity),
            server.s3,
            server.eventLog,
            server.iceberg,
            server.metastore,
            server.hdfs,
            server.standalone,
            server.tracing,
        ])
        .apply(([own, s3, eventLog, iceberg, metastore, hdfs, standalone, tracing]) => ({
            ...metastoreClientLabels(metastore),
            ...hdfsClientLabels(hdfs),
            ...tracingClientLabels(tracing),
            ...storeClientLabels(s3),
            ...storeClientLabels(eventLog?.s3),
            ...icebergClientLabels(iceberg),
            ...standalone?.masters.clientLabels,
            ...standalone?.workers.clientLabels,
            ...own,
        }));
}
