import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { unawaited } from "../../internal/services";
import type { MetastoreConnection } from "../connections";
import { withIdentity } from "../kerberos";
import { resolveMetastore, type HiveMetastoreArgs } from "./args";
import * as objects from "./objects";

export type { HiveMetastoreArgs, HiveMetastoreKerberos, HiveMetastoreSettings } from "./args";

/** Hive Metastore servers: tables have names, which all sessions share and no restart loses. */
export class HiveMetastore extends pulumi.ComponentResource {
    /** How to reach the metastore; known to others when it runs. */
    public readonly connection: pulumi.Output<MetastoreConnection>;

    constructor(name: string, args: HiveMetastoreArgs, opts?: pulumi.ComponentResourceOptions) {
        super("spark-platform:index:HiveMetastore", name, {}, opts);
        const metastore = resolveMetastore(name, args);
        const child = { parent: this };

        const settings = new k8s.core.v1.ConfigMap(`${name}-settings`, objects.settings(metastore), child);
        const network = new k8s.networking.v1.NetworkPolicy(`${name}-network`, objects.network(metastore), child);
        const schemaNetwork = new k8s.networking.v1.NetworkPolicy(`${name}-schema-network`, objects.schemaNetwork(metastore), child);
        new k8s.networking.v1.NetworkPolicy(`${name}-client-network`, objects.clientNetwork(metastore), child);
        new k8s.policy.v1.PodDisruptionBudget(`${name}-disruption-budget`, objects.disruptionBudget(metastore), child);
        if (metastore.monitoring) {
            new k8s.apiextensions.CustomResource(`${name}-monitor`, objects.monitor(metastore, metastore.monitoring), child);
        }
        const schemaNeeds = { ...child, dependsOn: [schemaNetwork] };
        const schema = new k8s.batch.v1.Job(`${name}-schema`, objects.schema(metastore, settings.metadata.name), schemaNeeds);
        // After the schema: an update waits for a Service to find pods, and would say only then, minutes later, what became of the schema.
        const address = new k8s.core.v1.Service(`${name}-address`, unawaited(objects.address(metastore)), {
            ...child,
            dependsOn: [schema],
        });
        const needs = { ...child, dependsOn: [schema, network] };
        const servers = new k8s.apps.v1.Deployment(`${name}-servers`, objects.servers(metastore, settings.metadata.name), needs);

        // The URNs are known in a preview, and wait for the servers in an update: whoever takes the connection starts after them.
        const { namespace, hiveVersion, warehouse } = metastore;
        const kerberos = objects.clientIdentity(metastore);
        const connection = pulumi
            .all([pulumi.output({ namespace, version: hiveVersion, warehouse, kerberos }), address.urn, servers.urn])
            .apply(([known]) => objects.connection(metastore, known));
        this.connection = withIdentity(connection, kerberos);
        this.registerOutputs({ connection: this.connection });
    }
}
