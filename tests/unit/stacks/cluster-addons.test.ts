import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { parse } from "yaml";

import { checkAddOns, makeAddOns } from "../../../stacks/cluster-addons/add-ons";
import { addOnsSchema } from "../../../stacks/cluster-addons/schema";
import { record } from "../../support/recorder";
import { checkout, handedOver, kubeconfig } from "./stack-file";

const project = "spark-cluster-addons";
const file = parse(readFileSync(join(checkout, "stacks/cluster-addons/Pulumi.shared.yaml"), "utf8")) as { config: Record<string, unknown> };
const check = (more: Record<string, unknown> = {}) => {
    const config = Object.fromEntries(Object.entries(more).map(([key, value]) => [`${project}:${key}`, value]));
    return checkAddOns({
        project,
        stack: "shared",
        secrets: [],
        env: { KUBECONFIG: kubeconfig },
        values: handedOver({ ...file.config, ...config }),
    });
};

describe("the stack of a cluster's add-ons", () => {
    it("makes those that its file names, each in a namespace of its own", async () => {
        const made = await record((opts) => makeAddOns(check().addOns, opts));
        const charts = made
            .filter(({ type }) => type === "kubernetes:helm.sh/v4:Chart")
            .map(({ name, inputs }) => `${name}: ${inputs.namespace}`);
        assert.deepEqual(charts, [
            "cert-manager-chart: cert-manager",
            "external-secrets-chart: external-secrets",
            "keda-chart: keda",
            "opentelemetry-chart: opentelemetry",
            "prometheus-chart: monitoring",
            "tempo-chart: tempo",
        ]);
    });

    it("can make every add-on that its schema knows", async () => {
        const all = Object.keys(addOnsSchema.shape).filter((key) => key !== "cluster");
        const needed: Record<string, object> = {
            openTelemetry: { tracesTo: "tempo.tempo.svc:4317" },
            sparkOperator: { jobNamespaces: ["spark-dev"] },
        };
        const settings = Object.fromEntries(all.map((key) => [key, needed[key] ?? {}]));
        const made = await record((opts) => makeAddOns(check(settings).addOns, opts));
        assert.equal(made.filter(({ type }) => type === "kubernetes:helm.sh/v4:Chart").length, all.length);
    });

    it("goes to the cluster that its file names", () => {
        assert.equal(check().provider.context, "spark-prod");
    });

    it("says everything that is wrong with the file", () => {
        assert.throws(() => check({ kedda: {}, prometheusStack: { retentionDays: 0, storrage: "1g" } }), {
            message: [
                "Pulumi.shared.yaml cannot be deployed as it is, and nothing was changed:",
                '  kedda: found an unknown key, expected one of "cluster", "certManager", "externalSecrets", "keda", "openTelemetry", ' +
                    '"prometheusStack", "sealedSecrets", "sparkOperator", "tempo", "traefik", "trivy"; did you mean "keda"?',
                "  prometheusStack.retentionDays: found 0, expected a whole number from 1; did you mean 1?",
                '  prometheusStack.storrage: found an unknown key, expected one of "namespace", "version", "mirror", "archive", "values", ' +
                    '"keepKinds", "retentionDays", "storage", "grafanaAdminSecret"; did you mean "storage"?',
            ].join("\n"),
        });
    });
});
