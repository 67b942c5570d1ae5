import * as pulumi from "@pulumi/pulumi";

import { charts } from "../internal/charts";
import { Checks, type Check } from "../internal/checks";
import { memorySize, quantity } from "../internal/memory";
import { dnsLabel, each, notEmpty, optional, wholeNumber } from "../internal/values";
import { sparkUser } from "../spark/spark-image";
import { install, resolveAddOn, type AddOnArgs, type Values } from "./add-on";

/** Arguments of `SparkOperatorAddOn`. */
export interface SparkOperatorAddOnArgs extends AddOnArgs {
    /** Namespaces whose applications it runs. They must exist, as must the accounts that the applications name. */
    jobNamespaces: string[];
    /** Image of the operator: its program beside a Spark (see images/spark-operator). Default: the project's own. */
    image?: string;
    /** Number of operators, of which one works and the others stand by. Default: 1. */
    replicas?: number;
    /** Applications that are submitted at a time; each submission is a JVM of its own. Default: 2. */
    workers?: number;
    /** Memory of each operator, submissions included, for example 2g. Default: 1500m. */
    memory?: string;
}

/**
 * The Kubeflow Spark operator: runs applications of the kinds SparkApplication, ScheduledSparkApplication and SparkConnect. One for a
 * cluster, as it brings these kinds.
 */
export class SparkOperatorAddOn extends pulumi.ComponentResource {
    /** Namespace that it runs in. */
    public readonly namespace: pulumi.Output<string>;

    constructor(name: string, args: SparkOperatorAddOnArgs, opts?: pulumi.ComponentResourceOptions) {
        super("spark-platform:index:SparkOperatorAddOn", name, {}, opts);
        const checks = new Checks(`SparkOperatorAddOn "${name}"`);
        checks.plain("jobNamespaces", args.jobNamespaces, (namespaces) => notEmpty(namespaces) ?? each(dnsLabel)(namespaces));
        checks.plain("image", args.image, optional(imageReference));
        checks.plain("replicas", args.replicas, optional(wholeNumber({ from: 1, to: 9 })));
        checks.plain("workers", args.workers, optional(wholeNumber({ from: 1, to: 50 })));
        checks.plain("memory", args.memory, optional(memorySize({ from: "512m" })));
        const addOn = resolveAddOn("SparkOperatorAddOn", name, charts.sparkOperator, args, values(args), checks);
        this.namespace = install(this, addOn);
        this.registerOutputs({ namespace: this.namespace });
    }
}

const imagePattern = /^([a-z0-9.-]+(?::[0-9]+)?)\/([a-z0-9._/-]+):([\w][\w.-]*)$/;

const imageReference: Check<string> = (image) =>
    imagePattern.test(image)
        ? undefined
        : `"${image}" is not an image with its registry and its tag; write it like "registry.example.com/spark-operator:2.5.2"`;

/**
 * No webhook, which would add to every pod its minute and its failures: the pods' templates say all that it could put in. Accounts and
 * rights of applications are the workspaces'. A Service for each driver's pages would lead to closed doors.
 */
function values({ jobNamespaces, image, replicas = 1, workers = 2, memory = "1500m" }: SparkOperatorAddOnArgs): Values {
    return {
        ...(image !== undefined && { image: imageValues(image) }),
        controller: {
            replicas,
            workers,
            uiService: { enable: false },
            resources: { requests: { cpu: "100m", memory: quantity(memory) }, limits: { memory: quantity(memory) } },
            podSecurityContext: { runAsUser: sparkUser, runAsGroup: sparkUser, fsGroup: sparkUser },
        },
        webhook: { enable: false },
        spark: { jobNamespaces, serviceAccount: { create: false }, rbac: { create: false } },
        // The chart's own monitor fails the whole chart where there is no Prometheus operator yet.
        prometheus: { podMonitor: { create: false } },
    };
}

function imageValues(image: string): Values {
    const [, registry = "", repository = "", tag = ""] = imagePattern.exec(image) ?? [];
    return { registry, repository, tag };
}
