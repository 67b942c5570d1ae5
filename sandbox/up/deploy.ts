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
    const printed = await pulumi(stack, ["up", "--stack", stack.name, "--yes", "--skip-preview", ...(refresh ? ["--refresh"] : [])]);
    return changes(printed);
}

/** The CLI's summary in one line: "3 to create, 2 unchanged". */
export function changes(printed: string): string {
    const lines = /^Resources:\n((?: {4}.*\n?)+)/m.exec(printed)?.[1]?.trim().split("\n") ?? [];
    return lines.map((line) => line.replace(/^[\s+\-~]*/, "")).join(", ");
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
