import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { kubectl, list } from "../../sandbox/support/kubectl";
import { tool } from "../../sandbox/toolchain";
import { restrictedClient } from "./client-pod";
import { access } from "./platform";
import { targetsOf } from "./scrape";
import { sendFolder } from "./send-folder";
import { sparkImageOf } from "./spark-image";

const home = "/tmp/prometheus";
const port = 9090;

interface Rule {
    name: string;
    health: string;
    lastError?: string;
    state?: string;
}

interface Labelled {
    metric: Record<string, string>;
    value: [number, string];
}

/** Prometheus itself in a pod, told of targets and rules as the Prometheus operator tells it: by the monitors and the rules of a namespace. */
export class Prometheus {
    private constructor(private readonly namespace: string) {}

    /**
     * @param namespace Where it runs: one that exists.
     * @param watched Whose monitors and rules it takes.
     */
    static async start(namespace: string, watched: string): Promise<Prometheus> {
        const pod = restrictedClient("prometheus", sparkImageOf("4.1.0"));
        Object.assign(pod.metadata.labels, { "app.kubernetes.io/name": "prometheus" });
        Object.assign(pod.spec.containers[0]!, {
            args: [
                ...["/bin/sh", "-c"],
                `mkdir ${home}; until [ -e ${home}/complete ]; do sleep 1; done; cd ${home} && exec ./prometheus --web.listen-address=:${port}`,
            ],
            resources: { requests: { cpu: "50m", memory: "256Mi" }, limits: { memory: "768Mi" } },
            readinessProbe: { httpGet: { port, path: "/-/ready" }, periodSeconds: 1 },
        });
        const on = ["-n", namespace];
        await kubectl(access, ["apply", ...on, "-f", "-"], { input: JSON.stringify(pod) });
        await kubectl(access, ["wait", ...on, "pod/prometheus", "--for=jsonpath={.status.phase}=Running", "--timeout=120s"]);
        const folder = await mkdtemp(join(tmpdir(), "prometheus-"));
        try {
            await cp(tool("prometheus"), join(folder, "prometheus"));
            await writeFile(join(folder, "prometheus.yml"), JSON.stringify(await configuration(watched)));
            await writeFile(join(folder, "rules.yml"), JSON.stringify(await rulesIn(watched)));
            await sendFolder(folder, { namespace, pod: "prometheus", to: home });
            await kubectl(access, ["exec", ...on, "prometheus", "--", "touch", `${home}/complete`]);
        } finally {
            await rm(folder, { recursive: true });
        }
        await kubectl(access, ["wait", ...on, "pod/prometheus", "--for=condition=Ready", "--timeout=60s"]);
        return new Prometheus(namespace);
    }

    private async ask<T>(path: string, parameters: Record<string, string> = {}): Promise<T> {
        const query = new URLSearchParams(parameters).toString();
        const address = `/api/v1/namespaces/${this.namespace}/pods/prometheus:${port}/proxy/api/v1/${path}?${query}`;
        return (JSON.parse(await kubectl(access, ["get", "--raw", address])) as { data: T }).data;
    }

    /** What an expression is now. */
    async query(query: string): Promise<Labelled[]> {
        return (await this.ask<{ result: Labelled[] }>("query", { query })).result;
    }

    /** What it could not read, and why; undefined before it has looked at all of it. */
    async unread(): Promise<string[] | undefined> {
        const { activeTargets } = await this.ask<{ activeTargets: { scrapeUrl: string; health: string; lastError: string }[] }>("targets");
        return activeTargets.some(({ health }) => health === "unknown")
            ? undefined
            : activeTargets.filter(({ health }) => health !== "up").map(({ scrapeUrl, lastError }) => `${scrapeUrl}: ${lastError}`);
    }

    async rules(): Promise<Rule[]> {
        const { groups } = await this.ask<{ groups: { rules: Rule[] }[] }>("rules");
        return groups.flatMap(({ rules }) => rules);
    }

    /** Names of alerts that are on their way or there. */
    async alerts(): Promise<string[]> {
        const { alerts } = await this.ask<{ alerts: { labels: { alertname: string } }[] }>("alerts");
        return [...new Set(alerts.map(({ labels }) => labels.alertname))].sort();
    }
}

/** What the Prometheus operator makes of monitors, but for the time between two looks. */
async function configuration(namespace: string) {
    const jobs = (await targetsOf(namespace)).map(({ monitor, path, url, pod, labels, relabelings }) => ({
        job_name: `${namespace}/${monitor}${path}`,
        metrics_path: path,
        static_configs: [{ targets: [new URL(url).host], labels: { namespace, pod, job: `${namespace}/${monitor}`, ...labels } }],
        relabel_configs: relabelings.map(({ sourceLabels, targetLabel }) => ({ source_labels: sourceLabels, target_label: targetLabel })),
    }));
    return { global: { scrape_interval: "3s", evaluation_interval: "3s" }, rule_files: ["rules.yml"], scrape_configs: jobs };
}

async function rulesIn(namespace: string) {
    const found = await list<{ spec: { groups: object[] } }>(access, ["prometheusrules", "-n", namespace]);
    return { groups: found.flatMap(({ spec }) => spec.groups) };
}
