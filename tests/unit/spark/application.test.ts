import assert from "node:assert/strict";
import { join } from "node:path";

import * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";

import { ScheduledSparkApplication, SparkApplication } from "../../../components";
import * as changes from "../../support/changes";
import { assertEveryField, assertEveryFieldMatters } from "../../support/fields";
import { podProblems } from "../../support/pods";
import { record, type Registered } from "../../support/recorder";
import { assertSame } from "../../support/snapshot";
import { application as args, runtime, schedule } from "./arguments";

const apply = (more: object = {}) => record((opts) => new SparkApplication("pi", { ...args, ...more }, opts));
const plan = (more: object = {}) => record((opts) => new ScheduledSparkApplication("pi", { ...schedule, ...more }, opts));
const find = (made: Registered[], name: string) => made.find((one) => one.name === name)!.inputs;
const spec = (made: Registered[]) => find(made, "pi-application").spec;
const expected = (file: string) => join(__dirname, "expected", file);
const message = (make: () => unknown): string => {
    try {
        make();
    } catch (error) {
        return (error as Error).message;
    }
    throw new Error("nothing was found wrong");
};

describe("SparkApplication", () => {
    it("makes the custom resource after its networks, in a preview too", async () => {
        for (const preview of [false, true]) {
            const made = await record((opts) => new SparkApplication("pi", args, opts), { preview });
            assert.deepEqual(
                made.map(({ type, name }) => `${name} ${type}`),
                [
                    "pi-application kubernetes:sparkoperator.k8s.io/v1beta2:SparkApplication",
                    "pi-driver-network kubernetes:networking.k8s.io/v1:NetworkPolicy",
                    "pi-executor-network kubernetes:networking.k8s.io/v1:NetworkPolicy",
                ],
            );
            assert.deepEqual(made[0]!.options.dependsOn, ["pi-driver-network", "pi-executor-network"]);
        }
    });

    for (const sparkVersion of ["3.5.7", "4.1.0"]) {
        it(`says everything about an application of Spark ${sparkVersion}`, async () => {
            const made = await apply({ runtime: { ...runtime, sparkVersion, image: `registry.example/spark:${sparkVersion}` } });
            assertSame(
                stringify(spec(made), { sortMapEntries: true, aliasDuplicateObjects: false }),
                expected(`application-${sparkVersion}.yaml`),
            );
        });
    }

    it("leaves no setting to be given twice: what fields say, sparkConf does not", async () => {
        const { sparkConf } = spec(await apply({ executor: { maximum: 5 } }));
        assert.deepEqual(
            Object.keys(sparkConf).filter((key) =>
                /\.memory|cores|dynamicAllocation\.(?!executorIdleTimeout)|podTemplate|serviceAccount|\.image|namespace$/.test(key),
            ),
            [],
        );
        assert.equal(sparkConf["spark.dynamicAllocation.executorIdleTimeout"], "60s");
    });

    it("starts pods that the restricted standard admits, with user ids of the namespace too", async () => {
        for (const userIdFromNamespace of [false, true]) {
            const { driver, executor } = spec(
                await apply({ driver: { pod: { userIdFromNamespace } }, executor: { pod: { userIdFromNamespace } } }),
            );
            for (const { template } of [driver, executor]) {
                const problems = podProblems(template.spec, { userIds: !userIdFromNamespace });
                // Spark puts image and sizes in.
                assert.deepEqual(
                    problems.filter((problem) => !problem.startsWith("spark-kubernetes-")),
                    [],
                );
            }
        }
    });

    it("tells driver and executors apart by labels, and lets the driver alone to the API server", async () => {
        const made = await apply({ runtime: { ...runtime, apiServer: ["10.0.0.1/32"] } });
        const { driver, executor } = spec(made);
        assert.deepEqual(find(made, "pi-driver-network").spec.podSelector.matchLabels, driver.labels);
        assert.deepEqual(find(made, "pi-executor-network").spec.podSelector.matchLabels, executor.labels);
        assert.equal(driver.labels["app.kubernetes.io/component"], "driver");
        const reaches = (network: string) => JSON.stringify(find(made, network).spec.egress).includes("10.0.0.1/32");
        assert.deepEqual([reaches("pi-driver-network"), reaches("pi-executor-network")], [true, false]);
    });

    it("has its drivers watched by a monitor that is there before them", async () => {
        const monitoring = { namespace: "watch", podLabels: { app: "prometheus" }, interval: "1m", labels: { release: "stack" } };
        const kinds = {
            application: { make: apply, of: "spark-application", specOf: (resource: any) => resource },
            schedule: { make: plan, of: "scheduled-spark-application", specOf: (resource: any) => resource.template },
        };
        for (const [part, { make, of, specOf }] of Object.entries(kinds)) {
            const plain = await make();
            const made = await make({ monitoring });
            const { metadata, spec: watched } = find(made, "pi-monitor");
            assert.deepEqual([metadata.name, metadata.namespace, metadata.labels.release], [`pi-${part}-driver`, "team-a", "stack"]);
            const driver = {
                "app.kubernetes.io/name": of,
                "app.kubernetes.io/component": "driver",
                "app.kubernetes.io/instance": "pi",
            };
            const endpoint = (path: string) => ({
                port: "spark-ui",
                path,
                relabelings: [{ sourceLabels: ["__metrics_path__"], targetLabel: "metrics_path" }],
                interval: "60s",
            });
            assert.deepEqual(watched, {
                selector: { matchLabels: driver },
                podTargetLabels: Object.keys(driver),
                podMetricsEndpoints: ["/metrics/prometheus/", "/metrics/executors/prometheus/"].map(endpoint),
            });
            const policy = (all: Registered[]) => find(all, "pi-driver-network").spec;
            const from = [
                {
                    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "watch" } },
                    podSelector: { matchLabels: { app: "prometheus" } },
                },
            ];
            const row = { from, ports: [{ protocol: "TCP", port: 4040 }] };
            assert.deepEqual(policy(made), { ...policy(plain), ingress: [...policy(plain).ingress, row] });
            const resource = (all: Registered[]) => all.find(({ name }) => name === `pi-${part}`)!;
            assert.deepEqual(resource(made).options.dependsOn, ["pi-driver-network", "pi-executor-network", "pi-monitor"]);
            // Spark itself names the port of a driver whose pod it makes: nothing but settings differs.
            const [before, after] = [plain, made].map((all) => specOf(resource(all).inputs.spec));
            assert.deepEqual({ ...after, sparkConf: {} }, { ...before, sparkConf: {} });
        }
    });

    it("is started again as told", async () => {
        const policy = async (more: object) => spec(await apply(more)).restartPolicy;
        assert.deepEqual(await policy({}), { type: "Never" });
        assert.deepEqual(await policy({ restart: "OnFailure", retries: 2, retryInterval: "1m" }), {
            type: "OnFailure",
            onFailureRetries: 2,
            onSubmissionFailureRetries: 2,
            onFailureRetryInterval: 60,
            onSubmissionFailureRetryInterval: 60,
        });
        assert.deepEqual(await policy({ restart: "Always" }), {
            type: "Always",
            onFailureRetryInterval: 30,
            onSubmissionFailureRetryInterval: 30,
        });
    });

    it("names every wrong field at once, before anything is made", () => {
        const wrong = {
            ...args,
            main: { file: "job.py" },
            driver: { memory: "1" },
            executor: { minimum: 0 },
            restart: "sometimes",
            retries: -1,
            retryInterval: "soon",
            timeToLive: "long",
            sparkConf: { "spark.executor.memory": "1g" },
        };
        const name = `a${"b".repeat(40)}`;
        assert.equal(
            message(() => new SparkApplication(name, wrong)),
            [
                `SparkApplication "${name}" cannot be deployed as configured:`,
                `  name: "${name}" has 41 characters; at most 40 are allowed`,
                '  main.file: "job.py" is not the place of a program; write it like "local:///opt/app/job.py" or "s3a://bucket/job.jar"',
                '  driver.memory: "1" is not a size of at least 512m; write it like "1500m" or "4g"',
                "  executor.minimum: 0 is not a whole number from 1",
                '  restart: "sometimes" is none of Never, OnFailure, Always',
                "  retries: -1 is not a whole number between 0 and 100",
                '  retryInterval: "soon" is not a duration; write it like "60s", "30m" or "2h"',
                '  timeToLive: "long" is not a duration; write it like "60s", "30m" or "2h"',
                '  sparkConf: "spark.executor.memory" is decided by executor.memory',
            ].join("\n"),
        );
    });

    it("has no argument without effect", async () => {
        assertEveryField("SparkApplication", changes.application, changes.runtimeMetastore);
        await assertEveryFieldMatters((some, opts) => new SparkApplication("pi", some, opts), everything(args), changes.application);
    });
});

