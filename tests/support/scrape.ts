import { list, type Pod } from "../../sandbox/support/kubectl";
import type { ConnectClient } from "./connect-client";
import { access } from "./platform";

/** One series of a scrape. */
export interface Series {
    name: string;
    /** As they are written: `a="b", c="d"`. */
    labels: string;
    value: number;
}

interface Endpoint {
    port: string;
    path: string;
    relabelings: { sourceLabels: string[]; targetLabel: string }[];
}

interface Monitor {
    metadata: { name: string };
    spec: { selector: { matchLabels: Record<string, string> }; podTargetLabels: string[]; podMetricsEndpoints: Endpoint[] };
}

interface PortedPod extends Pod {
    spec: { containers: { ports?: { name?: string; containerPort: number }[] }[] };
}

/** What a monitor leads Prometheus to. */
export interface Target {
    monitor: string;
    path: string;
    url: string;
    pod: string;
    /** Labels of the pod that every series gets, as Prometheus writes their names. */
    labels: Record<string, string>;
    relabelings: Endpoint["relabelings"];
}

/** Every address that the monitors of a namespace lead to, found as the Prometheus operator finds them. */
export async function targetsOf(namespace: string): Promise<Target[]> {
    const monitors = await list<Monitor>(access, ["podmonitors", "-n", namespace]);
    const each = monitors.map(async ({ metadata: { name: monitor }, spec }) => {
        const query = Object.entries(spec.selector.matchLabels).map(([key, value]) => `${key}=${value}`);
        const pods = await list<PortedPod>(access, ["pods", "-n", namespace, "-l", query.join(",")]);
        return pods.flatMap((pod) =>
            spec.podMetricsEndpoints.map(({ port, path, relabelings }) => ({
                monitor,
                path,
                relabelings,
                url: `http://${pod.status.podIP}:${portOf(pod, port)}${path}`,
                pod: pod.metadata.name,
                labels: labelsOf(pod, spec.podTargetLabels),
            })),
        );
    });
    return (await Promise.all(each)).flat();
}

const labelsOf = ({ metadata: { labels = {} } }: Pod, names: string[]) =>
    Object.fromEntries(names.map((name) => [name.replace(/\W/g, "_"), labels[name] ?? ""]));

const portOf = ({ spec }: PortedPod, name: string) =>
    spec.containers.flatMap(({ ports = [] }) => ports).find((port) => port.name === name)?.containerPort;

interface Answer {
    status: number;
    type: string | null;
    text: string;
}

/** Asks from a pod of its own; status 0 when nobody answered. */
export const scrape = (from: ConnectClient, url: string): Promise<Answer> => from.run("scrape.py", url);

/** The series of an answer. @throws Error with the first line that is none, as Prometheus would refuse the whole answer for it. */
export function seriesOf(text: string): Series[] {
    return text
        .split("\n")
        .filter((line) => line.trim() !== "" && !line.startsWith("#"))
        .map((line) => {
            const [, name = "", labels = "", value = ""] = /^([A-Za-z_:][\w:]*)(?:\{(.*)\})? (\S+)(?: \d+)?$/.exec(line.trim()) ?? [];
            if (name === "" || Number.isNaN(Number(value.replace("Inf", "Infinity"))) !== (value === "NaN")) {
                throw new Error(`no line that Prometheus reads: ${line}`);
            }
            return { name, labels, value: Number(value) };
        });
}
