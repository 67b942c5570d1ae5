import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import type { Check } from "../internal/checks";
import { anywhere, pods, portOf, tcp } from "../internal/network";
import type { SparkConf } from "../internal/spark-properties";
import { structure } from "../internal/structure";
import { httpUrl } from "../internal/values";
import { clusterEndpoint } from "../storage/connections";
import type { TracingConnection } from "./connections";

/** A connection whose values are known. */
export type TracingFacts = pulumi.Unwrap<TracingConnection>;

const grpcPort = 4317;

/** The address of a collector that is spoken to by HTTP. */
export const collectorUrl: Check<string> = (url) =>
    httpUrl(url) ?? (portOf(url) === grpcPort ? `has the port of gRPC, ${grpcPort}; traces go by HTTP, mostly to 4318` : undefined);

const share: Check<number> = (value) => (value >= 0 && value <= 1 ? undefined : `${value} is not a part of the whole; write it like 0.1`);

export const tracingConnection = structure<TracingFacts>(
    { endpoint: collectorUrl, sampleRatio: share, clusterEndpoint },
    { needed: ["endpoint"] },
);

/** Under it the settings of OpenTelemetry's SDK, by their own names; read by extensions/tracing. */
const prefix = "spark.platform.tracing.";

/**
 * Settings of a driver that is traced. The listener is in the images; executors know nothing of it.
 *
 * @param namespace Where the driver runs.
 * @param service What the driver is called in traces. Default: as its application.
 */
export function tracingConf({ endpoint, sampleRatio = 1 }: TracingFacts, namespace: string, service?: string): SparkConf {
    return {
        "spark.extraListeners": "sparkplatform.tracing.TracingListener",
        [`${prefix}otel.exporter.otlp.endpoint`]: endpoint,
        [`${prefix}otel.traces.sampler`]: "parentbased_traceidratio",
        [`${prefix}otel.traces.sampler.arg`]: sampleRatio,
        [`${prefix}otel.resource.attributes`]: `k8s.namespace.name=${namespace}`,
        [`${prefix}otel.service.name`]: service,
    };
}

/** Settings that the connection decides. */
export const tracingOwnedKeys: Record<string, string> = {
    [`${prefix}otel.exporter.otlp.endpoint`]: "tracing.endpoint",
    [`${prefix}otel.traces.sampler`]: "tracing.sampleRatio",
    [`${prefix}otel.traces.sampler.arg`]: "tracing.sampleRatio",
};

/** Labels that let a driver's pod through to the collector. */
export const tracingClientLabels = (tracing: TracingFacts | undefined): Record<string, string> =>
    tracing?.clusterEndpoint?.clientLabels ?? {};

/** The driver's way out to the collector; none without one. */
export const toCollector = (tracing: TracingFacts | undefined): k8s.types.input.networking.v1.NetworkPolicyEgressRule[] =>
    tracing === undefined
        ? []
        : [
              {
                  to: [tracing.clusterEndpoint ? pods(tracing.clusterEndpoint.podLabels, tracing.clusterEndpoint.namespace) : anywhere],
                  ports: tcp(tracing.clusterEndpoint?.port ?? portOf(tracing.endpoint)),
              },
          ];
