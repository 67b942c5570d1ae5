import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type * as pulumi from "@pulumi/pulumi";
import { execa } from "execa";
import { parseAllDocuments, stringify } from "yaml";

import { CertManagerAddOn, SealedSecretsAddOn, SparkOperatorAddOn } from "../../../components";
import { containersOf, type Pod } from "../../../policy/pods";
import { kubernetes } from "../../../sandbox/versions.json";
import { record } from "../../support/recorder";

/** Charts that lie in a package of Go as well, which is how a machine without Helm repositories can have them. */
interface Case {
    module: string;
    path: string;
    AddOn: new (name: string, args: any, opts: pulumi.ComponentResourceOptions) => unknown;
    args?: object;
    workloads: number;
}

const cases: Case[] = [
    { module: "github.com/cert-manager/cert-manager@v1.21.1", path: "deploy/charts/cert-manager", AddOn: CertManagerAddOn, workloads: 3 },
    { module: "github.com/bitnami/sealed-secrets@v0.38.4", path: "helm/sealed-secrets", AddOn: SealedSecretsAddOn, workloads: 1 },
    {
        module: "github.com/kubeflow/spark-operator/v2@v2.5.2",
        path: "charts/spark-operator-chart",
        AddOn: SparkOperatorAddOn,
        args: { jobNamespaces: ["team-a"] },
        workloads: 1,
    },
];

/** What the standard `restricted` asks of a pod; the charts are held to no more. */
function notRestricted({ securityContext: pod = {}, ...spec }: Pod): string[] {
    const containers = containersOf({ ...spec, containers: spec.containers });
    return containers.flatMap(({ name, securityContext: own = {} }) => {
        const security = { ...pod, ...own } as typeof pod & typeof own;
        const kept =
            security.runAsNonRoot === true &&
            security.seccompProfile?.type === "RuntimeDefault" &&
            security.allowPrivilegeEscalation === false &&
            security.capabilities?.drop?.includes("ALL") === true;
        return kept ? [] : [name];
    });
}

describe("the real charts of add-ons, with the bricks' values", () => {
    for (const { module, path, AddOn, args: given = {}, workloads } of cases) {
        it(`${AddOn.name}: every value is one that the chart knows, every pod meets the restricted standard, nothing is a hook`, async function () {
            const found = await execa("go", ["mod", "download", "-json", module], { reject: false, cwd: tmpdir() });
            if (found.exitCode !== 0) {
                console.log(`    skipped: ${module} cannot be downloaded here`);
                this.skip();
            }
            const chart = join((JSON.parse(found.stdout) as { Dir: string }).Dir, path);
            const made = await record((opts: pulumi.ComponentResourceOptions) => new AddOn("a", given, opts));
            const { values, namespace } = made.find(({ name }) => name === "a-chart")!.inputs as { values: object; namespace: string };
            const directory = await mkdtemp(join(tmpdir(), "chart-"));
            try {
                await writeFile(join(directory, "values.yaml"), stringify(values));
                const args = [
                    "template",
                    "release",
                    chart,
                    "--namespace",
                    namespace,
                    "--values",
                    join(directory, "values.yaml"),
                    "--include-crds",
                    "--kube-version",
                    kubernetes,
                ];
                const { stdout } = await execa("helm", args);
                const objects = parseAllDocuments(stdout).map((document) => (document.toJS() ?? {}) as Record<string, any>);
                const pods = objects.flatMap(({ kind, spec }) => (kind === "Deployment" ? [spec.template.spec as Pod] : []));
                assert.equal(pods.length, workloads);
                assert.deepEqual(pods.flatMap(notRestricted), []);
                assert.ok(objects.some(({ kind }) => kind === "CustomResourceDefinition"));
                const hooks = objects.filter(({ metadata }) => metadata?.annotations?.["helm.sh/hook"] !== undefined);
                assert.deepEqual(
                    hooks.map(({ kind, metadata }) => `${kind} ${metadata.name}`),
                    [],
                );
            } finally {
                await rm(directory, { recursive: true, force: true });
            }
        });
    }
});
