import { parse } from "yaml";

import { mebibytes } from "../../components/internal/memory";

/** What pods ask of a cluster: requests of CPU, limits of memory. */
export interface Demand {
    pods: number;
    cpus: number;
    memoryMiB: number;
}

interface Made {
    type: string;
    name: string;
    inputs: Record<string, any>;
}

const nothing: Demand = { pods: 0, cpus: 0, memoryMiB: 0 };
const sum = (demands: Demand[]): Demand =>
    demands.reduce(
        (all, one) => ({ pods: all.pods + one.pods, cpus: all.cpus + one.cpus, memoryMiB: all.memoryMiB + one.memoryMiB }),
        nothing,
    );
const times = (count: number, { pods, cpus, memoryMiB }: Demand): Demand => ({
    pods: count * pods,
    cpus: count * cpus,
    memoryMiB: count * memoryMiB,
});

const cpus = (quantity: string): number => (quantity.endsWith("m") ? Number(quantity.slice(0, -1)) / 1000 : Number(quantity));
const units: Record<string, number> = { Mi: 1, Gi: 1024 };
const memoryMiB = (quantity: string): number => Number(quantity.slice(0, -2)) * (units[quantity.slice(-2)] ?? Number.NaN);

function ofPod({ containers }: { containers: any[] }): Demand {
    const each = containers.map(({ resources: { requests, limits } }) => ({
        pods: 0,
        cpus: cpus(requests.cpu),
        memoryMiB: memoryMiB(limits.memory),
    }));
    return { ...sum(each), pods: 1 };
}

const servers = /:(StatefulSet|Deployment)$/;

/** The pods that run all the time. Jobs are left out: they end. */
export const atRest = (made: Made[]): Demand =>
    sum(
        made
            .filter(({ type }) => servers.test(type))
            .map(({ inputs }) => times(inputs.spec.replicas ?? 1, ofPod(inputs.spec.template.spec))),
    );

/** The same, with all executors, tasks and users' notebook servers that may run at a time. */
export function atMost(made: Made[]): Demand {
    const maps = made.filter(({ inputs }) => inputs.data && inputs.metadata?.labels);
    const texts = maps.map(({ inputs }) => inputs);
    const executors = maps.flatMap((map) =>
        map.inputs.data["executor.yaml"] ? [times(sessionsOf(made, map), executorsOf(map.inputs.data["spark-defaults.conf"]))] : [],
    );
    const tasks = texts.flatMap(({ data }) => (data["pod.yaml"] ? [times(parallelTasks(made), ofPod(parse(data["pod.yaml"]).spec))] : []));
    const notebooks = texts.flatMap(({ data }) => (data["settings.json"] ? [serversOf(JSON.parse(data["settings.json"]))] : []));
    return sum([atRest(made), ...executors, ...tasks, ...notebooks]);
}

/** Every driver that reads the settings has executors of its own: the servers that they are for, or the tasks that mount them. */
function sessionsOf(made: Made[], { name, inputs }: Made): number {
    return made.some(({ inputs: { data } }) => data?.["pod.yaml"]?.includes(`name: ${name}\n`))
        ? parallelTasks(made)
        : replicasOf(made, inputs);
}

/** Servers that read the same settings have executors each. */
function replicasOf(made: Made[], settings: Record<string, any>): number {
    const instance = (inputs: Record<string, any>) => inputs.metadata.labels["app.kubernetes.io/instance"];
    const set = made.find(({ type, inputs }) => type.endsWith(":StatefulSet") && instance(inputs) === instance(settings));
    return set?.inputs.spec.replicas ?? 1;
}

function executorsOf(defaults: string): Demand {
    const value = (key: string): string => new RegExp(`^spark\\.${key.replaceAll(".", "\\.")} (.*)$`, "m").exec(defaults)?.[1] ?? "";
    return times(Number(value("dynamicAllocation.maxExecutors") || value("executor.instances")), {
        pods: 1,
        cpus: cpus(value("kubernetes.executor.request.cores")),
        memoryMiB: mebibytes(value("executor.memory")) + mebibytes(value("executor.memoryOverhead")),
    });
}

/** Servers of a hub's users. */
const serversOf = ({ JupyterHub, KubeSpawner }: any): Demand =>
    times(JupyterHub.active_server_limit, ofPod({ containers: [KubeSpawner.extra_container_config] }));

function parallelTasks(made: Made[]): number {
    const variables = made.flatMap(({ inputs }) => (inputs.spec?.template?.spec?.containers ?? []).flatMap(({ env = [] }: any) => env));
    return Number(variables.find(({ name }: { name: string }) => name === "AIRFLOW__CORE__PARALLELISM")?.value);
}
