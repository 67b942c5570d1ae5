"""Opens a session of its own, and says which server it got: its Spark application, its pod, its version."""

import json
import sys

from pyspark.sql import SparkSession

spark = SparkSession.builder.remote(sys.argv[1]).create()
answer = {"application": spark.conf.get("spark.app.id"), "server": spark.conf.get("spark.app.name"), "version": spark.version}
spark.stop()
print(json.dumps(answer), flush=True)
