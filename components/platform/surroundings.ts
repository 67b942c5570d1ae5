import type * as pulumi from "@pulumi/pulumi";

import type { PlatformIngressSettings } from "../edge/platform-ingress/args";
import type { DatabaseBackupSettings } from "../operations/backup/args";
import type { PlatformSecret, PlatformSecretsSettings } from "../secrets/args";
import type { ScheduledSparkApplicationSettings, SparkApplicationSettings } from "../spark/application/args";
import type { SparkClassicSettings } from "../spark/classic/args";
import type { SparkHistoryPortalSettings } from "../spark/history-portal/args";
import type { SparkSubmitSettings } from "../spark/submit/args";
import type { AwsBucketsSettings } from "../storage/aws-buckets/args";
import type { AwsIdentitySettings } from "../storage/aws-identity/args";
import type { S3Connection } from "../storage/connections";
import type { ServiceEndpoint } from "../tools/connections";

/** What the platform has on AWS. Plain: decides which resources of AWS there are; then the program needs a provider for them. */
export interface SparkPlatformAws {
    /** Region of everything; the aws provider must be set to the same. */
    region: pulumi.Input<string>;
    /** Buckets to make, in place of objectStore or storage. Default: none. */
    buckets?: AwsBucketsSettings;
    /**
     * Roles for the accounts of the platform's parts: one each, with rights to the platform's buckets; that of each backup may write backups, and
     * nobody else may. Rights in buckets come on top for all of them, secretArns are for the account that fetches secrets. Default: none.
     */
    identity?: AwsIdentitySettings;
}

/**
 * Where the secrets of the platform's parts come from, where no part names a Secret itself: s3 (see storage.credentialsFromSecrets),
 * connect-<name>, jupyter-<name>, jupyterhub, standalone-<name>, mlflow, airflow, and <part>-database for servers of the platform's own.
 */
export interface SparkPlatformSecrets extends PlatformSecretsSettings {
    /** Further Secrets, which other settings name as <platform>-<key>. Plain: decides which there are. Default: none. */
    named?: Record<string, PlatformSecret>;
}

/** Backups of the database of one part. */
export interface SparkPlatformBackup extends DatabaseBackupSettings {
    /** Image of the runs. Default: the registry's backup, of the version that the platform is tested with. */
    image?: pulumi.Input<string>;
    /** Store that the bucket is in. Default: the platform's. */
    s3?: pulumi.Input<S3Connection>;
}

/** The way to Spark Connect from outside. */
export interface SparkPlatformIngressConnect {
    /** What the controller of an Ingress wants to know of gRPC, as annotations. Default: none; needed with ingressClass. */
    annotations?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** The way into the platform from outside: <part>.<domain> for every web UI that there is. */
export interface SparkPlatformIngress extends PlatformIngressSettings {
    /** Domain of the hosts: history, histories, mlflow, airflow, jupyterhub, jupyter-<name>, standalone-<name> and connect-<name> are the parts before it. */
    domain: pulumi.Input<string>;
    /** Namespace of the controller or gateway, which the network policies of the parts let in. */
    controllerNamespace: pulumi.Input<string>;
    /** The way to the Connect servers. Plain as to whether it is given. Default: none, Connect is reached inside the cluster only. */
    connect?: SparkPlatformIngressConnect;
}

/** One address for the histories of several teams, the platform's own among them under the platform's name. */
export interface SparkPlatformHistoryPortal extends SparkHistoryPortalSettings {
    /** Image of the portal. Default: the registry's tls-proxy, which has nginx. */
    image?: pulumi.Input<string>;
    /** History Servers of others, by the names that they are shown under. Default: none. */
    servers?: Record<string, ServiceEndpoint>;
}

/** The Spark that an application of the platform runs on. */
interface ApplicationSpark {
    /** Spark version of the application. Plain: the settings depend on it. Default: the platform's. */
    sparkVersion?: string;
    /** Image of driver and executors. Default: the registry's spark of that version. */
    image?: pulumi.Input<string>;
}

/** Classic sessions of the platform: what notebooks and tasks need to be drivers of Spark themselves. */
export interface SparkPlatformClassic extends SparkClassicSettings {
    /** Spark version of the sessions, which is that of the notebooks and tasks that start them. Plain: it is compared with theirs. Default: the platform's. */
    sparkVersion?: string;
    /** Image of executors. Not together with standalone. Default: the registry's spark of that version. */
    image?: pulumi.Input<string>;
    /** Name of the platform's Standalone cluster whose workers run the executors. Plain: it is looked up. Default: none, executors are pods. */
    standalone?: string;
}

/** An application of the platform that runs to its end once. */
export interface SparkPlatformSubmit extends ApplicationSpark, SparkSubmitSettings {}

/** An application of the platform that the Spark operator runs. */
export interface SparkPlatformApplication extends ApplicationSpark, SparkApplicationSettings {}

/** An application of the platform that the Spark operator runs by the clock. */
export interface SparkPlatformSchedule extends ApplicationSpark, ScheduledSparkApplicationSettings {}
