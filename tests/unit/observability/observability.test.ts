import assert from "node:assert/strict";

import { Observability } from "../../../components";
import { ruleGroups, type Group } from "../../../components/observability/alerts";
import { sparkDashboard } from "../../../components/observability/dashboards";
import { metrics } from "../../../components/observability/metrics";
import { assertEveryField, assertEveryFieldMatters, type Changes } from "../../support/fields";
import { record } from "../../support/recorder";

const changes: Changes = {
    namespace: "team-b",
    "objectives.available": 99.9,
    "objectives.succeeded": 95,
    ruleLabels: { release: "stack" },
    dashboardLabels: { grafana: "yes" },
    dashboardNamespace: "monitoring",
};

const namesIn = (text: string): string[] => [...new Set(text.match(/metrics_\w+/g) ?? [])].sort();
const alerts = (group: Group | undefined) => group!.rules.flatMap(({ alert, expr, labels }) => (alert ? [[labels?.severity, expr]] : []));

describe("Observability", () => {
    it("makes a dashboard and rules, in a preview too", async () => {
        for (const preview of [false, true]) {
            const made = await record((opts) => new Observability("o", { namespace: "team-a" }, opts), { preview });
            assert.deepEqual(
                made.map(({ type, name }) => `${name} ${type}`),
                ["o-dashboard kubernetes:core/v1:ConfigMap", "o-rules kubernetes:monitoring.coreos.com/v1:PrometheusRule"],
            );
            assert.equal(made[0]!.inputs.metadata.labels.grafana_dashboard, "1");
        }
    });

    it("names metrics of the table only, and every one of it", () => {
        const rules = JSON.stringify(ruleGroups("team-a", { available: 99, succeeded: 99 }));
        const used = namesIn(sparkDashboard("team-a") + rules);
        assert.deepEqual(used, Object.values(metrics).sort());
    });

    it("draws panels for the servers of its namespace, without anything that changes from look to look", () => {
        const dashboard = JSON.parse(sparkDashboard("team-a"));
        assert.equal(sparkDashboard("team-a"), sparkDashboard("team-a"));
        assert.equal(dashboard.uid, "spark-team-a");
        const panels = dashboard.panels.filter(({ type }: any) => type === "timeseries");
        assert.ok(panels.length >= 15, `${panels.length} panels`);
        for (const { targets, title } of panels) {
            for (const { expr } of targets) {
                assert.match(
                    expr,
                    /\{namespace="team-a", app_kubernetes_io_name=~"\$brick", app_kubernetes_io_instance=~"\$server"\}/,
                    title,
                );
                assert.doesNotMatch(expr, /\$own/);
            }
        }
    });

    it("calls when the budget of a month goes 14.4 or 6 times too fast, over two windows each", () => {
        const [availability, jobs, causes] = ruleGroups("team-a", { available: 99.5, succeeded: 99 });
        assert.deepEqual(alerts(availability), [
            ["critical", "spark:unavailable:ratio_1h > 0.072 and spark:unavailable:ratio_5m > 0.072"],
            ["warning", "spark:unavailable:ratio_6h > 0.03 and spark:unavailable:ratio_30m > 0.03"],
        ]);
        assert.deepEqual(alerts(jobs)[0], ["critical", "spark:failed_jobs:ratio_1h > 0.144 and spark:failed_jobs:ratio_5m > 0.144"]);
        assert.equal(alerts(causes).length, 4);
        const recorded = new Set([availability, jobs].flatMap((group) => group!.rules.map(({ record: name }) => name)));
        for (const [, expr] of [...alerts(availability), ...alerts(jobs)]) {
            for (const measure of expr!.match(/spark:\w+:\w+/g) ?? []) {
                assert.ok(recorded.has(measure), measure);
            }
        }
    });

    it("holds nobody to a promise but servers, and calls for no driver that has ended", () => {
        const [availability, jobs, causes] = ruleGroups("team-a", { available: 99.5, succeeded: 99 });
        for (const { record: name, expr } of [...availability!.rules, ...jobs!.rules]) {
            const selectors = name === undefined ? [] : expr.match(/\{.*?\}/g)!;
            assert.ok(
                selectors.every((selector) => selector.endsWith(', app_kubernetes_io_component!="driver"}')),
                expr,
            );
        }
        // A window still holds what a driver counted before its end; a sample of now there is of a driver that runs.
        const overTime = causes!.rules.filter(({ expr }) => expr.includes("["));
        assert.equal(overTime.length, 2);
        for (const { expr } of overTime) {
            const [, series, now] = /^increase\((.*)\[\d+m\]\) > \d+ and (.*)$/.exec(expr)!;
            assert.equal(series, now);
        }
    });

    it("names every wrong field at once", () => {
        const wrong = { namespace: "Team", objectives: { available: 100, succeeded: 1 }, dashboardNamespace: "G" };
        assert.throws(() => new Observability("O", wrong), {
            message: [
                'Observability "O" cannot be deployed as configured:',
                '  name: "O" is not a DNS label; use lower-case letters, digits and "-", starting with a letter',
                '  namespace: "Team" is not a DNS label; use lower-case letters, digits and "-", starting with a letter',
                "  objectives.available: 100 is not a percentage from 50 to less than 100: with 100 every error would be one too many",
                "  objectives.succeeded: 1 is not a percentage from 50 to less than 100: with 100 every error would be one too many",
                '  dashboardNamespace: "G" is not a DNS label; use lower-case letters, digits and "-", starting with a letter',
            ].join("\n"),
        });
    });

    it("has no argument without effect", async () => {
        await assertEveryFieldMatters((given, opts) => new Observability("o", given, opts), { namespace: "team-a" }, changes);
        assertEveryField("Observability", changes);
    });
});
