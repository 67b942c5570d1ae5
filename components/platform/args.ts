import type * as pulumi from "@pulumi/pulumi";

import type { LogSettings } from "../internal/logs";
import type { Monitoring } from "../internal/monitoring";
import type { ObservabilitySettings } from "../observability/args";
import type { TracingConnection } from "../spark/connections";
import type { SparkConnectSettings } from "../spark/connect/args";
import type { SparkStandaloneSettings } from "../spark/standalone/args";
import type { SparkHistoryServerSettings } from "../spark/history-server/args";
import type { HiveMetastoreSettings } from "../spark/hive-metastore/args";
import type { DatabaseConnection, S3Connection } from "../storage/connections";
import type { AwsPostgresSettings } from "../storage/aws-postgres/args";
import type { ObjectStoreSettings } from "../storage/object-store/args";
import type { PostgresSettings } from "../storage/postgres/args";
import type { AirflowSettings } from "../tools/airflow/args";
import type { MLflowSettings } from "../tools/mlflow/args";
import type { JupyterHubSettings } from "../tools/jupyter-hub/args";
import type { JupyterLabSettings } from "../tools/jupyter-lab/args";
import type { SparkWorkspaceSettings } from "../workspace/args";
import type {
    SparkPlatformApplication,
    SparkPlatformAws,
    SparkPlatformBackup,
    SparkPlatformClassic,
    SparkPlatformHistoryPortal,
    SparkPlatformIngress,
    SparkPlatformSchedule,
    SparkPlatformSecrets,
    SparkPlatformSubmit,
} from "./surroundings";

/** Where the platform's images come from. */
export interface SparkPlatformImages {
    /** Registry, with a path if there is one: Spark is <registry>/spark:<version>, MinIO <registry>/minio:<version>. */
    registry: pulumi.Input<string>;
    /** Secrets with the registry's credentials, used by every pod. Default: none. */
    pullSecrets?: pulumi.Input<pulumi.Input<string>[]>;
}

/** The object store of the platform. */
export interface SparkPlatformObjectStore extends ObjectStoreSettings {
    /** Image of the store. Default: the registry's minio, of the version that the platform is tested with. */
    image?: pulumi.Input<string>;
}

/** An S3 store that exists already. */
export interface SparkPlatformStorage {
    /** How to reach it. */
    s3: pulumi.Input<S3Connection>;
    /** Whether its keys come from `secrets`: access-key and secret-key of the secret s3. Plain: decides whether it is fetched. Default: false. */
    credentialsFromSecrets?: boolean;
    /** Directory for event logs, for example s3a://spark-logs/events; it must exist. Default: no event logs. */
    eventLogDirectory?: pulumi.Input<string>;
    /** Directory for tables, for example s3a://warehouse/tables. Default: none; Connect servers may name one of their own. */
    warehouse?: pulumi.Input<string>;
}

/** The History Server of the platform. */
export interface SparkPlatformHistoryServer extends SparkHistoryServerSettings {
    /** Spark version of the server; it reads logs of its own line and of older ones. Plain: it is compared with the servers'. Default: the platform's. */
    sparkVersion?: string;
    /** Image of the server. Default: the registry's spark of that version. */
    image?: pulumi.Input<string>;
}

/** One Connect server of the platform. */
export interface SparkPlatformConnect extends SparkConnectSettings {
    /** Spark version of the server. Plain: it is compared with the History Server's. Default: the platform's. */
    sparkVersion?: string;
    /** Image of the server and its executors. Default: the registry's spark of that version. */
    image?: pulumi.Input<string>;
    /** Name of the platform's Standalone cluster that runs the executors; the backend is standalone then. Plain: it is looked up. Default: none. */
    standalone?: string;
}

/** One Standalone cluster of the platform. */
export interface SparkPlatformStandalone extends SparkStandaloneSettings {
    /** Spark version of the cluster. Plain: it is compared with those of its Connect servers. Default: the platform's. */
    sparkVersion?: string;
    /** Image of masters and workers. Default: the registry's spark of that version. */
    image?: pulumi.Input<string>;
}

