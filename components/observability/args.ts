import * as pulumi from "@pulumi/pulumi";

import { Checks, type Check } from "../internal/checks";
import { withDefaults } from "../internal/defaults";
import { labels } from "../internal/metadata";
import { dashboardLabel } from "../internal/monitoring";
import { dnsLabel, present } from "../internal/values";

/** What people are promised; alerts call when the budget of a month goes too fast. */
export interface ObservabilityObjectives {
    /** Percent of the time that each server answers. Default: 99.5. */
    available?: pulumi.Input<number>;
    /** Percent of the jobs that end well. Default: 99. */
    succeeded?: pulumi.Input<number>;
}

/** What is watched, and who hears of it: everything but its place. */
export interface ObservabilitySettings {
    /** What people are promised. */
    objectives?: ObservabilityObjectives;
    /** Labels of the alert rules, for a Prometheus that takes only rules with labels of its own. Default: none. */
    ruleLabels?: pulumi.Input<Record<string, pulumi.Input<string>>>;
    /** Labels that Grafana's sidecar finds dashboards by. Default: grafana_dashboard=1. */
    dashboardLabels?: pulumi.Input<Record<string, pulumi.Input<string>>>;
    /** Namespace that Grafana finds dashboards in. Default: that of the servers. */
    dashboardNamespace?: pulumi.Input<string>;
}

/** Arguments of `Observability`. The Prometheus operator reads its rules: the add-on `PrometheusStackAddOn` brings it and the API. */
export interface ObservabilityArgs extends ObservabilitySettings {
    /** Namespace of the servers that are watched; each of them needs `monitoring`. Changing it replaces everything. */
    namespace: pulumi.Input<string>;
}

/** The arguments with every default filled in. */
export interface ResolvedObservability {
    name: string;
    namespace: pulumi.Input<string>;
    available: pulumi.Input<number>;
    succeeded: pulumi.Input<number>;
    ruleLabels: pulumi.Input<Record<string, string>>;
    dashboardLabels: pulumi.Input<Record<string, string>>;
    dashboardNamespace: pulumi.Input<string>;
}

const percent: Check<number> = (value) =>
    value >= 50 && value < 100
        ? undefined
        : `${value} is not a percentage from 50 to less than 100: with 100 every error would be one too many`;

/** @throws pulumi.InputPropertiesError naming every wrong field. */
export function resolveObservability(name: string, given: ObservabilityArgs): ResolvedObservability {
    const args = withDefaults(given, { ruleLabels: {}, dashboardLabels: { [dashboardLabel]: "1" } });
    const checks = new Checks(`Observability "${name}"`);
    checks.plain("name", name, dnsLabel);
    const resolved: ResolvedObservability = {
        name,
        namespace: checks.input("namespace", args.namespace, present, dnsLabel),
        available: checks.input("objectives.available", args.objectives?.available ?? 99.5, percent),
        succeeded: checks.input("objectives.succeeded", args.objectives?.succeeded ?? 99, percent),
        ruleLabels: checks.input("ruleLabels", args.ruleLabels, labels),
        dashboardLabels: checks.input("dashboardLabels", args.dashboardLabels, labels),
        dashboardNamespace: checks.optional("dashboardNamespace", args.dashboardNamespace, dnsLabel) ?? args.namespace,
    };
    checks.throwIfAny();
    return resolved;
}
