import type { Check, Checks } from "../../internal/checks";
import { mebibytes, memorySize } from "../../internal/memory";
import { sparkVersion as knownVersion } from "../../internal/spark-versions";
import { structure } from "../../internal/structure";
import { existingObject, oneOf, quoted, wholeNumber } from "../../internal/values";
import { clusterEndpoint } from "../../storage/connections";
import type { StandaloneFacts } from "../standalone/client";
import type { SparkConnectArgs } from "./args";
import { SparkConnectBackend } from "./backends";

/** What a backend must be given, what it makes no use of, and how many servers it runs. */
interface BackendRules {
    needs: Partial<Record<keyof SparkConnectArgs, string>>;
    refuses: Record<string, string>;
    most: number;
}

const workers = "has no effect: the workers of the Standalone cluster decide it";
const otherBackends = `is for the backend ${SparkConnectBackend.Standalone}`;
const sharedAccount = "is missing: executors would run as the server's account";
const account = "is missing: executors are pods, and somebody must be allowed to make them";

const rules: Record<string, BackendRules> = {
    [SparkConnectBackend.Kubernetes]: {
        needs: { serviceAccount: account, executorServiceAccount: sharedAccount },
        refuses: { standalone: otherBackends },
        most: 99,
    },
    [SparkConnectBackend.Standalone]: {
        needs: { standalone: "is missing: give the connection of the cluster that runs the executors" },
        refuses: {
            executorServiceAccount: workers,
            rapids: workers,
            "executor.cpuRequest": workers,
            "executor.memoryOverhead": workers,
            "executor.localStorage": workers,
            "executor.localStorageClass": workers,
            "executor.pod": workers,
        },
        most: 99,
    },
    [SparkConnectBackend.Operator]: {
        needs: { serviceAccount: account, executorServiceAccount: sharedAccount },
        refuses: {
            standalone: otherBackends,
            "pod.userIdFromNamespace": "has no effect: the operator starts the server without the image's own entry point",
        },
        most: 1,
    },
};

/** Checks all fields that mean something with some backends only. */
export function backendFields(checks: Checks, args: SparkConnectArgs & { backend: string; replicas: number }): void {
    checks.plain("backend", args.backend, oneOf(Object.keys(rules)));
    const { needs, refuses, most } = rules[args.backend] ?? { needs: {}, refuses: {}, most: 99 };
    checks.plain("replicas", args.replicas, wholeNumber({ from: 1, to: most }));
    checks.plain("iceberg", args, ({ backend, iceberg }) =>
        backend === SparkConnectBackend.Operator && Object.values(iceberg?.catalogs ?? {}).some(({ database }) => database !== undefined)
            ? "has a jdbc catalog, whose password cannot be handed over by the operator; use another kind"
            : undefined,
    );
    for (const [field, problem] of Object.entries(needs)) {
        checks.plain(field, args[field as keyof SparkConnectArgs], (value) => (value === undefined ? problem : undefined));
    }
    for (const [field, problem] of Object.entries(refuses)) {
        checks.plain(field, at(args, field), (value) => (isGiven(value) ? problem : undefined));
    }
}

/** A platform hands its registry's secrets to every pod, also to those that are not there. */
function isGiven(value: unknown): boolean {
    return typeof value === "object" && value !== null
        ? Object.entries(value).some(([key, inner]) => key !== "imagePullSecrets" && inner !== undefined)
        : value !== undefined;
}

const at = (args: object, path: string): unknown =>
    path.split(".").reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], args);

interface Wiring {
    sparkVersion: string;
    standalone: StandaloneFacts;
    executor: { cores: number; memory: string };
}

/** An executor that no worker has room for is never started, and nobody says so. */
export const fitsWorkers: Check<Wiring> = ({ standalone: { largestExecutor }, executor: { cores, memory } }) =>
    largestExecutor === undefined || (cores <= largestExecutor.cores && mebibytes(memory) <= mebibytes(largestExecutor.memory))
        ? undefined
        : `has no worker for an executor of ${cores} cores and ${memory}; at most ${largestExecutor.cores} cores and ${largestExecutor.memory} fit`;

const masterUrl: Check<string> = (value) =>
    /^spark:\/\/[A-Za-z0-9.-]+:[0-9]+(,[A-Za-z0-9.-]+:[0-9]+)*$/.test(value)
        ? undefined
        : `${quoted(value)} is not the address of masters; write it like "spark://host:7077"`;

const connection = structure<StandaloneFacts>(
    {
        masterUrl,
        sparkVersion: knownVersion,
        authenticationSecret: existingObject,
        masters: clusterEndpoint,
        workers: clusterEndpoint,
        largestExecutor: structure(
            { memory: memorySize({ from: "512m" }), cores: wholeNumber({ from: 1 }) },
            { needed: ["memory", "cores"] },
        ),
    },
    { needed: ["masterUrl", "sparkVersion", "masters", "workers"] },
);

export const standaloneConnection: Check<Wiring> = ({ standalone }) => connection(standalone);

/** Driver and executors speak a protocol that changes with every version. */
export const sameVersion: Check<Wiring> = ({ sparkVersion, standalone }) =>
    standalone.sparkVersion === sparkVersion
        ? undefined
        : `sparkVersion ${standalone.sparkVersion} is not the server's, which is ${sparkVersion}`;
