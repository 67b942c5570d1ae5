import { levelIn, pythonLevels, type LogLevelFacts } from "../../internal/logs";
import { defaultRegion, type S3Facts } from "../../storage/s3a";

export const webPort = 5000;
/** Where Prometheus reads. Not the web's: there one of MLflow's users is asked for, and people come in from outside. */
export const metricsPort = 5001;
/** Where the processes of a server keep what they count, for whoever shows it. */
export const metricsDirectory = "/run/metrics";

/** The user of the image. */
export const mlflowUser = 1000;

/** Everything about the database comes by libpq's own environment, so that no address holds a password. */
const databaseUrl = "postgresql+psycopg2://";

export interface ServerFacts {
    /** Name of the Service, and its namespace. */
    service: string;
    namespace: string;
    workers: number;
    hosts: string[];
    artifacts: string;
    /** Whether the processes count what they do. */
    counting: boolean;
}

/** What the container runs. */
export function serverArguments({ service, namespace, workers, hosts, artifacts, counting }: ServerFacts): string[] {
    return [
        ...["python3", "-m", "mlflow", "server", "--host", "0.0.0.0", "--port", String(webPort)],
        ...["--app-name", "basic-auth", "--workers", String(workers)],
        ...["--backend-store-uri", databaseUrl],
        ...["--serve-artifacts", "--artifacts-destination", artifacts.replace(/^s3a:/, "s3:")],
        ...["--allowed-hosts", allowedHosts(service, namespace, hosts).join(",")],
        ...(hosts.length === 0 ? [] : ["--cors-allowed-origins", hosts.map((host) => `https://${host}`).join(",")]),
        ...(counting ? ["--expose-prometheus", metricsDirectory] : []),
    ];
}

/** A page elsewhere that leads a name of its own to this server must not be answered. */
function allowedHosts(service: string, namespace: string, hosts: string[]): string[] {
    const inside = ["", `.${namespace}`, `.${namespace}.svc`, `.${namespace}.svc.cluster.local`].map((rest) => `${service}${rest}`);
    return [...["localhost", "127.0.0.1", ...inside].flatMap((host) => [host, `${host}:*`]), ...hosts];
}

/** Its own lines, and those of the web server that it starts. */
export function logEnvironment({ level }: LogLevelFacts = {}): { name: string; value: string }[] {
    const theirs = level === undefined ? undefined : levelIn(pythonLevels, level);
    return theirs === undefined
        ? []
        : [
              { name: "MLFLOW_LOGGING_LEVEL", value: theirs },
              { name: "MLFLOW_UVICORN_OPTS", value: `--log-level=${theirs.toLowerCase()}` },
          ];
}

/** How the server reaches the artifacts; keys come from a Secret, or from the pod's cloud identity. */
export function storeEnvironment(s3: S3Facts): { name: string; value: string }[] {
    return [
        { name: "AWS_DEFAULT_REGION", value: s3.region ?? defaultRegion },
        { name: "MLFLOW_BOTO_CLIENT_ADDRESSING_STYLE", value: s3.pathStyle ? "path" : "virtual" },
        ...(s3.endpoint === undefined
            ? []
            : [
                  { name: "MLFLOW_S3_ENDPOINT_URL", value: s3.endpoint },
                  // Other stores than AWS's do not all know the checksums that the SDK sends by default.
                  { name: "AWS_REQUEST_CHECKSUM_CALCULATION", value: "when_required" },
                  { name: "AWS_RESPONSE_CHECKSUM_VALIDATION", value: "when_required" },
              ]),
    ];
}
