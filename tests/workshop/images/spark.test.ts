import assert from "node:assert/strict";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { buildImages } from "../../../sandbox/images";
import { parsePackages } from "../../../sandbox/images/locks";
import { images, recipes } from "../../../sandbox/images/recipes";
import { icebergConf } from "../../../components/spark/iceberg";
import { glueEnvironment, gluePackages, withGlue } from "./glue";
import { skipWithoutRoot, UnpackedImage } from "./machine";

const logs = "spark.driver.extraJavaOptions=-Dlog4j2.configurationFile=/opt/spark/log4j2.properties";
const entrypoint = "/opt/entrypoint.sh";

for (const { name, spark, wheels } of recipes.filter((recipe) => recipe.spark)) {
    describe(`image ${name}`, function () {
        let image: UnpackedImage;
        let unpacked: UnpackedImage[] = [];

        before(async function () {
            skipWithoutRoot(this);
            const [built] = await buildImages({ names: [name] });
            image = await UnpackedImage.of(built!.archive);
            unpacked = [image];
        });

        after(() => Promise.all(unpacked.map((one) => one.remove())));

        it("runs a Python job under an id without a name, on a read-only root, and logs one JSON object a line", async () => {
            const job = ["spark-submit", "--master", "local[1]", "--conf", logs, "/opt/spark/examples/src/main/python/pi.py"];
            const { stdout, exitCode } = await image.run([entrypoint, ...job]);
            assert.equal(exitCode, 0, stdout);
            const [result, logged] = [/Pi is roughly 3\.\d+/.exec(stdout), stdout.split("\n").filter((line) => line.startsWith("{"))];
            assert.ok(result, stdout);
            const lines = logged.map((line) => JSON.parse(line) as Record<string, unknown>);
            assert.ok(lines.some(({ msg }) => msg === `Running Spark version ${spark!.version}`));
            const fields = new Set(lines.flatMap((line) => Object.keys(line)));
            assert.deepEqual([...fields].sort(), ["context", "level", "logger", "msg", "ts"]);
            assert.match(String(lines[0]!.ts), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
        });

        it("logs text from the level on that two variables name", async () => {
            const job = ["spark-submit", "--master", "local[1]", "--conf", logs, "/opt/spark/examples/src/main/python/pi.py"];
            const { stdout, exitCode } = await image.run([entrypoint, ...job], {
                env: { SPARK_LOG_LAYOUT: "text", SPARK_LOG_LEVEL: "debug" },
            });
            assert.equal(exitCode, 0, stdout);
            assert.match(
                stdout,
                new RegExp(`^\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z INFO SparkContext: Running Spark version ${spark!.version}$`, "m"),
            );
            assert.match(stdout, /^\S+Z DEBUG \w+: /m);
            assert.doesNotMatch(stdout, /^\{/m);
        });

        it("has the Python packages of its lock, for the Python it has, and PySpark of the same version", async () => {
            const script = [
                "import importlib.metadata as m, json, pandas, pyarrow, numpy, grpc, grpc_status, zstandard, minio, pyspark, pyspark.sql.connect.session",
                "print(json.dumps({d.metadata['Name'].lower(): d.version for d in m.distributions()} | {'pyspark': pyspark.__version__}))",
            ].join("\n");
            const { stdout, all } = await image.run([entrypoint, "python3", "-c", script]);
            assert.match(stdout, /^\{/, all);
            const found = JSON.parse(stdout) as Record<string, string>;
            for (const locked of parsePackages(await readFile(join(images, wheels!), "utf8"))) {
                assert.equal(found[locked.name.toLowerCase()] ?? found[locked.name.replaceAll("-", "_")], locked.version, locked.name);
            }
            assert.equal(found.pyspark, spark!.version);
        });

        it("has no two versions of a jar", async () => {
            // One name in two groups, in the distribution itself.
            const known = ["jline", "hive-shims"];
            const jars = (await readdir(join(image.root, "opt/spark/jars"))).filter((file) => !/-(linux|windows|osx)-/.test(file));
            const artifacts = jars.map((file) => file.replace(/-\d.*$/, ""));
            const twice = artifacts.filter((artifact, index) => artifacts.indexOf(artifact) !== index);
            assert.deepEqual(
                twice.filter((artifact) => !known.includes(artifact)),
                [],
            );
            for (const needed of [
                "spark-connect_",
                "spark-kubernetes_",
                "spark-hadoop-cloud_",
                "hadoop-aws-",
                "iceberg-spark-runtime-",
                "postgresql-",
                "log4j-layout-template-json-",
            ]) {
                assert.ok(
                    jars.some((file) => file.startsWith(needed)),
                    needed,
                );
            }
        });

        it("has all that Iceberg needs for tables in AWS Glue", async () => {
            const catalogs = { aws: { kind: "glue", warehouse: "file:///tmp/warehouse" } };
            const settings = Object.entries(icebergConf({ catalogs }, "eu-north-1")).filter(([, value]) => value !== undefined);
            const statements = [
                "CREATE NAMESPACE aws.shop",
                "CREATE TABLE aws.shop.goods (id INT) USING iceberg",
                "INSERT INTO aws.shop.goods VALUES (1), (2)",
                "ALTER TABLE aws.shop.goods ADD COLUMN label STRING",
                "INSERT INTO aws.shop.goods VALUES (3, 'three')",
                "SELECT 'sum', sum(id), 'labels', count(label) FROM aws.shop.goods",
            ];
            const sql = ["spark-sql", "-S", "--master", "local[1]", ...settings.flatMap(([key, value]) => ["--conf", `${key}=${value}`])];
            const { stdout, all, exitCode } = await image.run(
                [entrypoint, "sh", "-c", withGlue, "sh", ...sql, "-e", statements.join("; ")],
                { env: glueEnvironment, mounts: { "/opt/glue": await gluePackages() } },
            );
            assert.equal(exitCode, 0, all);
            assert.match(stdout, /^sum\t6\tlabels\t1$/m);
        });

        it("starts executors the way Spark's Kubernetes backend asks for", async () => {
            const folder = await mkdtemp(join(tmpdir(), "java-"));
            await mkdir(join(folder, "bin"));
            await writeFile(join(folder, "bin/java"), '#!/bin/bash\nprintf "%s\\n" "$(whoami)" "$@"\n');
            await chmod(join(folder, "bin/java"), 0o755);
            await chmod(folder, 0o755);
            const options = Object.fromEntries(
                Array.from({ length: 12 }, (_, index) => [`SPARK_JAVA_OPT_${index}`, `-Done.more=${index} two`]),
            );
            const { stdout } = await image.run([entrypoint, "executor"], {
                mounts: { "/tmp/java": folder },
                env: {
                    ...{
                        JAVA_HOME: "/tmp/java",
                        SPARK_CONF_DIR: "/opt/spark/conf",
                        SPARK_DRIVER_URL: "spark://driver",
                        SPARK_EXECUTOR_ID: "7",
                    },
                    ...{
                        SPARK_EXECUTOR_CORES: "2",
                        SPARK_EXECUTOR_MEMORY: "1024m",
                        SPARK_APPLICATION_ID: "spark-1",
                        SPARK_RESOURCE_PROFILE_ID: "0",
                    },
                    ...{ SPARK_EXECUTOR_POD_IP: "198.18.0.9", SPARK_EXECUTOR_POD_NAME: "x-exec-7", ...options },
                },
            });
            await rm(folder, { recursive: true });
            assert.deepEqual(stdout.split("\n"), [
                "spark",
                ...Object.values(options),
                ...["-Xms1024m", "-Xmx1024m", "-cp", "/opt/spark/conf:/opt/spark/jars/*:/opt/spark/work-dir"],
                "org.apache.spark.scheduler.cluster.k8s.KubernetesExecutorBackend",
                ...["--driver-url", "spark://driver", "--executor-id", "7", "--cores", "2", "--app-id", "spark-1"],
                ...["--hostname", "198.18.0.9", "--resourceProfileId", "0", "--podName", "x-exec-7"],
            ]);
        });

        it("hands SIGTERM to what it started", async () => {
            const waiting = "trap 'echo stopped; exit 3' TERM; echo waiting; sleep 60 & wait";
            const started = image.run([entrypoint, "bash", "-c", `(sleep 1; kill -TERM 1) & ${waiting}`]);
            const { stdout, exitCode } = await started;
            assert.deepEqual([stdout, exitCode], ["waiting\nstopped", 3]);
        });

        it("says what is missing when executors of an earlier life cannot be looked up", async () => {
            const { all, exitCode } = await image.run([
                entrypoint,
                "/opt/spark/remove-old-executors.py",
                "--selector",
                "a=b",
                "--",
                "true",
            ]);
            assert.match(all, /no API server or no service account token in this container/);
            assert.equal(exitCode, 1);
        });
    });
}
