import * as pulumi from "@pulumi/pulumi";

import type { Check, Checks } from "../../internal/checks";
import { mebibytes, memorySize } from "../../internal/memory";
import { sparkVersion as knownVersion } from "../../internal/spark-versions";
import { structure } from "../../internal/structure";
import { existingObject, quoted, wholeNumber } from "../../internal/values";
import { clusterEndpoint } from "../../storage/connections";
import type { StandaloneConnection } from "../connections";
import type { StandaloneFacts } from "./client";

/** A driver with the cluster that is to run its executors. */
interface Wiring {
    sparkVersion: string;
    standalone: StandaloneFacts;
    executor: { cores: number; memory: string };
}

/** An executor that no worker has room for is never started, and nobody says so. */
const fitsWorkers: Check<Wiring> = ({ standalone: { largestExecutor }, executor: { cores, memory } }) =>
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

const wellFormed: Check<Wiring> = ({ standalone }) => connection(standalone);

/** Driver and executors speak a protocol that changes with every version. */
const sameVersion: Check<Wiring> = ({ sparkVersion, standalone }) =>
    standalone.sparkVersion === sparkVersion
        ? undefined
        : `sparkVersion ${standalone.sparkVersion} is not the driver's, which is ${sparkVersion}`;

/** The cluster that is to run a driver's executors, compared with the driver as soon as both are known; what comes back must be used. */
export function checkedCluster(
    checks: Checks,
    standalone: pulumi.Input<StandaloneConnection>,
    driver: { sparkVersion: pulumi.Input<string>; cores: pulumi.Input<number>; memory: pulumi.Input<string> },
): pulumi.Output<StandaloneFacts> {
    const { sparkVersion, cores, memory } = driver;
    const wiring = { sparkVersion, standalone: standalone as pulumi.Input<StandaloneFacts>, executor: { cores, memory } };
    const checked = checks.input("standalone", wiring, wellFormed, sameVersion, fitsWorkers);
    return pulumi.output(checked).apply((known) => known.standalone);
}

/** Fields of executors that mean something only where executors are pods. */
const ofPods = ["cpuRequest", "memoryOverhead", "localStorage", "localStorageClass", "pod"];
export const workersDecide = "has no effect: the workers of the Standalone cluster decide it";
/** Those fields by their paths, and what is wrong with giving them. */
export const refusedOnStandalone: Record<string, string> = Object.fromEntries(ofPods.map((field) => [`executor.${field}`, workersDecide]));

/** Refuses fields that are given and have no effect. */
export function refuseFields(checks: Checks, args: object, refused: Record<string, string>): void {
    for (const [field, problem] of Object.entries(refused)) {
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
