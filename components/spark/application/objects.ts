import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { labelsOf, objectName, selectorOf, type Identity } from "../../internal/identity";
import type { LogFacts } from "../../internal/logs";
import type { ResolvedMonitoring } from "../../internal/monitoring";
import { policySpec } from "../../internal/network";
import { withOwn } from "../../internal/spark-properties";
import { seconds } from "../../internal/values";
import { isPython, type MainFacts } from "../application-main";
import { driverTemplate, executorTemplate } from "../application-pods";
import { driverRows, executorRows } from "../client-mode";
import { driverMonitor, watchedRows } from "../driver-monitor";
import type { DriverFacts } from "../drivers";
import type { ExecutorFacts } from "../executors";
import type { RuntimeFacts } from "../runtime";
import { escapedForPod } from "../submit/conf";
import type { ResolvedApplication, ResolvedSchedule } from "./args";
import { applicationConf, sizes } from "./conf";

const apiVersion = "sparkoperator.k8s.io/v1beta2";
const identityOf = ({ name, part }: ResolvedApplication, role: string): Identity => ({
    application: part === "schedule" ? "scheduled-spark-application" : "spark-application",
    role,
    instance: name,
});
const driverSelector = (app: ResolvedApplication) => selectorOf(identityOf(app, "driver"));
const executorSelector = (app: ResolvedApplication) => selectorOf(identityOf(app, "executor"));

function runtimeOf<T>({ runtime }: ResolvedApplication, choose: (runtime: RuntimeFacts) => T): pulumi.Output<T> {
    return pulumi.output(runtime).apply((known) => pulumi.output(choose(known as RuntimeFacts))) as pulumi.Output<T>;
}

function metadata(app: ResolvedApplication, name: string, role: string): k8s.types.input.meta.v1.ObjectMeta {
    const version = runtimeOf(app, ({ sparkVersion }) => sparkVersion);
    return {
        name,
        namespace: runtimeOf(app, ({ namespace }) => namespace),
        labels: labelsOf<pulumi.Input<string>>(identityOf(app, role), version),
    };
}

/** Of what belongs to the drivers. */
const driverMetadata = (app: ResolvedApplication) => metadata(app, objectName(app.name, `${app.part}-driver`), "driver");

export function driverNetwork(app: ResolvedApplication): k8s.networking.v1.NetworkPolicyArgs {
    const spec = pulumi
        .all([app.runtime, app.monitoring])
        .apply(([runtime, monitoring]) =>
            policySpec(driverSelector(app), watchedRows(driverRows(runtime as RuntimeFacts, executorSelector(app)), monitoring)),
        );
    return { metadata: driverMetadata(app), spec };
}

export const monitor = (app: ResolvedApplication, monitoring: ResolvedMonitoring): k8s.apiextensions.CustomResourceArgs =>
    driverMonitor({ metadata: driverMetadata(app), selector: driverSelector(app) }, monitoring);

export function executorNetwork(app: ResolvedApplication): k8s.networking.v1.NetworkPolicyArgs {
    const spec = runtimeOf(app, (runtime) =>
        policySpec(executorSelector(app), executorRows(runtime, driverSelector(app), executorSelector(app))),
    );
    return { metadata: metadata(app, objectName(app.name, `${app.part}-executor`), "executor"), spec };
}

export function application(app: ResolvedApplication): k8s.apiextensions.CustomResourceArgs {
    return { apiVersion, kind: "SparkApplication", metadata: metadata(app, app.name, app.part), spec: applicationSpec(app) };
}

export function schedule(app: ResolvedSchedule): k8s.apiextensions.CustomResourceArgs {
    return {
        apiVersion,
        kind: "ScheduledSparkApplication",
        metadata: metadata(app, app.name, app.part),
        spec: {
            schedule: app.schedule,
            timeZone: app.timeZone,
            concurrencyPolicy: app.concurrency,
            suspend: app.suspended,
            successfulRunHistoryLimit: app.keepSuccessful,
            failedRunHistoryLimit: app.keepFailed,
            template: applicationSpec(app),
        },
    };
}

interface Known {
    runtime: RuntimeFacts;
    main: MainFacts;
    driver: DriverFacts;
    executor: ExecutorFacts;
    arguments: string[];
    restart: string;
    retries: number;
    retryInterval: string;
    timeToLive?: string;
    logs?: LogFacts;
    monitoring?: object;
    sparkConf: Record<string, string>;
}

function applicationSpec(app: ResolvedApplication): pulumi.Output<object> {
    return pulumi.output(app).apply((resolved) => {
        const known = resolved as unknown as Known;
        return pulumi.output(specOf(app, known));
    });
}

function specOf(app: ResolvedApplication, known: Known): object {
    const { runtime, main } = known;
    const { driver, executor, dynamicAllocation } = sizes(known);
    return {
        type: isPython(main) ? "Python" : "Java",
        mode: "cluster",
        sparkVersion: runtime.sparkVersion,
        image: runtime.image,
        imagePullSecrets: runtime.imagePullSecrets,
        mainApplicationFile: main.file,
        mainClass: main.class,
        arguments: known.arguments.length === 0 ? undefined : known.arguments.map(escapedForPod),
        sparkConf: texts(withOwn(applicationConf(known), known.sparkConf)),
        driver: {
            ...driver,
            serviceAccount: runtime.driverServiceAccount,
            // The operator puts the labels of the custom resource on every pod; these tell the pods apart again.
            labels: driverSelector(app),
            template: driverTemplate({ identity: identityOf(app, "driver"), runtime, pod: app.driver.pod, logs: app.logs }),
        },
        executor: {
            ...executor,
            serviceAccount: runtime.executorServiceAccount,
            labels: executorSelector(app),
            template: executorTemplate({ identity: identityOf(app, "executor"), runtime, pod: app.executor.pod }, app.executor),
        },
        dynamicAllocation,
        restartPolicy: restartPolicy(known),
        timeToLiveSeconds: known.timeToLive === undefined ? undefined : seconds(known.timeToLive),
    };
}

function restartPolicy({ restart, retries, retryInterval }: Known): object {
    const interval = seconds(retryInterval);
    const intervals = { onFailureRetryInterval: interval, onSubmissionFailureRetryInterval: interval };
    const policies: Record<string, object> = {
        OnFailure: { ...intervals, onFailureRetries: retries, onSubmissionFailureRetries: retries },
        Always: intervals,
    };
    return { type: restart, ...policies[restart] };
}

const texts = (conf: Record<string, unknown>): Record<string, string> =>
    Object.fromEntries(
        Object.keys(conf)
            .sort()
            .map((key) => [key, String(conf[key])]),
    );
