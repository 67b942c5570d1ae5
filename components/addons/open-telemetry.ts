import * as pulumi from "@pulumi/pulumi";

import { charts } from "../internal/charts";
import { Checks, type Check } from "../internal/checks";
import { optional, wholeNumber } from "../internal/values";
import { install, restrictedContainer, restrictedPodContext, resolveAddOn, type AddOnArgs, type Values } from "./add-on";

/** Arguments of `OpenTelemetryAddOn`. */
export interface OpenTelemetryAddOnArgs extends AddOnArgs {
    /** Where traces go, for example tempo.tempo.svc:4317. */
    tracesTo: string;
    /** Whether the way there is without TLS, as inside a cluster. Default: true. */
    insecure?: boolean;
    /** Number of collectors. Default: 1. */
    replicas?: number;
}

/** OpenTelemetry collector: takes traces by OTLP at port 4317 and 4318 and carries them on. */
export class OpenTelemetryAddOn extends pulumi.ComponentResource {
    /** Namespace that it runs in. */
    public readonly namespace: pulumi.Output<string>;

    constructor(name: string, args: OpenTelemetryAddOnArgs, opts?: pulumi.ComponentResourceOptions) {
        super("spark-platform:index:OpenTelemetryAddOn", name, {}, opts);
        const checks = new Checks(`OpenTelemetryAddOn "${name}"`);
        checks.plain("tracesTo", args.tracesTo, hostAndPort);
        checks.plain("replicas", args.replicas, optional(wholeNumber({ from: 1 })));
        const addOn = resolveAddOn("OpenTelemetryAddOn", name, charts.openTelemetry, args, values(args), checks);
        this.namespace = install(this, addOn);
        this.registerOutputs({ namespace: this.namespace });
    }
}

const hostAndPort: Check<string> = (address) =>
    /^[A-Za-z0-9.-]+:[0-9]{1,5}$/.test(address) ? undefined : `"${address}" is not an address; write it like "tempo.tempo.svc:4317"`;

/** What the chart would listen to beside OTLP is taken away, in the pipelines and in the ports. */
function values({ tracesTo, insecure = true, replicas = 1 }: OpenTelemetryAddOnArgs): Values {
    const closed = { enabled: false };
    return {
        mode: "deployment",
        replicaCount: replicas,
        image: { repository: "ghcr.io/open-telemetry/opentelemetry-collector-releases/opentelemetry-collector-k8s" },
        command: { name: "otelcol-k8s" },
        config: {
            receivers: { jaeger: null, zipkin: null, prometheus: null },
            exporters: { debug: null, otlp: { endpoint: tracesTo, tls: { insecure } } },
            service: { pipelines: { logs: null, metrics: null, traces: { receivers: ["otlp"], exporters: ["otlp"] } } },
        },
        ports: { "jaeger-compact": closed, "jaeger-thrift": closed, "jaeger-grpc": closed, zipkin: closed },
        resources: { requests: { cpu: "100m", memory: "256Mi" }, limits: { memory: "256Mi" } },
        podSecurityContext: restrictedPodContext,
        securityContext: { ...restrictedContainer, runAsUser: 10001 },
    };
}
