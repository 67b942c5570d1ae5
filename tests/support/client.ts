import { join } from "node:path";

import { execa, type ResultPromise } from "execa";

import { forward } from "../../sandbox/support/kubectl";
import { checkout } from "../../sandbox/support/paths";
import { pythonFor } from "../../sandbox/up/python";
import { access } from "./platform";

/** What `sums.py` answers. */
export interface Sums {
    groups: number;
    rows: number;
    total: number;
}

/** A query that goes on outside of this process. */
export interface RunningQuery {
    /** The Spark application that runs it; known as soon as the session is there. */
    application: Promise<string>;
    answer: Promise<Sums>;
    /** Ends the client, which would otherwise ask a server that is gone for minutes. */
    abandon: () => void;
}

export const sumsScript = join(checkout, "tests/e2e/clients/sums.py");

export const sumsOf = (rows: number): Sums => ({ groups: 100, rows, total: (rows * (rows - 1)) / 2 });

/** Starts the busy query over `rows` numbers. */
export async function startSums(connect: string, rows: number, partitions = 40): Promise<RunningQuery> {
    const python = await pythonFor("flights");
    const tunnel = await forward(access, connect);
    const child = execa(python, [sumsScript, `sc://127.0.0.1:${tunnel.port}`, String(rows), String(partitions)], { timeout: 300_000 });
    const { application, answer } = followSums(child);
    return {
        application,
        answer: answer.finally(() => {
            tunnel.close();
        }),
        abandon: () => void child.kill("SIGKILL"),
    };
}

/** What a process that runs `sums.py` says, as it says it. */
export function followSums(child: ResultPromise): Pick<RunningQuery, "application" | "answer"> {
    const application = new Promise<string>((resolve, reject) => {
        child.stdout?.once("data", (data: Buffer) => {
            resolve((JSON.parse(data.toString().split("\n")[0] ?? "") as { application: string }).application);
        });
        child.catch(reject);
    });
    const answer = child.then(({ stdout }) => {
        const lines = String(stdout).trimEnd().split("\n");
        const { groups, rows, total } = JSON.parse(lines.pop() ?? "") as Sums;
        return { groups, rows, total };
    });
    return { application, answer };
}
