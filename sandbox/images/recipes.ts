import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";

import { cache, checkout } from "../support/paths";
import versions from "../versions.json";

/** Raised when this folder's code makes something else of the same inputs. */
const edition = 1;

/** A root file system of Debian that images stand on. */
export interface Base {
    name: string;
    /** What the Dockerfiles call it. */
    reference: string;
    /** Files that both ways of making it share, as paths under `images/`: the installation, its `packages.txt` and what else it needs. */
    files: string[];
}

/** The files of an image under `images/`, by their role. */
export interface Recipe {
    /** `spark:4.1.0`, `minio`: what people call it. */
    name: string;
    /** What pods call it; containerd finds it under this name and pulls nothing. */
    reference: string;
    /** Folder of the Dockerfile. */
    folder: string;
    /** Root file system that it stands on. Default: the platform's, with Java and Python. */
    base?: Base;
    /** Files that go into the context as they are: path under `images/`, name in the context. */
    files: Record<string, string>;
    /** Locked Python packages: those that the image below does not have. What they are locked from lies beside it, and ends in `.in`. */
    wheels?: string;
    /** Python packages of the image below that it has in a version of its own, in front of that one's. */
    replaces?: string[];
    /** Name of the image that it stands on. Default: the base. */
    on?: string;
    /** A line of Spark: its distribution and the jars it does not carry. */
    spark?: { version: string; distribution: string; pom: string; jars: string };
    /** A version of the Hive metastore: its archive and jars, all from Maven. */
    hive?: { version: string; pom: string; jars: string };
    /** Folder with the manifest and the lock of npm packages. */
    npm?: string;
    /** Named programs that are built elsewhere and copied in. */
    binaries: string[];
}

export const images = join(checkout, "images");

/** The same for every base; what differs stands in the files beside it. */
const installation = "debian/install.sh";

export const platformBase: Base = {
    name: "base",
    reference: "spark-platform.local/base:debian-12",
    files: [installation, "base/packages.txt", "base/prepare.sh", "base/truststore.py"],
};

/** Without Java and Python, which a database has no use for. */
const postgresBase: Base = {
    name: "postgres-base",
    reference: "spark-platform.local/postgres-base:debian-12",
    files: [installation, "postgres/packages.txt", "postgres/prepare.sh"],
};

/** Without Java; the programs of PostgreSQL that make and read dumps. */
const backupBase: Base = {
    name: "backup-base",
    reference: "spark-platform.local/backup-base:debian-12",
    files: [installation, "backup/packages.txt"],
};

/** Only what nginx needs. */
const tlsProxyBase: Base = {
    name: "tls-proxy-base",
    reference: "spark-platform.local/tls-proxy-base:debian-12",
    files: [installation, "tls-proxy/packages.txt"],
};

/** Programs that need nothing beside themselves. */
const exportersBase: Base = {
    name: "exporters-base",
    reference: "spark-platform.local/exporters-base:debian-12",
    files: [installation, "exporters/packages.txt"],
};

/** The Dockerfiles find them in one folder, whichever base it is. */
const inContext = ({ files }: Base) => Object.fromEntries(files.map((file) => [file, `base/${basename(file)}`]));

function spark(version: string): Recipe {
    return {
        name: `spark:${version}`,
        reference: `spark-platform.local/spark:${version}`,
        folder: "spark",
        files: {
            ...inContext(platformBase),
            "spark/entrypoint.sh": "entrypoint.sh",
            "spark/decom.sh": "decom.sh",
            "spark/log4j2.properties": "spark/log4j2.properties",
            "spark/log4j2-json-template.json": "spark/log4j2-json-template.json",
            "spark/event-log-uploader.py": "spark/event-log-uploader.py",
            "spark/api_server.py": "spark/api_server.py",
            "spark/check-stores.py": "spark/check-stores.py",
            "spark/remove-old-executors.py": "spark/remove-old-executors.py",
            "spark/submit.py": "spark/submit.py",
            "spark/leader-proxy.py": "spark/leader-proxy.py",
            "spark/leave-cluster.py": "spark/leave-cluster.py",
        },
        wheels: `spark/${version}/requirements.lock`,
        spark: {
            version,
            distribution: `spark/${version}/distribution.lock`,
            pom: `spark/${version}/pom.xml`,
            jars: `spark/${version}/jars.lock`,
        },
        binaries: [],
    };
}

/** Tasks are clients of Spark, so they run in what its executors run in. */
function airflow(version: string): Recipe {
    return {
        name: `airflow:${version}`,
        reference: `spark-platform.local/airflow:${versions.airflow}-spark-${version}`,
        folder: "airflow",
        files: Object.fromEntries(airflowFiles.map((file) => [`airflow/${file}`, file])),
        wheels: `airflow/${version}/requirements.lock`,
        replaces: airflowReplaces[version],
        on: `spark:${version}`,
        binaries: [],
    };
}

