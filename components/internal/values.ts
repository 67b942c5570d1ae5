import type { Check } from "./checks";

/** What single values may look like: one function a kind of value, each saying what was found and what was expected. */

export const quoted = (value: unknown): string => JSON.stringify(value);

export const present: Check<unknown> = (value) => (value === undefined || value === null || value === "" ? "is missing" : undefined);

export const oneOf =
    (values: string[]): Check<string> =>
    (value) =>
        values.includes(value) ? undefined : `${quoted(value)} is none of ${values.join(", ")}`;

export const wholeNumber =
    ({ from, to = Number.MAX_SAFE_INTEGER }: { from: number; to?: number }): Check<number> =>
    (value) =>
        Number.isInteger(value) && value >= from && value <= to
            ? undefined
            : `${value} is not a whole number ${to === Number.MAX_SAFE_INTEGER ? `from ${from}` : `between ${from} and ${to}`}`;

/** A name that Kubernetes accepts for Services, namespaces and in labels, and that a shell needs no quotes for. */
export const dnsLabel: Check<string> = (value) => {
    if (!/^[a-z]([-a-z0-9]*[a-z0-9])?$/.test(value)) {
        return `${quoted(value)} is not a DNS label; use lower-case letters, digits and "-", starting with a letter`;
    }
    return value.length > 63 ? `"${value}" has ${value.length} characters; at most 63 are allowed` : undefined;
};