/** The Hive Metastore of the platform, which servers of every line use. */
export interface SparkPlatformHiveMetastore extends HiveMetastoreSettings {
    /** Image of the metastore. Default: the registry's hive, of the version that the platform is tested with. */
    image?: pulumi.Input<string>;
    /** A database that exists already. Plain as to whether it is given. Default: one on a PostgreSQL server of its own. */
    database?: pulumi.Input<DatabaseConnection>;
    /** That server of its own. Not together with database. */
    postgres?: SparkPlatformPostgres;
    /** A server of AWS in its place. Not together with database or postgres; needs aws. */
    awsPostgres?: AwsPostgresSettings;
    /** Backups of the database. Default: none. */
    backup?: SparkPlatformBackup;
}

/** A PostgreSQL server for one part of the platform. */
export interface SparkPlatformPostgres extends PostgresSettings {
    /** Image of the server. Default: the registry's postgres, of the version that the platform is tested with. */
    image?: pulumi.Input<string>;
}

/** The tracking server of the platform. */
export interface SparkPlatformMLflow extends MLflowSettings {
    /** Image of the server. Default: the registry's mlflow, of the version that the platform is tested with. */
    image?: pulumi.Input<string>;
    /** Directory of the artifacts. Default: artifacts in the bucket mlflow of the platform's own object store; with storage it must be given. */
    artifacts?: pulumi.Input<string>;
    /** A database that exists already. Plain as to whether it is given. Default: one on a PostgreSQL server of its own. */
    database?: pulumi.Input<DatabaseConnection>;
    /** That server of its own. Not together with database. */
    postgres?: SparkPlatformPostgres;
    /** A server of AWS in its place. Not together with database or postgres; needs aws. */
    awsPostgres?: AwsPostgresSettings;
    /** Backups of the database. Default: none. */
    backup?: SparkPlatformBackup;
}

/** The Airflow of the platform. */
export interface SparkPlatformAirflow extends AirflowSettings {
    /** Spark version of the tasks; they reach the Connect servers of this version. Plain: it is compared with theirs. Default: the platform's. */
    sparkVersion?: string;
    /** Image of all its pods. Default: the registry's airflow of that Spark version. */
    image?: pulumi.Input<string>;
    /** Name of the classic sessions of the platform that tasks may start in their own pods. Plain: it is looked up. Default: none. */
    classic?: string;
    /** Whether tasks may make SparkApplications in the platform's namespace, and watch and delete them. Plain: it decides which objects exist. Default: false. */
    applications?: boolean;
    /** Directory of the tasks' logs. Default: logs in the bucket airflow of the platform's own object store; with storage it must be given. */
    taskLogs?: pulumi.Input<string>;
    /** A database that exists already. Plain as to whether it is given. Default: one on a PostgreSQL server of its own. */
    database?: pulumi.Input<DatabaseConnection>;
    /** That server of its own. Not together with database. */
    postgres?: SparkPlatformPostgres;
    /** A server of AWS in its place. Not together with database or postgres; needs aws. */
    awsPostgres?: AwsPostgresSettings;
    /** Backups of the database. Default: none. */
    backup?: SparkPlatformBackup;
}

/** One notebook server of the platform. */
export interface SparkPlatformJupyterLab extends JupyterLabSettings {
    /** Spark version of the notebooks; they reach the Connect servers of this version. Plain: it is compared with theirs. Default: the platform's. */
    sparkVersion?: string;
    /** Image of the server. Default: the registry's jupyter-lab of that Spark version. */
    image?: pulumi.Input<string>;
    /** Name of the classic sessions of the platform that notebooks may start in the server's own pod. Plain: it is looked up. Default: none. */
    classic?: string;
}