/** What PySpark 3.5 was released with is older than what Airflow asks for; PySpark's generated code works with either. */
const airflowReplaces: Record<string, string[]> = { "3.5.7": ["protobuf", "grpcio", "grpcio-status", "googleapis-common-protos"] };
const airflowFiles = ["prepare.py", "alive.py", "dags/spark_etl.py", "dags/mlflow_training.py"];
const jupyterLabFiles = ["start.sh", "jupyter_server_config.py", "examples/quick-start.ipynb"];

/** MinIO publishes no versions of its Go module; the day of the commit is what people can read. */
const minioTag = versions.minio.replace(/^.*-(\d{8})\d{6}-.*$/, "$1");

const minio: Recipe = {
    name: "minio",
    reference: `spark-platform.local/minio:${minioTag}`,
    folder: "minio",
    files: { ...inContext(platformBase), "minio/setup.py": "setup.py" },
    wheels: "minio/requirements.lock",
    binaries: ["minio"],
};

/** Its programs are as new as the servers that they dump. */
const backup: Recipe = {
    name: "backup:15",
    reference: "spark-platform.local/backup:15",
    folder: "backup",
    base: backupBase,
    files: { ...inContext(backupBase), "backup/backup.py": "backup.py" },
    wheels: "backup/requirements.lock",
    binaries: [],
};

/** The major version that Debian 12 has, as is everything else in the image. */
const postgres: Recipe = {
    name: "postgres:15",
    reference: "spark-platform.local/postgres:15",
    folder: "postgres",
    base: postgresBase,
    files: {
        ...inContext(postgresBase),
        "postgres/server.sh": "server.sh",
        "postgres/setup.sh": "setup.sh",
        "postgres/pg_hba.conf": "pg_hba.conf",
    },
    binaries: [],
};

const tlsProxy: Recipe = {
    name: "tls-proxy:1",
    reference: "spark-platform.local/tls-proxy:1",
    folder: "tls-proxy",
    base: tlsProxyBase,
    files: { ...inContext(tlsProxyBase), "tls-proxy/nginx.conf": "nginx.conf", "tls-proxy/start.sh": "start.sh" },
    binaries: [],
};

const exporters: Recipe = {
    name: "exporters:1",
    reference: "spark-platform.local/exporters:1",
    folder: "exporters",
    base: exportersBase,
    files: { ...inContext(exportersBase), "exporters/postgres.yml": "postgres.yml" },
    binaries: ["statsd-exporter", "postgres-exporter"],
};

function hive(version: string): Recipe {
    return {
        name: `hive:${version}`,
        reference: `spark-platform.local/hive:${version}`,
        folder: "hive",
        files: {
            ...inContext(platformBase),
            "spark/entrypoint.sh": "entrypoint.sh",
            "spark/log4j2-json-template.json": "log4j2-json-template.json",
            "hive/log4j2.properties": "log4j2.properties",
            "hive/metastore.py": "metastore.py",
        },
        hive: { version, pom: `hive/${version}/pom.xml`, jars: `hive/${version}/jars.lock` },
        binaries: [],
    };
}

/** Notebooks run in what executors run in: the same Python, the same packages, the same jars. */
function jupyterLab(version: string): Recipe {
    return {
        name: `jupyter-lab:${version}`,
        reference: `spark-platform.local/jupyter-lab:${version}`,
        folder: "jupyter-lab",
        files: Object.fromEntries(jupyterLabFiles.map((file) => [`jupyter-lab/${file}`, file])),
        wheels: `jupyter-lab/${version}/requirements.lock`,
        on: `spark:${version}`,
        binaries: [],
    };
}

const mlflow: Recipe = {
    name: "mlflow",
    reference: `spark-platform.local/mlflow:${versions.mlflow}`,
    folder: "mlflow",
    files: {
        ...inContext(platformBase),
        "mlflow/migrate.py": "migrate.py",
        "mlflow/metrics.py": "metrics.py",
        "mlflow/basic_auth.ini": "basic_auth.ini",
    },
    wheels: "mlflow/requirements.lock",
    binaries: [],
};

/** The proxy of the hub is a program for Node, which comes as a wheel too. */
const jupyterHub: Recipe = {
    name: "jupyter-hub",
    reference: `spark-platform.local/jupyter-hub:${versions.jupyterHub}`,
    folder: "jupyter-hub",
    files: { ...inContext(platformBase), "jupyter-hub/passwords.py": "passwords.py" },
    wheels: "jupyter-hub/requirements.lock",
    npm: "jupyter-hub",
    binaries: [],
};

