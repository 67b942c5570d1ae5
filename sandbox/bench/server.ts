import { kubectl, list, type Forward, type KubeAccess, type Pod } from "../support/kubectl";
import { waitFor } from "../support/wait";

/** A Connect server, by its pod. */
export interface Server {
    namespace: string;
    pod: string;
}

interface Dated {
    addTime?: string;
    id?: string;
}

/** Has the server start again. Seconds from the start of its pod until it is ready; Kubernetes notes both to the second. */
export async function secondsToStart(access: KubeAccess, { namespace, pod }: Server): Promise<number> {
    await kubectl(access, ["delete", "pod", pod, "-n", namespace, "--wait=true"], { timeout: 120_000 });
    const { started, ready } = await waitFor(
        "the Connect server is ready",
        async () => {
            const found = (await list<Pod>(access, ["pods", "-n", namespace])).find(({ metadata }) => metadata.name === pod);
            const condition = found?.status.conditions?.find(({ type, status }) => type === "Ready" && status === "True");
            return condition && { started: Date.parse(found?.status.startTime ?? ""), ready: Date.parse(condition.lastTransitionTime) };
        },
        { seconds: 180 },
    );
    return (ready - started) / 1000;
}

/** Seconds from a moment (epoch milliseconds) until the first executor after it had joined, as the server's UI tells. */
export async function secondsToFirstExecutor(ui: Forward, application: string, since: number): Promise<number> {
    const answer = await fetch(`http://127.0.0.1:${ui.port}/api/v1/applications/${application}/allexecutors`);
    const joined = ((await answer.json()) as Dated[])
        .filter(({ id }) => id !== "driver")
        .map(({ addTime = "" }) => Date.parse(addTime.replace("GMT", "Z")))
        .filter((time) => time >= since);
    return (Math.min(...joined) - since) / 1000;
}
