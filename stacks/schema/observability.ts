import type { ObservabilityObjectives, ObservabilitySettings } from "../../components";
import { percent, section } from "../hints";
import { name, texts, type Every } from "./forms";

export const observability = section("A dashboard and alerts for the servers that have monitoring ({} for defaults). Default: none.", {
    objectives: section("What people are promised.", {
        available: percent("Percent of the time that each server answers. Default: 99.5.").optional(),
        succeeded: percent("Percent of the jobs that end well. Default: 99.").optional(),
    } satisfies Every<ObservabilityObjectives>).optional(),
    ruleLabels: texts("Labels of the alert rules, for a Prometheus that takes only its own. Default: none.").optional(),
    dashboardLabels: texts("Labels that Grafana's sidecar finds dashboards by. Default: grafana_dashboard=1.").optional(),
    dashboardNamespace: name("Namespace that Grafana finds dashboards in. Default: the platform's.").optional(),
} satisfies Every<ObservabilitySettings>);
