import { homedir } from "node:os";
import { join, resolve } from "node:path";

/** The checkout this file belongs to. */
export const checkout = resolve(__dirname, "../..");

/** What belongs to this checkout alone and can be deleted at any time: environment file, copies of stack files, logs. */
export const scratch = join(checkout, ".sandbox");

/** Downloads and builds, keyed by their inputs, shared by every checkout of this user. */
export const cache = process.env.SPARK_PLATFORM_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "spark-platform");

/** Pulumi state and its passphrase for people without a Pulumi backend of their own. */
export const state =
    process.env.SPARK_PLATFORM_STATE ?? join(process.env.XDG_STATE_HOME ?? join(homedir(), ".local/state"), "spark-platform");

/**
 * The cluster of this machine: there is one, whoever started it. Data survives `cluster-down`; sockets and process
 * files live under `/run`, which a reboot empties.
 */
export const cluster = {
    data: "/var/lib/spark-platform",
    run: "/run/spark-platform",
    kubeconfig: "/var/lib/spark-platform/admin.kubeconfig",
};
