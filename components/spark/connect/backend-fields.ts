import type { Checks } from "../../internal/checks";
import { oneOf, wholeNumber } from "../../internal/values";
import { refusedOnStandalone, refuseFields, workersDecide } from "../standalone/connection-checks";
import type { SparkConnectArgs } from "./args";
import { SparkConnectBackend } from "./backends";

/** What a backend must be given, what it makes no use of, and how many servers it runs. */
interface BackendRules {
    needs: Partial<Record<keyof SparkConnectArgs, string>>;
    refuses: Record<string, string>;
    most: number;
}

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
            executorServiceAccount: workersDecide,
            rapids: workersDecide,
            hdfs: "is for executors that are pods: a Standalone cluster hands out no tokens",
            ...refusedOnStandalone,
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
    refuseFields(checks, args, refuses);
}
