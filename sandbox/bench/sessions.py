"""Clients of a Spark Connect server, many at once; prints one line of JSON.

    sessions.py <remote> open <id>...            opens a session under each id, with a view and a query, and leaves it behind, as an idle user would
    sessions.py <remote> kept <id>...            how many of these sessions still have their view
    sessions.py <remote> load <clients> <seconds>  as many clients at once, each with a session of its own, ask one query after another

An answer that is wrong, or does not come, ends the work; `failed` then says why.
"""

import json
import os
import sys
import threading
import time

from pyspark.sql import SparkSession

remote, step, *rest = sys.argv[1:]
separator = "" if remote.endswith(";") else ";" if "/;" in remote else "/;"
QUERY = "SELECT sum(id % 7) AS total FROM numbers"
TOTAL = sum(number % 7 for number in range(1000))


def session(name=None):
    spark = SparkSession.builder.remote(remote if name is None else f"{remote}{separator}session_id={name}").create()
    return spark


def prepare(spark):
    spark.range(0, 1000, 1, 1).createOrReplaceTempView("numbers")


def ask(spark):
    started = time.monotonic()
    [(total,)] = spark.sql(QUERY).collect()
    if total != TOTAL:
        raise RuntimeError(f"{total} is not {TOTAL}")
    return time.monotonic() - started


def reason(error):
    return f"{type(error).__name__}: {error}".splitlines()[0][:300]


def open_all():
    opened, seconds, failed = 0, [], None
    try:
        for name in rest:
            started = time.monotonic()
            spark = session(name)
            prepare(spark)
            ask(spark)
            seconds.append(time.monotonic() - started)
            opened += 1
    except Exception as error:  # whatever it is, it is what is measured
        failed = reason(error)
    return {"opened": opened, "median": middle(seconds), "failed": failed}


def kept():
    found = 0
    for name in rest:
        try:
            ask(session(name))
            found += 1
        except Exception as error:
            if "TABLE_OR_VIEW_NOT_FOUND" not in str(error):
                raise
    return {"kept": found}


def load():
    clients, duration = int(rest[0]), float(rest[1])
    took, failures, sessions = [], [], []
    ready = threading.Barrier(clients + 1)

    def work():
        spark = session()
        sessions.append(spark)
        try:
            prepare(spark)
            ask(spark)
            ready.wait()
            end = time.monotonic() + duration
            while time.monotonic() < end:
                took.append(ask(spark))
        except Exception as error:
            failures.append(reason(error))
            ready.abort()

    threads = [threading.Thread(target=work, daemon=True) for _ in range(clients)]
    for thread in threads:
        thread.start()
    try:
        ready.wait()
    except threading.BrokenBarrierError:
        pass
    started = time.monotonic()
    for thread in threads:
        thread.join()
    passed = time.monotonic() - started
    # When all are done: PySpark 3.5 has one pool of threads for all sessions of a process, and the first that stops ends it.
    for spark in sessions:
        spark.stop()
    return {
        "perSecond": len(took) / passed,
        "median": middle(took),
        "p95": middle(took, 0.95),
        "failed": failures[0] if failures else None,
    }


def middle(values, share=0.5):
    return sorted(values)[int(len(values) * share)] if values else None


print(json.dumps({"open": open_all, "kept": kept, "load": load}[step]()), flush=True)
# Without the goodbyes that would end the sessions.
os._exit(0)
