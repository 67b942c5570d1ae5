import assert from "node:assert/strict";

import type * as pulumi from "@pulumi/pulumi";

import * as components from "../../../components";
import { changesOf, merged, type ResolvedAddOn } from "../../../components/addons/add-on";
import { charts } from "../../../components/internal/charts";
import { assertEveryField, assertEveryFieldMatters, type Changes } from "../../support/fields";
import { record } from "../../support/recorder";

type AddOn = new (name: string, args: any, opts?: pulumi.ComponentResourceOptions) => { namespace: pulumi.Output<string> };

interface Case {
    make: AddOn;
    chart: keyof typeof charts;
    /** What must be given. */
    args?: object;
    changes?: Changes;
    wrong?: object;
    /** What is said about the wrong values. */
    says?: string[];
}

const cases: Record<string, Case> = {
    CertManagerAddOn: { make: components.CertManagerAddOn, chart: "certManager", changes: { gatewayApi: true } },
    ExternalSecretsAddOn: {
        make: components.ExternalSecretsAddOn,
        chart: "externalSecrets",
        changes: { accountAnnotations: { role: "a" }, replicas: 2 },
        wrong: { replicas: 0 },
        says: ["replicas: 0 is not a whole number from 1"],
    },
    KedaAddOn: {
        make: components.KedaAddOn,
        chart: "keda",
        changes: { watchNamespace: "team-a" },
        wrong: { watchNamespace: "Team" },
        says: ['watchNamespace: "Team" is not a DNS label; use lower-case letters, digits and "-", starting with a letter'],
    },
    OpenTelemetryAddOn: {
        make: components.OpenTelemetryAddOn,
        chart: "openTelemetry",
        args: { tracesTo: "tempo.tempo.svc:4317" },
        changes: { tracesTo: "other:4317", insecure: false, replicas: 2 },
        wrong: { tracesTo: "http://tempo", replicas: 1.5 },
        says: [
            'tracesTo: "http://tempo" is not an address; write it like "tempo.tempo.svc:4317"',
            "replicas: 1.5 is not a whole number from 1",
        ],
    },
    PrometheusStackAddOn: {
        make: components.PrometheusStackAddOn,
        chart: "prometheusStack",
        changes: { retentionDays: 30, storage: "50g", grafanaAdminSecret: "grafana" },
        wrong: { retentionDays: 0, storage: "5", grafanaAdminSecret: "G" },
        says: [
            "retentionDays: 0 is not a whole number from 1",
            'storage: "5" is not a size of at least 1g; write it like "1500m" or "4g"',
            'grafanaAdminSecret: "G" is not a DNS label; use lower-case letters, digits and "-", starting with a letter',
        ],
    },
    SealedSecretsAddOn: {
        make: components.SealedSecretsAddOn,
        chart: "sealedSecrets",
        changes: { keyRenewalDays: 7 },
        wrong: { keyRenewalDays: 0 },
        says: ["keyRenewalDays: 0 is not a whole number from 1"],
    },
    SparkOperatorAddOn: {
        make: components.SparkOperatorAddOn,
        chart: "sparkOperator",
        args: { jobNamespaces: ["team-a"] },
        changes: { jobNamespaces: ["team-b"], image: "registry.example:5000/a/b:1", replicas: 2, workers: 9, memory: "3g" },
        wrong: { jobNamespaces: ["Team"], image: "spark-operator", replicas: 0, workers: 0, memory: "1Gi" },
        says: [
            'jobNamespaces: "Team" is not a DNS label; use lower-case letters, digits and "-", starting with a letter',
            'image: "spark-operator" is not an image with its registry and its tag; write it like "registry.example.com/spark-operator:2.5.2"',
            "replicas: 0 is not a whole number between 1 and 9",
            "workers: 0 is not a whole number between 1 and 50",
            'memory: "1Gi" is not a size of at least 512m; write it like "1500m" or "4g"',
        ],
    },
    TempoAddOn: {
        make: components.TempoAddOn,
        chart: "tempo",
        changes: { retentionDays: 3, storage: "20g" },
        wrong: { retentionDays: 0, storage: "1m" },
        says: [
            "retentionDays: 0 is not a whole number from 1",
            'storage: "1m" is not a size of at least 1g; write it like "1500m" or "4g"',
        ],
    },
    TraefikAddOn: {
        make: components.TraefikAddOn,
        chart: "traefik",
        changes: { replicas: 3, gatewayApi: true, defaultClass: true },
        wrong: { replicas: 0 },
        says: ["replicas: 0 is not a whole number from 1"],
    },
    TrivyAddOn: {
        make: components.TrivyAddOn,
        chart: "trivy",
        changes: { severity: "CRITICAL", namespaces: ["team-a"] },
        wrong: { severity: "high", namespaces: ["Team"] },
        says: [
            'severity: "high" is not a list of severities; write it like "HIGH,CRITICAL"',
            'namespaces: "Team" is not a DNS label; use lower-case letters, digits and "-", starting with a letter',
        ],
    },
};

const common: Changes = {
    namespace: "other",
    version: "9.9.9",
    mirror: "oci://registry.example.com/charts",
    archive: "/charts/a.tgz",
    values: "podLabels: { team: a }",
    // Not among what mocks see; see below.
    keepKinds: false,
};

