import { createRequire } from "node:module";

import { instance, kind, metrics } from "./metrics";

const load = createRequire(__filename);

/** Grafana's builders, loaded by the first dashboard that is made. */
const grafana = {
    dashboard: () => load("@grafana/grafana-foundation-sdk/dashboard") as typeof import("@grafana/grafana-foundation-sdk/dashboard"),
    timeseries: () => load("@grafana/grafana-foundation-sdk/timeseries") as typeof import("@grafana/grafana-foundation-sdk/timeseries"),
    prometheus: () => load("@grafana/grafana-foundation-sdk/prometheus") as typeof import("@grafana/grafana-foundation-sdk/prometheus"),
};

interface Panel {
    title: string;
    unit: string;
    /** Legend to expression; `$own` stands for the chosen servers. */
    lines: Record<string, string>;
}

interface Row {
    title: string;
    panels: Panel[];
}

const m = metrics;
const perPod = "{{pod}}";
const perExecutor = "{{pod}} {{executor_id}}";

const rows: Row[] = [
    {
        title: "Work",
        panels: [
            { title: "Jobs", unit: "short", lines: { [`active ${perPod}`]: `${m.activeJobs}$own` } },
            {
                title: "Stages",
                unit: "short",
                lines: { [`running ${perPod}`]: `${m.runningStages}$own`, [`waiting ${perPod}`]: `${m.waitingStages}$own` },
            },
            {
                title: "Jobs that ended",
                unit: "short",
                lines: {
                    succeeded: `sum(increase(${m.succeededJobs}$own[$__rate_interval]))`,
                    failed: `sum(increase(${m.failedJobs}$own[$__rate_interval]))`,
                },
            },
            {
                title: "Tasks",
                unit: "ops",
                lines: {
                    completed: `sum(rate(${m.completedTasks}$own[$__rate_interval]))`,
                    failed: `sum(rate(${m.failedTasks}$own[$__rate_interval]))`,
                },
            },
        ],
    },
    {
        title: "Executors",
        panels: [
            {
                title: "Executors, wanted and there",
                unit: "short",
                lines: { [`wanted ${perPod}`]: `${m.wantedExecutors}$own`, [`there ${perPod}`]: `${m.executors}$own` },
            },
            { title: "Executors that died", unit: "short", lines: { [perPod]: `increase(${m.lostExecutors}$own[$__rate_interval])` } },
            { title: "Tasks at work", unit: "short", lines: { [perExecutor]: `${m.executorTasks}$own` } },
            { title: "Heap", unit: "bytes", lines: { [perExecutor]: `${m.executorHeap}$own` } },
            {
                title: "Share of time in garbage collection",
                unit: "percentunit",
                lines: {
                    [perExecutor]: `rate(${m.executorGcTime}$own[$__rate_interval]) / (rate(${m.executorRunTime}$own[$__rate_interval]) > 0)`,
                },
            },
        ],
    },
    {
        title: "Data",
        panels: [
            { title: "Read", unit: "Bps", lines: { [perPod]: `sum by (pod) (rate(${m.input}$own[$__rate_interval]))` } },
            {
                title: "Shuffle",
                unit: "Bps",
                lines: {
                    [`read ${perPod}`]: `sum by (pod) (rate(${m.shuffleRead}$own[$__rate_interval]))`,
                    [`written ${perPod}`]: `sum by (pod) (rate(${m.shuffleWrite}$own[$__rate_interval]))`,
                },
            },
            {
                title: "Cached",
                unit: "bytes",
                lines: {
                    [`memory ${perPod}`]: `sum by (pod) (${m.executorMemoryUsed}$own)`,
                    [`disk ${perPod}`]: `sum by (pod) (${m.executorDisk}$own)`,
                },
            },
        ],
    },
    {
        title: "Drivers",
        panels: [
            { title: "Heap", unit: "bytes", lines: { [`used ${perPod}`]: `${m.heapUsed}$own`, [`most ${perPod}`]: `${m.heapMax}$own` } },
            { title: "Events that wait for the UI", unit: "short", lines: { [perPod]: `${m.queuedEvents}$own` } },
            { title: "Events that were dropped", unit: "short", lines: { [perPod]: `increase(${m.droppedEvents}$own[$__rate_interval])` } },
        ],
    },
];

/** The dashboard of the Spark servers in one namespace, as Grafana reads it. The same text for the same namespace. */
export function sparkDashboard(namespace: string): string {
    // What files of dashboards hold: Grafana reads the newer form from its own API only.
    // eslint-disable-next-line @typescript-eslint/no-deprecated
    const { DashboardBuilder, DatasourceVariableBuilder, QueryVariableBuilder, RowBuilder } = grafana.dashboard();
    const source = { type: "prometheus", uid: "${source}" };
    const chosen = `${kind}=~"$brick"`;
    // A server and an application may have one name.
    const bricks = `label_values(${m.activeJobs}{namespace="${namespace}"}, ${kind})`;
    const servers = `label_values(${m.activeJobs}{namespace="${namespace}", ${chosen}}, ${instance})`;
    const builder = new DashboardBuilder(`Spark: ${namespace}`)
        .uid(`spark-${namespace}`.slice(0, 40))
        .tags(["spark-platform"])
        .refresh("30s")
        .time({ from: "now-1h", to: "now" })
        .timezone("browser")
        .withVariable(new DatasourceVariableBuilder("source").label("Prometheus").type("prometheus"))
        .withVariable(new QueryVariableBuilder("brick").label("Brick").datasource(source).query(bricks).multi(true).includeAll(true))
        .withVariable(new QueryVariableBuilder("server").label("Name").datasource(source).query(servers).multi(true).includeAll(true));
    const own = `{namespace="${namespace}", ${chosen}, ${instance}=~"$server"}`;
    for (const { title, panels } of rows) {
        builder.withRow(new RowBuilder(title));
        panels.forEach((panel) => builder.withPanel(panelOf(panel, own, source)));
    }
    return JSON.stringify(builder.build(), null, 1);
}

function panelOf({ title, unit, lines }: Panel, own: string, source: { type: string; uid: string }) {
    const { PanelBuilder } = grafana.timeseries();
    const { DataqueryBuilder } = grafana.prometheus();
    const builder = new PanelBuilder().title(title).unit(unit).min(0).datasource(source).height(8).span(8);
    Object.entries(lines).forEach(([legend, expression], index) =>
        builder.withTarget(
            new DataqueryBuilder()
                .refId(String.fromCharCode(65 + index))
                .expr(expression.replaceAll("$own", own))
                .legendFormat(legend),
        ),
    );
    return builder;
}
