import { join } from "node:path";

import { execa } from "execa";

import { forward, list, serviceOf, type KubeAccess, type Pod } from "../support/kubectl";
import { checkout } from "../support/paths";
import { waitFor } from "../support/wait";
import { pythonFor } from "./python";

/** Where the parts of a deployed platform answer, as its stack outputs say. */
export interface Endpoints {
    connect: string;
    historyServer: string;
    /** Directory of the object store for tables, `s3a://bucket`. */
    warehouse: string;
    /** Seconds after which an event is surely seen in the History Server. */
    historyLateSeconds: number;
    /** Seconds after which an executor without work goes away. */
    executorIdleSeconds: number;
}

/** What the job on the flights found and how it went. */
export interface JobReport {
    table: string;
    application: string;
    spark: string;
    rows: number;
    airlines: number;
    loadSeconds: number;
    analysisSeconds: number;
    /** The most executors seen at once. */
    executors: number;
}

/** Loads the flights and analyses them through Spark Connect, from outside the cluster. */
export async function runFlights(access: KubeAccess, endpoints: Endpoints): Promise<JobReport> {
    const python = await pythonFor("flights");
    const tunnel = await forward(access, endpoints.connect);
    const watch = watchExecutors(access, endpoints);
    try {
        const script = join(checkout, "examples/flights/flights.py");
        const remote = `sc://127.0.0.1:${tunnel.port}`;
        const { stdout } = await execa(python, [script, "--remote", remote, "--to", `${endpoints.warehouse}/flights`], {
            timeout: 600_000,
        });
        const lines = stdout.trimEnd().split("\n");
        const facts = JSON.parse(lines.pop() ?? "") as Omit<JobReport, "table" | "executors">;
        return { ...facts, table: lines.join("\n"), executors: await watch.most() };
    } finally {
        watch.stop();
        tunnel.close();
    }
}

/** The running executors of the platform. */
export async function executors(access: KubeAccess, endpoints: Endpoints): Promise<Pod[]> {
    const { namespace } = serviceOf(endpoints.connect);
    const pods = await list<Pod>(access, ["pods", "-n", namespace, "-l", "spark-role=executor"]);
    return pods.filter(({ status }) => status.phase === "Running");
}

/** Looks once a second how many executors there are. */
function watchExecutors(access: KubeAccess, endpoints: Endpoints): { most: () => Promise<number>; stop: () => void } {
    let most = 0;
    const look = async () => {
        most = Math.max(most, (await executors(access, endpoints)).length);
    };
    // A look that fails is repeated a second later; the last one, in `most`, may not fail.
    const timer = setInterval(() => void look().catch(() => undefined), 1000);
    return {
        most: () => look().then(() => most),
        stop: () => {
            clearInterval(timer);
        },
    };
}

/** Waits until the History Server's REST API shows the application, and answers after how many seconds it did. */
export async function waitForHistory(access: KubeAccess, endpoints: Endpoints, application: string): Promise<number> {
    const started = Date.now();
    const tunnel = await forward(access, endpoints.historyServer);
    try {
        await waitFor(
            `the History Server shows ${application}`,
            async () => {
                const answer = await fetch(`http://127.0.0.1:${tunnel.port}/api/v1/applications/${application}/jobs`).catch(
                    () => undefined,
                );
                const jobs = answer?.ok ? ((await answer.json()) as unknown[]) : [];
                return jobs.length > 0 ? true : undefined;
            },
            { seconds: endpoints.historyLateSeconds + 30 },
        );
    } finally {
        tunnel.close();
    }
    return Math.round((Date.now() - started) / 1000);
}

/** Waits until no executor is left, and answers after how many seconds none was. */
export async function waitForIdle(access: KubeAccess, endpoints: Endpoints): Promise<number> {
    const started = Date.now();
    await waitFor(
        "the executors without work go away",
        async () => ((await executors(access, endpoints)).length === 0 ? true : undefined),
        { seconds: endpoints.executorIdleSeconds + 60 },
    );
    return Math.round((Date.now() - started) / 1000);
}
