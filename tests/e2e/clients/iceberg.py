"""An Iceberg table from its making to its past; each step prints what it saw as one line of JSON.

    iceberg.py <remote> <table> write     makes it, and changes its schema in every way that rewrites nothing
    iceberg.py <remote> <table> read '<what write printed>'
    iceberg.py <remote> <table> settings  every setting that a client can read
"""

import json
import sys

from pyspark.sql import SparkSession

remote, table, step, *known = sys.argv[1:]
spark = SparkSession.builder.remote(remote).create()


def rows(statement):
    return [list(row) for row in spark.sql(statement).collect()]


def files():
    return sorted(path for (path,) in rows(f"SELECT file_path FROM {table}.files"))


def write():
    spark.sql(f"CREATE NAMESPACE IF NOT EXISTS {table.rsplit('.', 1)[0]}")
    spark.sql(f"CREATE TABLE {table} (id INT, price FLOAT) USING iceberg")
    spark.sql(f"INSERT INTO {table} VALUES (1, 1.5)")
    [[snapshot, at]] = rows(f"SELECT snapshot_id, cast(committed_at AS STRING) FROM {table}.snapshots")
    spark.sql(f"INSERT INTO {table} VALUES (2, 2.5)")
    before = files()
    spark.sql(f"ALTER TABLE {table} ADD COLUMN label STRING")
    spark.sql(f"ALTER TABLE {table} RENAME COLUMN price TO cost")
    spark.sql(f"ALTER TABLE {table} ALTER COLUMN id TYPE BIGINT")
    spark.sql(f"ALTER TABLE {table} ALTER COLUMN cost TYPE DOUBLE")
    rewritten = files() != before
    spark.sql(f"INSERT INTO {table} VALUES (30000000000, 3.5, 'three')")
    # As text: the test is JavaScript, whose numbers do not hold so many digits.
    return {"snapshot": str(snapshot), "at": at, "rewritten": rewritten, "kept": set(before) < set(files())}


def read(written):
    return {
        "columns": [f"{name} {kind}" for name, kind, *_ in rows(f"DESCRIBE TABLE {table}") if kind and not name.startswith("#")],
        "now": rows(f"SELECT id, cost, label FROM {table} ORDER BY id"),
        "bySnapshot": rows(f"SELECT * FROM {table} VERSION AS OF {written['snapshot']}"),
        "byTime": rows(f"SELECT * FROM {table} TIMESTAMP AS OF '{written['at']}'"),
    }


answers = {"write": write, "read": lambda: read(json.loads(known[0])), "settings": lambda: rows("SET")}
print(json.dumps(answers[step]()), flush=True)
spark.stop()
