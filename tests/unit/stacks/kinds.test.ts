import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import * as pulumi from "@pulumi/pulumi";

import * as components from "../../../components";
import { charts } from "../../../components/internal/charts";
import { broughtBy, unknownKinds } from "../../../stacks/kinds";
import { record } from "../../support/recorder";

/** What is said of a program on a cluster with these API groups. */
async function warnings(program: (opts: pulumi.ComponentResourceOptions) => unknown, groups: string[] | undefined): Promise<string[]> {
    const said: string[] = [];
    const kinds = unknownKinds({ context: "kind" }, () => Promise.resolve(groups));
    await record(({ transformations = [] }) => program({ transformations: [...transformations, kinds.note] }));
    const { warn } = pulumi.log;
    Object.assign(pulumi.log, { warn: (message: string) => said.push(message) });
    try {
        await kinds.tell();
    } finally {
        Object.assign(pulumi.log, { warn });
    }
    return said;
}

const watched = (opts: pulumi.ComponentResourceOptions) => [
    new components.Observability("o", { namespace: "team-a" }, opts),
    new components.PlatformSecrets(
        "s",
        { namespace: "team-a", environment: "dev", secrets: { s3: { keys: ["key"] } }, aws: { region: "eu-central-1" } },
        opts,
    ),
];

describe("kinds of objects that a cluster does not know", () => {
    it("are told with the add-on that brings them, once an add-on", async () => {
        assert.deepEqual(await warnings(watched, ["apps", "monitoring.coreos.com"]), [
            "the cluster does not know ExternalSecret, SecretStore (external-secrets.io): the add-on externalSecrets of stacks/cluster-addons brings them; " +
                "give its key in the stack file there and run `pulumi up` there first",
        ]);
        assert.equal((await warnings(watched, [])).length, 2);
    });

    it("are nothing to talk about where all are there, and where nobody can be asked", async () => {
        assert.deepEqual(await warnings(watched, Object.keys(broughtBy)), []);
        assert.deepEqual(await warnings(watched, undefined), []);
        assert.deepEqual(await warnings((opts) => new components.SparkWorkspace("w", { namespace: "team-a" }, opts), []), []);
    });

    it("have an add-on each, in all that staging and prod are made of", () => {
        for (const key of Object.values(broughtBy)) {
            assert.ok(key in charts, key);
        }
        const urns = ["staging", "prod"]
            .map((stack) => readFileSync(join(__dirname, `../../fixtures/urns/${stack}.txt`), "utf8"))
            .join("\n");
        const groups = new Set([...urns.matchAll(/kubernetes:([^/:]+\.[^/:]+)\//g)].map(([, group = ""]) => group));
        const ofEveryCluster = /^(rbac\.authorization|networking|gateway\.networking)\.k8s\.io$/;
        const others = [...groups].filter((group) => !ofEveryCluster.test(group));
        assert.ok(others.length > 0);
        assert.deepEqual(
            others.filter((group) => !(group in broughtBy)),
            [],
        );
    });
});
