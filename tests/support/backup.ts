import { kubectl } from "../../sandbox/support/kubectl";
import { waitFor } from "../../sandbox/support/wait";
import { access } from "./platform";

/** How a run of the backup's program ended. */
export interface BackupRun {
    succeeded: boolean;
    log: string;
}

let runs = 0;

/** Runs what a backup's schedule runs, out of turn and once, or another command of the same program. */
export async function runBackup(namespace: string, cronJob: string, ...command: string[]): Promise<BackupRun> {
    const here = (args: string[], input?: string) => kubectl(access, ["-n", namespace, ...args], { input });
    const name = `run-${(runs += 1)}`;
    const job = JSON.parse(await here(["create", "job", name, `--from=cronjob/${cronJob}`, "--dry-run=client", "-o", "json"]));
    delete job.metadata.ownerReferences;
    job.spec.backoffLimit = 0;
    const [container] = job.spec.template.spec.containers;
    container.args = [...container.args.slice(0, container.args.indexOf("backup")), ...command];
    await here(["create", "-f", "-"], JSON.stringify(job));
    const ended = async () => {
        const { status } = JSON.parse(await here(["get", "job", name, "-o", "json"]));
        const done = (status.conditions ?? []).find(({ type }: any) => type === "Complete" || type === "Failed");
        return done === undefined ? undefined : { succeeded: done.type === "Complete" };
    };
    const end = await waitFor(`${command[0]} has ended`, ended, { seconds: 180 });
    return { ...end, log: await here(["logs", `job/${name}`]) };
}
