import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { kubectl, list, type Pod } from "../../sandbox/support/kubectl";
import { checkout } from "../../sandbox/support/paths";
import { waitFor } from "../../sandbox/support/wait";
import type { SparkStandaloneSettings } from "../../components";
import {
    authenticationEnvironment,
    masterPort,
    standaloneClientConf,
    type StandaloneFacts,
} from "../../components/spark/standalone/client";
import { masterUiPort, restPort } from "../../components/spark/standalone/conf";
import { restrictedClient } from "./client-pod";
import { clearNamespaces } from "./namespaces";
import { access } from "./platform";
import { Program } from "./program";

/** What a master says of itself and of its cluster. */
export interface MasterState {
    pod: string;
    status: string;
    aliveworkers: number;
    activeapps: { id: string }[];
    /** Drivers that were submitted to the cluster and have ended. */
    completeddrivers: { state: string }[];
}

/** What the driver of `clients/standalone.py` reports. */
export interface Report {
    total: number;
    stages: {
        stageId: number;
        attemptId: number;
        numTasks: number;
        numCompleteTasks: number;
        numFailedTasks: number;
        numKilledTasks: number;
    }[];
    /** What a driver that paused saw after it: executors that were left, and what the same results gave without computing them again. */
    idleExecutors?: number;
    again?: number;
    skippedStages?: number;
}

/** What every program with a cluster answers. */
export interface Made {
    connection: StandaloneFacts;
}

/** Where the API server tells what a master says of itself: a `MasterState`. */
export const masterPath = (namespace: string, pod: string) => `/api/v1/namespaces/${namespace}/pods/${pod}:${masterUiPort}/proxy/json/`;

/** A driver in a pod of its own. */
export interface RunningDriver {
    pod: string;
    application: Promise<string>;
    /** Tasks that have been finished so far. */
    finishedTasks: () => Promise<number>;
    report: () => Promise<Report>;
}

/** A Standalone cluster in a namespace of its own. */
export class StandaloneCluster {
    private readonly program: Program;
    private outputs?: Made;

    constructor(
        readonly namespace: string,
        readonly sparkVersion: string,
        program = "tests/e2e-long/programs/standalone",
    ) {
        this.program = new Program(join(checkout, program), { NAMESPACE: namespace, SPARK_VERSION: sparkVersion });
    }

    async init(): Promise<void> {
        await clearNamespaces(this.namespace);
        await this.program.init();
    }

    /**
     * @param settings The cluster's, or what a program of one's own wants to know.
     * @param meanwhile Makes what the cluster waits for.
     * @returns Seconds that it took.
     */
    async up(
        settings: SparkStandaloneSettings | Record<string, unknown>,
        meanwhile: () => Promise<void> = () => Promise.resolve(),
    ): Promise<number> {
        const start = Date.now();
        await Promise.all([this.program.up({ SETTINGS: JSON.stringify(settings) }), meanwhile()]);
        this.outputs = await this.program.outputs<Made>();
        return (Date.now() - start) / 1000;
    }

    remove(): Promise<void> {
        return this.program.remove();
    }

    /** What the program answered: the connection, and what a program of one's own answers beyond it. */
    made(): Made {
        if (this.outputs === undefined) {
            throw new Error("the cluster is not deployed");
        }
        return this.outputs;
    }

    kubectl(...args: string[]): Promise<string> {
        return kubectl(access, ["-n", this.namespace, ...args], { timeout: 180_000 });
    }

    pods(role: "master" | "worker"): Promise<Pod[]> {
        const labels = `app.kubernetes.io/name=spark-standalone,app.kubernetes.io/component=${role}`;
        return list<Pod>(access, ["pods", "-n", this.namespace, "-l", labels]);
    }

    /** What the masters that answer say. */
    async masters(): Promise<MasterState[]> {
        const states = (await this.pods("master")).map(async ({ metadata: { name } }) => {
            const answer = await kubectl(access, ["get", "--raw", masterPath(this.namespace, name)]).catch(() => undefined);
            return answer === undefined ? [] : [{ ...(JSON.parse(answer) as MasterState), pod: name }];
        });
        return (await Promise.all(states)).flat();
    }

