"""Synthetic sales, made, cleaned and summed up by Spark, and written to the object store as Parquet.

The session goes to the Connect server that SPARK_REMOTE names; the store is the one that this server knows. WAREHOUSE is a
directory of it, for example s3a://warehouse/tables.
"""

import os
from datetime import datetime

from airflow.sdk import dag, task

ROWS = 100_000


def target(name: str) -> str:
    return f"{os.environ['WAREHOUSE'].rstrip('/')}/examples/{name}"


@dag(dag_id="spark_etl", schedule=None, start_date=datetime(2025, 1, 1), catchup=False, tags=["example", "spark"])
def spark_etl():
    @task
    def extract() -> str:
        from pyspark.sql import SparkSession
        from pyspark.sql import functions as F

        spark = SparkSession.builder.getOrCreate()
        sales = spark.range(ROWS).select(
            F.col("id").alias("sale"),
            (F.col("id") % 7).alias("shop"),
            # Every hundredth amount is missing, as in real life.
            F.when(F.col("id") % 100 != 0, F.col("id") % 50).alias("amount"),
        )
        sales.write.mode("overwrite").parquet(target("sales"))
        spark.stop()
        return target("sales")

    @task
    def summarise(path: str) -> int:
        from pyspark.sql import SparkSession
        from pyspark.sql import functions as F

        spark = SparkSession.builder.getOrCreate()
        clean = spark.read.parquet(path).where("amount IS NOT NULL")
        totals = clean.groupBy("shop").agg(F.count("*").alias("sales"), F.sum("amount").alias("total"))
        totals.write.mode("overwrite").parquet(target("totals"))
        counted = spark.read.parquet(target("totals")).agg(F.sum("sales")).first()[0]
        spark.stop()
        return counted

    @task
    def verify(counted: int) -> None:
        expected = ROWS - ROWS // 100
        if counted != expected:
            raise ValueError(f"{counted} sales were summed up, expected {expected}")

    verify(summarise(extract()))


spark_etl()
