import { request } from "node:http";
import { text } from "node:stream/consumers";

import { waitFor } from "../../sandbox/support/wait";
import { NotebookServer } from "./notebook";

/** A hub as its users see it: they log in with a form, as browsers do, and get a token for its API. */
export class HubUser {
    readonly #token: string;

    private constructor(
        private readonly hub: string,
        readonly name: string,
        token: string,
    ) {
        this.#token = token;
    }

    /** @throws What the hub answered, when it did not let the user in. */
    static async login(port: number, name: string, password: string): Promise<HubUser> {
        const hub = `127.0.0.1:${port}`;
        const browser = new Browser(`http://${hub}/hub/`);
        await browser.ask("login");
        const form = new URLSearchParams({ username: name, password, _xsrf: browser.xsrf }).toString();
        const entered = await browser.ask(`login?_xsrf=${encodeURIComponent(browser.xsrf)}`, {
            method: "POST",
            headers: { "Content-Type": "application/x-www-form-urlencoded" },
            body: form,
        });
        if (entered.status !== 302) {
            const [, reason = ""] = /class="login_error">([^<]*)/.exec(entered.text) ?? [];
            throw new Error(`the hub answered ${entered.status}: ${reason.trim()}`);
        }
        // Another session has another token against forged forms.
        await browser.ask("token");
        const headers = { "X-XSRFToken": browser.xsrf, "Content-Type": "application/json" };
        const made = await browser.ask(`api/users/${name}/tokens`, { method: "POST", headers, body: "{}" });
        if (made.status !== 201) {
            throw new Error(`the hub answered ${made.status} to a user who asked for a token: ${made.text}`);
        }
        return new HubUser(hub, name, (JSON.parse(made.text) as { token: string }).token);
    }

    async ask(path: string, method = "GET"): Promise<{ status: number; body: Record<string, any> }> {
        const answer = await fetch(`http://${this.hub}/hub/api/${path}`, { method, headers: { Authorization: `token ${this.#token}` } });
        const text = await answer.text();
        return { status: answer.status, body: (text.startsWith("{") ? JSON.parse(text) : {}) as Record<string, any> };
    }

    /** Starts the user's server and waits until it answers. */
    async start(): Promise<NotebookServer> {
        const { status, body } = await this.ask(`users/${this.name}/server`, "POST");
        if (status !== 201 && status !== 202) {
            throw new Error(`the hub answered ${status}: ${JSON.stringify(body)}`);
        }
        const ready = async () => ((await this.#state())?.ready === true ? true : undefined);
        await waitFor(`the server of ${this.name} answers`, ready, { seconds: 240 });
        return this.serverOf(this.name);
    }

    async stop(): Promise<void> {
        await this.ask(`users/${this.name}/server`, "DELETE");
        await waitFor(`the server of ${this.name} has stopped`, async () => ((await this.#state()) === undefined ? true : undefined), {
            seconds: 120,
        });
    }

    /** A server, whoever it belongs to, with this user's token. */
    serverOf(name: string): NotebookServer {
        return new NotebookServer(`${this.hub}/user/${name}`, this.#token);
    }

    async #state(): Promise<{ ready: boolean } | undefined> {
        const { body } = await this.ask(`users/${this.name}`);
        return (body.servers as Record<string, { ready: boolean }> | undefined)?.[""];
    }
}

/** What came back of a request. */
interface Answer {
    status: number;
    text: string;
}

/** Keeps cookies between requests, and opens pages as people do: `fetch` calls itself a script of a page, and to those no cookie against forged forms is given. */
class Browser {
    readonly #cookies = new Map<string, string>();

    constructor(private readonly base: string) {}

    get xsrf(): string {
        return this.#cookies.get("_xsrf") ?? "";
    }

    ask(
        path: string,
        { method = "GET", headers = {}, body = "" }: { method?: string; headers?: Record<string, string>; body?: string } = {},
    ) {
        const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ");
        return new Promise<Answer>((resolve, reject) => {
            const sent = request(this.base + path, { method, headers: { cookie, ...headers } }, (answer) => {
                for (const line of answer.headers["set-cookie"] ?? []) {
                    const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
                    this.#cookies.set(name, value);
                }
                text(answer).then((read) => {
                    resolve({ status: answer.statusCode ?? 0, text: read });
                }, reject);
            });
            sent.on("error", reject).end(body);
        });
    }
}
