import { dirname } from "node:path/posix";

import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { fromSecret } from "../../internal/environment";
import { quantity } from "../../internal/memory";
import type { PlainContainer } from "../../internal/pod";
import { passwordKey, usernameKey, type DatabaseFacts } from "../../storage/database";
import { credentialsEnvironment } from "../../storage/s3a";
import { asksKubernetes, classicEnvironment, classicMounts, type ClassicFacts } from "../classic";
import { trackingEnvironment, type TrackingFacts } from "../endpoints";
import { authorityMounts, libpqEnvironment } from "../libpq";
import type { ResolvedAirflow, ResolvedProcess } from "./args";
import {
    commands,
    commonEnvironment,
    dagsDirectory,
    healthPort,
    homeDirectory,
    jobTypes,
    serverEnvironment,
    taskEnvironment,
    templateFile,
    webPort,
    workerContainer,
    type AirflowFacts,
} from "./conf";
import { exporterRole, keysSecretName, partName, serviceName } from "./identity";

type EnvVar = k8s.types.input.core.v1.EnvVar;
type Volume = k8s.types.input.core.v1.Volume;
type VolumeMount = k8s.types.input.core.v1.VolumeMount;

/** The parts that run all the time. */
export type Part = "api-server" | "scheduler" | "dag-processor" | "triggerer";

/** Everything about an Airflow whose values decide what containers look like. */
export interface Known extends AirflowFacts {
    database: DatabaseFacts;
    tracking?: TrackingFacts;
    classic?: ClassicFacts;
    dags: Record<string, string>;
    connections: Record<string, { secret: string; key: string }>;
}

export const fernetKey = "fernet-key";
export const jwtKey = "jwt-secret";
export const sessionKey = "api-secret-key";

const dagsVolume = "dags";
const templateVolume = "pod-template";

export const addressOf = (airflow: ResolvedAirflow): pulumi.Output<string> =>
    pulumi.interpolate`http://${serviceName(airflow)}.${airflow.namespace}.svc:${webPort}`;

export function knownOf(airflow: ResolvedAirflow): pulumi.Output<Known> {
    const { publicUrl, namespace, exampleDags, taskLogs, s3, connect, warehouse, worker, database, tracking, classic, dags, connections } =
        airflow;
    const exporter = airflow.monitoring && pulumi.interpolate`${partName(airflow, exporterRole)}.${namespace}.svc`;
    const place = { url: addressOf(airflow), publicUrl, namespace, exporter, logs: airflow.logs };
    const neighbours = { taskLogs, s3, connect, warehouse, database, tracking, classic };
    return pulumi.output({ ...place, ...neighbours, exampleDags, dags, connections, maximum: worker.maximum });
}

/** Connections that Airflow hands to tasks, each from a Secret of its own. */
const connectionsOf = ({ connections }: Known): EnvVar[] =>
    Object.entries(connections).map(([name, { secret, key }]) => fromSecret(`AIRFLOW_CONN_${name.toUpperCase()}`, secret, key));

const withCredentials = (known: Known, own: EnvVar[]): pulumi.Output<EnvVar[]> =>
    credentialsEnvironment(known.s3).apply((credentials) => pulumi.output([...own, ...credentials, ...connectionsOf(known)]));

/** What the processes know that keep Airflow going: the database and the keys that they share. */
function serverSide(airflow: ResolvedAirflow, known: Known): pulumi.Output<EnvVar[]> {
    const keys = keysSecretName(airflow);
    return withCredentials(known, [
        ...commonEnvironment(known),
        ...serverEnvironment(known),
        ...libpqEnvironment(known.database),
        fromSecret("AIRFLOW__CORE__FERNET_KEY", keys, fernetKey),
        fromSecret("AIRFLOW__API_AUTH__JWT_SECRET", keys, jwtKey),
        fromSecret("AIRFLOW__API__SECRET_KEY", keys, sessionKey),
    ]);
}

/** What a task knows: the store, Spark, the tracking server and its connections; of Airflow only the API server's address. */
const taskSide = (known: Known): pulumi.Output<EnvVar[]> =>
    pulumi
        .all([
            withCredentials(known, [...commonEnvironment(known), ...taskEnvironment(known), ...trackingEnvironment(known.tracking)]),
            classicEnvironment(known.classic),
        ])
        // The keys of a driver's store are mostly those of the tasks' own.
        .apply((parts) => pulumi.output([...new Map(parts.flat().map((variable) => [variable.name, variable])).values()]));

