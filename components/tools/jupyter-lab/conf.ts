import { seconds } from "../../internal/values";
import { clientLabelsOfAll, toEndpoint, type EndpointFacts, type TrackingFacts } from "../endpoints";

export const webPort = 8888;
/** The user's home in the image; a volume lies there. */
export const homeDirectory = "/home/spark";
export const tokenDirectory = "/etc/jupyter-token";
export const tokenKey = "token";

/** Whom a notebook server talks to. */
export interface Neighbours {
    connect: EndpointFacts[];
    historyServer?: EndpointFacts;
    tracking?: TrackingFacts;
}

const all = ({ connect, historyServer, tracking }: Neighbours) =>
    [...connect, historyServer, tracking].filter((endpoint) => endpoint !== undefined);

export const labelsOfNeighbours = (neighbours: Neighbours) => clientLabelsOfAll(all(neighbours));
export const waysToNeighbours = (neighbours: Neighbours) => all(neighbours).map(toEndpoint);

/** What sessions read: `SparkSession.builder.getOrCreate()` needs no address in a notebook. */
export function addresses({ connect, historyServer }: Neighbours): { name: string; value: string }[] {
    const [first] = connect;
    return [
        ...(first ? [{ name: "SPARK_REMOTE", value: first.url }] : []),
        ...(historyServer ? [{ name: "SPARK_HISTORY_URL", value: historyServer.url }] : []),
    ];
}

/** What the container runs; the rest of the server's settings is in the image. */
export function startArguments(kernelIdleTimeout: string, monitoring?: object): string[] {
    return [
        "/opt/jupyter-lab/start.sh",
        `--MappingKernelManager.cull_idle_timeout=${seconds(kernelIdleTimeout)}`,
        // Numbers about the server may be read without the token, which would let Prometheus run code; the network policy says by whom.
        ...(monitoring ? ["--ServerApp.authenticate_prometheus=False"] : []),
    ];
}
