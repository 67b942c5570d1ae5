import * as pulumi from "@pulumi/pulumi";

import { Checks } from "../internal/checks";
import { memorySize } from "../internal/memory";
import { annotations } from "../internal/metadata";
import { cidr, cpuQuantity, dnsLabel, each, present, wholeNumber } from "../internal/values";

/** Upper bounds of everything that runs in a workspace. */
export interface SparkWorkspaceQuota {
    /** Sum of the CPU requests, for example 8 or 500m. Default: no bound. */
    cpu?: pulumi.Input<string>;
    /** Sum of the memory limits, for example 32g. Default: no bound. */
    memory?: pulumi.Input<string>;
    /** Number of pods. Default: no bound. */
    pods?: pulumi.Input<number>;
}

/** What a workspace is made of. */
export interface SparkWorkspaceSettings {
    /** Upper bounds of everything in the namespace. Plain: decides whether there is a quota. Default: none. */
    quota?: SparkWorkspaceQuota;
    /** Addresses of further DNS servers as CIDRs, ports 53 and 5353. Known without it: kube-dns and CoreDNS, OpenShift's, caches on the nodes, Cloud DNS of Google. Default: none. */
    dnsServers?: pulumi.Input<pulumi.Input<string>[]>;
    /** Annotations of the account that Spark servers run as, for example the role that a cloud grants it. Default: none. */
    serverAccountAnnotations?: pulumi.Input<Record<string, pulumi.Input<string>>>;
    /** Annotations of the account that executors run as. Default: none. */
    executorAccountAnnotations?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** Arguments of `SparkWorkspace`. */
export interface SparkWorkspaceArgs extends SparkWorkspaceSettings {
    /** Name of the namespace to make. Changing it replaces everything inside. */
    namespace: pulumi.Input<string>;
}

/** The arguments with every default filled in. */
export interface ResolvedWorkspace extends SparkWorkspaceArgs {
    name: string;
    dnsServers: pulumi.Input<string[]>;
}

/** @throws pulumi.InputPropertiesError naming every wrong field. */
export function resolveWorkspace(name: string, args: SparkWorkspaceArgs): ResolvedWorkspace {
    const checks = new Checks(`SparkWorkspace "${name}"`);
    checks.plain("name", name, dnsLabel);
    const resolved: ResolvedWorkspace = {
        ...args,
        name,
        namespace: checks.input("namespace", args.namespace, present, dnsLabel),
        dnsServers: checks.input("dnsServers", args.dnsServers ?? [], each(cidr)),
        serverAccountAnnotations: checks.optional("serverAccountAnnotations", args.serverAccountAnnotations, annotations),
        executorAccountAnnotations: checks.optional("executorAccountAnnotations", args.executorAccountAnnotations, annotations),
        quota: args.quota && {
            cpu: checks.optional("quota.cpu", args.quota.cpu, cpuQuantity),
            memory: checks.optional("quota.memory", args.quota.memory, memorySize({ from: "1g" })),
            pods: checks.optional("quota.pods", args.quota.pods, wholeNumber({ from: 1 })),
        },
    };
    checks.throwIfAny();
    return resolved;
}
