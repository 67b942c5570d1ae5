import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import { ObjectStore } from "../../../components";
import { toDns } from "../../../components/internal/network";
import { setupArguments } from "../../../components/storage/object-store/objects";
import * as changes from "../../support/changes";
import { assertEveryField, assertEveryFieldMatters } from "../../support/fields";
import { podProblems, podsOf } from "../../support/pods";
import { record, type Registered } from "../../support/recorder";

const args = { namespace: "team-a", image: "registry.example/minio:1" };
const find = (made: Registered[], name: string, type = "") => made.find((one) => one.name === name && one.type.includes(type))!;

/** What a store answers to its clients. */
async function outputsOf(preview: boolean) {
    let store!: ObjectStore;
    await record((opts) => (store = new ObjectStore("s", args, opts)), { preview });
    const all = pulumi.output({ eventLog: store.eventLog, connection: store.connection, warehouse: store.warehouse });
    return new Promise<pulumi.Unwrap<typeof all>>((resolve) => all.apply(resolve));
}

describe("ObjectStore", () => {
    it("makes keys, a volume, the server and its set-up, in a preview too", async () => {
        for (const preview of [false, true]) {
            const made = await record((opts) => new ObjectStore("s", args, opts), { preview });
            assert.deepEqual(
                made.map(({ type, name }) => `${name} ${type}`),
                [
                    "s-access-key random:index/randomString:RandomString",
                    "s-address kubernetes:core/v1:Service",
                    "s-client-network kubernetes:networking.k8s.io/v1:NetworkPolicy",
                    "s-credentials kubernetes:core/v1:Secret",
                    "s-data kubernetes:core/v1:PersistentVolumeClaim",
                    "s-network kubernetes:networking.k8s.io/v1:NetworkPolicy",
                    "s-pod-names kubernetes:core/v1:Service",
                    "s-root kubernetes:core/v1:Secret",
                    "s-root-password random:index/randomPassword:RandomPassword",
                    "s-secret-key random:index/randomPassword:RandomPassword",
                    "s-server kubernetes:apps/v1:StatefulSet",
                    "s-setup kubernetes:batch/v1:Job",
                    "s-setup-network kubernetes:networking.k8s.io/v1:NetworkPolicy",
                ],
            );
        }
    });

    it("tells clients how to reach it, in a first preview too", async () => {
        for (const preview of [false, true]) {
            const { connection, eventLog, warehouse } = await outputsOf(preview);
            assert.deepEqual(connection, {
                endpoint: "http://s-store.team-a.svc:9000",
                region: "us-east-1",
                pathStyle: true,
                credentialsSecret: "s-credentials",
                clusterEndpoint: {
                    namespace: "team-a",
                    podLabels: {
                        "app.kubernetes.io/name": "object-store",
                        "app.kubernetes.io/component": "server",
                        "app.kubernetes.io/instance": "s",
                    },
                    clientLabels: { "spark-platform/s-store-client": "true" },
                },
            });
            assert.deepEqual(eventLog, { directory: "s3a://spark-logs/events", s3: connection });
            assert.equal(warehouse, "s3a://warehouse/tables");
        }
    });

    it("sets up buckets and the log directory once each, after the server is there and before any client", async () => {
        assert.deepEqual(setupArguments([["a-b", "logs"], "logs", "x/y"]), ["--bucket", "a-b", "--bucket", "logs", "--prefix", "logs/x/y"]);
        const made = await record((opts) => new ObjectStore("s", args, opts));
        assert.deepEqual(find(made, "s-setup").options.dependsOn, ["s-address", "s-credentials", "s-server", "s-setup-network"]);
        assert.equal(
            find(made, "s-setup").inputs.metadata.name,
            undefined,
            "named by the engine, so that a new one is made before the old one goes",
        );
    });

    it("rolls the server and sets up again when keys change, and sets up again on another volume", async () => {
        const made = await record((opts) => new ObjectStore("s", args, opts));
        for (const name of ["s-root", "s-credentials"]) {
            const { immutable, metadata } = find(made, name).inputs;
            assert.deepEqual([immutable, metadata.name], [true, undefined], "new keys are another Secret under another name");
        }
        const envOf = (name: string) =>
            find(made, name).inputs.spec.template.spec.containers[0].env.map(
                (one: any) => `${one.name} ${one.value ?? one.valueFrom.secretKeyRef.name}`,
            );
        assert.deepEqual(envOf("s-server").slice(0, 2), ["MINIO_ROOT_USER s-root", "MINIO_ROOT_PASSWORD s-root"]);
        assert.deepEqual(envOf("s-setup"), [
            "MINIO_ROOT_USER s-root",
            "MINIO_ROOT_PASSWORD s-root",
            "AWS_ACCESS_KEY_ID s-credentials",
            "AWS_SECRET_ACCESS_KEY s-credentials",
            "VOLUME_ID s-data-uid",
        ]);
    });

    it("moves to a volume of another storage class before the old one goes", async () => {
        const claimOf = async (more: object) => {
            const made = await record((opts) => new ObjectStore("s", { ...args, ...more }, opts));
            const used = find(made, "s-server").inputs.spec.template.spec.volumes[0].persistentVolumeClaim.claimName;
            assert.equal(find(made, "s-data").inputs.metadata.name, used);
            return used;
        };
        assert.equal(await claimOf({}), "s-store");
        assert.match(await claimOf({ storageClass: "fast" }), /^s-store-[0-9a-f]{6}$/);
    });

    it("gives clients keys of their own, not the administrator's", async () => {
        const made = await record((opts) => new ObjectStore("s", args, opts));
        const text = (name: string) =>
            Object.values(find(made, name).inputs.data).map((value) => Buffer.from(String(value), "base64").toString());
        assert.deepEqual(text("s-credentials"), ["s-access-key-result", "s-secret-key-result"]);
        assert.deepEqual(text("s-root"), ["root", "s-root-password-result"]);
        assert.doesNotMatch(JSON.stringify(find(made, "s-server").inputs), /-result/);
    });

    it("opens one port to those who wear its label", async () => {
        const made = await record((opts) => new ObjectStore("s", args, opts));
        const { ingress, egress } = find(made, "s-network").inputs.spec;
        assert.deepEqual(ingress, [
            {
                from: [{ podSelector: { matchLabels: { "spark-platform/s-store-client": "true" } } }],
                ports: [{ protocol: "TCP", port: 9000 }],
            },
        ]);
        assert.deepEqual(egress, [toDns]);
    });

    it("runs pods that the restricted standard admits, with user ids of the namespace too", async () => {
        for (const userIdFromNamespace of [false, true]) {
            const made = await record((opts) => new ObjectStore("s", { ...args, pod: { userIdFromNamespace } }, opts));
            for (const spec of Object.values(podsOf(made))) {
                assert.deepEqual(podProblems(spec, { userIds: !userIdFromNamespace }), []);
            }
        }
    });

    it("protects its volume when told to", async () => {
        const made = await record((opts) => new ObjectStore("s", { ...args, protectData: true }, opts));
        assert.equal(find(made, "s-data").options.protect, true);
    });

    it("names every wrong field", () => {
        const wrong = { ...args, image: "", buckets: ["ab", "ok-bucket"], eventLogPrefix: "/events", storage: "10Gi", memory: "64m" };
        assert.throws(() => new ObjectStore("s", wrong), {
            message: [
                'ObjectStore "s" cannot be deployed as configured:',
                "  image: is missing",
                '  buckets: "ab" has 2 characters; a bucket name has 3 to 63',
                '  eventLogPrefix: "/events" is not a path in a bucket; use letters, digits, "." "_" "=" "-" and single "/", for example "logs/events"',
                '  storage: "10Gi" is not a size of at least 1g; write it like "1500m" or "4g"',
                '  memory: "64m" is not a size of at least 256m; write it like "1500m" or "4g"',
            ].join("\n"),
        });
    });

    it("has no argument without effect", async () => {
        assertEveryField("ObjectStore", changes.objectStore);
        await assertEveryFieldMatters((given, opts) => new ObjectStore("s", given, opts), args, changes.objectStore);
    });
});
