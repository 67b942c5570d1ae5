import assert from "node:assert/strict";

import { execa } from "execa";

import { SparkConnect } from "../../../components";
import { icebergPreparation, icebergTargets } from "../../../components/spark/iceberg";
import { record } from "../../support/recorder";
import { connect as args } from "./arguments";

const database = { host: "db.team-a.svc", database: "lake", credentialsSecret: "lake-user" };
const catalogs = {
    lake: { kind: "rest", uri: "https://lake.example.org/catalog", warehouse: "analytics", tokenSecret: "lake" },
    old: { kind: "hive", uri: "thrift://hive.example.org:9083" },
    own: { kind: "jdbc", warehouse: "s3a://warehouse/own", database: { ...database, caSecret: "authority" } },
    aws: { kind: "glue", warehouse: "s3a://warehouse/aws" },
};

const made = async (iceberg: object, more: object = {}) =>
    record((opts) => new SparkConnect("c", { ...args, ...more, iceberg: iceberg as never }, opts));

/** What is wrong, without the line that says of which brick. */
function problems(more: object): string {
    assert.throws(() => new SparkConnect("c", { ...args, ...more }), Error);
    try {
        new SparkConnect("c", { ...args, ...more });
    } catch (error) {
        return (error as Error).message.split("\n").slice(1).join("\n");
    }
    return "";
}

describe("Iceberg", () => {
    it("has settings for each kind of catalog, none with a secret", async () => {
        const conf: string = (await made({ catalogs })).find(({ name }) => name === "c-settings")!.inputs.data["spark-defaults.conf"];
        assert.deepEqual(
            conf.split("\n").filter((line) => /iceberg|spark\.sql\.catalog/.test(line)),
            [
                "spark.sql.catalog.aws org.apache.iceberg.spark.SparkCatalog",
                "spark.sql.catalog.aws.client.region us-east-1",
                "spark.sql.catalog.aws.io-impl org.apache.iceberg.hadoop.HadoopFileIO",
                "spark.sql.catalog.aws.type glue",
                "spark.sql.catalog.aws.warehouse s3a://warehouse/aws",
                "spark.sql.catalog.lake org.apache.iceberg.spark.SparkCatalog",
                "spark.sql.catalog.lake.io-impl org.apache.iceberg.hadoop.HadoopFileIO",
                "spark.sql.catalog.lake.token env:ICEBERG_LAKE_TOKEN",
                "spark.sql.catalog.lake.type rest",
                "spark.sql.catalog.lake.uri https://lake.example.org/catalog",
                "spark.sql.catalog.lake.warehouse analytics",
                "spark.sql.catalog.old org.apache.iceberg.spark.SparkCatalog",
                "spark.sql.catalog.old.io-impl org.apache.iceberg.hadoop.HadoopFileIO",
                "spark.sql.catalog.old.type hive",
                "spark.sql.catalog.old.uri thrift://hive.example.org:9083",
                "spark.sql.catalog.own org.apache.iceberg.spark.SparkCatalog",
                "spark.sql.catalog.own.io-impl org.apache.iceberg.hadoop.HadoopFileIO",
                "spark.sql.catalog.own.jdbc.schema-version V1",
                "spark.sql.catalog.own.type jdbc",
                "spark.sql.catalog.own.uri jdbc:postgresql:///?service=own",
                "spark.sql.catalog.own.warehouse s3a://warehouse/own",
                "spark.sql.extensions org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions",
            ],
        );
    });

    it("gives secrets to the server alone, by environment, and the ways out that the catalogs need", async () => {
        const all = await made({ catalogs });
        const { env, volumeMounts } = all.find(({ name }) => name === "c-servers")!.inputs.spec.template.spec.containers[0];
        const secrets = env
            .filter(({ name }: any) => name.startsWith("ICEBERG_"))
            .map(({ name, valueFrom }: any) => [name, valueFrom.secretKeyRef]);
        assert.deepEqual(secrets, [
            ["ICEBERG_LAKE_TOKEN", { name: "lake", key: "token" }],
            ["ICEBERG_OWN_USERNAME", { name: "lake-user", key: "username" }],
            ["ICEBERG_OWN_PASSWORD", { name: "lake-user", key: "password" }],
        ]);
        assert.ok(volumeMounts.some(({ mountPath }: any) => mountPath === "/etc/spark-platform/iceberg/own"));
        assert.doesNotMatch(all.find(({ name }) => name === "c-settings")!.inputs.data["executor.yaml"], /ICEBERG/);
        const { egress } = all.find(({ name }) => name === "c-server-network")!.inputs.spec;
        assert.deepEqual(
            egress.slice(3, 7).map(({ ports }: any) => ports[0].port),
            [443, 9083, 5432, 443],
        );
    });

    it("writes what the JDBC driver reads, so that only the server's user can read it", async () => {
        const preparation = icebergPreparation({
            catalogs: { own: { kind: "jdbc", database: { ...database, sslMode: "verify-ca", port: 5433 } } },
        });
        const script = [...preparation, 'cat "$PGSERVICEFILE"', 'stat -c %a "$PGSERVICEFILE"', 'rm "$PGSERVICEFILE"'].join("\n");
        const { stdout } = await execa("sh", ["-euc", script], {
            env: { ICEBERG_OWN_USERNAME: "lake", ICEBERG_OWN_PASSWORD: "a 'b' $c \\d" },
        });
        assert.equal(stdout, "[own]\nhost=db.team-a.svc\nport=5433\ndbname=lake\nsslmode=verify-ca\nuser=lake\npassword=a 'b' $c \\d\n600");
        assert.deepEqual(icebergPreparation({ catalogs: { old: catalogs.old } }), []);
    });

    it("knows what has to answer before a server starts", () => {
        assert.deepEqual(icebergTargets({ catalogs }), [
            { what: 'Iceberg catalog "lake"', host: "lake.example.org", port: 443 },
            { what: 'Iceberg catalog "old"', host: "hive.example.org", port: 9083 },
            { what: 'Iceberg catalog "own"', host: "db.team-a.svc", port: 5432 },
        ]);
    });

    it("names every wrong field", () => {
        const wrong = {
            "my-lake": { kind: "hadoop" },
            a: { kind: "rest", database },
            b: { kind: "hive", uri: "hive:9083" },
            c: { kind: "jdbc", uri: "https://x", database },
            d: { kind: "jdbc", database: { ...database, credentialsSecret: "" }, warehouse: "/tables" },
            e: { kind: "rest", uri: "lake", warehouse: "", tokenSecret: "" },
            f: { kind: "hive" },
        };
        assert.equal(
            problems({ iceberg: { catalogs: wrong, sessionCatalog: true } }),
            [
                "  iceberg.sessionCatalog: needs a metastore; give one, or name a catalog of its own",
                '  iceberg.catalogs["my-lake"]: is no name for a catalog; use lower-case letters, digits and "_"; spark_catalog is the built-in one',
                '  iceberg.catalogs["my-lake"].kind: "hadoop" is not one of hive, rest, jdbc, glue',
                '  iceberg.catalogs["a"]: has database, which its kind does not use',
                '  iceberg.catalogs["b"].uri: "hive:9083" is not the address of a metastore; write it like "thrift://host:9083"',
                '  iceberg.catalogs["c"]: has uri, which its kind does not use',
                '  iceberg.catalogs["d"].warehouse: "/tables" is not a directory in a bucket; write it like "s3a://bucket/directory"',
                '  iceberg.catalogs["d"].database: credentialsSecret is missing',
                '  iceberg.catalogs["e"].warehouse: is missing',
                '  iceberg.catalogs["e"].uri: "lake" is not the URL of a server; write it like "https://s3.example.org" or "http://store:9000"',
                '  iceberg.catalogs["e"].tokenSecret: is missing',
                '  iceberg.catalogs["f"]: has no address; give uri, or a metastore',
            ].join("\n"),
        );
        assert.equal(problems({ iceberg: { catalogs: {} } }), "  iceberg.catalogs: is empty; give at least one");
    });

    it("refuses pairs of versions that do not go together", () => {
        assert.equal(problems({ rapids: {} }), "  sparkVersion: rapids 26.06.0 does not know Spark 4.1.0; of this line it knows 4.1.1");
        assert.match(
            problems({ rapids: {}, sparkVersion: "3.5.9" }),
            /does not know Spark 3\.5\.9; of this line it knows 3\.5\.0, 3\.5\.1, .*, 3\.5\.8$/,
        );
    });

    it("refuses settings of a catalog that is an argument", () => {
        assert.match(
            problems({ iceberg: { catalogs }, sparkConf: { "spark.sql.catalog.old.uri": "x" } }),
            /"spark\.sql\.catalog\.old\.uri" is decided by iceberg\.catalogs\["old"\]/,
        );
    });
});