/** A name that the Domain Name System resolves. */
export const hostName: Check<string> = (value) =>
    /^([a-z0-9]([-a-z0-9]*[a-z0-9])?\.)+[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(value) && value.length <= 253
        ? undefined
        : `${quoted(value)} is not a host name; write it like "spark.example.org"`;

/** A CPU quantity as Kubernetes writes it. */
export const cpuQuantity: Check<string> = (value) =>
    /^([1-9][0-9]*m|[0-9]+(\.[0-9]{1,3})?)$/.test(value) && Number.parseFloat(value) > 0
        ? undefined
        : `${quoted(value)} is not a CPU quantity; write it like "500m" or "2"`;

const unitSeconds = { s: 1, m: 60, h: 3600 } as const;

/** Seconds in a duration as Spark writes it, for example `90s` or `30m`; NaN when it is none. */
export function seconds(duration: string): number {
    const [, number, unit] = /^([1-9][0-9]*)(s|m|min|h)$/.exec(duration) ?? [];
    return unit === undefined ? NaN : Number(number) * unitSeconds[unit.slice(0, 1) as keyof typeof unitSeconds];
}

export const duration: Check<string> = (value) =>
    seconds(value) > 0 ? undefined : `${quoted(value)} is not a duration; write it like "60s", "30m" or "2h"`;

/** A name that every S3 store accepts; with a shorter one S3A answers a bare "400 Bad Request". */
export const bucketName: Check<string> = (value) => {
    if (value.length < 3 || value.length > 63) {
        return `"${value}" has ${value.length} characters; a bucket name has 3 to 63`;
    }
    return /^[a-z0-9][-a-z0-9]*[a-z0-9]$/.test(value)
        ? undefined
        : `"${value}" is not a bucket name; use lower-case letters, digits and "-", with a letter or digit at both ends`;
};

/** A path inside a bucket, without slashes at its ends. */
export const objectPrefix: Check<string> = (value) =>
    /^[A-Za-z0-9._=-]+(\/[A-Za-z0-9._=-]+)*$/.test(value)
        ? undefined
        : `${quoted(value)} is not a path in a bucket; use letters, digits, "." "_" "=" "-" and single "/", for example "logs/events"`;

/** A directory in a bucket, as S3A writes it. */
export const s3aDirectory: Check<string> = (value) => {
    const [, bucket, path] = /^s3a:\/\/([^/]+)\/(.+?)\/?$/.exec(value) ?? [];
    if (bucket === undefined || path === undefined) {
        return `${quoted(value)} is not a directory in a bucket; write it like "s3a://bucket/directory"`;
    }
    return bucketName(bucket) ?? objectPrefix(path);
};

export const httpUrl: Check<string> = (value) =>
    /^https?:\/\/[A-Za-z0-9.-]+(:[0-9]{1,5})?\/?$/.test(value)
        ? undefined
        : `${quoted(value)} is not the URL of a server; write it like "https://s3.example.org" or "http://store:9000"`;

export const cidr: Check<string> = (value) =>
    /^[0-9a-fA-F.:]+\/[0-9]{1,3}$/.test(value) ? undefined : `${quoted(value)} is not a CIDR; write it like "10.0.0.1/32"`;

/** A CIDR, and the port where one is said: `10.0.0.1/32:16443`. */
export function parseApiServerAddress(value: string): { cidr: string; port?: number } {
    const [, network, port] = /^(.*\/[0-9]+):([0-9]+)$/.exec(value) ?? [];
    return network === undefined ? { cidr: value } : { cidr: network, port: Number(port) };
}

export const apiServerAddress: Check<string> = (value) => {
    const { cidr: network, port = 1 } = parseApiServerAddress(value);
    return cidr(network) === undefined && port >= 1 && port <= 65535
        ? undefined
        : `${quoted(value)} is not a CIDR; write it like "10.0.0.1/32", or "10.0.0.1/32:16443" for a port that is neither 443 nor 6443`;
};

/** The same check for every element of a list. */
export const each =
    <T>(check: Check<T>): Check<T[]> =>
    (values) => {
        const problems = values.map(check).filter((problem) => problem !== undefined);
        return problems.length === 0 ? undefined : problems.join("; ");
    };

export const notEmpty: Check<unknown[]> = (values) => (values.length === 0 ? "is empty; give at least one" : undefined);

/** A name that PostgreSQL needs no quotes for. */
export const databaseName: Check<string> = (value) =>
    /^[a-z_][a-z0-9_]{0,62}$/.test(value)
        ? undefined
        : `${quoted(value)} is not the name of a database or user; use at most 63 lower-case letters, digits and "_", starting with a letter`;

/** A path in a container. */
export const absolutePath: Check<string> = (path) =>
    /^(\/[A-Za-z0-9._-]+)+$/.test(path) ? undefined : `${quoted(path)} is not an absolute path; write it like "/etc/team/files"`;

/** The name of an object that is in the cluster already: a Secret, an account, a class. */
export const existingObject: Check<string> = (value) =>
    present(value) ??
    (/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(value) && value.length <= 253
        ? undefined
        : `${quoted(value)} is not the name of an object; use lower-case letters, digits, "-" and ".", with a letter or digit at both ends`);

/** Where a registry has an image. */
export const imageReference: Check<string> = (value) =>
    present(value) ??
    (/^[a-z0-9][a-z0-9.-]*(:[0-9]+)?(\/[a-z0-9][a-z0-9._-]*)*(:\w[\w.-]{0,127})?(@sha256:[0-9a-f]{64})?$/i.test(value)
        ? undefined
        : `${quoted(value)} is not an image; write it like "registry.example.org/team/image:1.0"`);

/** A registry, with a path if there is one. */
export const imageRegistry: Check<string> = (value) =>
    present(value) ??
    (/^[a-z0-9][-.a-z0-9]*(:[0-9]+)?(\/[a-z0-9][-._a-z0-9]*)*$/.test(value)
        ? undefined
        : `${quoted(value)} is not a registry; write it like "registry.example.org/data", without https:// and without a tag`);

/** The name of one value in a Secret. */
export const keyOfSecret: Check<string> = (value) =>
    present(value) ??
    (/^[-._a-zA-Z0-9]{1,253}$/.test(value)
        ? undefined
        : `${quoted(value)} is not a key of a Secret; use letters, digits, "-", "_" and "."`);

export const portNumber: Check<number> = (value) =>
    Number.isInteger(value) && value > 0 && value < 65536 ? undefined : `${value} is not a port`;

/** The same check for a value that need not be given. */
export const optional =
    <T>(check: Check<T>): Check<T | undefined> =>
    (value) =>
        value === undefined ? undefined : check(value);
