"""Tasks of the test: the job as a program of its own, and an application of the Spark operator like one that is there already."""

import json
import os
import subprocess
import time
from datetime import datetime

from airflow.sdk import dag, task

DAY = datetime(2025, 1, 1)
JOB = "/opt/airflow-dags/job.py"
API = ("sparkoperator.k8s.io", "v1beta2")


@dag(dag_id="job", schedule=None, start_date=DAY, catchup=False)
def job():
    @task
    def run() -> str:
        # A session of Connect is made by any Python; a driver is started by spark-submit.
        start = ["python3"] if "SPARK_REMOTE" in os.environ else ["spark-submit"]
        ended = subprocess.run([*start, JOB, os.environ["WAREHOUSE"]], stdout=subprocess.PIPE, text=True, check=True)
        # A JVM logs its own end after that.
        return next(line for line in ended.stdout.splitlines() if line.startswith('{"application"'))

    run()


@dag(dag_id="application", schedule=None, start_date=DAY, catchup=False)
def application():
    @task
    def run() -> str:
        import mlflow
        from kubernetes import client, config

        config.load_incluster_config()
        with open("/var/run/secrets/kubernetes.io/serviceaccount/namespace", encoding="utf-8") as file:
            where = (*API, file.read(), "sparkapplications")
        applications = client.CustomObjectsApi()
        pattern = applications.get_namespaced_custom_object(*where, "pattern")
        own = {"metadata": {"generateName": "task-"}, "apiVersion": "/".join(API), "kind": "SparkApplication", "spec": pattern["spec"]}
        name = applications.create_namespaced_custom_object(*where, own)["metadata"]["name"]
        state = ""
        while state not in ("COMPLETED", "FAILED", "SUBMISSION_FAILED"):
            time.sleep(2)
            status = applications.get_namespaced_custom_object(*where, name).get("status", {})
            state = status.get("applicationState", {}).get("state", "")
        if state != "COMPLETED":
            raise ValueError(f"{name} is {state}: {status}")
        applications.delete_namespaced_custom_object(*where, name)
        mlflow.set_experiment("clients")
        with mlflow.start_run(run_name=name) as started:
            mlflow.set_tag("application", status["sparkApplicationId"])
        kept = mlflow.get_run(started.info.run_id).data.tags["application"]
        return json.dumps({"state": state, "tracked": kept == status["sparkApplicationId"]})

    run()


job()
application()
