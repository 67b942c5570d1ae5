import { readFileSync } from "node:fs";
import { join } from "node:path";

import { distance } from "fastest-levenshtein";

import type { Check } from "./checks";
import { lineOf, sparkLines } from "./spark-versions";

/** The settings that one line of Spark, and its S3A, really have; written by `npm run spark-keys`. */
interface KeyTable {
    version: string;
    keys: string[];
    s3a: string[];
}

/** Settings whose names end in what somebody chooses, or that other software reads. */
const families = [
    "spark.hadoop.",
    "spark.hive.",
    "spark.executorEnv.",
    "spark.sql.catalog.",
    "spark.metrics.conf.",
    "spark.ssl.",
    "spark.network.crypto.config.",
    "spark.io.encryption.commons.config.",
    // Of extensions/standalone-recovery.
    "spark.platform.recovery.",
    // Of extensions/tracing.
    "spark.platform.tracing.",
    "spark.plugins.internal.conf.",
    "spark.scheduler.listenerbus.eventqueue.",
    "spark.rapids.",
    "spark.kubernetes.node.selector.",
    "spark.kubernetes.driverEnv.",
    "spark.kubernetes.driver.service.annotation.",
    "spark.kubernetes.driver.service.label.",
    ...["driver", "executor"].flatMap((role) =>
        ["annotation", "label", "node.selector", "secretKeyRef", "secrets", "volumes"].map((kind) => `spark.kubernetes.${role}.${kind}.`),
    ),
    ...["driver", "executor", "task", "worker"].map((role) => `spark.${role}.resource.`),
    // Of the network layer, by the module that uses it.
    ...["shuffle", "rpc", "files", "authenticate"].map((module) => `spark.${module}.io.`),
];

const s3aPrefix = "spark.hadoop.fs.s3a.";
/** Settings of one bucket repeat those of all. */
const oneBucket = "spark.hadoop.fs.s3a.bucket.";

const tables = new Map<string, Set<string>>();

/** Every key of a line. Read when first asked for: most programs give no settings of their own. */
function keysOf(line: string): Set<string> {
    const known = tables.get(line);
    if (known) {
        return known;
    }
    const { keys, s3a } = readKeyTable(line);
    const read = new Set([...keys, ...s3a.map((key) => `spark.hadoop.${key}`)]);
    tables.set(line, read);
    return read;
}

export function readKeyTable(line: string): KeyTable {
    return JSON.parse(readFileSync(join(__dirname, "spark-keys", `${line}.json`), "utf8")) as KeyTable;
}

/** Whether a line of Spark reads the key, as far as names can tell. */
export function isRealKey(line: string, key: string): boolean {
    return keysOf(line).has(key) || isOpen(key);
}

function isOpen(key: string): boolean {
    return families.some((prefix) => key.startsWith(prefix)) && (!key.startsWith(s3aPrefix) || key.startsWith(oneBucket));
}

/**
 * Settings that Spark of this version would silently ignore: misspelt ones, and those of another line. Anything else that is unknown
 * may be a plugin's, and passes.
 */
export const realKeys =
    (version: string): Check<Record<string, string>> =>
    (conf) => {
        const line = lineOf(version) ?? "";
        const problems = line in sparkLines ? Object.keys(conf).flatMap((key) => problemOf(line, key) ?? []) : [];
        return problems.length === 0 ? undefined : problems.join("; ");
    };

function problemOf(line: string, key: string): string | undefined {
    if (isRealKey(line, key)) {
        return undefined;
    }
    const other = Object.keys(sparkLines).find((each) => each !== line && keysOf(each).has(key));
    if (other !== undefined) {
        return `"${key}" is a setting of Spark ${other}, not of ${line}`;
    }
    const near = nearest(keysOf(line), key);
    return near && `"${key}" is not a setting of Spark ${line}; did you mean "${near}"?`;
}

/** The known key that differs by a slip of the finger: two letters, or capitals. */
function nearest(known: Set<string>, key: string): string | undefined {
    const wanted = key.toLowerCase();
    const judged = [...known]
        .filter((each) => Math.abs(each.length - key.length) <= 2)
        .map((each) => ({ each, letters: distance(each.toLowerCase(), wanted) }))
        .filter(({ letters }) => letters <= 2);
    return judged.sort((a, b) => a.letters - b.letters)[0]?.each;
}
