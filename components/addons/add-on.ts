import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";

import { after } from "../internal/after";
import type { ChartFacts } from "../internal/charts";
import { Checks, type Check } from "../internal/checks";
import { dnsLabel, optional, present } from "../internal/values";

/** What every add-on is told. All of it is plain: a chart is rendered in the preview, which shows nothing of it while anything is unknown. */
export interface AddOnArgs {
    /** Namespace to make and to install into. Changing it replaces everything. Default: the one of the project's own documents. */
    namespace?: string;
    /** Version of the chart. Default: the one that the brick's values are written for. */
    version?: string;
    /** Registry with a copy of the chart, for example oci://registry.example.com/charts. Default: the project's own repository. */
    mirror?: string;
    /** Archive or directory of the chart on the deploying machine, in place of any repository. Default: none. */
    archive?: string;
    /** Further values of the chart, as YAML; they win over the brick's. Names of Secrets may stand there, secrets not: they would be readable in the state. Default: none. */
    values?: string;
    /** Whether the kinds of objects that come with the add-on stay when it goes; with them go all objects of these kinds. Default: true. */
    keepKinds?: boolean;
}

/** Values of a chart. */
export type Values = Record<string, Json>;
type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** The arguments with every default filled in. */
export interface ResolvedAddOn {
    name: string;
    namespace: string;
    facts: ChartFacts;
    version: string;
    mirror?: string;
    archive?: string;
    keepKinds: boolean;
    /** The brick's values under the user's. */
    values: Values;
}

const chartVersion: Check<string> = (version) =>
    /^v?[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?$/.test(version) ? undefined : `"${version}" is not a version; write it like "1.2.3"`;

const mirrorUrl: Check<string> = (url) =>
    /^(oci|https):\/\/[^\s/]+(\/[^\s]*[^\s/])?$/.test(url)
        ? undefined
        : `"${url}" is not a registry of charts; write it like "oci://registry.example.com/charts"`;

const yamlSection: Check<string> = (text) => {
    try {
        const value: unknown = parse(text);
        return isSection(value) ? undefined : "is not a section of YAML";
    } catch (error) {
        return `is not YAML: ${error instanceof Error ? (error.message.split("\n", 1)[0] ?? "") : String(error)}`;
    }
};

/** Checks what all add-ons share, beside what the brick checks itself. @throws pulumi.InputPropertiesError naming every wrong field. */
export function resolveAddOn(
    brick: string,
    name: string,
    facts: ChartFacts,
    args: AddOnArgs,
    own: Values,
    checks = new Checks(`${brick} "${name}"`),
): ResolvedAddOn {
    const { namespace = facts.namespace, version = facts.version, mirror, archive, values, keepKinds = true } = args;
    checks.plain("name", name, dnsLabel);
    checks.plain("namespace", namespace, dnsLabel);
    checks.plain("version", version, chartVersion);
    checks.plain("mirror", mirror, (url) => (url === undefined ? undefined : mirrorUrl(url)));
    checks.plain("archive", archive, (path) =>
        path !== undefined && mirror !== undefined ? "is given together with mirror; give one of the two" : optional(present)(path),
    );
    checks.plain("values", values, (text) => (text === undefined ? undefined : yamlSection(text)));
    checks.throwIfAny();
    const theirs = values === undefined ? {} : (parse(values) as Values);
    return { name, namespace, facts, version, mirror, archive, keepKinds, values: merged(own, theirs) };
}

interface Installation {
    /** Whether the first object of its kinds would meet a webhook without a certificate. */
    webhookCa?: boolean;
    /** Makes what the chart needs beside it. */
    first?: (inNamespace: pulumi.CustomResourceOptions) => pulumi.Resource[];
}

/**
 * Makes the add-on's objects as children of its brick: the namespace, then the chart.
 *
 * @returns Name of the namespace, once everything in it is ready.
 */
export function install(
    brick: pulumi.Resource,
    addOn: ResolvedAddOn,
    { webhookCa, first = () => [] }: Installation = {},
): pulumi.Output<string> {
    const child = { parent: brick };
    const namespace = new k8s.core.v1.Namespace(`${addOn.name}-namespace`, namespaceOf(addOn), child);
    const inNamespace = { ...child, dependsOn: [namespace] };
    const chart = new k8s.helm.v4.Chart(`${addOn.name}-chart`, chartOf(addOn), {
        ...child,
        dependsOn: [namespace, ...first(inNamespace)],
        transforms: [changesOf(addOn, { webhookCa })],
    });
    return after(addOn.namespace, chart);
}

/** Its namespace, held to the same security standard as the platform's. */
function namespaceOf({ namespace }: ResolvedAddOn): k8s.core.v1.NamespaceArgs {
    const modes = ["enforce", "audit", "warn"].map((mode) => [`pod-security.kubernetes.io/${mode}`, "restricted"]);
    return { metadata: { name: namespace, labels: Object.fromEntries(modes) as Record<string, string> } };
}

export function chartOf({ name, namespace, facts, version, mirror, archive, values }: ResolvedAddOn): k8s.helm.v4.ChartArgs {
    // Named by the brick, so that names in the cluster do not hang on the program's.
    const common = { name: facts.chart, namespace, values, resourcePrefix: name };
    if (archive !== undefined) {
        return { ...common, chart: archive };
    }
    const repository = mirror ?? facts.repository;
    return repository.startsWith("oci://")
        ? { ...common, version, chart: `${repository}/${facts.chart}` }
        : { ...common, version, chart: facts.chart, repositoryOpts: { repo: repository } };
}

const definition = "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition";
const webhooks = /^kubernetes:admissionregistration\.k8s\.io\/v1:(Validating|Mutating)WebhookConfiguration$/;

/** What the chart's objects get that no value can say: kinds stay, and whoever comes next finds webhooks that answer. */
export function changesOf({ keepKinds }: ResolvedAddOn, { webhookCa = false } = {}): pulumi.ResourceTransform {
    return ({ type, props, opts }) => {
        if (type === definition && keepKinds) {
            return { props, opts: { ...opts, retainOnDelete: true } };
        }
        if (webhooks.test(type) && webhookCa) {
            const metadata = props.metadata as { annotations?: Record<string, string> };
            const annotations = { ...metadata.annotations, "pulumi.com/waitFor": "jsonpath={.webhooks[*].clientConfig.caBundle}" };
            return { props: { ...props, metadata: { ...metadata, annotations } }, opts };
        }
        return undefined;
    };
}

/** Values over values: sections together, all else replaced; `null` takes away what the chart would say. */
export function merged(under: Values, over: Values): Values {
    const both = Object.entries(over).map(([key, value]) => {
        const below = under[key];
        return [key, isSection(value) && isSection(below) ? merged(below, value) : value] as const;
    });
    return { ...under, ...Object.fromEntries(both) };
}

const isSection = (value: unknown): value is Values => typeof value === "object" && value !== null && !Array.isArray(value);

/** Security contexts of the standard `restricted`, for charts that leave them to the user. */
export const restrictedContainer: Values = {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ["ALL"] },
    readOnlyRootFilesystem: true,
    runAsNonRoot: true,
    seccompProfile: { type: "RuntimeDefault" },
};
export const restrictedPodContext: Values = { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } };
