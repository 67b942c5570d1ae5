"""Runs statements one after another in one session; prints the rows that each answered as one line of JSON.

    sql.py <remote> <statement>...
"""

import json
import sys

from pyspark.sql import SparkSession

remote, *statements = sys.argv[1:]
spark = SparkSession.builder.remote(remote).create()
print(json.dumps([[list(row) for row in spark.sql(statement).collect()] for statement in statements]))
