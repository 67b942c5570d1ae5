import type { Check } from "../../internal/checks";
import { levelIn, postgresLevels, type LogLevelFacts } from "../../internal/logs";
import { mebibytes } from "../../internal/memory";

export const postgresPort = 5432;

/** The one that the exporter's makers have registered. */
export const exporterPort = 9187;
/** Who asks the server for what it counts: may read that, and no table (see setup.sh of the image). */
export const monitorUser = "platform_metrics";

/** Lower-case letters and digits: the name is also part of the names of roles and Secrets, and needs no quotes anywhere. */
export const databaseName: Check<string> = (value) => {
    if (["postgres", "template0", "template1"].includes(value)) {
        return `"${value}" is a database of the server's own`;
    }
    return /^[a-z][a-z0-9]{0,39}$/.test(value)
        ? undefined
        : `${JSON.stringify(value)} is not the name of a database; use up to 40 lower-case letters and digits, starting with a letter`;
};

/** Settings that an argument or the image decides: what to change instead. */
const owners: Record<string, string> = {
    max_connections: "maxConnections",
    shared_buffers: "memory",
    log_min_messages: "logs.level",
    listen_addresses: "the image",
    port: `the brick, always ${postgresPort}`,
    unix_socket_directories: "the image",
    data_directory: "the image",
    hba_file: "the image",
    ident_file: "the image",
    password_encryption: "the image",
    ssl: "the image",
    ssl_cert_file: "tlsSecret",
    ssl_key_file: "tlsSecret",
};

export const notOwnedParameters: Check<Record<string, string>> = (parameters) => {
    const problems = Object.keys(parameters).flatMap((key) => {
        if (!/^[a-z_]+(\.[a-z_]+)?$/.test(key)) {
            return [`"${key}" is not a setting of PostgreSQL; they look like "work_mem"`];
        }
        return key in owners ? [`"${key}" is decided by ${owners[key]}`] : [];
    });
    return problems.length === 0 ? undefined : problems.join("; ");
};

export interface ServerFacts {
    memory: string;
    maxConnections: number;
    parameters: Record<string, string>;
    logs?: LogLevelFacts;
}

/** What the server is told beside what its image decides; sorted, so that equal settings give equal pods. */
export function serverArguments({ memory, maxConnections, parameters, logs }: ServerFacts): string[] {
    const settings: Record<string, string> = {
        shared_buffers: `${Math.floor(mebibytes(memory) / 4)}MB`,
        max_connections: String(maxConnections),
        // Its compiler costs more than it saves on the short statements of a catalog.
        jit: "off",
        log_line_prefix: "%m [%p] %q%u@%d ",
        log_timezone: "UTC",
        ...(logs?.level !== undefined && { log_min_messages: levelIn(postgresLevels, logs.level) }),
        ...parameters,
    };
    return Object.entries(settings)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .flatMap(([key, value]) => ["-c", `${key}=${value}`]);
}
