import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { join } from "node:path";

import { execa } from "execa";

import { podsOf } from "../../policy/objects";
import { kubectl } from "../../sandbox/support/kubectl";
import { established } from "../support/definitions";
import { access } from "../support/platform";
import type { Registered } from "../support/recorder";
import { sparkOperatorDefinitions } from "../support/spark-operator";
import { everyObject, variants } from "../support/variants";

const namespace = "objects-test";
const restricted = ["enforce", "warn"].map((mode) => `pod-security.kubernetes.io/${mode}=restricted`);

/** Objects without a namespace are those of the cluster. */
const clusterWide = new Set(["Namespace"]);

/** An object as a provider would send it, in the namespace of this test. */
function manifestOf({ type, name, inputs }: Registered): object {
    const [, group, kind = ""] = /^kubernetes:(.*):(\w+)$/.exec(type)!;
    const apiVersion = inputs.apiVersion ?? group!.replace(/^core\//, "");
    const place = clusterWide.has(kind) ? {} : { namespace };
    return { apiVersion, kind, ...inputs, metadata: { name, ...inputs.metadata, ...place } };
}

/** The pods of an object. Accounts and priorities are others' objects, and a pod is refused where they are missing. */
function podManifests({ type, name, inputs }: Registered): object[] {
    return podsOf({ type, name, props: inputs } as any).map(({ pod, executor }) => {
        const { serviceAccountName, serviceAccount, priorityClassName, ...spec } = pod as Record<string, any>;
        // Spark fills in the rest of an executor when it makes one.
        const containers = executor ? spec.containers.map((each: object) => ({ image: "spark", ...each })) : spec.containers;
        const claims = (spec.volumes ?? []).map((volume: any) =>
            volume.persistentVolumeClaim && !volume.persistentVolumeClaim.claimName ? { name: volume.name, emptyDir: {} } : volume,
        );
        const restartPolicy = spec.restartPolicy ?? "Always";
        return {
            apiVersion: "v1",
            kind: "Pod",
            metadata: { name, namespace },
            spec: { ...spec, containers, volumes: claims, restartPolicy },
        };
    });
}

/** Sends all of them to the API server, which makes none; answers what it said against any. Unknown fields are errors. */
async function refusals(manifests: object[]): Promise<string> {
    const input = manifests.map((each) => JSON.stringify(each)).join("\n---\n");
    const { stderr } = await execa(access.kubectl, ["create", "--dry-run=server", "--validate=strict", "-f", "-", "-o", "name"], {
        input,
        reject: false,
    });
    return stderr;
}

describe("every object of the bricks", function () {
    this.timeout(300_000);
    const own: string[] = [];
    const judged = { objects: 0, pods: 0 };

    before(async () => {
        await kubectl(access, ["delete", "namespace", namespace, "--ignore-not-found", "--wait"]);
        await kubectl(access, ["create", "namespace", namespace]);
        await kubectl(access, ["label", "namespace", namespace, ...restricted]);
        const folder = await sparkOperatorDefinitions();
        for (const file of await readdir(folder)) {
            // Somebody's operator may be there already: what was not made here is not taken away.
            const created = await kubectl(access, ["create", "-f", join(folder, file)]).catch(() => undefined);
            if (created !== undefined) {
                own.push(join(folder, file));
                await established(join(folder, file));
            }
        }
    });

    after(async () => {
        console.log(`      the API server judged ${judged.objects} objects and ${judged.pods} pods`);
        await kubectl(access, ["delete", "namespace", namespace, "--ignore-not-found", "--wait"]);
        for (const file of own) {
            await kubectl(access, ["delete", "--ignore-not-found", "-f", file]);
        }
    });

    for (const brick of Object.keys(variants)) {
        it(`of ${brick}, with every one of its arguments changed, is what the API server takes, and its pods are restricted`, async () => {
            const all = (await everyObject(brick)).filter(({ type }) => type.startsWith("kubernetes:"));
            // Certificates, monitors, scalers and routes have tests with the definitions of their own add-ons.
            const known = all.filter(({ type }) => !/cert-manager|gateway\.networking|monitoring\.coreos|keda\.sh/.test(type));
            assert.ok(known.length > 0);
            const pods = [...new Map(known.flatMap(podManifests).map((pod) => [JSON.stringify(pod), pod])).values()];
            assert.equal(await refusals([...known.map(manifestOf), ...pods]), "");
            judged.objects += known.length;
            judged.pods += pods.length;
        });
    }

    it("is judged: an unknown field, and a pod that may become root, are refused", async () => {
        const pod = { containers: [{ name: "a", image: "a", securityContext: { runAsUser: 0 } }] };
        const wrong = await refusals([
            { apiVersion: "v1", kind: "Pod", metadata: { name: "root", namespace }, spec: pod },
            { apiVersion: "v1", kind: "Service", metadata: { name: "s", namespace }, spec: { ports: [{ port: 1 }], selectors: {} } },
        ]);
        assert.match(wrong, /violates PodSecurity "restricted:latest"/);
        assert.match(wrong, /unknown field "spec\.selectors"/);
    });
});