    /** The master that leads, when it has this many workers. */
    leader({ workers = 1, seconds = 120 } = {}): Promise<MasterState> {
        const found = async () => (await this.masters()).find(({ status, aliveworkers }) => status === "ALIVE" && aliveworkers === workers);
        return waitFor(`a master leads ${workers} workers`, found, { seconds, everySeconds: 0.25 });
    }

    /**
     * Kills the leading master as the loss of its node would: nothing is given back, nobody is told.
     *
     * @returns Seconds until a master leads all workers again.
     */
    async killLeader(workers: number): Promise<number> {
        const { pod } = await this.leader({ workers });
        const uid = await this.kubectl("get", "pod", pod, "-o", "jsonpath={.metadata.uid}");
        const start = Date.now();
        await this.kubectl("delete", "pod", pod, "--grace-period=0", "--force");
        await waitFor(
            `a master leads ${workers} workers after ${pod} was killed`,
            async () => {
                const next = (await this.masters()).find(({ status, aliveworkers }) => status === "ALIVE" && aliveworkers === workers);
                const now = next && (await this.kubectl("get", "pod", next.pod, "-o", "jsonpath={.metadata.uid}"));
                return now === undefined || now === uid ? undefined : true;
            },
            { seconds: 120, everySeconds: 0.25 },
        );
        return (Date.now() - start) / 1000;
    }

    /** Seconds from the start of the first master's pod until the last worker was ready; Kubernetes notes both to the second. */
    async startSeconds(): Promise<number> {
        const [masters, workers] = [await this.pods("master"), await this.pods("worker")];
        const started = masters.map(({ status }) => Date.parse(status.startTime ?? ""));
        const ready = workers.flatMap(({ status }) =>
            (status.conditions ?? [])
                .filter(({ type }) => type === "Ready")
                .map(({ lastTransitionTime }) => Date.parse(lastTransitionTime)),
        );
        return (Math.max(...ready) - Math.min(...started)) / 1000;
    }

    /** For each worker the seconds from the start of its container until a master had taken it. */
    async registrationSeconds(): Promise<number[]> {
        const workers = (await this.pods("worker")).map(async ({ metadata: { name } }) => {
            const started = await this.kubectl("get", "pod", name, "-o", "jsonpath={.status.containerStatuses[0].state.running.startedAt}");
            const line = (await this.kubectl("logs", name)).split("\n").find((one) => one.includes("Successfully registered with master"));
            const { ts } = JSON.parse(line ?? "{}") as { ts: string };
            return (Date.parse(ts) - Date.parse(started)) / 1000;
        });
        return Promise.all(workers);
    }

    /** Has workers leave, or come, and waits until they have. */
    async scaleWorkers(replicas: number): Promise<void> {
        await this.kubectl("scale", "statefulset", "main-worker", `--replicas=${replicas}`);
        const done = async () => ((await this.pods("worker")).length === replicas ? true : undefined);
        await waitFor(`${replicas} workers are left`, done, { seconds: 300 });
    }

    /** Has a driver run on the cluster itself, by a submission to the masters over HTTP from a pod of its own. */
    submitToCluster(name: string, program: string): Promise<void> {
        const { masterUrl } = this.made().connection;
        return this.submit(name, program, {
            conf: {
                "spark.master": masterUrl.replaceAll(`:${masterPort}`, `:${restPort}`),
                "spark.master.rest.enabled": true,
                "spark.submit.deployMode": "cluster",
            },
        });
    }

