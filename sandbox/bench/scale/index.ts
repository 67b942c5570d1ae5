import "../../../stacks/stack-traces";

import { readFileSync } from "node:fs";

import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { SparkWorkspace } from "../../../components";

/** As many workspaces as COUNT says; or, where BARE names a file, the objects that it lists, without bricks, in a program that loads the same. */
const { COUNT = "0", BARE } = process.env;
const providers = { kubernetes: new k8s.Provider("cluster") };

for (let index = 1; index <= Number(COUNT); index++) {
    const name = `team-${index}`;
    new SparkWorkspace(name, { namespace: name, quota: { cpu: "20", memory: "80g", pods: 50 } }, { providers });
}

class Bare extends pulumi.CustomResource {}

const bare = BARE === undefined ? [] : (JSON.parse(readFileSync(BARE, "utf8")) as { type: string; name: string; inputs: pulumi.Inputs }[]);
for (const { type, name, inputs } of bare) {
    new Bare(type, name, inputs, { provider: providers.kubernetes });
}