describe("ScheduledSparkApplication", () => {
    it("is an application with a clock, apart from one of the same name", async () => {
        const made = await plan({ timeZone: "Europe/Berlin", suspended: true });
        const { template, ...clock } = find(made, "pi-schedule").spec;
        assert.deepEqual(clock, {
            schedule: "@every 30m",
            timeZone: "Europe/Berlin",
            concurrencyPolicy: "Forbid",
            suspend: true,
            successfulRunHistoryLimit: 3,
            failedRunHistoryLimit: 3,
        });
        const application = spec(await apply());
        assert.deepEqual(
            { ...template, driver: undefined, executor: undefined },
            { ...application, driver: undefined, executor: undefined },
        );
        assert.notDeepEqual(template.driver.labels, application.driver.labels);
        assert.equal(find(made, "pi-driver-network").metadata.name, "pi-schedule-driver");
    });

    it("names every wrong field of the clock, too", () => {
        const wrong = {
            ...schedule,
            schedule: "daily",
            timeZone: "Mars",
            concurrency: "Maybe",
            keepSuccessful: -1,
            keepFailed: 101,
            restart: "no",
        };
        assert.equal(
            message(() => new ScheduledSparkApplication("pi", wrong)),
            [
                'ScheduledSparkApplication "pi" cannot be deployed as configured:',
                '  restart: "no" is none of Never, OnFailure, Always',
                '  schedule: "daily" is not a schedule; write it like "0 3 * * *", "@daily" or "@every 30m"',
                '  timeZone: "Mars" is not a time zone; write it like "Europe/Berlin"',
                '  concurrency: "Maybe" is none of Allow, Forbid, Replace',
                "  keepSuccessful: -1 is not a whole number between 0 and 100",
                "  keepFailed: 101 is not a whole number between 0 and 100",
            ].join("\n"),
        );
        for (const given of ["0 3 * * *", "*/5 8-18 * * MON-FRI", "0 0,12 1 */2 *", "@every 1h30m", "@hourly"]) {
            new ScheduledSparkApplication("pi", { ...schedule, schedule: given });
        }
    });

    it("checks values that come late, too", async () => {
        await assert.rejects(plan({ schedule: pulumi.output("daily") }), /schedule: "daily" is not a schedule/);
    });

    it("has no argument without effect", async () => {
        assertEveryField("ScheduledSparkApplication", changes.schedule, changes.runtimeMetastore);
        await assertEveryFieldMatters(
            (some, opts) => new ScheduledSparkApplication("pi", some, opts),
            everything(schedule),
            changes.schedule,
        );
    });
});

/** Arguments under which each of the others has something to say. */
const everything = <A extends object>(given: A) => ({
    ...given,
    main: { file: "local:///job.jar", class: "Job" },
    executor: { maximum: 3 },
    restart: "OnFailure",
});
