"""A straight line through synthetic points, found step by step; what was tried and how well it went is kept by MLflow.

The tracking server is the one that MLFLOW_TRACKING_URI names.
"""

from datetime import datetime

from airflow.sdk import dag, task

SLOPE, OFFSET = 3.0, -1.0


@dag(dag_id="mlflow_training", schedule=None, start_date=datetime(2025, 1, 1), catchup=False, tags=["example", "mlflow"])
def mlflow_training():
    @task
    def train(rate: float = 0.3, steps: int = 200) -> str:
        import mlflow
        import numpy

        random = numpy.random.default_rng(42)
        x = random.uniform(-1, 1, 500)
        y = SLOPE * x + OFFSET + random.normal(0, 0.05, x.size)
        slope = offset = 0.0
        mlflow.set_experiment("examples")
        with mlflow.start_run() as run:
            mlflow.log_params({"rate": rate, "steps": steps})
            for step in range(steps):
                error = slope * x + offset - y
                slope -= rate * 2 * float(numpy.mean(error * x))
                offset -= rate * 2 * float(numpy.mean(error))
                if step % 20 == 0:
                    mlflow.log_metric("loss", float(numpy.mean(error**2)), step=step)
            mlflow.log_metrics({"slope": slope, "offset": offset})
            mlflow.log_dict({"slope": slope, "offset": offset}, "model/line.json")
        return run.info.run_id

    @task
    def evaluate(tracked: str) -> None:  # run_id is a name that Airflow keeps to itself
        import mlflow

        run = mlflow.get_run(tracked)
        line = mlflow.artifacts.load_dict(f"{run.info.artifact_uri}/model/line.json")
        if abs(line["slope"] - SLOPE) > 0.05 or abs(line["offset"] - OFFSET) > 0.05:
            raise ValueError(f"the line found is {line}, expected slope {SLOPE} and offset {OFFSET}")

    evaluate(train())


mlflow_training()
