import { readFileSync } from "node:fs";
import { join } from "node:path";

import {
    Airflow,
    JupyterLab,
    MLflow,
    Postgres,
    SparkApplication,
    SparkClassic,
    SparkConnect,
    SparkStandalone,
    type ClassicConnection,
    type ServiceEndpoint,
} from "../../../../components";
import { airflowImage, jupyterLabImage, mlflowImage, postgresImage } from "../../../../components/internal/images";
import type * as pulumi from "@pulumi/pulumi";
import { checkout } from "../../../../sandbox/support/paths";
import { operatorOf, registry, runtimeOf, smallConnect, team } from "../team";

/** A team with one client and one backend of those that the test names, and experiments in MLflow. */
const {
    NAMESPACE: given = "",
    SPARK_VERSION: sparkVersion = "",
    CLIENT: client = "",
    BACKEND: backend = "",
    CHART: chart = "",
} = process.env;
const small = { cpuRequest: "50m" };

const own = team(given, { buckets: ["warehouse", "airflow", "mlflow"], ...small });
const { namespace, store } = own;
/** Of the clients that MLflow tracks. */
function databases() {
    const servers = { namespace, image: postgresImage(registry), databases: { airflow: {}, mlflow: {} }, storage: "1g", memory: "384m" };
    const postgres = new Postgres("team", { ...servers, ...small });
    const databaseOf = (name: string) => postgres.connections.apply((known) => known[name]!);
    const mlflow = new MLflow("team", {
        namespace,
        image: mlflowImage(registry),
        database: databaseOf("mlflow"),
        s3: store.connection,
        artifacts: "s3a://mlflow/artifacts",
        workers: 1,
        memory: "1g",
        ...small,
    });
    return { databaseOf, tracking: mlflow.connection };
}

/** How clients get to a backend. */
interface Way {
    connect?: ServiceEndpoint[];
    classic?: pulumi.Input<ClassicConnection>;
    applications?: boolean;
}

const runtime = runtimeOf(own, sparkVersion);
const executor = { memory: "512m", maximum: 1 };
const executorPod = { cpuRequest: "100m", localStorage: "1g" };
const standalone = () => {
    const { image, s3 } = runtime;
    const worker = { replicas: 1, cpuRequest: "100m", memory: "512m", memoryOverhead: "256m", daemonMemory: "128m", localStorage: "1g" };
    const cluster = { namespace, sparkVersion, image, s3, cpuRequest: "100m", recovery: { mode: "none" }, memory: "256m", worker };
    return new SparkStandalone("main", cluster).connection;
};
const connected = ({ url, clientLabels }: SparkConnect): Way => ({ connect: [{ url, clientLabels }] });

const backends: Record<string, () => Way> = {
    connect: () => connected(new SparkConnect("main", { ...smallConnect(own, sparkVersion), ...small })),
    "connect-standalone": () => {
        const { executor: _, serviceAccount: __, executorServiceAccount: ___, ...server } = smallConnect(own, sparkVersion);
        return connected(new SparkConnect("main", { ...server, ...small, backend: "standalone", standalone: standalone(), executor }));
    },
    "connect-operator": () => {
        const operator = operatorOf(own, given, chart);
        return connected(new SparkConnect("main", { ...smallConnect(own, sparkVersion), backend: "operator" }, { dependsOn: [operator] }));
    },
    standalone: () => ({
        classic: new SparkClassic("main", { runtime, standalone: standalone(), executor, driverMemory: "512m" }).connection,
    }),
    kubernetes: () => ({
        classic: new SparkClassic("main", { runtime, executor: { ...executor, ...executorPod }, driverMemory: "512m" }).connection,
    }),
    operator: () => {
        const operator = operatorOf(own, given, chart);
        const pi = { main: { file: "local:///opt/spark/examples/src/main/python/pi.py" }, arguments: ["2"] };
        const sizes = { driver: { memory: "512m", cpuRequest: "50m" }, executor: { memory: "512m", ...executorPod } };
        new SparkApplication("pattern", { runtime, ...pi, ...sizes }, { dependsOn: [operator] });
        return { applications: true };
    },
};
const way = backends[backend]?.() ?? {};

const clients: Record<string, () => Record<string, pulumi.Input<string>>> = {
    notebook: () => {
        const image = jupyterLabImage(registry, sparkVersion);
        const { applications: _, ...sessions } = way;
        const { tracking } = databases();
        const lab = new JupyterLab("team", {
            ...{ namespace, image, tracking, storage: "1g", memory: "1800m", ...sessions, ...small },
        });
        return { url: lab.url, secret: lab.tokenSecret };
    },
    airflow: () => {
        const { databaseOf, tracking } = databases();
        const file = (path: string) => readFileSync(path, "utf8");
        const airflow = new Airflow("team", {
            namespace,
            image: airflowImage(registry, sparkVersion),
            database: databaseOf("airflow"),
            s3: store.connection,
            taskLogs: "s3a://airflow/logs",
            warehouse: "s3a://warehouse/clients",
            tracking,
            dags: {
                "clients.py": file(join(__dirname, "dags/clients.py")),
                "job.py": file(join(checkout, "tests/e2e/clients/job.py")),
            },
            ...way,
            apiServer: { memory: "1500m", ...small },
            scheduler: { memory: "1g", ...small },
            dagProcessor: { memory: "768m", ...small },
            triggerer: { memory: "768m", ...small },
            worker: { memory: "1800m", maximum: 2, ...small },
        });
        return { url: airflow.url, secret: airflow.adminSecret };
    },
};
const made = clients[client]?.() ?? {};

export const url = made.url;
export const secret = made.secret;
export const connect = way.connect;
export const classic = way.classic;
