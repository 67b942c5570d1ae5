import { brick, kind, metrics, noApplication } from "./metrics";

/** What people were promised, in percent. */
export interface Objectives {
    /** Of the time each server answers. */
    available: number;
    /** Of the jobs end well. */
    succeeded: number;
}

export interface Rule {
    alert?: string;
    record?: string;
    expr: string;
    for?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
}

export interface Group {
    name: string;
    rules: Rule[];
}

/**
 * How fast the budget of errors may go before somebody is called: at 14.4 times the pace it is gone in two days, at 6 times in
 * five. The short window ends an alert soon after its cause is gone.
 */
const paces = [
    { severity: "critical", pace: 14.4, long: "1h", short: "5m", for: "2m" },
    { severity: "warning", pace: 6, long: "6h", short: "30m", for: "15m" },
];

/** The rules of Prometheus: measures of what servers promise, calls for help when it is at risk, and the causes known in advance, of any driver. */
export function ruleGroups(namespace: string, objectives: Objectives): Group[] {
    return [
        availability(`{namespace="${namespace}", ${kind}=~"spark-.*", ${noApplication}}`, objectives.available),
        jobs(`{namespace="${namespace}", ${noApplication}}`, objectives.succeeded),
        causes(`{namespace="${namespace}"}`),
    ];
}

const windows = [...new Set(paces.flatMap(({ long, short }) => [long, short]))];

function availability(own: string, percent: number): Group {
    const measure = (window: string) => `spark:unavailable:ratio_${window}`;
    return {
        name: "spark-availability",
        rules: [
            ...windows.map((window) => ({ record: measure(window), expr: `1 - avg by (${brick}) (avg_over_time(up${own}[${window}]))` })),
            ...burning("SparkServersUnavailable", measure, percent, "answer less often than promised"),
        ],
    };
}

/** Jobs that nobody ran cannot have failed: without any there is no ratio, and so no alert. */
function jobs(own: string, percent: number): Group {
    const measure = (window: string) => `spark:failed_jobs:ratio_${window}`;
    const increase = (metric: string, window: string) => `sum by (${brick}) (increase(${metric}${own}[${window}]))`;
    return {
        name: "spark-jobs",
        rules: [
            ...windows.map((window) => {
                const failed = increase(metrics.failedJobs, window);
                return { record: measure(window), expr: `${failed} / (${failed} + ${increase(metrics.succeededJobs, window)} > 0)` };
            }),
            ...burning("SparkJobsFailing", measure, percent, "end more jobs in failure than promised"),
        ],
    };
}

function burning(alert: string, measure: (window: string) => string, percent: number, what: string): Rule[] {
    return paces.map(({ severity, pace, long, short, for: hold }) => {
        const bound = Number(((1 - percent / 100) * pace).toPrecision(6));
        return {
            alert,
            expr: `${measure(long)} > ${bound} and ${measure(short)} > ${bound}`,
            for: hold,
            labels: { severity, window: long },
            annotations: {
                summary: `The servers of {{ $labels.app_kubernetes_io_instance }} ${what} (${percent} %).`,
                description: `{{ $value | humanizePercentage }} in the last ${long}; at this pace a month's budget is gone in ${Math.round(30 / pace)} days.`,
            },
        };
    });
}

function causes(own: string): Group {
    // What a driver counted before its end calls nobody any more: there is nothing left to mend.
    const increased = (metric: string, window: string, bound: number) =>
        `increase(${metric}${own}[${window}]) > ${bound} and ${metric}${own}`;
    const cause = (alert: string, expr: string, hold: string, summary: string): Rule => ({
        alert,
        expr,
        for: hold,
        labels: { severity: "warning" },
        annotations: { summary: `{{ $labels.app_kubernetes_io_instance }} ({{ $labels.pod }}): ${summary}` },
    });
    return {
        name: "spark-causes",
        rules: [
            cause(
                "SparkDriverHeapFull",
                `${metrics.heapUsed}${own} / ${metrics.heapMax}${own} > 0.9`,
                "15m",
                "more than 90 % of the driver's heap is in use; give it more memory.",
            ),
            cause(
                "SparkExecutorsLost",
                increased(metrics.lostExecutors, "30m", 3),
                "0m",
                "more than 3 executors died in half an hour; look for OOMKilled.",
            ),
            cause(
                "SparkExecutorsMissing",
                `${metrics.wantedExecutors}${own} - ${metrics.executors}${own} > 0`,
                "15m",
                "executors that work waits for have not come for 15 minutes; look for a full quota or pending pods.",
            ),
            cause(
                "SparkEventsDropped",
                increased(metrics.droppedEvents, "15m", 0),
                "0m",
                "the driver drops events; its UI and its history have gaps.",
            ),
        ],
    };
}
