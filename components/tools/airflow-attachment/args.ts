import * as pulumi from "@pulumi/pulumi";

import { Checks } from "../../internal/checks";
import { withDefaults } from "../../internal/defaults";
import { noSecretNames, variableNames } from "../../internal/pod-additions";
import { apiServerAddress, dnsLabel, each, httpUrl, imageReference, notEmpty, present, s3aDirectory } from "../../internal/values";
import type { S3Connection } from "../../storage/connections";
import { s3Connection } from "../../storage/s3a";
import { resolveWorker, type AirflowWorker, type ResolvedAirflow } from "../airflow/args";
import type { ServiceEndpoint, TrackingConnection } from "../connections";
import { connectEndpoint, trackingConnection, type EndpointFacts } from "../endpoints";

/** Arguments of `AirflowAttachment`. */
export interface AirflowAttachmentArgs {
    /** Namespace of the Airflow that exists; tasks run there. */
    namespace: pulumi.Input<string>;
    /** Image of the tasks: the Airflow that exists, with the client of the line of Spark that the backends run (see images/airflow). */
    image: pulumi.Input<string>;
    /** URL of Airflow's API server, which tasks report to, for example http://airflow-api-server.airflow.svc:8080. */
    apiServerUrl: pulumi.Input<string>;
    /** Connect servers that tasks may use. Sessions go to the first unless a task names another. Default: none. */
    connect?: pulumi.Input<pulumi.Input<ServiceEndpoint>[]>;
    /** Tracking server that MLflow's client in tasks logs to. Default: none. */
    tracking?: pulumi.Input<TrackingConnection>;
    /** Store of the platform, whose keys the tasks get. Plain as to whether it is given. Default: none. */
    s3?: pulumi.Input<S3Connection>;
    /** Directory of the tasks' logs in that store, for example s3a://airflow-logs/tasks. Default: logs stay where Airflow has them. */
    taskLogs?: pulumi.Input<string>;
    /** Directory of tables, in the environment of tasks as WAREHOUSE. Default: none. */
    warehouse?: pulumi.Input<string>;
    /** Further environment of the tasks, such as where the DAGs are. No secrets. Default: none. */
    environment?: pulumi.Input<Record<string, pulumi.Input<string>>>;
    /** Whether tasks may make SparkApplications in the namespace, and watch and delete them. Plain: it decides which objects exist. Default: false. */
    applications?: boolean;
    /** Addresses of the Kubernetes API server as CIDRs, with a port if it is not 443 or 6443, for tasks that make applications. Default: 0.0.0.0/0, ports 443 and 6443 only. */
    kubernetesApi?: pulumi.Input<pulumi.Input<string>[]>;
    /** The pods that run tasks. */
    worker?: AirflowWorker;
}

/** The arguments with every default filled in. */
export interface ResolvedAttachment extends AirflowAttachmentArgs {
    name: string;
    connect: pulumi.Input<EndpointFacts[]>;
    environment: pulumi.Input<Record<string, string>>;
    applications: boolean;
    kubernetesApi: pulumi.Input<string[]>;
    worker: ResolvedAirflow["worker"];
}

const defaults = { connect: [], environment: {}, applications: false, kubernetesApi: ["0.0.0.0/0"], worker: {} };

/** @throws pulumi.InputPropertiesError naming every wrong field. */
export function resolveAttachment(name: string, given: AirflowAttachmentArgs): ResolvedAttachment {
    const args = withDefaults(given, defaults);
    const checks = new Checks(`AirflowAttachment "${name}"`);
    checks.plain("name", name, dnsLabel);
    const resolved: ResolvedAttachment = {
        ...args,
        name,
        namespace: checks.input("namespace", args.namespace, present, dnsLabel),
        image: checks.input("image", args.image, imageReference),
        apiServerUrl: checks.input("apiServerUrl", args.apiServerUrl, present, httpUrl),
        connect: checks.input("connect", args.connect, each(connectEndpoint)),
        tracking: checks.optional("tracking", args.tracking, trackingConnection),
        s3: checks.optional("s3", args.s3, s3Connection),
        taskLogs: checks.optional("taskLogs", args.taskLogs, s3aDirectory),
        warehouse: checks.optional("warehouse", args.warehouse, s3aDirectory),
        environment: checks.input("environment", args.environment, variableNames, noSecretNames),
        kubernetesApi: checks.input("kubernetesApi", args.kubernetesApi, notEmpty, each(apiServerAddress)),
        worker: resolveWorker(checks, args.worker),
    };
    checks.plain("taskLogs", args, ({ taskLogs, s3 }) =>
        taskLogs !== undefined && s3 === undefined ? "has no store to be in; give s3 too" : undefined,
    );
    checks.throwIfAny();
    return resolved;
}
