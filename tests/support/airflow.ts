import { forward } from "../../sandbox/support/kubectl";
import { waitFor } from "../../sandbox/support/wait";
import { access } from "./platform";

interface DagRun {
    dag_run_id: string;
    state: string;
}

interface TaskInstance {
    task_id: string;
    state: string;
    try_number: number;
    hostname: string;
}

interface Logged {
    event: string;
    error_detail?: { exc_type: string; exc_value: string }[];
}

const textOf = ({ event, error_detail: errors = [] }: Logged) =>
    [event, ...errors.map(({ exc_type: type, exc_value: value }) => `${type}: ${value}`)].join("\n");

/** An Airflow as its users see it: by its REST API. */
export class AirflowApi {
    private constructor(
        private readonly base: string,
        private readonly token: string,
        readonly close: () => void,
    ) {}

    static async open(url: string, username: string, password: string): Promise<AirflowApi> {
        const tunnel = await forward(access, url);
        const base = `http://127.0.0.1:${tunnel.port}`;
        const body = JSON.stringify({ username, password });
        const answer = await fetch(`${base}/auth/token`, { method: "POST", body, headers: { "Content-Type": "application/json" } });
        if (!answer.ok) {
            tunnel.close();
            throw new Error(`Airflow answered ${answer.status} to ${username}: ${await answer.text()}`);
        }
        const { access_token: token } = (await answer.json()) as { access_token: string };
        return new AirflowApi(base, token, tunnel.close);
    }

    async ask<T>(path: string, method = "GET", body?: object): Promise<T> {
        const headers = { Authorization: `Bearer ${this.token}`, "Content-Type": "application/json", Accept: "application/json" };
        const answer = await fetch(`${this.base}/api/v2/${path}`, { method, headers, body: body && JSON.stringify(body) });
        const text = await answer.text();
        if (!answer.ok) {
            throw new Error(`${method} ${path}: ${answer.status} ${text}`);
        }
        return JSON.parse(text) as T;
    }

    /** The DAGs that Airflow has read, and what was wrong with those that it could not. */
    async dags(): Promise<string[]> {
        const { import_errors: errors } = await this.ask<{ import_errors: { filename: string; stack_trace: string }[] }>("importErrors");
        if (errors.length > 0) {
            throw new Error(errors.map(({ filename, stack_trace: trace }) => `${filename}: ${trace}`).join("\n"));
        }
        return (await this.ask<{ dags: { dag_id: string }[] }>("dags")).dags.map(({ dag_id: id }) => id).sort();
    }

    /** The runs of a DAG and how they ended, the oldest first. */
    async runs(dag: string): Promise<DagRun[]> {
        return (await this.ask<{ dag_runs: DagRun[] }>(`dags/${dag}/dagRuns?order_by=id`)).dag_runs;
    }

    /**
     * Runs a DAG to its end.
     *
     * @throws The logs of the tasks that failed, when the run did.
     */
    async run(dag: string, conf: object = {}, { seconds = 600 } = {}): Promise<DagRun> {
        await this.ask(`dags/${dag}`, "PATCH", { is_paused: false });
        const { dag_run_id: id } = await this.ask<DagRun>(`dags/${dag}/dagRuns`, "POST", { logical_date: null, conf });
        const ended = async () => {
            const run = await this.ask<DagRun>(`dags/${dag}/dagRuns/${id}`);
            return run.state === "success" || run.state === "failed" ? run : undefined;
        };
        const run = await waitFor(`the run ${id} of ${dag} has ended`, ended, { seconds });
        if (run.state === "failed") {
            const failed = (await this.tasks(dag, id)).filter(({ state }) => state === "failed");
            const logs = await Promise.all(failed.map(({ task_id: task }) => this.log(dag, id, task)));
            throw new Error(`${dag} failed: ${logs.join("\n")}`);
        }
        return run;
    }

    async tasks(dag: string, run: string): Promise<TaskInstance[]> {
        return (await this.ask<{ task_instances: TaskInstance[] }>(`dags/${dag}/dagRuns/${run}/taskInstances`)).task_instances;
    }

    /** What the UI shows of a task's log, exceptions too. */
    async log(dag: string, run: string, task: string, attempt = 1): Promise<string> {
        const path = `dags/${dag}/dagRuns/${run}/taskInstances/${task}/logs/${attempt}?full_content=true`;
        const { content } = await this.ask<{ content: (Logged | string)[] }>(path);
        return content.map((line) => (typeof line === "string" ? line : textOf(line))).join("\n");
    }
}
