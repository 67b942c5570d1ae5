import assert from "node:assert/strict";

import * as k8s from "@pulumi/kubernetes";

import { Checks } from "../../../components/internal/checks";
import { fromPrometheus, podMonitor, resolveMonitoring, serviceMonitor, type Monitoring } from "../../../components/internal/monitoring";
import { record } from "../../support/recorder";

const watched = {
    namespace: "team-a",
    name: "s-metrics",
    labels: { "app.kubernetes.io/name": "server" },
    selector: { app: "server" },
    endpoints: [
        { port: "ui", path: "/metrics/prometheus/" },
        { port: "ui", path: "/metrics/executors/prometheus/" },
    ],
};

const relabelings = [{ sourceLabels: ["__metrics_path__"], targetLabel: "metrics_path" }];

const resolved = (given: Monitoring) => {
    const checks = new Checks('Brick "b"');
    const monitoring = resolveMonitoring(checks, given);
    checks.throwIfAny();
    assert.ok(monitoring);
    return monitoring;
};

const made = async (builder: typeof podMonitor, given: Monitoring) => {
    const [monitor] = await record((opts) => new k8s.apiextensions.CustomResource("m", builder(watched, resolved(given)), opts));
    return monitor!.inputs;
};

describe("monitoring", () => {
    it("sees single pods by their port's name, every series with the brick's labels", async () => {
        assert.deepEqual(await made(podMonitor, {}), {
            apiVersion: "monitoring.coreos.com/v1",
            kind: "PodMonitor",
            metadata: { name: "s-metrics", namespace: "team-a", labels: { "app.kubernetes.io/name": "server" } },
            spec: {
                selector: { matchLabels: { app: "server" } },
                podTargetLabels: ["app.kubernetes.io/name", "app.kubernetes.io/component", "app.kubernetes.io/instance"],
                podMetricsEndpoints: [
                    { port: "ui", path: "/metrics/prometheus/", interval: "30s", relabelings },
                    { port: "ui", path: "/metrics/executors/prometheus/", interval: "30s", relabelings },
                ],
            },
        });
    });

    it("sees the pods of a Service, at the user's pace and with the labels that his Prometheus looks for", async () => {
        const { kind, metadata, spec } = await made(serviceMonitor, { interval: "1min", labels: { release: "stack" } });
        assert.equal(kind, "ServiceMonitor");
        assert.deepEqual(metadata.labels, { release: "stack", "app.kubernetes.io/name": "server" });
        assert.deepEqual(
            spec.endpoints.map(({ interval }: any) => interval),
            ["60s", "60s"],
        );
        assert.equal(spec.podMetricsEndpoints, undefined);
    });

    it("lets in the pods of Prometheus, and no others of their namespace", () => {
        assert.deepEqual(fromPrometheus({ namespace: "watch", podLabels: { app: "prometheus" } }), {
            podSelector: { matchLabels: { app: "prometheus" } },
            namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "watch" } },
        });
    });

    it("names every wrong field", () => {
        assert.throws(() => resolved({ namespace: "Watch", podLabels: {}, interval: "soon" }), {
            message: [
                'Brick "b" cannot be deployed as configured:',
                '  monitoring.namespace: "Watch" is not a DNS label; use lower-case letters, digits and "-", starting with a letter',
                "  monitoring.podLabels: is empty, which would let every pod of the namespace in; give at least one label",
                '  monitoring.interval: "soon" is not a duration; write it like "60s", "30m" or "2h"',
            ].join("\n"),
        });
    });

    it("is nothing when it is not asked for", () => {
        assert.equal(resolveMonitoring(new Checks("b"), undefined), undefined);
    });
});
