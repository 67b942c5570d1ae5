import { join } from "node:path";

import { execa } from "execa";

import { forward, kubectl, serviceOf, type KubeAccess } from "../support/kubectl";
import { checkout } from "../support/paths";
import { waitForIdle, type Endpoints } from "../up/job";
import { pythonFor } from "../up/python";
import { seconds, type Figure } from "./measure";
import { secondsToFirstExecutor, secondsToStart } from "./server";

/** @see secondsToStart */
export async function connectReady(access: KubeAccess, { connect }: Endpoints): Promise<Figure> {
    const { service, namespace } = serviceOf(connect);
    const value = await secondsToStart(access, { namespace, pod: `${service}-0` });
    return { name: "Connect server ready after its pod started", unit: "s", atMost: 25, value };
}

/** A query on a server without executors: when the first one joined, and how long Pi took altogether. */
export async function firstExecutorAndPi(access: KubeAccess, endpoints: Endpoints): Promise<Figure[]> {
    await waitForIdle(access, endpoints);
    const python = await pythonFor("flights");
    const grpc = await forward(access, endpoints.connect);
    const ui = await forward(access, endpoints.connect.replace(/:\d+$/, ":4040"), "statefulset");
    try {
        const script = join(checkout, "sandbox/bench/pi.py");
        let printed = "";
        const pi = await seconds(async () => {
            printed = (await execa(python, [script, `sc://127.0.0.1:${grpc.port}`])).stdout;
        });
        const { started, application } = JSON.parse(printed) as { started: number; application: string };
        const value = await secondsToFirstExecutor(ui, application, started);
        return [
            { name: "first executor after the first query", unit: "s", atMost: 8, value },
            { name: "Pi to four digits, from a cold client, no executor running", unit: "s", atMost: 120, value: pi },
        ];
    } finally {
        grpc.close();
        ui.close();
    }
}

/** Memory of every pod of the platform at rest. */
export async function memoryAtRest(access: KubeAccess, endpoints: Endpoints & { namespace: string }): Promise<Figure[]> {
    const path = `/apis/metrics.k8s.io/v1beta1/namespaces/${endpoints.namespace}/pods`;
    const { items } = JSON.parse(await kubectl(access, ["get", "--raw", path])) as {
        items: { metadata: { name: string }; containers: { usage: { memory: string } }[] }[];
    };
    return items.map(({ metadata, containers }) => ({
        name: `memory at rest of ${metadata.name}`,
        unit: "MiB",
        value: containers.reduce((sum, { usage }) => sum + Number(usage.memory.replace("Ki", "")) / 1024, 0),
    }));
}
