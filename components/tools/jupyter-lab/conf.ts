import type { LogLevelFacts } from "../../internal/logs";
import { seconds } from "../../internal/values";
import { levelArguments, startProgram } from "../notebooks";

export const tokenDirectory = "/etc/jupyter-token";
export const tokenKey = "token";

/** What the container runs. */
export function startArguments(kernelIdleTimeout: string, { monitoring, logs }: { monitoring?: object; logs?: LogLevelFacts }): string[] {
    return [
        startProgram,
        `--MappingKernelManager.cull_idle_timeout=${seconds(kernelIdleTimeout)}`,
        ...levelArguments(logs),
        // Numbers about the server may be read without the token, which would let Prometheus run code; the network policy says by whom.
        ...(monitoring ? ["--ServerApp.authenticate_prometheus=False"] : []),
    ];
}
