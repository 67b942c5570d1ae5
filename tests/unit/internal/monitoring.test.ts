import assert from "node:assert/strict";

import * as k8s from "@pulumi/kubernetes";

import { Checks } from "../../../components/internal/checks";
import { fromPrometheus, podMonitor, resolveMonitoring, type Monitoring } from "../../../components/internal/monitoring";
import { record } from "../../support/recorder";

const watched = {
    metadata: { namespace: "team-a", name: "s-metrics", labels: { "app.kubernetes.io/name": "server" } },
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

const made = async (given: Monitoring) => {
    const [monitor] = await record((opts) => new k8s.apiextensions.CustomResource("m", podMonitor(watched, resolved(given)), opts));
    return monitor!.inputs;
};

describe("monitoring", () => {
    it("sees single pods by their port's name, every series with the brick's labels", async () => {
        assert.deepEqual(await made({}), {
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

    it("looks at the user's pace, and wears the labels that his Prometheus looks for", async () => {
        const { metadata, spec } = await made({ interval: "1min", labels: { release: "stack" } });
        assert.deepEqual(metadata.labels, { release: "stack", "app.kubernetes.io/name": "server" });
        assert.deepEqual(
            spec.podMetricsEndpoints.map(({ interval }: any) => interval),
            ["60s", "60s"],
        );
    });

    it("lets in the pods of Prometheus, and no others of their namespace", () => {
        const from = [
            {
                podSelector: { matchLabels: { app: "prometheus" } },
                namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "watch" } },
            },
        ];
        assert.deepEqual(fromPrometheus({ namespace: "watch", podLabels: { app: "prometheus" } }, 4040), [
            { from, ports: [{ protocol: "TCP", port: 4040 }] },
        ]);
        assert.deepEqual(fromPrometheus(undefined, 4040), []);
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