describe("RAPIDS", () => {
    const conf = async (more: object) => {
        const all = await record((opts) => new SparkConnect("c", { ...args, sparkVersion: "4.1.1", ...more }, opts));
        return all.find(({ name }) => name === "c-settings")!.inputs.data["spark-defaults.conf"] as string;
    };

    it("gives every executor a GPU, and room for what it pins", async () => {
        const lines = (await conf({ rapids: {}, executor: { cores: 4, memory: "8g" } })).split("\n");
        assert.deepEqual(
            lines.filter((line) => /gpu|rapids|plugins|memoryOverhead/i.test(line)),
            [
                "spark.executor.memoryOverhead 2868m",
                "spark.executor.resource.gpu.amount 1",
                "spark.executor.resource.gpu.discoveryScript /opt/sparkRapidsPlugin/getGpusResources.sh",
                "spark.executor.resource.gpu.vendor nvidia.com",
                "spark.plugins com.nvidia.spark.SQLPlugin",
                "spark.rapids.memory.pinnedPool.size 2g",
                "spark.rapids.sql.concurrentGpuTasks 2",
                "spark.task.resource.gpu.amount 0.25",
            ],
        );
    });

    it("names every wrong field", () => {
        const rapids = { concurrentTasks: 0, pinnedMemory: "2Gi", vendor: "nvidia", discoveryScript: "gpus.sh" };
        assert.equal(
            problems({ sparkVersion: "4.1.1", rapids, sparkConf: { "spark.executor.resource.gpu.amount": "2" } }),
            [
                "  rapids.concurrentTasks: 0 is not a whole number from 1",
                '  rapids.pinnedMemory: "2Gi" is not a size of at least 64m; write it like "1500m" or "4g"',
                '  rapids.vendor: "nvidia" is not a domain; write it like "nvidia.com"',
                '  rapids.discoveryScript: "gpus.sh" is not an absolute path; write it like "/etc/team/files"',
                '  sparkConf: "spark.executor.resource.gpu.amount" is decided by rapids',
            ].join("\n"),
        );
    });
});
