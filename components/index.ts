/** The public surface: what is not exported here may change without notice. */
export type { AddOnArgs } from "./addons";
export {
    CertManagerAddOn,
    ExternalSecretsAddOn,
    KedaAddOn,
    OpenTelemetryAddOn,
    PrometheusStackAddOn,
    SealedSecretsAddOn,
    SparkOperatorAddOn,
    TempoAddOn,
    TraefikAddOn,
    TrivyAddOn,
} from "./addons";
export type {
    CertManagerAddOnArgs,
    ExternalSecretsAddOnArgs,
    KedaAddOnArgs,
    OpenTelemetryAddOnArgs,
    PrometheusStackAddOnArgs,
    SealedSecretsAddOnArgs,
    SparkOperatorAddOnArgs,
    TempoAddOnArgs,
    TraefikAddOnArgs,
    TrivyAddOnArgs,
} from "./addons";
export { Observability } from "./observability";
export type { ObservabilityArgs, ObservabilityObjectives, ObservabilitySettings } from "./observability";
export { SparkPlatform } from "./platform";
export type {
    SparkPlatformAirflow,
    SparkPlatformApplication,
    SparkPlatformArgs,
    SparkPlatformAws,
    SparkPlatformBackup,
    SparkPlatformClassic,
    SparkPlatformConnect,
    SparkPlatformHistoryPortal,
    SparkPlatformHistoryServer,
    SparkPlatformHiveMetastore,
    SparkPlatformImages,
    SparkPlatformIngress,
    SparkPlatformIngressConnect,
    SparkPlatformJupyterHub,
    SparkPlatformJupyterLab,
    SparkPlatformMLflow,
    SparkPlatformObjectStore,
    SparkPlatformPostgres,
    SparkPlatformSchedule,
    SparkPlatformSecrets,
    SparkPlatformStandalone,
    SparkPlatformStorage,
    SparkPlatformSubmit,
} from "./platform";
export { SparkClassic } from "./spark/classic";
export type { SparkClassicArgs, SparkClassicSettings } from "./spark/classic";
export { SparkConnect, SparkConnectBackend } from "./spark/connect";
export type {
    SparkConnectArgs,
    SparkConnectAuthentication,
    SparkConnectExecutor,
    SparkConnectSettings,
    SparkConnectTls,
} from "./spark/connect";
export type {
    ClassicConnection,
    HdfsConnection,
    KerberosIdentity,
    MetastoreConnection,
    SparkRuntime,
    StandaloneConnection,
    StandaloneExecutorSize,
    TracingConnection,
} from "./spark/connections";
export { SparkHistoryPortal } from "./spark/history-portal";
export type { SparkHistoryPortalArgs, SparkHistoryPortalSettings } from "./spark/history-portal";
export { IcebergCatalogKind } from "./spark/iceberg";
export type { Iceberg, IcebergCatalog } from "./spark/iceberg";
export type { Rapids } from "./spark/rapids";
export { SparkStandalone, StandaloneRecovery } from "./spark/standalone";
export type {
    SparkStandaloneArgs,
    SparkStandaloneAutoscaling,
    SparkStandaloneRecovery,
    SparkStandaloneSettings,
    SparkStandaloneWorker,
} from "./spark/standalone";
export { HiveMetastore } from "./spark/hive-metastore";
export type { HiveMetastoreArgs, HiveMetastoreKerberos, HiveMetastoreSettings } from "./spark/hive-metastore";
export { SparkHistoryServer } from "./spark/history-server";
export type { SparkHistoryServerArgs, SparkHistoryServerRetention, SparkHistoryServerSettings } from "./spark/history-server";
export { ScheduledSparkApplication, SparkApplication, sparkConcurrency, sparkRestarts } from "./spark/application";
export type {
    ScheduledSparkApplicationArgs,
    ScheduledSparkApplicationSettings,
    SparkApplicationArgs,
    SparkApplicationSettings,
} from "./spark/application";
export { SparkSubmit, sparkDeployModes } from "./spark/submit";
export type { SparkSubmitArgs, SparkSubmitSettings } from "./spark/submit";
export type { SparkApplicationMain } from "./spark/application-main";
export type { SparkApplicationDriver } from "./spark/drivers";
export type { SparkApplicationExecutor } from "./spark/executors";
export { DatabaseBackup } from "./operations/backup";
export type { DatabaseBackupArgs, DatabaseBackupRestore, DatabaseBackupRetention, DatabaseBackupSettings } from "./operations/backup";
export { PlatformSecrets } from "./secrets";
export type {
    AwsSecretsManager,
    AzureKeyVault,
    GcpSecretManager,
    GeneratedSecrets,
    IbmSecretsManager,
    PlatformSecret,
    PlatformSecretsArgs,
    PlatformSecretsSettings,
    SealedSecrets,
    VaultAgent,
    VaultSecrets,
} from "./secrets";
export { AwsBuckets } from "./storage/aws-buckets";
export type { AwsBucketContents, AwsBucketsArgs, AwsBucketsSettings } from "./storage/aws-buckets";
export { AwsAccess, AwsIdentity } from "./storage/aws-identity";
export type { AwsBucketAccess, AwsIdentityArgs, AwsIdentitySettings } from "./storage/aws-identity";
export { AwsPostgres } from "./storage/aws-postgres";
export type { AwsPostgresArgs, AwsPostgresSettings } from "./storage/aws-postgres";
export type { ClusterEndpoint, DatabaseConnection, EventLogLocation, S3Connection } from "./storage/connections";
export { ObjectStore } from "./storage/object-store";
export type { ObjectStoreArgs, ObjectStoreSettings } from "./storage/object-store";
export { PlatformIngress } from "./edge/platform-ingress";
export type {
    PlatformIngressArgs,
    PlatformIngressGateway,
    PlatformIngressRoute,
    PlatformIngressSettings,
    PlatformIngressTls,
} from "./edge/platform-ingress";
export type { ServiceEndpoint, TrackingConnection } from "./tools/connections";
export { JupyterHub } from "./tools/jupyter-hub";
export type { JupyterHubArgs, JupyterHubOidc, JupyterHubServer, JupyterHubSettings } from "./tools/jupyter-hub";
export { JupyterLab } from "./tools/jupyter-lab";
export type { JupyterLabArgs, JupyterLabSettings } from "./tools/jupyter-lab";
export { Postgres } from "./storage/postgres";
export type { PostgresArgs, PostgresDatabase, PostgresSettings } from "./storage/postgres";
export { Airflow } from "./tools/airflow";
export type { AirflowArgs, AirflowProcess, AirflowSecretKey, AirflowSettings, AirflowWorker } from "./tools/airflow";
export { AirflowAttachment } from "./tools/airflow-attachment";
export type { AirflowAttachmentArgs } from "./tools/airflow-attachment";
export { JupyterHubAttachment } from "./tools/jupyter-hub-attachment";
export type { JupyterHubAttachmentArgs } from "./tools/jupyter-hub-attachment";
export { MLflow } from "./tools/mlflow";
export type { MLflowArgs, MLflowSettings } from "./tools/mlflow";
export { SparkWorkspace } from "./workspace";
export type { SparkWorkspaceArgs, SparkWorkspaceQuota, SparkWorkspaceSettings } from "./workspace";
export { logLayouts, logLevels } from "./internal/logs";
export type { LogLevelSettings, LogSettings } from "./internal/logs";
export type { Monitoring } from "./internal/monitoring";
export { NodeKind } from "./internal/placement";
export type { PodSettings } from "./internal/pod";
export type { MountedFiles, PodAdditions, SecretKey } from "./internal/pod-additions";
