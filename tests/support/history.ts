import { forward } from "../../sandbox/support/kubectl";
import { access } from "./platform";

/** What a History Server's REST API answers. */
export async function askHistory<T>(url: string, path: string): Promise<T> {
    const tunnel = await forward(access, url);
    try {
        return (await (await fetch(`http://127.0.0.1:${tunnel.port}/api/v1${path}`)).json()) as T;
    } finally {
        tunnel.close();
    }
}

/** `true` once the History Server calls the application complete, which needs the last line of its event log. */
export async function completedInHistory(url: string, application: string): Promise<true | undefined> {
    const { attempts } = await askHistory<{ attempts?: { completed: boolean }[] }>(url, `/applications/${application}`);
    return attempts?.every(({ completed }) => completed) ? true : undefined;
}
