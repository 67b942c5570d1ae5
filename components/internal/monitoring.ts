import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { Check, Checks } from "./checks";
import { labels } from "./metadata";
import { pods, tcp } from "./network";
import type { SparkConf } from "./spark-properties";
import { dnsLabel, duration, seconds } from "./values";

/** How a brick is watched: the same on every brick. Given at all, it makes a monitor for the Prometheus operator (the add-on `PrometheusStackAddOn`) and opens the way to its ports. */
export interface Monitoring {
    /** Namespace that Prometheus runs in; its pods are let in by the network policy. Default: monitoring. */
    namespace?: pulumi.Input<string>;
    /** Labels of the Prometheus pods in that namespace. Default: app.kubernetes.io/name=prometheus, which the operator gives them. */
    podLabels?: pulumi.Input<Record<string, pulumi.Input<string>>>;
    /** Time between two looks, for example 30s. Default: 30s. */
    interval?: pulumi.Input<string>;
    /** Further labels of the monitor, for a Prometheus that takes only monitors with labels of its own. Default: none. */
    labels?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** The settings with every default filled in. */
export interface ResolvedMonitoring {
    namespace: pulumi.Input<string>;
    podLabels: pulumi.Input<Record<string, string>>;
    interval: pulumi.Input<string>;
    labels: pulumi.Input<Record<string, string>>;
}

/** What network policies need to know of it. */
export interface MonitoringFacts {
    namespace: string;
    podLabels: Record<string, string>;
}

const defaults = {
    namespace: "monitoring",
    podLabels: { "app.kubernetes.io/name": "prometheus" },
    interval: "30s",
    labels: {},
};

const notWithoutLabels: Check<Record<string, string>> = (given) =>
    Object.keys(given).length === 0 ? "is empty, which would let every pod of the namespace in; give at least one label" : undefined;

/** Checks the `monitoring` argument of a brick; without one there is nothing to watch. */
export function resolveMonitoring(checks: Checks, given: Monitoring | undefined, path = "monitoring"): ResolvedMonitoring | undefined {
    return (
        given && {
            namespace: checks.input(`${path}.namespace`, given.namespace ?? defaults.namespace, dnsLabel),
            podLabels: checks.input(`${path}.podLabels`, given.podLabels ?? defaults.podLabels, labels, notWithoutLabels),
            interval: checks.input(`${path}.interval`, given.interval ?? defaults.interval, duration),
            labels: checks.input(`${path}.labels`, given.labels ?? defaults.labels, labels),
        }
    );
}

/** One place that metrics are read from. */
export interface MetricsEndpoint {
    /** Name of the container's port. */
    port: string;
    path: string;
}

interface Watched {
    /** Of the monitor. */
    metadata: k8s.types.input.meta.v1.ObjectMeta;
    /** Labels of the pods. */
    selector: Record<string, string>;
    endpoints: MetricsEndpoint[];
}

/** Every pod by itself, also those behind one Service. */
export function podMonitor(
    { metadata, selector, endpoints }: Watched,
    { interval, labels: more }: ResolvedMonitoring,
): k8s.apiextensions.CustomResourceArgs {
    return {
        apiVersion: "monitoring.coreos.com/v1",
        kind: "PodMonitor",
        metadata: { ...metadata, labels: pulumi.all([more, metadata.labels]).apply(([theirs, ours]) => ({ ...theirs, ...ours })) },
        spec: {
            selector: { matchLabels: selector },
            // Which brick it is, on every series: names of pods change, these do not.
            podTargetLabels: brickLabels,
            // Prometheus writes a minute as 1m, Spark also as 60s or 1min.
            podMetricsEndpoints: endpoints.map(({ port, path }) => ({
                port,
                path,
                // Two paths of one port are two targets, which would otherwise write the same series "up".
                relabelings: [{ sourceLabels: ["__metrics_path__"], targetLabel: "metrics_path" }],
                interval: pulumi.output(interval).apply((text) => `${seconds(text)}s`),
            })),
        },
    };
}

const brickLabels = ["app.kubernetes.io/name", "app.kubernetes.io/component", "app.kubernetes.io/instance"];

/** The row of a network policy that lets Prometheus in to the ports that metrics are read from; none without monitoring. */
export const fromPrometheus = (
    monitoring: MonitoringFacts | undefined,
    ...ports: number[]
): k8s.types.input.networking.v1.NetworkPolicyIngressRule[] =>
    monitoring ? [{ from: [pods(monitoring.podLabels, monitoring.namespace)], ports: tcp(...ports) }] : [];

/** Label of ConfigMaps that Grafana takes for dashboards. */
export const dashboardLabel = "grafana_dashboard";

/** First part of the name of every metric of a driver: the same for all servers and after every start; which server it is say the labels. */
export const metricsNamespace = "spark";

/** Where drivers, masters and workers show their metrics. With the slash at its end; without it the answer is a redirect. */
export const metricsPath = "/metrics/prometheus/";
/** Where a driver shows what its executors report; they have no port of their own. */
export const executorMetricsPath = "/metrics/executors/prometheus/";

/** Where a driver is read, at the port of its web UI: what it does, and what its executors report to it. */
export const driverEndpoints = (port: string): MetricsEndpoint[] => [metricsPath, executorMetricsPath].map((path) => ({ port, path }));

/** Spark's own settings behind the path of a process, the same in every line. A master has a second registry, of its applications: only its own is shown. */
const sinkConf = (process: "driver" | "master" | "worker"): SparkConf => ({
    [`spark.metrics.conf.${process}.sink.prometheusServlet.class`]: "org.apache.spark.metrics.sink.PrometheusServlet",
    [`spark.metrics.conf.${process}.sink.prometheusServlet.path`]: metricsPath.replace(/\/$/, ""),
    [`spark.metrics.conf.${process}.source.jvm.class`]: "org.apache.spark.metrics.source.JvmSource",
});

/** Settings of a driver that is watched, and of its executors. */
export const driverMetricsConf: SparkConf = {
    "spark.metrics.namespace": metricsNamespace,
    ...sinkConf("driver"),
    "spark.metrics.appStatusSource.enabled": true,
    "spark.ui.prometheus.enabled": true,
};

export const masterMetricsConf: SparkConf = sinkConf("master");
export const workerMetricsConf: SparkConf = sinkConf("worker");

/** Settings that `monitoring` decides, for a brick's table of owned keys. */
export const metricsOwnedKeys: Record<string, string> = {
    "spark.metrics.namespace": "the brick: dashboards and alerts know metrics by it",
    ...Object.fromEntries(
        ["*", "driver", "master", "worker"].map((process) => [`spark.metrics.conf.${process}.sink.prometheusServlet.`, "monitoring"]),
    ),
    "spark.ui.prometheus.enabled": "monitoring",
};
