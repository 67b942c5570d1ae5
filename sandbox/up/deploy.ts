import { existsSync } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { hostname, uptime } from "node:os";
import { basename, join } from "node:path";

import { outputs, pulumi, type OpenStack } from "../support/pulumi";
import type { Endpoints } from "./job";

/** Outputs of `stacks/index.ts` that the programs here read. */
interface StackOutputs {
    namespace: string;
    connectUrls: Record<string, string>;
    executorIdleSeconds: Record<string, number>;
    historyServerUrl: string;
    historyLatenessSeconds: number;
    s3Endpoint: string;
    warehouse: string;
}

/** Brings the stack to what its file says. `refresh` looks at the cluster first: needed when it is not the one of the last time. */
export async function deploy(stack: OpenStack, { refresh = false } = {}): Promise<string> {
    const up = (env: Record<string, string> = {}) =>
        pulumi(stack, ["up", "--stack", stack.name, "--yes", "--skip-preview", ...(refresh ? ["--refresh"] : [])], env);
    if (!(await recover(stack))) {
        return changes(await up());
    }
    const made = await up({ PULUMI_K8S_UPSERT_EXISTING_OBJECTS: "true" });
    // The permission to take objects over is noted in the provider's state; it was meant for once.
    await up();
    return changes(made);
}

/**
 * Makes a stack whose last operation was killed fit for the next one. The CLI leaves its lock and notes of what it had begun to
 * create; those objects may exist, so the next `up` has to take them over.
 *
 * @returns Whether there was anything to mend.
 */
export async function recover(stack: OpenStack): Promise<boolean> {
    await removeStaleLock(stack);
    const { deployment } = JSON.parse(await pulumi(stack, ["stack", "export", "--stack", stack.name])) as {
        deployment?: { pending_operations?: unknown[] };
    };
    if ((deployment?.pending_operations ?? []).length === 0) {
        return false;
    }
    await pulumi(stack, ["refresh", "--stack", stack.name, "--yes", "--skip-preview", "--clear-pending-creates"]);
    return true;
}

/** A lock of a process that lives is respected; the CLI's own message then names it. */
async function removeStaleLock(stack: OpenStack): Promise<void> {
    const directory = stack.env.PULUMI_BACKEND_URL?.replace(/^file:\/\//, "");
    const locks = directory === undefined ? [] : await lockFiles(join(directory, ".pulumi/locks"), stack.name);
    const stale = await Promise.all(locks.map(isStale));
    if (stale.length > 0 && stale.every(Boolean)) {
        await pulumi(stack, ["cancel", stack.name, "--yes"]);
    }
}

/** Of this machine, and of a process that is gone; one from before the last start of the machine is gone, whoever has its number now. */
async function isStale(lock: string): Promise<boolean> {
    const { pid, hostname: host } = JSON.parse(await readFile(lock, "utf8")) as { pid: number; hostname: string };
    const started = Date.now() - uptime() * 1000;
    return host === hostname() && (!existsSync(`/proc/${pid}`) || (await stat(lock)).mtimeMs < started);
}

async function lockFiles(directory: string, stack: string): Promise<string[]> {
    const files = existsSync(directory) ? await readdir(directory, { recursive: true, withFileTypes: true }) : [];
    return files
        .filter((file) => file.isFile() && file.name.endsWith(".json") && basename(file.parentPath) === stack)
        .map((file) => join(file.parentPath, file.name));
}

/** The CLI's summary in one line: "3 to create, 2 unchanged". */
export function changes(printed: string): string {
    const lines = /^Resources:\n((?: {4}.*\n?)+)/m.exec(printed)?.[1]?.trim().split("\n") ?? [];
    return lines.map((line) => line.replace(/^[\s+\-~]*/, "").replace(/^\d+ changes\. /, "")).join(", ");
}

/** What a deployed stack says of itself. */
export async function endpointsOf(stack: OpenStack): Promise<Endpoints & { namespace: string; objectStore: string }> {
    const found = await outputs<StackOutputs>(stack);
    const [first] = Object.entries(found.connectUrls);
    if (first === undefined) {
        throw new Error(`stack "${stack.name}" has no Spark Connect server; its stack file names none under "connect"`);
    }
    const [name, connect] = first;
    return {
        namespace: found.namespace,
        connect,
        historyServer: found.historyServerUrl,
        objectStore: found.s3Endpoint,
        warehouse: found.warehouse,
        historyLateSeconds: found.historyLatenessSeconds,
        executorIdleSeconds: found.executorIdleSeconds[name] ?? 0,
    };
}
