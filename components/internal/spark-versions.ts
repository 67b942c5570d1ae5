import { distance } from "fastest-levenshtein";

import type { Check } from "./checks";

/** Everything that differs between the lines of Spark that the platform supports. No other file compares versions. */
export interface SparkLine {
    /** The version that the platform is tested with. */
    tested: string;
    scala: string;
    java: string;
    hadoop: string;
    /** Class that S3A asks for keys given by environment variables. */
    environmentCredentials: string;
    /** Class that S3A asks for keys in a file. */
    fileCredentials: string;
    /** Classes that S3A asks, in this order, for what the cloud says about the pod's identity. */
    cloudCredentials: string[];
    /** Setting that decides how long an executor may take to stop; a line without one leaves that to the pod template. */
    executorGraceKey?: string;
    /** Setting for the address that Connect listens on; a line without one listens on all. */
    connectAddressKey?: string;
    /** Variable that Connect takes the clients' token from; a line without one asks for none. */
    connectTokenVariable?: string;
    /** Packages of Java that Spark reaches into, in a line whose workers do not open them for drivers that were submitted to them. */
    openedForSubmittedDrivers?: string[];
    /** The versions that the accelerator for GPUs knows; it refuses all others when Spark starts. */
    rapids: { plugin: string; versions: string[] };
    /** Settings that exist in this line only. */
    ownConf: Record<string, string>;
}

const v1 = "com.amazonaws.auth";
const v2 = "software.amazon.awssdk.auth.credentials";

/** From oldest to newest. */
export const sparkLines: Record<string, SparkLine> = {
    "3.5": {
        tested: "3.5.7",
        scala: "2.12",
        java: "17",
        hadoop: "3.3.4",
        environmentCredentials: `${v1}.EnvironmentVariableCredentialsProvider`,
        fileCredentials: `${v1}.profile.ProfileCredentialsProvider`,
        // SDK 1.12.262 does not know EKS Pod Identity, so a role for a service account (IRSA) is what there is.
        cloudCredentials: [`${v1}.WebIdentityTokenCredentialsProvider`],
        // Those of Spark's own launcher (JavaModuleOptions), which everybody else starts by.
        openedForSubmittedDrivers: [
            ...["lang", "lang.invoke", "lang.reflect", "io", "net", "nio", "util", "util.concurrent", "util.concurrent.atomic"].map(
                (name) => `java.${name}`,
            ),
            ...["jdk.internal.ref", "sun.nio.ch", "sun.nio.cs", "sun.security.action", "sun.util.calendar"],
        ],
        rapids: { plugin: "26.06.0", versions: Array.from({ length: 9 }, (_, patch) => `3.5.${patch}`) },
        ownConf: {},
    },
    "4.1": {
        tested: "4.1.0",
        scala: "2.13",
        java: "17",
        hadoop: "3.4.2",
        environmentCredentials: `${v2}.EnvironmentVariableCredentialsProvider`,
        fileCredentials: `${v2}.ProfileCredentialsProvider`,
        executorGraceKey: "spark.kubernetes.executor.terminationGracePeriodSeconds",
        cloudCredentials: [`${v2}.WebIdentityTokenFileCredentialsProvider`, `${v2}.ContainerCredentialsProvider`],
        connectAddressKey: "spark.connect.grpc.binding.address",
        connectTokenVariable: "SPARK_CONNECT_AUTHENTICATE_TOKEN",
        rapids: { plugin: "26.06.0", versions: ["4.1.1"] },
        ownConf: {
            // MDC fields reach the JSON log layout only with this.
            "spark.log.structuredLogging.enabled": "true",
            // Shuffle files go when their query ends, not when the garbage collector gets to them.
            "spark.sql.connect.shuffleDependency.fileCleanup.enabled": "true",
        },
    },
};

export const testedVersions = Object.values(sparkLines).map(({ tested }) => tested);
/** What runs where nobody names a version. */
export const newestTested = testedVersions.at(-1) ?? "";

/** The line of a version that passed the check. */
export function sparkLine(version: string): SparkLine {
    const line = sparkLines[lineOf(version) ?? ""];
    if (line === undefined) {
        throw new Error(`Spark ${version} belongs to no line that the platform knows`);
    }
    return line;
}

/** A patch release of a supported line; any patch is allowed, the minor version decides. */
export const sparkVersion: Check<string> = (version) => {
    const line = lineOf(version);
    if (line !== undefined && line in sparkLines) {
        return undefined;
    }
    const lines = Object.keys(sparkLines).map((known) => `${known}.x`);
    return `"${version}" is not a Spark version of ${lines.join(" or ")}; did you mean "${nearest(version)}"?`;
};

/** Whether a History Server of one version understands the logs of another: of its own line and of older ones. */
export function readsLogsOf(reader: string, writer: string): boolean {
    const order = Object.values(sparkLines);
    return order.indexOf(sparkLine(reader)) >= order.indexOf(sparkLine(writer));
}

/** The line of a version, known or not. */
export function lineOf(version: string): string | undefined {
    return /^([0-9]+\.[0-9]+)\.[0-9]+$/.exec(version)?.[1];
}

function nearest(version: string): string {
    return testedVersions.reduce((best, next) => (distance(version, next) < distance(version, best) ? next : best));
}

/**
 * Metastores that Spark's own Hive client (2.3, in every line) can talk to. Hive 4.0.1 took away the calls that it makes, get_table first;
 * other jars do not help, since Iceberg brings the same client.
 */
export const metastoreVersion: Check<string> = (version) => {
    const [major = NaN, minor = NaN, patch = NaN] = /^[0-9]+\.[0-9]+\.[0-9]+$/.test(version) ? version.split(".").map(Number) : [];
    const order = (major * 100 + minor) * 100 + patch;
    if (order > 4_00_00) {
        return `"${version}" is a Hive that Spark cannot talk to: since 4.0.1 it lacks the call get_table; use 3.1.3`;
    }
    return order >= 2_03_00 ? undefined : `"${version}" is not a version of Hive from 2.3.0 to 4.0.0; write it like "3.1.3"`;
};
