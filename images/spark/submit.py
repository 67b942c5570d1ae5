#!/usr/bin/python3
"""Submits an application in cluster mode, waits for its end, and ends as it did.

Spark makes the driver a pod of its own and says nothing about how it ended. This program, the one of a Job's pod, hands the
driver's pod over to its own pod (what deletes the Job deletes the driver, and with it the executors), removes drivers that an
earlier attempt left, and tells how the driver ended:

    submit.py --template /opt/spark/pod-template/driver.yaml --selector spark-role=driver,app=… -- --class … local:///…

In the template $(POD_NAME) and $(POD_UID) stand for this pod.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from api_server import ACCOUNT, Refused, Request, connect

SUBMIT = "/opt/spark/bin/spark-submit"
TEMPLATE = Path("/tmp/driver.yaml")
CONTAINER = "spark-kubernetes-driver"
# An API server that is away for some minutes is no reason to lose sight of a driver that works for hours.
PATIENT_ATTEMPTS = 15
# What was told to stop may take the time that its pod allows it.
GRACE_SECONDS = 60
ENDED = ("Succeeded", "Failed")


class Stopped(Exception):
    """Kubernetes told this pod to stop."""


def own_template(text: str, name: str, uid: str) -> str:
    return text.replace("$(POD_NAME)", name).replace("$(POD_UID)", uid)


def ending(pod: dict[str, Any]) -> tuple[int, str]:
    """The driver's exit code and what it said last."""
    status = pod["status"]
    containers = {one["name"]: one.get("state", {}).get("terminated") for one in status.get("containerStatuses", [])}
    terminated = containers.get(CONTAINER)
    if terminated is None:
        # Evicted before it ran, or with its node.
        return (0 if status["phase"] == "Succeeded" else 1), status.get("message") or status.get("reason") or ""
    reason = terminated.get("reason", "")
    said = terminated.get("message", "").strip()
    # A pod may also fail beside its driver, which then has an exit code of 0.
    code = terminated["exitCode"] or (0 if status["phase"] == "Succeeded" else 1)
    return code, said if reason in ("", "Error", "Completed") else f"{reason} {said}".strip()


def remove(request: Request, pods: str, selector: str) -> None:
    """Two drivers of one application would do everything twice."""
    found = request("GET", pods, {"labelSelector": selector}).get("items", [])
    # One that has ended keeps its log to the end of the Job.
    running = [pod["metadata"]["name"] for pod in found if pod["status"].get("phase") not in ENDED]
    for name in running:
        print(f"submit: removes the driver {name} of an earlier attempt", flush=True)
        request("DELETE", f"{pods}/{name}", {})
    while any(request("GET", f"{pods}/{name}", {}) for name in running):
        time.sleep(0.5)


def wait(request: Request, path: str) -> tuple[int, str]:
    phase = ""
    while True:
        pod = request("GET", path, {})
        if not pod:
            return 1, "its pod was deleted"
        if pod["status"].get("phase") != phase:
            phase = pod["status"].get("phase", "")
            print(f"submit: the driver {pod['metadata']['name']} is {phase}", flush=True)
        if phase in ENDED:
            return ending(pod)
        time.sleep(1)


def run(options: argparse.Namespace, command: list[str], pod: str) -> int:
    request = connect(attempts=PATIENT_ATTEMPTS, grace_seconds=GRACE_SECONDS)
    pods = f"/api/v1/namespaces/{options.namespace}/pods"
    driver = f"{pod}-driver"
    TEMPLATE.write_text(own_template(options.template.read_text(), pod, os.environ["POD_UID"]))
    own = {
        "spark.kubernetes.driver.podTemplateFile": str(TEMPLATE),
        "spark.kubernetes.driver.pod.name": driver,
        "spark.kubernetes.submission.waitAppCompletion": "false",
    }
    flags = [flag for key, value in own.items() for flag in ("--conf", f"{key}={value}")]
    try:
        remove(request, pods, options.selector)
        submitted = subprocess.run([SUBMIT, *flags, *command])
        if submitted.returncode != 0:
            print("submit: spark-submit could not make the driver", flush=True)
            return submitted.returncode
        code, said = wait(request, f"{pods}/{driver}")
    except Stopped:
        print(f"submit: told to stop, and so is the driver {driver}", flush=True)
        request("DELETE", f"{pods}/{driver}", {})
        return 143
    print(f"submit: the driver {driver} ended with exit code {code}{': ' + said if said else ''}", flush=True)
    return code


def arguments(given: list[str]) -> tuple[argparse.Namespace, list[str]]:
    at = given.index("--") if "--" in given else len(given)
    parser = argparse.ArgumentParser(description="Submits an application in cluster mode, waits for its end, and ends as it did.")
    parser.add_argument("--template", type=Path, required=True, help="pod template of the driver")
    parser.add_argument("--selector", required=True, help="label selector of this application's drivers")
    parser.add_argument("--namespace", help="default: the namespace of this pod")
    options = parser.parse_args(given[:at])
    options.namespace = options.namespace or (ACCOUNT / "namespace").read_text().strip()
    return options, given[at + 1 :]


def stop(*_: Any) -> None:
    raise Stopped


def main() -> None:
    options, command = arguments(sys.argv[1:])
    signal.signal(signal.SIGTERM, stop)
    try:
        raise SystemExit(run(options, command, os.environ["POD_NAME"]))
    except Refused as error:
        raise SystemExit(f"submit: the service account needs get, list and delete on pods in {options.namespace}: {error}") from error


if __name__ == "__main__":
    main()
