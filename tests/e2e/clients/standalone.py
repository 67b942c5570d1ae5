"""A driver on a Standalone cluster: tasks that take a while, then what Spark itself counted of them."""

import json
import sys
import time
import urllib.request

from pyspark.sql import SparkSession


def main(seconds, partitions, rows, idle):
    spark = SparkSession.builder.getOrCreate()
    context = spark.sparkContext
    say(application=context.applicationId)

    def work(index, values):
        time.sleep(seconds)
        for value in values:
            yield value % 100, value

    pairs = context.range(rows, numSlices=partitions).mapPartitionsWithIndex(work)
    reduced = pairs.reduceByKey(lambda a, b: a + b, partitions)
    total = sum(value for _, value in reduced.mapPartitionsWithIndex(lambda _, found: nap(seconds, found)).collect())
    report = {"total": total, "stages": stages(context)}
    if idle > 0:
        time.sleep(idle)
        report["idleExecutors"] = len([one for one in ask(context, "executors") if one["id"] != "driver"])
        report["again"] = sum(value for _, value in reduced.collect())
        report["skippedStages"] = ask(context, "jobs")[0]["numSkippedStages"]
    say(**report)
    spark.stop()


def nap(seconds, values):
    time.sleep(seconds)
    return values


def stages(context):
    """Tasks by what became of them, in all attempts of all stages."""
    fields = ("stageId", "attemptId", "numTasks", "numCompleteTasks", "numFailedTasks", "numKilledTasks")
    return [{field: stage[field] for field in fields} for stage in ask(context, "stages")]


def ask(context, what):
    """Spark's own account of the application, newest first."""
    url = f"http://127.0.0.1:4040/api/v1/applications/{context.applicationId}/{what}"
    with urllib.request.urlopen(url, timeout=20) as answer:
        return json.load(answer)


def say(**fields):
    print(f"#{json.dumps(fields)}", flush=True)


if __name__ == "__main__":
    main(float(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), float((sys.argv + ["0"])[4]))