for (const [name, { make: AddOn, chart, args, changes = {}, wrong = {}, says = [] }] of Object.entries(cases)) {
    describe(name, () => {
        it("makes its namespace, held to the restricted standard, and the pinned chart, in a preview too", async () => {
            for (const preview of [false, true]) {
                const made = await record((opts) => new AddOn("a", args ?? {}, opts), { preview });
                const found = made.find(({ type }) => type === "kubernetes:helm.sh/v4:Chart")!;
                const facts = charts[chart];
                assert.equal(found.inputs.version, facts.version);
                assert.equal(found.inputs.chart, facts.chart);
                assert.deepEqual(found.inputs.repositoryOpts, { repo: facts.repository });
                assert.ok(found.options.dependsOn.includes("a-namespace"));
                const others = made.map(({ type, name: made }) => `${made} ${type}`).filter((one) => !/-grafana-/.test(one));
                assert.deepEqual(others, ["a-chart kubernetes:helm.sh/v4:Chart", "a-namespace kubernetes:core/v1:Namespace"]);
                const namespace = made.find((one) => one.name === "a-namespace")!.inputs;
                assert.equal(namespace.metadata.name, facts.namespace);
                assert.equal(namespace.metadata.labels["pod-security.kubernetes.io/enforce"], "restricted");
            }
        });

        it("holds no secret in its values", async () => {
            const made = await record((opts) => new AddOn("a", args ?? {}, opts));
            assert.doesNotMatch(JSON.stringify(made.find(({ name: one }) => one === "a-chart")!.inputs.values), /-result/);
        });

        it("names every wrong field at once", () => {
            assert.throws(
                () => new AddOn("A", { ...args, ...wrong, namespace: "N", version: "1", mirror: "here", archive: "x", values: "- a" }),
                {
                    message: [
                        `${name} "A" cannot be deployed as configured:`,
                        ...says.map((line) => `  ${line}`),
                        '  name: "A" is not a DNS label; use lower-case letters, digits and "-", starting with a letter',
                        '  namespace: "N" is not a DNS label; use lower-case letters, digits and "-", starting with a letter',
                        '  version: "1" is not a version; write it like "1.2.3"',
                        '  mirror: "here" is not a registry of charts; write it like "oci://registry.example.com/charts"',
                        "  archive: is given together with mirror; give one of the two",
                        "  values: is not a section of YAML",
                    ].join("\n"),
                },
            );
        });

        it("has no argument without effect", async () => {
            assertEveryField(name, common, changes);
            const seen = Object.fromEntries(Object.entries({ ...common, ...changes }).filter(([field]) => field !== "keepKinds"));
            await assertEveryFieldMatters((given, opts) => new AddOn("a", given, opts), args ?? {}, seen);
        });
    });
}

describe("what all add-ons share", () => {
    const chartOf = async (args: object) => {
        const made = await record((opts) => new components.KedaAddOn("a", args, opts));
        return made.find(({ name }) => name === "a-chart")!.inputs;
    };

    it("comes from a mirror or from an archive when told to", async () => {
        const mirrored = await chartOf({ mirror: "oci://registry.example.com/charts" });
        assert.equal(mirrored.chart, "oci://registry.example.com/charts/keda");
        assert.equal(mirrored.repositoryOpts, undefined);
        const web = await chartOf({ mirror: "https://charts.example.com/all" });
        assert.deepEqual([web.chart, web.repositoryOpts.repo], ["keda", "https://charts.example.com/all"]);
        const local = await chartOf({ archive: "./keda.tgz" });
        assert.deepEqual([local.chart, local.version, local.repositoryOpts], ["./keda.tgz", undefined, undefined]);
    });

    it("merges sections, replaces the rest, and takes away what is null", () => {
        assert.deepEqual(merged({ a: { b: 1, c: 2 }, d: [1] }, { a: { b: 3 }, d: null, e: "f" }), { a: { b: 3, c: 2 }, d: null, e: "f" });
    });

    it("keeps kinds when the add-on goes, and waits for the certificates of webhooks", () => {
        const change = (addOn: Partial<ResolvedAddOn>, type: string, webhookCa = false) =>
            changesOf(addOn as ResolvedAddOn, { webhookCa })({
                custom: true,
                type,
                name: "x",
                props: { metadata: { name: "x", annotations: { own: "1" } } },
                opts: {},
            }) as any;
        const kind = "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition";
        const webhook = "kubernetes:admissionregistration.k8s.io/v1:ValidatingWebhookConfiguration";
        assert.equal(change({ keepKinds: true }, kind).opts.retainOnDelete, true);
        assert.equal(change({ keepKinds: false }, kind), undefined);
        assert.deepEqual(change({}, webhook, true).props.metadata, {
            name: "x",
            annotations: { own: "1", "pulumi.com/waitFor": "jsonpath={.webhooks[*].clientConfig.caBundle}" },
        });
        assert.equal(change({}, webhook), undefined);
        assert.equal(change({ keepKinds: true }, "kubernetes:apps/v1:Deployment"), undefined);
    });

    it("says what is no YAML", () => {
        assert.throws(() => new components.KedaAddOn("a", { values: "a: [" }), /values: is not YAML: Flow sequence/);
    });
});
