"""Pi by Monte Carlo through Spark Connect; prints when the query was sent (epoch milliseconds), seconds to its answer, and the application's id."""

import json
import sys
import time

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

spark = SparkSession.builder.remote(sys.argv[1]).getOrCreate()
points = 20_000_000
started = time.time() * 1000
inside = spark.range(0, points, 1, 8).select((F.pow(F.rand(7), 2) + F.pow(F.rand(11), 2) <= 1).cast("long").alias("in")).agg(F.sum("in")).first()[0]
pi = 4 * inside / points
assert abs(pi - 3.1416) < 0.01, pi
seconds = time.time() - started / 1000
print(json.dumps({"pi": pi, "started": started, "seconds": seconds, "application": spark.conf.get("spark.app.id")}))