/** The JupyterHub of the platform. */
export interface SparkPlatformJupyterHub extends JupyterHubSettings {
    /** Spark version of the notebooks; they reach the Connect servers of this version. Plain: it is compared with theirs. Default: the platform's. */
    sparkVersion?: string;
    /** Image of the hub and the proxy. Default: the registry's jupyter-hub, of the version that the platform is tested with. */
    image?: pulumi.Input<string>;
    /** Image of the users' servers. Default: the registry's jupyter-lab of that Spark version. */
    serverImage?: pulumi.Input<string>;
    /** A database that exists already. Plain as to whether it is given. Default: a file on a volume of its own. */
    database?: pulumi.Input<DatabaseConnection>;
}

/** Arguments of `SparkPlatform`. What decides which bricks exist (whether a section is given, and the keys of maps) is plain. */
export interface SparkPlatformArgs {
    /** Where images come from. */
    images: SparkPlatformImages;
    /** Namespace to make for the platform. Default: the platform's name. */
    namespace?: pulumi.Input<string>;
    /** Spark version of bricks that do not say their own. Plain: see there. Default: 4.1.0. */
    sparkVersion?: string;
    /** Quota and accounts of the namespace. */
    workspace?: SparkWorkspaceSettings;
    /** An object store of the platform's own. Default: none, unless neither `storage` nor `aws.buckets` is given: then one with defaults. */
    objectStore?: SparkPlatformObjectStore;
    /** A store that exists already, in place of an own one. Default: none. */
    storage?: SparkPlatformStorage;
    /** What there is on AWS. Default: nothing. */
    aws?: SparkPlatformAws;
    /** Where secrets come from. Default: each part generates its own. */
    secrets?: SparkPlatformSecrets;
    /** The way in from outside. Default: none. */
    ingress?: SparkPlatformIngress;
    /** The History Server. Default: none. */
    historyServer?: SparkPlatformHistoryServer;
    /** Connect servers by name. Default: none. */
    connect?: Record<string, SparkPlatformConnect>;
    /** The Hive Metastore: tables keep their names across sessions and restarts. Default: none. */
    hiveMetastore?: SparkPlatformHiveMetastore;
    /** Experiments and models. Default: none. */
    mlflow?: SparkPlatformMLflow;
    /** Airflow, with a pod for each task. Default: none. */
    airflow?: SparkPlatformAirflow;
    /** Standalone clusters by name. Default: none. */
    standalone?: Record<string, SparkPlatformStandalone>;
    /** Classic sessions by name, for notebooks and tasks that name them. Default: none. */
    classic?: Record<string, SparkPlatformClassic>;
    /** Notebook servers by name. Default: none. */
    jupyterLab?: Record<string, SparkPlatformJupyterLab>;
    /** A notebook server for each user who logs in. Default: none. */
    jupyterHub?: SparkPlatformJupyterHub;
    /** One address for the histories of several teams; needs historyServer. Default: none. */
    historyPortal?: SparkPlatformHistoryPortal;
    /** Applications that run to their end once, by name. Default: none. */
    sparkSubmit?: Record<string, SparkPlatformSubmit>;
    /** Applications that the Spark operator runs, by name. Default: none. */
    sparkApplication?: Record<string, SparkPlatformApplication>;
    /** Applications that the Spark operator runs by the clock, by name. Default: none. */
    scheduledSparkApplication?: Record<string, SparkPlatformSchedule>;
    /** What the processes of all parts write on their standard output, and how, unless a part says otherwise, field by field; of a part whose lines have a layout of their own only the level. A change replaces most pods, and runs applications anew. Default: what each part writes by itself. */
    logs?: LogSettings;
    /** Monitors for the Prometheus operator, of every brick that has metrics and says nothing of its own. Plain as to whether it is given. Default: none. */
    monitoring?: Monitoring;
    /** Where traces go of Connect servers and applications: a span for each SQL execution, job and stage. Default: none are made. */
    tracing?: pulumi.Input<TracingConnection>;
    /** A dashboard and alerts for the Spark servers, which need monitoring. Default: none. */
    observability?: ObservabilitySettings;
    /** Addresses of the Kubernetes API server as CIDRs, with the port behind a colon where it is neither 443 nor 6443, for all network policies that need them. Default: 0.0.0.0/0, ports 443 and 6443 only. */
    apiServer?: pulumi.Input<pulumi.Input<string>[]>;
}
