import { parse } from "yaml";

import { templatedPod } from "../../policy/objects";
import * as rules from "../../policy/pods";
import type { Registered } from "./recorder";

/** Every pod that a program makes, by name: templates of workloads, and the one that Spark makes executors from. */
export function podsOf(made: Registered[]): Record<string, any> {
    const workloads = made.flatMap(({ name, inputs }) => (inputs.spec?.template?.spec ? [[name, templatedPod(inputs.spec)]] : []));
    const templates = made.flatMap(({ name, inputs }) =>
        inputs.data?.["executor.yaml"] ? [[name, parse(inputs.data["executor.yaml"]).spec]] : [],
    );
    return Object.fromEntries([...workloads, ...templates]);
}

/** What is wrong with a pod, by the rules that the policy pack holds stacks to; see policy/pods.ts. Spark itself says what executors need. */
export function podProblems(spec: any, settings: { userIds?: boolean } = {}): string[] {
    const executor = spec.containers.some(({ name }: any) => name === "executor");
    return [...rules.podProblems(spec, settings), ...(executor ? [] : rules.resourceProblems(spec))];
}
