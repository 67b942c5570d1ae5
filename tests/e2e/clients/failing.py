"""Runs a job whose tasks fail, as often as it is told, and says how many did."""

import json
import sys

from pyspark.sql import SparkSession

remote, times = sys.argv[1:]
spark = SparkSession.builder.remote(remote).create()
failed = 0
for _ in range(int(times)):
    try:
        spark.range(100).selectExpr("assert_true(id < 50)").collect()
    except Exception:
        failed += 1
spark.stop()
print(json.dumps(failed))
