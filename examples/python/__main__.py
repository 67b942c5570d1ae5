"""A team's Spark: a namespace, a store, a Connect server and the history of what it ran."""

import pulumi
import pulumi_spark_platform as spark

registry = pulumi.Config().get("registry") or "registry.example.com/spark-platform"

workspace = spark.SparkWorkspace(
    "team",
    namespace="team-python",
    quota=spark.SparkWorkspaceQuotaArgs(cpu="16", memory="64g", pods=40),
)

store = spark.ObjectStore(
    "team",
    namespace=workspace.namespace,
    image=f"{registry}/minio:20260212",
    storage="50g",
)

connect = spark.SparkConnect(
    "main",
    namespace=workspace.namespace,
    spark_version="4.1.0",
    image=f"{registry}/spark:4.1.0",
    service_account=workspace.server_account,
    executor_service_account=workspace.executor_account,
    s3=store.connection,
    warehouse=store.warehouse,
    event_log=store.event_log,
    memory="4g",
    executor=spark.SparkConnectExecutorArgs(memory="4g", maximum=8, idle_timeout="90s"),
    spark_conf={"spark.sql.shuffle.partitions": "64"},
)

history = spark.SparkHistoryServer(
    "team",
    namespace=workspace.namespace,
    spark_version="4.1.0",
    image=f"{registry}/spark:4.1.0",
    event_log=store.event_log,
    retention=spark.SparkHistoryServerRetentionArgs(days=30),
)

pulumi.export("connect", connect.url)
pulumi.export("history", history.url)