const sparkVersions = [...versions.spark].reverse();

/** It only submits; the newest line's client does that for all. */
const sparkOperator: Recipe = {
    name: "spark-operator",
    reference: `spark-platform.local/spark-operator:${versions.sparkOperator}`,
    folder: "spark-operator",
    files: {},
    on: `spark:${sparkVersions[0] ?? ""}`,
    binaries: ["spark-operator"],
};

/** Every image of the platform, smallest first: what does not need Spark can start while Spark is still being made. An image comes after the one that it stands on. */
export const recipes: Recipe[] = [
    minio,
    postgres,
    backup,
    tlsProxy,
    exporters,
    ...versions.hive.map(hive),
    mlflow,
    jupyterHub,
    ...sparkVersions.map(spark),
    sparkOperator,
    ...sparkVersions.map(jupyterLab),
    ...sparkVersions.map(airflow),
];

/**
 * The recipes of these names, or all of them.
 *
 * @throws When a name is none of ours.
 */
export function recipesOf(names?: string[]): Recipe[] {
    const unknown = (names ?? []).filter((name) => !recipes.some((recipe) => recipe.name === name));
    if (unknown.length > 0) {
        throw new Error(`images: found ${unknown.join(", ")}, expected ${recipes.map((recipe) => recipe.name).join(", ")}`);
    }
    return recipes.filter((recipe) => !names || names.includes(recipe.name));
}

/** The image that one stands on, unless that is the base. */
export function belowOf({ on }: Recipe): Recipe | undefined {
    return on === undefined ? undefined : recipesOf([on])[0];
}

export function hashOf(parts: Iterable<string | Buffer>): string {
    const hash = createHash("sha256");
    for (const part of parts) {
        hash.update(createHash("sha256").update(part).digest());
    }
    return hash.digest("hex").slice(0, 16);
}

export const contentOf = (path: string) => readFileSync(join(images, path));

export function baseKey({ name, files } = platformBase): string {
    return hashOf([`${name} ${edition}`, process.arch, ...files.map(contentOf)]);
}

/** The jars of ours that Spark images contain, by the folder of their sources. */
export const extensions = ["connect-server", "standalone-recovery", "tracing"];

export const extensionFolder = (extension: string) => join(checkout, "extensions", extension);

/** What such a jar is made of, as paths under `images/`; its tests are not among it. */
export const extensionSources = (extension: string): string[] => {
    const sources = readdirSync(join(extensionFolder(extension), "src/main"), { recursive: true, encoding: "utf8" });
    return ["../pom.xml", "pom.xml", ...sources.map((path) => `src/main/${path}`)]
        .filter((path) => /\.(xml|java)$/.test(path))
        .sort()
        .map((path) => join("../extensions", extension, path));
};

/** What says which npm packages an image has. */
export const npmFiles = (folder: string) => [`${folder}/package.json`, `${folder}/package-lock.json`];

/** The same inputs give the same key, and the same key means the same image. */
export function keyOf(recipe: Recipe, binaries: Record<string, string> = {}): string {
    const below = belowOf(recipe);
    const inputs = [
        ...Object.keys(recipe.files).sort(),
        `${recipe.folder}/Dockerfile`,
        recipe.wheels ?? "",
        ...Object.values(recipe.spark ?? {}),
        ...Object.values(recipe.hive ?? {}),
        ...(recipe.npm === undefined ? [] : npmFiles(recipe.npm)),
        ...(recipe.spark ? extensions.flatMap(extensionSources) : []),
    ];
    return hashOf([
        `${recipe.name} ${edition}`,
        below ? keyOf(below, binaries) : baseKey(recipe.base),
        ...inputs.filter((input) => input.includes("/")).map(contentOf),
        ...recipe.binaries.map((name) => readFileSync(binaries[name] ?? missingBinary(recipe, name))),
    ]);
}

function missingBinary(recipe: Recipe, name: string): never {
    throw new Error(`image ${recipe.name}: needs the program "${name}", which the tool chain builds; pass its path in "binaries"`);
}

/** Where finished images lie, ready to be imported. */
export const archiveOf = (recipe: Recipe, key: string) => join(cache, "images", `${recipe.name.replace(":", "-")}-${key}.tar`);
/** The names of an image's files, whatever they were made of. */
export const archivesOf = (recipe: Recipe) => new RegExp(`^${recipe.name.replace(":", "-").replaceAll(".", "\\.")}-[0-9a-f]{16}\\.tar$`);
export const baseArchive = (base: Base) => join(cache, "images", `${base.name}-${baseKey(base)}.tar`);
