import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { labelsOf, objectName, type Identity } from "../internal/identity";
import { ruleGroups } from "./alerts";
import type { ResolvedObservability } from "./args";
import { sparkDashboard } from "./dashboards";

const identityOf = ({ name }: ResolvedObservability, role: string): Identity => ({
    application: "spark-observability",
    role,
    instance: name,
});

function metadata(
    observability: ResolvedObservability,
    role: string,
    namespace: pulumi.Input<string>,
    more: pulumi.Input<Record<string, string>>,
): k8s.types.input.meta.v1.ObjectMeta {
    const labels = pulumi.output(more).apply((theirs) => ({ ...theirs, ...labelsOf<string>(identityOf(observability, role)) }));
    return { name: objectName(observability.name, role), namespace, labels };
}

export function dashboard(observability: ResolvedObservability): k8s.core.v1.ConfigMapArgs {
    const text = pulumi.output(observability.namespace).apply(sparkDashboard);
    return {
        metadata: metadata(observability, "dashboard", observability.dashboardNamespace, observability.dashboardLabels),
        data: { "spark.json": text },
    };
}

export function rules(observability: ResolvedObservability): k8s.apiextensions.CustomResourceArgs {
    const { namespace, available, succeeded } = observability;
    const groups = pulumi
        .all([namespace, available, succeeded])
        .apply(([place, up, ended]) => ruleGroups(place, { available: up, succeeded: ended }));
    return {
        apiVersion: "monitoring.coreos.com/v1",
        kind: "PrometheusRule",
        metadata: metadata(observability, "rules", namespace, observability.ruleLabels),
        spec: { groups },
    };
}
