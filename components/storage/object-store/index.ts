import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { after } from "../../internal/after";
import { unawaited } from "../../internal/services";
import * as random from "@pulumi/random";

import type { EventLogLocation, S3Connection } from "../connections";
import { resolveObjectStore, type ObjectStoreArgs } from "./args";
import * as objects from "./objects";

export type { ObjectStoreArgs, ObjectStoreSettings } from "./args";

/** An S3 store inside the cluster (MinIO): one server on one volume, with buckets and an application user of its own. */
export class ObjectStore extends pulumi.ComponentResource {
    /** How to reach the store; known to others when its buckets exist. */
    public readonly connection: pulumi.Output<S3Connection>;
    /** Where event logs go; known to others when the directory exists. */
    public readonly eventLog: pulumi.Output<EventLogLocation>;
    /** Directory for tables, in the first bucket. */
    public readonly warehouse: pulumi.Output<string>;

    constructor(name: string, args: ObjectStoreArgs, opts?: pulumi.ComponentResourceOptions) {
        super("spark-platform:index:ObjectStore", name, {}, opts);
        const store = resolveObjectStore(name, args);
        const child = { parent: this };
        const letters = { special: false };

        const rootPassword = new random.RandomPassword(`${name}-root-password`, { length: 40, ...letters }, child);
        const accessKey = new random.RandomString(`${name}-access-key`, { length: 20, ...letters }, child);
        const secretKey = new random.RandomPassword(`${name}-secret-key`, { length: 40, ...letters }, child);
        const rootSecret = new k8s.core.v1.Secret(`${name}-root`, objects.rootSecret(store, rootPassword.result), child);
        const credentials = objects.credentialsSecret(store, accessKey.result, secretKey.result);
        const credentialsSecret = new k8s.core.v1.Secret(`${name}-credentials`, credentials, child);
        const data = new k8s.core.v1.PersistentVolumeClaim(`${name}-data`, objects.data(store), { ...child, protect: store.protectData });
        const address = new k8s.core.v1.Service(`${name}-address`, unawaited(objects.address(store)), child);
        const podNames = new k8s.core.v1.Service(`${name}-pod-names`, unawaited(objects.podNames(store)), child);
        const network = new k8s.networking.v1.NetworkPolicy(`${name}-network`, objects.network(store), child);
        new k8s.networking.v1.NetworkPolicy(`${name}-client-network`, objects.clientNetwork(store), child);
        const setupNetwork = new k8s.networking.v1.NetworkPolicy(`${name}-setup-network`, objects.setupNetwork(store), child);
        if (store.monitoring) {
            new k8s.apiextensions.CustomResource(`${name}-monitor`, objects.monitor(store, store.monitoring), child);
        }
        const root = rootSecret.metadata.name;
        const serverNeeds = { ...child, dependsOn: [rootSecret, data, podNames, network] };
        const server = new k8s.apps.v1.StatefulSet(
            `${name}-server`,
            objects.server(store, { rootSecret: root, claim: data.metadata.name }),
            serverNeeds,
        );
        const setupNeeds = { ...child, dependsOn: [server, address, credentialsSecret, setupNetwork] };
        const parts = { rootSecret: root, credentialsSecret: credentialsSecret.metadata.name, volumeId: data.metadata.uid };
        const setup = new k8s.batch.v1.Job(`${name}-setup`, objects.setup(store, parts), setupNeeds);

        // The URN is known in a preview, and waits for the Job in an update: whoever takes the connection starts after the set-up.
        this.connection = pulumi
            .all([store.namespace, credentialsSecret.metadata.name, setup.urn])
            .apply(([namespace, secret]) => objects.connection(store, namespace, secret));
        const s3 = this.connection;
        this.eventLog = pulumi
            .all([store.eventLogBucket, store.eventLogPrefix])
            .apply(([bucket, prefix]) => ({ directory: `s3a://${bucket}/${prefix}`, s3 }));
        this.warehouse = after(store.buckets, setup).apply(([first]) => `s3a://${first ?? ""}/tables`);
        this.registerOutputs({ connection: this.connection, eventLog: this.eventLog, warehouse: this.warehouse });
    }
}
