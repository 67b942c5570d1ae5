import { readFileSync } from "node:fs";
import { join } from "node:path";

import { parse } from "yaml";

import { checkConfig, type GivenConfig } from "../../../stacks/config";

export const checkout = join(__dirname, "../../..");

/** The `config` section of a tracked stack file. */
export function stackFile(stack: string): Record<string, unknown> {
    return (parse(readFileSync(join(checkout, `Pulumi.${stack}.yaml`), "utf8")) as { config: Record<string, unknown> }).config;
}

/** What the engine hands to a program of such a section: single values as text, sections and lists as JSON. */
export function handedOver(config: Record<string, unknown>): Record<string, string> {
    return Object.fromEntries(
        Object.entries(config).map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
    );
}

export const kubeconfig = "tests/fixtures/kubeconfig.yaml";

export function check(stack: string, config: Record<string, unknown>, others: Partial<GivenConfig> = {}) {
    const values = handedOver(config);
    return checkConfig({ project: "spark-platform", stack, values, secrets: [], env: { KUBECONFIG: kubeconfig }, ...others });
}
