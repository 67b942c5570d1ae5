import "../../../../../stacks/stack-traces";

import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

import { SparkPlatform } from "../../../../../components";
import { checkConfig } from "../../../../../stacks/config";
import { handedOver } from "../../../../unit/stacks/stack-file";
import { presetsOf } from "../../presets";

/** All presets of one environment, which the stack's name ends in: one program and one policy pack for all of them. */
const stack = pulumi.getStack();
const providers = { kubernetes: new k8s.Provider("cluster"), random: new random.Provider("random") };
for (const { name, config } of presetsOf(stack.replace("presets-", ""))) {
    const { platform } = checkConfig({ project: "spark-platform", stack, values: handedOver(config), secrets: [] });
    new SparkPlatform(name, platform, { providers });
}