/** Single files, because a whole volume of a ConfigMap is full of links, in which Airflow loses its way. */
const dagMounts = ({ dags }: Known): VolumeMount[] =>
    Object.keys(dags).map((file) => ({ name: dagsVolume, mountPath: `${dagsDirectory}/${file}`, subPath: file, readOnly: true }));

export const dagsVolumeOf = (name: pulumi.Input<string>): Volume => ({ name: dagsVolume, configMap: { name } });
export const templateVolumeOf = (name: pulumi.Input<string>): Volume => ({ name: templateVolume, configMap: { name } });
const templateMount: VolumeMount = { name: templateVolume, mountPath: dirname(templateFile), readOnly: true };

export function sized({ memory, cpuRequest }: Pick<ResolvedProcess, "memory" | "cpuRequest">): PlainContainer["resources"] {
    const limit = pulumi.output(memory).apply(quantity);
    return { requests: { cpu: cpuRequest, memory: limit }, limits: { memory: limit } };
}

const ports: Partial<Record<Part, k8s.types.input.core.v1.ContainerPort[]>> = {
    "api-server": [{ name: "http", containerPort: webPort }],
    scheduler: [{ name: "health", containerPort: healthPort }],
};

/** A slow machine takes minutes to start Airflow, and a busy database must not get its pods killed. */
function probesOf(part: Part): Partial<PlainContainer> {
    if (part === "api-server" || part === "scheduler") {
        const httpGet = part === "api-server" ? { path: "/api/v2/version", port: "http" } : { path: "/health", port: "health" };
        const asked = { httpGet, timeoutSeconds: 10 };
        return {
            startupProbe: { ...asked, periodSeconds: 3, failureThreshold: 120 },
            readinessProbe: { ...asked, periodSeconds: 10 },
            livenessProbe: { ...asked, periodSeconds: 30, failureThreshold: 6 },
        };
    }
    const heard = { exec: { command: ["python3", "/opt/airflow-programs/alive.py", jobTypes[part]] }, timeoutSeconds: 20 };
    return {
        startupProbe: { ...heard, periodSeconds: 5, failureThreshold: 72 },
        livenessProbe: { ...heard, periodSeconds: 60, failureThreshold: 5 },
    };
}

/** Who reads DAG files: whoever runs code of them. */
export const readsDags = (part: Part): boolean => part === "dag-processor" || part === "triggerer";

export function partContainer(airflow: ResolvedAirflow, known: Known, part: Part, size: ResolvedProcess): PlainContainer {
    return {
        name: part,
        image: airflow.image,
        args: commands[part],
        env: serverSide(airflow, known),
        ports: ports[part],
        resources: sized(size),
        // Only the scheduler makes pods.
        apiToken: part === "scheduler",
        ...probesOf(part),
        volumeMounts: [
            ...authorityMounts(known.database),
            ...(readsDags(part) ? dagMounts(known) : []),
            ...(part === "scheduler" ? [templateMount] : []),
        ],
        writable: { "/tmp": "1Gi", [homeDirectory]: "1Gi" },
    };
}

export function migrationContainer(airflow: ResolvedAirflow, known: Known, admin: pulumi.Input<string>): PlainContainer {
    const administrator = [fromSecret("ADMIN_USERNAME", admin, usernameKey), fromSecret("ADMIN_PASSWORD", admin, passwordKey)];
    return {
        name: "migration",
        image: airflow.image,
        args: commands.migration,
        env: serverSide(airflow, known).apply((own) => pulumi.output([...own, ...administrator])),
        resources: sized({ memory: "1500m", cpuRequest: "100m" }),
        volumeMounts: authorityMounts(known.database),
        writable: { "/tmp": "256Mi", [homeDirectory]: "256Mi" },
    };
}

/** The executor adds the arguments, which name one task. */
export function taskContainer(airflow: ResolvedAirflow, known: Known): PlainContainer {
    return {
        name: workerContainer,
        image: airflow.image,
        env: taskSide(known),
        resources: sized(airflow.worker),
        apiToken: airflow.applications || asksKubernetes(known.classic),
        volumeMounts: [...dagMounts(known), ...classicMounts(known.classic)],
        writable: { "/tmp": pulumi.output(airflow.worker.localStorage).apply(quantity), [homeDirectory]: "1Gi" },
    };
}
