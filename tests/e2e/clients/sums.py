"""A query that keeps executors busy for a while and whose answer is known: N ids, hashed, grouped by their remainder.

Prints one line of JSON: groups, rows and the sum of all ids; the caller knows what they must be.
"""

import json
import sys

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

remote, rows, partitions = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
spark = SparkSession.builder.remote(remote).getOrCreate()
print(json.dumps({"application": spark.conf.get("spark.app.id")}), flush=True)
result = (
    spark.range(0, rows, 1, partitions)
    # The hash is the work; it is kept in the result so that the optimizer cannot drop it.
    .withColumn("work", F.length(F.sha2(F.sha2(F.sha2(F.col("id").cast("string"), 512), 512), 512)))
    .groupBy((F.col("id") % 100).alias("remainder"))
    .agg(F.count("*").alias("rows"), F.sum("id").alias("total"), F.max("work").alias("work"))
    .agg(F.count("*").alias("groups"), F.sum("rows").alias("rows"), F.sum("total").alias("total"), F.max("work").alias("work"))
    .first()
)
print(json.dumps(result.asDict()), flush=True)
# gRPC may crash in an interpreter that ends while a channel is open.
spark.stop()
