import assert from "node:assert/strict";

import { SparkPlatform } from "../../../components";
import { kubectl } from "../../../sandbox/support/kubectl";
import { keda, prometheusOperator, teach } from "../../support/definitions";
import { access } from "../../support/platform";
import { record } from "../../support/recorder";

const namespace = "watched-kinds";
const dryRun = (object: object) =>
    kubectl(access, ["create", "--dry-run=server", "--validate=strict", "-n", namespace, "-f", "-"], { input: JSON.stringify(object) });

describe("custom resources of a platform that is watched and scaled", function () {
    this.timeout(300_000);
    let forget: (() => Promise<void>) | undefined;

    before(async function () {
        forget = await teach(prometheusOperator, keda);
        if (forget === undefined) {
            this.skip();
        }
        await kubectl(access, ["create", "namespace", namespace]).catch(() => undefined);
    });

    after(async () => {
        await kubectl(access, ["delete", "namespace", namespace, "--ignore-not-found", "--wait"]);
        await forget?.();
    });

    it("are what the API server knows, to the last field", async () => {
        const args = {
            images: { registry: "r" },
            namespace,
            connect: { main: {} },
            standalone: { etl: { worker: { autoscaling: { maximum: 4 } } } },
            jupyterLab: { lab: {} },
            sparkSubmit: { once: { main: { file: "local:///opt/job.py" } } },
            monitoring: { labels: { release: "stack" } },
            observability: {},
        };
        const made = await record((opts) => new SparkPlatform("spark", args, opts));
        const custom = made
            .map(({ inputs }) => inputs)
            .filter(({ apiVersion = "" }) => /monitoring\.coreos\.com|keda\.sh/.test(apiVersion));
        assert.deepEqual(custom.map(({ kind }) => kind).sort(), [
            ...Array.from({ length: 6 }, () => "PodMonitor"),
            "PrometheusRule",
            "ScaledObject",
        ]);
        for (const object of custom) {
            await dryRun(object);
        }
    });

    it("are refused with a field that there is not", async () => {
        const spec = { scaleTargetRef: { name: "x" }, triggers: [], minReplicas: 1 };
        await assert.rejects(
            dryRun({ apiVersion: "keda.sh/v1alpha1", kind: "ScaledObject", metadata: { name: "wrong" }, spec }),
            /minReplicas/,
        );
    });
});
