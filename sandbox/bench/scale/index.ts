import "../../../stacks/stack-traces";

import * as k8s from "@pulumi/kubernetes";

import { SparkWorkspace } from "../../../components";

/** As many workspaces as COUNT says; or, where BARE says a number, so many plain objects, in a program that loads the same. */
const { COUNT = "0", BARE = "0" } = process.env;
const providers = { kubernetes: new k8s.Provider("cluster") };

for (let index = 1; index <= Number(COUNT); index++) {
    const name = `team-${index}`;
    new SparkWorkspace(name, { namespace: name, quota: { cpu: "20", memory: "80g", pods: 50 } }, { providers });
}
for (let index = 1; index <= Number(BARE); index++) {
    const name = `bare-${index}`;
    const data = { index: String(index) };
    new k8s.core.v1.ConfigMap(name, { metadata: { name, namespace: "default" }, data }, { provider: providers.kubernetes });
}
