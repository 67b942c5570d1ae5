import { randomUUID } from "node:crypto";

import WebSocket from "ws";

import { forward } from "../../sandbox/support/kubectl";
import { waitFor } from "../../sandbox/support/wait";
import { access } from "./platform";

/** What a cell gave back: its text, and the error it ended with. */
export interface CellResult {
    text: string;
    error?: string;
}

interface Message {
    parent_header: { msg_id?: string };
    header: { msg_type: string };
    content: {
        text?: string;
        data?: Record<string, string>;
        ename?: string;
        evalue?: string;
        traceback?: string[];
        execution_state?: string;
    };
}

/** A notebook server as a browser uses it: REST for files and kernels, a WebSocket for cells. */
export class NotebookServer {
    /** @param base Host, port and path of the server. */
    constructor(
        private readonly base: string,
        private readonly token: string,
        readonly close: () => void = () => undefined,
    ) {}

    static async open(url: string, token: string): Promise<NotebookServer> {
        const tunnel = await forward(access, url);
        return new NotebookServer(`127.0.0.1:${tunnel.port}`, token, tunnel.close);
    }

    /** The status that the server answers with, and what it says. */
    async ask(path: string, { method = "GET", token = this.token }: { method?: string; token?: string } = {}) {
        const answer = await fetch(`http://${this.base}${path}`, { method, headers: { Authorization: `token ${token}` } });
        const text = await answer.text();
        return {
            status: answer.status,
            body: (text.startsWith("{") || text.startsWith("[") ? JSON.parse(text) : {}) as Record<string, any>,
        };
    }

    /** Runs cells one after the other in a kernel of their own; those after a failing one are not run. */
    async run(cells: string[]): Promise<CellResult[]> {
        const { body: kernel } = await this.ask("/api/kernels", { method: "POST" });
        const socket = new WebSocket(`ws://${this.base}/api/kernels/${kernel.id}/channels`, {
            headers: { Authorization: `token ${this.token}` },
        });
        try {
            await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
            await kernelAnswers(socket);
            const results: CellResult[] = [];
            for (const cell of cells) {
                const result = await execute(socket, cell);
                results.push(result);
                if (result.error !== undefined) {
                    break;
                }
            }
            return results;
        } finally {
            socket.close();
            await this.ask(`/api/kernels/${kernel.id}`, { method: "DELETE" });
        }
    }

    /** The code cells of a notebook that lies on the server. */
    async cellsOf(path: string): Promise<string[]> {
        const { body } = await this.ask(`/api/contents/${path}`);
        const cells = body.content.cells as { cell_type: string; source: string }[];
        return cells.filter(({ cell_type }) => cell_type === "code").map(({ source }) => source);
    }
}

/** What is sent while a kernel is still starting may be lost, so that it is asked who it is until it says so. */
async function kernelAnswers(socket: WebSocket): Promise<void> {
    let answered = false;
    const listen = (data: Buffer) => {
        answered ||= (JSON.parse(data.toString()) as Message).header.msg_type === "kernel_info_reply";
    };
    socket.on("message", listen);
    const ask = () => {
        socket.send(messageOf(randomUUID(), "kernel_info_request", {}));
        return Promise.resolve(answered || undefined);
    };
    await waitFor("the kernel answers", ask, { seconds: 120 });
    socket.off("message", listen);
}

const messageOf = (id: string, type: string, content: object): string =>
    JSON.stringify({
        header: { msg_id: id, session: id, username: "test", msg_type: type, version: "5.3" },
        parent_header: {},
        metadata: {},
        channel: "shell",
        content,
    });

/** A cell is done when the kernel says that it is idle again. */
function execute(socket: WebSocket, code: string): Promise<CellResult> {
    const id = randomUUID();
    const result: CellResult = { text: "" };
    return new Promise((resolve, reject) => {
        const listen = (data: Buffer) => {
            const { parent_header: parent, header, content } = JSON.parse(data.toString()) as Message;
            if (parent.msg_id !== id) {
                return;
            }
            result.text += content.text ?? content.data?.["text/plain"] ?? "";
            if (header.msg_type === "error") {
                result.error = [`${content.ename}: ${content.evalue}`, ...(content.traceback ?? [])].join("\n");
            }
            if (content.execution_state === "idle") {
                socket.off("message", listen);
                resolve(result);
            }
        };
        socket.on("message", listen);
        socket.once("close", () => {
            reject(new Error(`the kernel went away while it ran: ${code}`));
        });
        const options = { silent: false, store_history: false, user_expressions: {}, allow_stdin: false, stop_on_error: true };
        socket.send(messageOf(id, "execute_request", { code, ...options }));
    });
}
