import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";

import { SparkApplication, SparkConnect, SparkSubmit, type TracingConnection } from "../../../components";
import { tracingConf } from "../../../components/spark/tracing";
import { record, type Registered } from "../../support/recorder";
import * as given from "./arguments";

const tracing = given.runtime.tracing as TracingConnection & { clusterEndpoint: object };
const outside: TracingConnection = { endpoint: "https://collector.example.org" };

const settingsOf = (made: Registered[]): Record<string, string> => {
    const text: string = made.find(({ name }) => name.endsWith("-settings"))?.inputs.data["spark-defaults.conf"];
    return Object.fromEntries(text.split("\n").map((line) => [line.split(" ")[0], line.slice(line.indexOf(" ") + 1)]));
};
const connect = (more: object) => record((opts) => new SparkConnect("c", { ...given.connect, ...more }, opts));
const egressOf = (made: Registered[], name: string) => made.find((one) => one.name === name)?.inputs.spec.egress as object[];

describe("Tracing", () => {
    it("is a listener of the driver, told by the names that OpenTelemetry has", () => {
        assert.deepEqual(tracingConf({ ...outside, sampleRatio: 0.1 } as never, "team-a", "main"), {
            "spark.extraListeners": "sparkplatform.tracing.TracingListener",
            "spark.platform.tracing.otel.exporter.otlp.endpoint": "https://collector.example.org",
            "spark.platform.tracing.otel.traces.sampler": "parentbased_traceidratio",
            "spark.platform.tracing.otel.traces.sampler.arg": 0.1,
            "spark.platform.tracing.otel.resource.attributes": "k8s.namespace.name=team-a",
            "spark.platform.tracing.otel.service.name": "main",
        });
    });

    it("calls a Connect server as its brick, and an application as itself", async () => {
        const service = "spark.platform.tracing.otel.service.name";
        assert.equal(settingsOf(await connect({ tracing }))[service], "c");
        const submitted = await record((opts) => new SparkSubmit("pi", given.submit, opts));
        assert.equal(settingsOf(submitted)[service], undefined);
        assert.equal(settingsOf(submitted)["spark.extraListeners"], "sparkplatform.tracing.TracingListener");
        const operated = await record((opts) => new SparkApplication("pi", given.application, opts));
        const conf = operated.find(({ name }) => name === "pi-application")?.inputs.spec.sparkConf;
        assert.equal(conf["spark.platform.tracing.otel.exporter.otlp.endpoint"], tracing.endpoint);
    });

    it("is told to a server of every backend", async () => {
        const cluster = { namespace: "team-a", podLabels: { app: "s" }, clientLabels: {} };
        const standalone = { masterUrl: "spark://s:7077", sparkVersion: "4.1.0", masters: cluster, workers: cluster };
        for (const backend of [
            { backend: "k8s" },
            { backend: "operator" },
            { backend: "standalone", standalone, executorServiceAccount: undefined },
        ]) {
            const conf = settingsOf(await connect({ ...backend, tracing }));
            assert.equal(conf["spark.extraListeners"], "sparkplatform.tracing.TracingListener", backend.backend);
        }
    });

    it("stands before the user's own listeners", async () => {
        const conf = settingsOf(await connect({ tracing, sparkConf: { "spark.extraListeners": "io.openlineage.Listener" } }));
        assert.equal(conf["spark.extraListeners"], "sparkplatform.tracing.TracingListener,io.openlineage.Listener");
    });

    it("opens one way out, of drivers alone: to the collector's pods, or to a port", async () => {
        const inside = {
            to: [{ podSelector: { matchLabels: { app: "collector" } }, namespaceSelector: namespaceOf("tracing") }],
            ports: port(4318),
        };
        const made = await connect({ tracing });
        const has = (name: string, rule: object) => egressOf(made, name).some((one) => isDeepStrictEqual(one, rule));
        assert.ok(has("c-server-network", inside));
        assert.ok(!has("c-executor-network", inside) && !has("c-check-network", inside));
        const submitted = await record((opts) => new SparkSubmit("pi", given.submit, opts));
        assert.ok(egressOf(submitted, "pi-driver-network").some((one) => isDeepStrictEqual(one, inside)));
        const elsewhere = egressOf(
            await connect({ tracing: outside, s3: undefined, eventLog: undefined, warehouse: undefined }),
            "c-server-network",
        );
        const anywhere = { to: [{ ipBlock: { cidr: "0.0.0.0/0", except: ["169.254.0.0/16"] } }], ports: port(443) };
        assert.ok(elsewhere.some((one) => isDeepStrictEqual(one, anywhere)));
    });

    it("lets its drivers wear what the collector asks of its clients", async () => {
        const made = await connect({ tracing });
        const { labels } = made.find(({ name }) => name === "c-servers")?.inputs.spec.template.metadata;
        assert.equal(labels["collector-client"], "true");
    });

    it("refuses the port of gRPC, a share of more than all, and settings that it decides itself", () => {
        const says = (more: object) => () => new SparkConnect("c", { ...given.connect, ...more });
        assert.throws(
            says({ tracing: { endpoint: "http://collector:4317" } }),
            /tracing: endpoint has the port of gRPC, 4317; traces go by HTTP/,
        );
        assert.throws(says({ tracing: { endpoint: "collector" } }), /tracing: endpoint "collector" is not the URL of a server/);
        assert.throws(says({ tracing: { ...outside, sampleRatio: 10 } }), /tracing: sampleRatio 10 is not a part of the whole/);
        const sparkConf = { "spark.platform.tracing.otel.traces.sampler.arg": "0.1" };
        assert.throws(says({ sparkConf }), /"spark\.platform\.tracing\.otel\.traces\.sampler\.arg" is decided by tracing\.sampleRatio/);
    });
});

const namespaceOf = (name: string) => ({ matchLabels: { "kubernetes.io/metadata.name": name } });
const port = (number: number) => [{ protocol: "TCP", port: number }];
