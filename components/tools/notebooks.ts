import { jupyterLevels, levelIn, type LogLevelFacts } from "../internal/logs";
import { clientLabelsOfAll, toEndpoint, type EndpointFacts, type TrackingFacts } from "./endpoints";

/** What notebook servers have in common, whoever starts them. */

/** Where the image's server listens. */
export const notebookPort = 8888;
/** The user's home in the image; a volume lies there. */
export const homeDirectory = "/home/spark";
/** What the image starts; the rest of the server's settings is in the image. */
export const startProgram = "/opt/jupyter-lab/start.sh";

/** What a program of Jupyter's logs; each of them is an `Application`. */
export const levelArguments = ({ level }: LogLevelFacts = {}): string[] =>
    level === undefined ? [] : [`--Application.log_level=${levelIn(jupyterLevels, level)}`];

/** Whom notebooks talk to. */
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
