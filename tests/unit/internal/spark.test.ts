import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import fc from "fast-check";

import { noSecrets, notOwned, renderSparkProperties, sparkKeys, withOwn } from "../../../components/internal/spark-properties";
import { readsLogsOf, sparkLine, sparkVersion, testedVersions } from "../../../components/internal/spark-versions";

describe("Spark versions", () => {
    it("are patch releases of the lines that the platform knows", () => {
        for (const version of ["3.5.0", "3.5.7", "3.5.99", "4.1.0", "4.1.12"]) {
            assert.equal(sparkVersion(version), undefined, version);
        }
    });

    it("are refused with the nearest that would do", () => {
        const messages = ["3.6.0", "4.1", "v4.1.0", "4.0.1", ""].map(sparkVersion);
        assert.deepEqual(messages, [
            '"3.6.0" is not a Spark version of 3.5.x or 4.1.x; did you mean "3.5.7"?',
            '"4.1" is not a Spark version of 3.5.x or 4.1.x; did you mean "4.1.0"?',
            '"v4.1.0" is not a Spark version of 3.5.x or 4.1.x; did you mean "4.1.0"?',
            '"4.0.1" is not a Spark version of 3.5.x or 4.1.x; did you mean "4.1.0"?',
            '"" is not a Spark version of 3.5.x or 4.1.x; did you mean "3.5.7"?',
        ]);
        assert.throws(() => sparkLine("2.4.0"), /no line that the platform knows/);
    });

    it("are those of versions.json, which is what tests run on", () => {
        const { spark } = JSON.parse(readFileSync(join(__dirname, "../../../sandbox/versions.json"), "utf8"));
        assert.deepEqual(testedVersions, spark);
    });

    it("read the logs of their own line and of older ones", () => {
        const can = [
            ["4.1.0", "3.5.7"],
            ["4.1.0", "4.1.3"],
            ["3.5.7", "4.1.0"],
        ].map(([reader = "", writer = ""]) => readsLogsOf(reader, writer));
        assert.deepEqual(can, [true, true, false]);
    });
});

describe("Spark settings", () => {
    it("are written in one order, whatever order they are given in", () => {
        const conf = fc.dictionary(fc.stringMatching(/^spark(\.[a-z]+){1,3}$/), fc.string());
        fc.assert(
            fc.property(conf, (given) => {
                const shuffled = Object.fromEntries(Object.entries(given).reverse());
                assert.equal(renderSparkProperties(shuffled), renderSparkProperties(given));
                assert.equal(renderSparkProperties(given).split("\n").length, Object.keys(given).length + 1);
            }),
        );
    });

    it("keep backslashes, and leave out what is not set", () => {
        assert.equal(renderSparkProperties({ "spark.b": "a\\d", "spark.a": true, "spark.c": undefined }), "spark.a true\nspark.b a\\\\d\n");
    });

    it("of the user win, but Java options come together", () => {
        const conf = { "spark.driver.extraJavaOptions": "-Da=1", "spark.b": 1 };
        assert.deepEqual(
            withOwn(conf, { "spark.driver.extraJavaOptions": "-Db=2", "spark.b": "2", "spark.executor.extraJavaOptions": "-Dc" }),
            {
                "spark.driver.extraJavaOptions": "-Da=1 -Db=2",
                "spark.executor.extraJavaOptions": "-Dc",
                "spark.b": "2",
            },
        );
    });

    it("are refused where an argument decides, by name or by family", () => {
        const check = notOwned({ "spark.driver.memory": "memory", "spark.kubernetes.driver.": "the brick" });
        assert.equal(check({ "spark.driver.memoryOverhead": "1g" }), undefined);
        assert.equal(
            check({ "spark.driver.memory": "1g", "spark.kubernetes.driver.pod.name": "x" }),
            '"spark.driver.memory" is decided by memory; "spark.kubernetes.driver.pod.name" is decided by the brick',
        );
    });

    it("are refused where they hold a secret, but may name one", () => {
        const leaks = (key: string, value = "x") => noSecrets({ [key]: value }) !== undefined;
        for (const key of [
            "spark.hadoop.fs.s3a.secret.key",
            "spark.hadoop.fs.s3a.access.key",
            "spark.connect.authenticate.token",
            "spark.hadoop.javax.jdo.option.ConnectionPassword",
        ]) {
            assert.ok(leaks(key), key);
        }
        assert.ok(leaks("spark.sql.catalog.pg.url", "jdbc:postgresql://user:pass@host/db"));
        assert.ok(leaks("spark.sql.catalog.pg.url", "jdbc:postgresql://host/db?password=x"));
        for (const key of [
            "spark.kubernetes.executor.secretKeyRef.DB_PASSWORD",
            "spark.hadoop.fs.s3a.aws.credentials.provider",
            "spark.redaction.regex",
        ]) {
            assert.ok(!leaks(key, "db:password"), key);
        }
    });

    it("are refused when Spark would drop them", () => {
        assert.equal(sparkKeys({ "spark.a.b": "1" }), undefined);
        assert.equal(sparkKeys({ "hadoop.a": "1" }), '"hadoop.a" is not a Spark setting; keys start with "spark."');
    });
});
