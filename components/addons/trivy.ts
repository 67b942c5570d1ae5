import * as pulumi from "@pulumi/pulumi";

import { charts } from "../internal/charts";
import { Checks, type Check } from "../internal/checks";
import { dnsLabel, each, optional } from "../internal/values";
import { install, restrictedContainer, restrictedPodContext, resolveAddOn, type AddOnArgs, type Values } from "./add-on";

/** Arguments of `TrivyAddOn`. */
export interface TrivyAddOnArgs extends AddOnArgs {
    /** Severities that it reports, for example HIGH,CRITICAL. Default: HIGH,CRITICAL. */
    severity?: string;
    /** Namespaces that it looks at. Default: all. */
    namespaces?: string[];
}

/** Trivy: reports the known vulnerabilities of every image that runs. */
export class TrivyAddOn extends pulumi.ComponentResource {
    /** Namespace that it runs in. */
    public readonly namespace: pulumi.Output<string>;

    constructor(name: string, args: TrivyAddOnArgs = {}, opts?: pulumi.ComponentResourceOptions) {
        super("spark-platform:index:TrivyAddOn", name, {}, opts);
        const checks = new Checks(`TrivyAddOn "${name}"`);
        checks.plain("severity", args.severity, optional(severities));
        checks.plain("namespaces", args.namespaces, optional(each(dnsLabel)));
        const addOn = resolveAddOn("TrivyAddOn", name, charts.trivy, args, values(args), checks);
        this.namespace = install(this, addOn);
        this.registerOutputs({ namespace: this.namespace });
    }
}

const severities: Check<string> = (text) =>
    /^(UNKNOWN|LOW|MEDIUM|HIGH|CRITICAL)(,(UNKNOWN|LOW|MEDIUM|HIGH|CRITICAL))*$/.test(text)
        ? undefined
        : `"${text}" is not a list of severities; write it like "HIGH,CRITICAL"`;

/** Executors come and go by the hundred and run the image of their server, so pods that no workload owns are left out. */
function values({ severity = "HIGH,CRITICAL", namespaces = [] }: TrivyAddOnArgs): Values {
    return {
        targetNamespaces: namespaces.join(","),
        targetWorkloads: "replicaset,statefulset,daemonset,cronjob,job",
        operator: { infraAssessmentScannerEnabled: false, clusterComplianceEnabled: false, scanJobsConcurrentLimit: 2 },
        trivy: { severity, ignoreUnfixed: true },
        securityContext: restrictedContainer,
        podSecurityContext: restrictedPodContext,
        trivyOperator: {
            scanJobPodTemplatePodSecurityContext: restrictedPodContext,
            scanJobPodTemplateContainerSecurityContext: { ...restrictedContainer, runAsUser: 10000 },
        },
    };
}