    /** Runs `spark-submit`, in client mode, in a pod of its own; `program` is what stands behind the settings. */
    async submit(
        name: string,
        program: string,
        { job = "", conf = {}, secret }: { job?: string; conf?: Record<string, string | number | boolean>; secret?: string } = {},
    ): Promise<void> {
        const { connection } = this.made();
        const host = conf["spark.submit.deployMode"] === "cluster" ? "" : '--conf "spark.driver.host=$POD_IP"';
        const all = {
            ...standaloneClientConf(connection),
            "spark.driver.bindAddress": "0.0.0.0",
            "spark.driver.memory": "512m",
            "spark.executor.memory": "512m",
            ...conf,
        };
        const settings = Object.entries(all).map(([key, value]) => `--conf "${key}=${value}"`);
        const pod = restrictedClient(name, `spark-platform.local/spark:${this.sparkVersion}`);
        Object.assign(pod.metadata.labels, connection.masters.clientLabels);
        Object.assign(pod.spec.containers[0]!, {
            args: [
                "/bin/sh",
                "-c",
                `printf "%s" "$JOB" >/tmp/job.py && exec /opt/spark/bin/spark-submit ${host} ${settings.join(" ")} ${program}`,
            ],
            env: [
                { name: "JOB", value: job },
                { name: "HOME", value: "/tmp" },
                { name: "POD_IP", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } },
                ...authenticationEnvironment(secret ?? connection.authenticationSecret),
            ],
            resources: { requests: { cpu: "100m", memory: "512Mi" }, limits: { memory: "1Gi" } },
        });
        const manifest = { ...pod, spec: { ...pod.spec, restartPolicy: "Never" } };
        await this.kubectl("delete", "pod", name, "--ignore-not-found", "--grace-period=1");
        await kubectl(access, ["apply", "-n", this.namespace, "-f", "-"], { input: JSON.stringify(manifest) });
    }

    /**
     * Waits until a pod of `submit` has ended.
     *
     * @returns How, how many seconds it ran, and what it said.
     */
    async ended(name: string, seconds = 400): Promise<{ code: number; seconds: number; log: string }> {
        const terminated = async () => {
            const text = await this.kubectl("get", "pod", name, "-o", "jsonpath={.status.containerStatuses[0].state.terminated}");
            return text === "" ? undefined : (JSON.parse(text) as { exitCode: number; startedAt: string; finishedAt: string });
        };
        const { exitCode, startedAt, finishedAt } = await waitFor(`the driver ${name} ends`, terminated, { seconds });
        const ran = (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000;
        return { code: exitCode, seconds: ran, log: await this.kubectl("logs", name) };
    }

    /** Starts a driver of `clients/standalone.py` in client mode. */
    async drive(
        name: string,
        [seconds, partitions, rows, idle = 0]: [number, number, number, number?],
        more: Record<string, string | number | boolean> = {},
    ): Promise<RunningDriver> {
        const job = await readFile(join(checkout, "tests/e2e/clients/standalone.py"), "utf8");
        const times = [seconds, partitions, rows, idle].join(" ");
        await this.submit(name, `/tmp/job.py ${times}`, { job, conf: more });
        const said = async () =>
            (await this.kubectl("logs", name))
                .split("\n")
                .filter((line) => line.startsWith("#{"))
                .map((line) => JSON.parse(line.slice(1)) as object);
        const application = waitFor(
            "the driver has its application",
            async () => ((await said())[0] as { application: string } | undefined)?.application,
            { seconds: 120 },
        );
        application.catch(() => undefined);
        const finishedTasks = async () => (await this.kubectl("logs", name)).split("Finished task").length - 1;
        return { pod: name, application, finishedTasks, report: () => this.reportOf(name, said) };
    }

    private async reportOf(name: string, said: () => Promise<object[]>): Promise<Report> {
        const { log } = await this.ended(name);
        const [, report] = await said();
        if (report === undefined) {
            throw new Error(`the driver ended without a result: ${log.slice(-3000)}`);
        }
        return report as Report;
    }
}

/** Every task once, in one attempt of each stage. */
export function assertNothingWasRepeated({ stages }: Report): void {
    for (const { stageId, attemptId, numTasks, numCompleteTasks, numFailedTasks, numKilledTasks } of stages) {
        assert.deepEqual([attemptId, numCompleteTasks, numFailedTasks, numKilledTasks], [0, numTasks, 0, 0], `stage ${stageId}`);
    }
}

/** Tasks that did not end well the first time, or were begun again with their stage. */
export const repeatedTasks = ({ stages }: Report): number =>
    stages.reduce(
        (sum, { attemptId, numTasks, numFailedTasks, numKilledTasks }) =>
            sum + (attemptId > 0 ? numTasks : numFailedTasks + numKilledTasks),
        0,
    );

/** What the driver adds up to. */
export const totalOf = (rows: number) => (rows * (rows - 1)) / 2;
