"""The same job for every client on every backend: a shuffle, a table in the store, written and read again, and where there is MLflow a run about it.

    job.py <directory of tables>

The session is whatever the environment makes of one; the last line says what came of it.
"""

import json
import os
import sys

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

ROWS, KEYS = 70_000, 7


def main(directory):
    spark = SparkSession.builder.getOrCreate()
    application = spark.conf.get("spark.app.id")
    # Names of runs and of tables are their application's, so that nobody reads what another has written.
    table = f"{directory}/{application}"
    numbers = spark.range(ROWS).select((F.col("id") % KEYS).alias("key"), F.col("id").alias("value")).repartition(4)
    numbers.groupBy("key").agg(F.count("*").alias("count"), F.sum("value").alias("total")).write.parquet(table)
    count, total = spark.read.parquet(table).agg(F.sum("count"), F.sum("total")).first()
    answer = {
        "application": application,
        "master": spark.conf.get("spark.master"),
        "version": spark.version,
        "count": count,
        "total": total,
    }
    spark.stop()
    return {**answer, "tracked": tracked(answer)} if "MLFLOW_TRACKING_URI" in os.environ else answer


def tracked(answer):
    """Whether a run says afterwards what was said of it, and its artifact too."""
    import mlflow

    mlflow.set_experiment("clients")
    with mlflow.start_run(run_name=answer["application"]) as run:
        mlflow.log_metric("total", answer["total"])
        mlflow.log_dict(answer, "answer.json")
    kept = mlflow.artifacts.load_dict(f"{run.info.artifact_uri}/answer.json")
    return kept == answer and mlflow.get_run(run.info.run_id).data.metrics["total"] == answer["total"]


print(json.dumps(main(sys.argv[1])))
