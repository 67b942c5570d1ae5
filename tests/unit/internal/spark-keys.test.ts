import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import { Checks } from "../../../components/internal/checks";
import { isRealKey, readKeyTable, realKeys } from "../../../components/internal/spark-keys";
import { checkSparkConf } from "../../../components/internal/spark-properties";
import { sparkLines } from "../../../components/internal/spark-versions";
import { unknownKeys } from "../../support/spark-keys";

const said = (version: string, ...keys: string[]) => realKeys(version)(Object.fromEntries(keys.map((key) => [key, "1"])));

describe("The table of Spark's settings", () => {
    it("is that of the versions that the platform is tested with (npm run spark-keys)", () => {
        for (const [line, { tested }] of Object.entries(sparkLines)) {
            const { version, keys, s3a } = readKeyTable(line);
            assert.equal(version, tested);
            assert.ok(keys.length > 1000 && s3a.length > 100);
        }
    });

    it("knows settings of every part of Spark, by line", () => {
        const everywhere = [
            "spark.master",
            "spark.app.name",
            "spark.sql.shuffle.partitions",
            "spark.connect.grpc.binding.port",
            "spark.kubernetes.executor.podNamePrefix",
            "spark.deploy.recoveryMode",
            "spark.worker.cleanup.appDataTtl",
            "spark.history.fs.cleaner.maxNum",
            "spark.sql.hive.metastore.jars",
            "spark.network.crypto.enabled",
            "spark.shuffle.io.maxRetries",
            "spark.executorEnv.ANYTHING",
            "spark.sql.catalog.lake.type",
            "spark.hadoop.fs.s3a.endpoint",
            "spark.hadoop.fs.s3a.bucket.logs.endpoint",
            "spark.hadoop.mapreduce.anything",
        ];
        for (const line of Object.keys(sparkLines)) {
            assert.deepEqual(
                everywhere.filter((key) => !isRealKey(line, key)),
                [],
            );
        }
        const newer = ["spark.kubernetes.executor.terminationGracePeriodSeconds", "spark.history.fs.eventLog.rolling.onDemandLoadEnabled"];
        assert.deepEqual(
            newer.map((key) => [isRealKey("3.5", key), isRealKey("4.1", key)]),
            newer.map(() => [false, true]),
        );
        // Names that were believed in, and never existed.
        for (const invented of [
            "spark.kubernetes.executor.request.memory",
            "spark.history.cleaner.enabled",
            "spark.openTelemetry.enabled",
        ]) {
            assert.ok(!isRealKey("4.1", invented), invented);
        }
    });
});

describe("A user's Spark settings", () => {
    it("are refused when Spark would not hear them: misspelt, or of another line", () => {
        assert.equal(
            said("4.1.0", "spark.executer.memory", "spark.sql.Shuffle.partitions", "spark.hadoop.fs.s3a.endpont"),
            [
                '"spark.executer.memory" is not a setting of Spark 4.1; did you mean "spark.executor.memory"?',
                '"spark.sql.Shuffle.partitions" is not a setting of Spark 4.1; did you mean "spark.sql.shuffle.partitions"?',
                '"spark.hadoop.fs.s3a.endpont" is not a setting of Spark 4.1; did you mean "spark.hadoop.fs.s3a.endpoint"?',
            ].join("; "),
        );
        assert.equal(
            said("3.5.7", "spark.kubernetes.executor.terminationGracePeriodSeconds"),
            '"spark.kubernetes.executor.terminationGracePeriodSeconds" is a setting of Spark 4.1, not of 3.5',
        );
        assert.equal(said("4.1.2", "spark.mesos.role"), '"spark.mesos.role" is a setting of Spark 3.5, not of 4.1');
    });

    it("pass when they are Spark's, a plugin's or one's own", () => {
        const right = [
            "spark.sql.adaptive.enabled",
            "spark.sql.catalog.lake",
            "spark.sql.catalog.lake.uri",
            "spark.sql.iceberg.vectorization.enabled",
            "spark.rapids.sql.enabled",
            "spark.celeborn.master.endpoints",
            "spark.databricks.delta.optimizeWrite.enabled",
            "spark.hadoop.fs.s3a.bucket.other.endpont",
            "spark.hadoop.fs.gs.project.id",
            "spark.executorEnv.PYTHONPATH",
            "spark.kubernetes.executor.label.team",
            "spark.acme.team.colour",
        ];
        for (const version of ["3.5.7", "4.1.0"]) {
            assert.equal(said(version, ...right), undefined);
        }
        assert.equal(said("5.0.0", "spark.executer.memory"), undefined, "a wrong version is said elsewhere");
    });

    it("are judged together with their version, also when one of them comes late", async () => {
        const sparkConf = { "spark.executer.cores": "1" };
        const checks = new Checks("Brick");
        checkSparkConf(checks, { sparkVersion: "4.1.0", sparkConf }, {});
        assert.throws(() => {
            checks.throwIfAny();
        }, /sparkConf: "spark\.executer\.cores" is not a setting of Spark 4\.1; did you mean "spark\.executor\.cores"\?/);
        const late = checkSparkConf(new Checks("Brick"), { sparkVersion: pulumi.output("4.1.0"), sparkConf }, {});
        await assert.rejects((late as unknown as { promise: () => Promise<unknown> }).promise(), /did you mean "spark\.executor\.cores"/);
    });
});

describe("The settings that bricks emit", () => {
    const object = (version: string, inputs: object) => ({
        type: "",
        name: "a",
        inputs: { metadata: { labels: { "app.kubernetes.io/version": version } }, ...inputs },
        brick: "",
        options: { dependsOn: [], protect: false },
    });

    it("are found in files, on command lines and in custom resources", () => {
        const data = { "spark-defaults.conf": "spark.one 1\nspark.two=2\n" };
        const spec = { args: ["java -Dspark.three=3 --conf spark.four=4"], sparkConf: { "spark.five": "5" } };
        const made = [object("3.5.7", { data, spec }), object("3.5.7", { data: { a: "spark.executor.memory 1g\n" } })];
        assert.deepEqual(
            unknownKeys(made),
            ["one", "two", "three", "four", "five"].map((key) => `a: spark.${key} (3.5)`),
        );
    });

    it("are not those of another line", () => {
        const data = { a: "spark.kubernetes.executor.terminationGracePeriodSeconds 1s\n" };
        assert.deepEqual(unknownKeys([object("4.1.0", { data })]), []);
        assert.equal(unknownKeys([object("3.5.7", { data })]).length, 1);
    });
});
