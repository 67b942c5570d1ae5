import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import { AwsBuckets } from "../../../components";
import { awsBuckets } from "../../support/aws-changes";
import { assertEveryField, assertEveryFieldMatters } from "../../support/fields";
import { record, type Registered } from "../../support/recorder";

const args = { region: "eu-central-1", prefix: "acme-prod" };
const find = (made: Registered[], name: string) => made.find((one) => one.name === name)!;

const parts = [
    " aws:s3/bucket:Bucket",
    "-encryption aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    "-lifecycle aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    "-ownership aws:s3/bucketOwnershipControls:BucketOwnershipControls",
    "-policy aws:s3/bucketPolicy:BucketPolicy",
    "-public-access aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    "-versioning aws:s3/bucketVersioning:BucketVersioning",
];

describe("AwsBuckets", () => {
    it("makes each bucket with everything that closes it, in a preview too", async () => {
        for (const preview of [false, true]) {
            const made = await record((opts) => new AwsBuckets("s", args, opts), { preview });
            assert.deepEqual(
                made.map(({ type, name }) => `${name} ${type}`),
                [
                    "s-event-log aws:s3/bucketObjectv2:BucketObjectv2",
                    ...parts.map((part) => `s-spark-logs${part}`),
                    ...parts.map((part) => `s-warehouse${part}`),
                ],
            );
        }
    });

    it("tells clients where everything is, in a first preview too", async () => {
        for (const preview of [false, true]) {
            let buckets!: AwsBuckets;
            await record((opts) => (buckets = new AwsBuckets("s", args, opts)), { preview });
            const all = pulumi.output({
                connection: buckets.connection,
                eventLog: buckets.eventLog,
                warehouse: buckets.warehouse,
                names: buckets.bucketNames,
                arns: buckets.bucketArns,
            });
            const known = await new Promise<pulumi.Unwrap<typeof all>>((resolve) => all.apply(resolve));
            assert.deepEqual(known, {
                connection: { region: "eu-central-1" },
                eventLog: { directory: "s3a://acme-prod-spark-logs/events", s3: { region: "eu-central-1" } },
                warehouse: "s3a://acme-prod-warehouse/tables",
                names: { warehouse: "acme-prod-warehouse", "spark-logs": "acme-prod-spark-logs" },
                arns: { warehouse: "arn:aws:s3:::acme-prod-warehouse", "spark-logs": "arn:aws:s3:::acme-prod-spark-logs" },
            });
        }
    });

    it("refuses connections in the clear, in one whole policy", async () => {
        for (const preview of [false, true]) {
            const made = await record((opts) => new AwsBuckets("s", args, opts), { preview });
            const all = ["arn:aws:s3:::acme-prod-warehouse", "arn:aws:s3:::acme-prod-warehouse/*"];
            assert.deepEqual(JSON.parse(find(made, "s-warehouse-policy").inputs.policy), {
                Version: "2012-10-17",
                Statement: [
                    {
                        Sid: "OnlyEncryptedConnections",
                        Effect: "Deny",
                        Principal: "*",
                        Action: "s3:*",
                        Resource: all,
                        Condition: { Bool: { "aws:SecureTransport": "false" } },
                    },
                    {
                        Sid: "OnlyTls12AndLater",
                        Effect: "Deny",
                        Principal: "*",
                        Action: "s3:*",
                        Resource: all,
                        Condition: { NumericLessThan: { "s3:TlsVersion": "1.2" } },
                    },
                ],
            });
        }
    });

    it("encrypts, keeps versions, shuts out the public and other owners", async () => {
        const made = await record((opts) => new AwsBuckets("s", args, opts));
        const inputs = (part: string) => find(made, `s-warehouse${part}`).inputs;
        const bucket = "acme-prod-warehouse";
        assert.deepEqual(inputs(""), { bucket, forceDestroy: false });
        assert.equal(find(made, "s-warehouse").options.protect, true);
        assert.deepEqual(inputs("-encryption"), {
            bucket,
            rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" }, bucketKeyEnabled: false }],
        });
        assert.deepEqual(inputs("-versioning"), { bucket, versioningConfiguration: { status: "Enabled" } });
        assert.deepEqual(inputs("-public-access"), {
            bucket,
            blockPublicAcls: true,
            blockPublicPolicy: true,
            ignorePublicAcls: true,
            restrictPublicBuckets: true,
        });
        assert.deepEqual(inputs("-ownership"), { bucket, rule: { objectOwnership: "BucketOwnerEnforced" } });
    });

    it("encrypts with a key of the user's own", async () => {
        const kmsKeyArn = "arn:aws:kms:eu-central-1:111122223333:key/0a1b";
        const made = await record((opts) => new AwsBuckets("s", { ...args, kmsKeyArn }, opts));
        assert.deepEqual(find(made, "s-spark-logs-encryption").inputs.rules, [
            { applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: kmsKeyArn }, bucketKeyEnabled: true },
        ]);
    });

    it("clears away broken uploads and old versions; objects only when told to", async () => {
        const made = await record((opts) => new AwsBuckets("s", { ...args, eventLogDays: 30 }, opts));
        const always = [
            {
                id: "abort-uploads",
                filter: { prefix: "" },
                status: "Enabled",
                abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
            },
            {
                id: "old-versions",
                filter: { prefix: "" },
                status: "Enabled",
                noncurrentVersionExpiration: { noncurrentDays: 30 },
                expiration: { expiredObjectDeleteMarker: true },
            },
        ];
        assert.deepEqual(find(made, "s-warehouse-lifecycle").inputs.rules, always);
        assert.deepEqual(find(made, "s-spark-logs-lifecycle").inputs.rules, [
            ...always,
            { id: "expire", filter: { prefix: "" }, status: "Enabled", expiration: { days: 30 } },
        ]);
    });

    it("makes the directory of the event logs, which Spark expects to find", async () => {
        const made = await record((opts) => new AwsBuckets("s", args, opts));
        const { bucket, key, content } = find(made, "s-event-log").inputs;
        assert.deepEqual({ bucket, key, content }, { bucket: "acme-prod-spark-logs", key: "events/", content: "" });
    });

    it("names every wrong field", () => {
        const wrong = {
            region: "Frankfurt",
            prefix: "Acme",
            buckets: { x: { expireDays: 0 } },
            eventLogBucket: "x",
            eventLogPrefix: "/events",
            eventLogDays: 0.5,
            kmsKeyArn: "alias/data",
            oldVersionDays: 0,
            abortUploadDays: -1,
        };
        assert.throws(() => new AwsBuckets("s", wrong), {
            message: [
                'AwsBuckets "s" cannot be deployed as configured:',
                '  eventLogBucket: "x" is one of buckets too; event logs have a bucket of their own',
                '  prefix: "Acme" is not a bucket name; use lower-case letters, digits and "-", with a letter or digit at both ends',
                '  region: "Frankfurt" is not a region of AWS; write it like "eu-central-1"',
                '  eventLogPrefix: "/events" is not a path in a bucket; use letters, digits, "." "_" "=" "-" and single "/", for example "logs/events"',
                '  kmsKeyArn: "alias/data" is not an ARN of kms; write it like "arn:aws:kms:eu-central-1:111122223333:key/0a1b"',
                "  oldVersionDays: 0 is not a whole number from 1",
                "  abortUploadDays: -1 is not a whole number from 1",
                '  buckets["x"].expireDays: 0 is not a whole number from 1',
                "  eventLogDays: 0.5 is not a whole number from 1",
            ].join("\n"),
        });
        assert.throws(() => new AwsBuckets("s", { ...args, buckets: {} }), { message: /buckets: is empty; give at least one/ });
        assert.throws(() => new AwsBuckets("s", { ...args, buckets: { "Not-A-Name": {} } }), {
            message: /buckets\["Not-A-Name"\]: "acme-prod-Not-A-Name" is not a bucket name/,
        });
    });

    it("has no argument without effect", async () => {
        assertEveryField("AwsBuckets", awsBuckets);
        const given = { ...args, buckets: { warehouse: {} } };
        await assertEveryFieldMatters((changed, opts) => new AwsBuckets("s", changed, opts), given, awsBuckets);
    });
});
