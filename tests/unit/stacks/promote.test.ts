import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { isScalar, parseDocument } from "yaml";

import { run } from "../../../stacks/promote";
import { checkout } from "./stack-file";

type Value = string | Record<string, unknown>;

describe("npm run promote", () => {
    let directory: string;
    const file = (stack: string) => join(directory, `Pulumi.${stack}.yaml`);
    const text = (stack: string) => readFileSync(file(stack), "utf8");
    const change = (stack: string, ...changes: [path: string, value: Value | undefined][]) => {
        const document = parseDocument(text(stack));
        for (const [path, value] of changes) {
            const [first = "", ...rest] = path.split(".");
            const keys = ["config", `spark-platform:${first}`, ...rest];
            if (value === undefined) {
                document.deleteIn(keys);
            } else {
                document.setIn(keys, isScalar(value) ? value : document.createNode(value));
            }
        }
        writeFileSync(file(stack), document.toString({ lineWidth: 0, flowCollectionPadding: false }));
    };
    /** Lines of one text that the other has not. */
    const fresh = (after: string, before: string) => after.split("\n").filter((line) => !before.split("\n").includes(line));

    beforeEach(() => {
        directory = mkdtempSync(join(tmpdir(), "promote-"));
        for (const stack of ["dev", "staging", "prod"]) {
            writeFileSync(file(stack), readFileSync(join(checkout, `Pulumi.${stack}.yaml`)));
        }
    });

    afterEach(() => {
        rmSync(directory, { recursive: true, force: true });
    });

    it("says so when there is nothing to take, and leaves the file as it is", () => {
        const before = text("staging");
        assert.match(run(["dev", "staging"], directory), /^Pulumi\.staging\.yaml has the software of Pulumi\.dev\.yaml already\./);
        assert.equal(text("staging"), before);
    });

    it("takes versions and nothing else, with every comment in its place", () => {
        writeFileSync(file("staging"), text("staging").replace(/(sparkVersion: .*)/, "$1 # the line of the analysts"));
        const before = text("staging");
        change("dev", ["sparkVersion", "4.1.3"], ["connect.main.memory", "3g"], ["historyServer.sparkVersion", "4.1.2"]);
        const said = run(["dev", "staging"], directory).split("\n").slice(0, 3);
        assert.deepEqual(said, [
            "Pulumi.staging.yaml took from Pulumi.dev.yaml:",
            "  sparkVersion: 4.1.0 -> 4.1.3",
            "  historyServer.sparkVersion: not said -> 4.1.2",
        ]);
        assert.deepEqual(fresh(text("staging"), before), [
            "  spark-platform:sparkVersion: 4.1.3 # the line of the analysts",
            "    sparkVersion: 4.1.2",
        ]);
        assert.deepEqual(fresh(before, text("staging")), ["  spark-platform:sparkVersion: 4.1.0 # the line of the analysts"]);
    });

    it("only shows what it would do when asked for that", () => {
        const before = text("staging");
        change("dev", ["sparkVersion", "4.1.3"]);
        assert.match(run(["dev", "staging", "--dry-run"], directory), /^Pulumi\.staging\.yaml would take from Pulumi\.dev\.yaml:/);
        assert.equal(text("staging"), before);
    });

    it("finds the same image in the registry of the other environment; one from elsewhere keeps its name", () => {
        change("dev", ["connect.main.image", "spark-platform.local/spark:4.1.0-2"], ["historyServer.image", "ghcr.example.com/history:7"]);
        assert.match(
            run(["dev", "staging"], directory),
            /connect\.main\.image: not said -> registry\.example\.com\/spark-platform\/spark:4\.1\.0-2/,
        );
        assert.match(text("staging"), /image: ghcr\.example\.com\/history:7/);
    });

    it("tells of keys that only one of the two files has, and leaves them", () => {
        change("dev", ["connect.trial", { sparkVersion: "3.5.7" }]);
        change("staging", ["historyServer.sparkVersion", "4.1.2"]);
        const before = text("staging");
        assert.deepEqual(run(["dev", "staging"], directory).split("\n").slice(1), [
            "Left as it is, because Pulumi.dev.yaml does not say it:",
            "  historyServer.sparkVersion",
            "Not taken, because Pulumi.staging.yaml has no such section:",
            "  connect.trial.sparkVersion",
        ]);
        assert.equal(text("staging"), before);
    });

    it("refuses what a guard of the target refuses, and changes nothing", () => {
        change("dev", ["connect.main.image", "registry.example.com/spark:latest"]);
        const before = text("staging");
        assert.throws(() => run(["dev", "staging"], directory), {
            message: [
                "Pulumi.staging.yaml cannot be deployed as it is, and nothing was changed:",
                '  connect.main.image: found "registry.example.com/spark:latest", expected an image with a digest or a version other than latest',
            ].join("\n"),
        });
        assert.equal(text("staging"), before);
    });

    it("takes the software of every section that both files have, of backups, databases, applications and the portal too", () => {
        const registry = "registry.example.com/spark-platform";
        const program = { main: { file: "s3a://warehouse/jobs/nightly.py" } };
        const sections: [string, Value][] = [
            ["historyPortal", { replicas: 1 }],
            ["jupyterHub", { users: ["ann"], protectData: true }],
            ["sparkSubmit", { nightly: program }],
            ["scheduledSparkApplication", { hourly: { ...program, schedule: "@hourly" } }],
        ];
        change("staging", ...sections);
        change("prod", ...sections, ["images.registry", "registry.prod.example.com/data"]);
        const software = {
            "hiveMetastore.backup.image": `${registry}/backup:15-2`,
            "hiveMetastore.hiveVersion": "3.1.2",
            "mlflow.awsPostgres.version": "16",
            "airflow.image": `${registry}/airflow:3.3.3-spark-4.1.0`,
            "historyPortal.image": `${registry}/tls-proxy:2`,
            "jupyterHub.serverImage": `${registry}/jupyter-lab:4.1.0-2`,
            "sparkSubmit.nightly.sparkVersion": "4.1.3",
            "scheduledSparkApplication.hourly.image": `${registry}/jobs:42`,
        };
        change("staging", ...Object.entries(software));
        change("staging", ["airflow.worker.pod", { labels: { image: "blue", version: "7" } }], ["historyServer.memory", "3g"]);
        const before = text("prod");
        const said = run(["staging", "prod"], directory).split("\n").slice(1);
        const carried = (value: string) => value.replace(registry, "registry.prod.example.com/data");
        assert.deepEqual(
            said.sort(),
            Object.entries(software)
                .map(([field, value]) => `  ${field}: not said -> ${carried(value)}`)
                .sort(),
        );
        assert.equal(fresh(text("prod"), before).length, Object.keys(software).length);
        assert.deepEqual(fresh(before, text("prod")), []);
    });

    it("leaves what stands around the software: the way in, buckets, monitors, alerts", () => {
        change(
            "staging",
            ["aws.buckets.prefix", "other-staging"],
            ["ingress.domain", "other.example.com"],
            ["observability.objectives", { available: 99.9 }],
            ["hiveMetastore.backup.schedule", "0 5 * * *"],
        );
        const before = text("prod");
        assert.match(run(["staging", "prod"], directory), /^Pulumi\.prod\.yaml has the software of Pulumi\.staging\.yaml already\./);
        assert.equal(text("prod"), before);
    });

    for (const section of ["hiveMetastore.backup", "mlflow", "airflow"]) {
        it(`refuses an image of ${section} that is another one tomorrow`, () => {
            change("staging", [`${section}.image`, "registry.example.com/tool"]);
            const before = text("prod");
            assert.throws(() => run(["staging", "prod"], directory), {
                message: [
                    "Pulumi.staging.yaml cannot be deployed as it is, and nothing was changed:",
                    `  ${section}.image: found "registry.example.com/tool", expected an image with a digest or a version other than latest`,
                ].join("\n"),
            });
            assert.equal(text("prod"), before);
        });
    }

    it("refuses what only prod refuses: a section without its backup", () => {
        change("prod", ["mlflow.backup", undefined]);
        change("staging", ["sparkVersion", "4.1.3"]);
        assert.throws(
            () => run(["staging", "prod"], directory),
            /^Error: Pulumi\.prod\.yaml cannot be deployed as it is, and nothing was changed:\n {2}mlflow\.backup: found nothing, expected a section: /,
        );
    });

    it("refuses to take from a file that is wrong itself", () => {
        change("dev", ["sparkVersion", "4.2.0"]);
        assert.throws(() => run(["dev", "staging"], directory), /^Error: Pulumi\.dev\.yaml cannot be deployed as it is/);
    });

    for (const [args, says] of [
        [["dev", "prod"], "prod takes from staging, not from dev: npm run promote -- dev staging [--dry-run], or staging prod"],
        [["staging", "dev"], "dev takes from nowhere: npm run promote -- dev staging [--dry-run], or staging prod"],
        [["dev"], 'give two of "dev", "staging", "prod": npm run promote -- dev staging [--dry-run], or staging prod'],
        [["dev", "test"], 'give two of "dev", "staging", "prod": npm run promote -- dev staging [--dry-run], or staging prod'],
    ] as const) {
        it(`refuses ${args.join(" ")}`, () => {
            assert.throws(() => run([...args], directory), { message: says });
        });
    }

    it("names a file that is missing or no YAML", () => {
        rmSync(file("dev"));
        assert.throws(() => run(["dev", "staging"], directory), { message: `there is no ${file("dev")}` });
        writeFileSync(file("dev"), "config: [");
        assert.throws(() => run(["dev", "staging"], directory), /Pulumi\.dev\.yaml is not YAML: /);
    });
});
