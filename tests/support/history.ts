import { forward } from "../../sandbox/support/kubectl";
import { platform } from "../e2e/hooks";
import { access } from "./platform";

/** `true` once the History Server calls the application complete, which needs the last line of its event log. */
export async function completedInHistory(application: string): Promise<true | undefined> {
    const tunnel = await forward(access, platform().endpoints.historyServer);
    try {
        const answer = await fetch(`http://127.0.0.1:${tunnel.port}/api/v1/applications/${application}`);
        const { attempts } = (await answer.json()) as { attempts?: { completed: boolean }[] };
        return attempts?.every(({ completed }) => completed) ? true : undefined;
    } finally {
        tunnel.close();
    }
}
