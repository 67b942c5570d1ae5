#!/usr/bin/python3
"""Removes the executors that an earlier life of this server left behind, then becomes the server.

A JVM that is killed restarts in the same pod: Kubernetes sees no pod go, so the owner references that would clean up never
fire. This step runs in front of the server, in the same container:

    remove-old-executors.py --selector spark-role=executor,spark-platform/server=<pod> -- /opt/spark/bin/spark-submit …
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from typing import Any

from api_server import ACCOUNT, Refused, Request, connect


def remove_pods(request: Request, namespace: str, selector: str, timeout: float) -> str:
    path = f"/api/v1/namespaces/{namespace}/pods"

    def left() -> list[str]:
        return [item["metadata"]["name"] for item in request("GET", path, {"labelSelector": selector}).get("items", [])]

    found = left()
    if not found:
        return "no executors of an earlier life"
    request("DELETE", path, {"labelSelector": selector})
    deadline = time.monotonic() + timeout
    remaining = found
    while remaining and time.monotonic() < deadline:
        time.sleep(0.5)
        remaining = left()
    if remaining:
        return f"removed {len(found) - len(remaining)} executors of an earlier life; still there after {timeout:g} s: {', '.join(remaining)}"
    return f"removed {len(found)} executors of an earlier life: {', '.join(found)}"


def is_left_over(config_map: dict[str, Any], pod: str) -> bool:
    return any(owner.get("kind") == "Pod" and owner.get("name") == pod for owner in config_map["metadata"].get("ownerReferences", []))


def remove_config_maps(request: Request, namespace: str, pod: str) -> str:
    """Each life makes one ConfigMap for its executors; its only owner is the pod, which lives on."""
    path = f"/api/v1/namespaces/{namespace}/configmaps"
    items = request("GET", path, {"labelSelector": "spark-role=executor"}).get("items", [])
    found = [item["metadata"]["name"] for item in items if is_left_over(item, pod)]
    for name in found:
        request("DELETE", f"{path}/{name}", {})
    return f"removed ConfigMaps: {', '.join(found)}" if found else ""


def arguments(given: list[str]) -> tuple[argparse.Namespace, list[str]]:
    own, _, command = (given[: given.index("--")], "--", given[given.index("--") + 1 :]) if "--" in given else (given, "", [])
    parser = argparse.ArgumentParser(description="Removes executors of an earlier life of this pod, then runs a command.")
    parser.add_argument("--selector", required=True, help="label selector of this server's executors")
    parser.add_argument("--namespace", help="default: the namespace of this pod")
    parser.add_argument("--pod", default=os.environ.get("POD_NAME") or os.environ.get("HOSTNAME", ""), help="default: this pod")
    parser.add_argument("--timeout", type=float, default=60, help="seconds to wait until they are gone")
    return parser.parse_args(own), command


def main() -> None:
    found, command = arguments(sys.argv[1:])
    # Deleted at once: the driver of these executors is gone, there is nothing left to hand over.
    request = connect(grace_seconds=1)
    namespace = found.namespace or (ACCOUNT / "namespace").read_text().strip()
    try:
        print(f"remove-old-executors: {remove_pods(request, namespace, found.selector, found.timeout)}", flush=True)
    except Refused as error:
        raise SystemExit(f"remove-old-executors: the service account needs list and deletecollection on pods in {namespace}: {error}") from error
    try:
        said = remove_config_maps(request, namespace, found.pod)
    except Refused as error:
        # Harmless: they go with the pod.
        said = f"ConfigMaps of an earlier life are left: {error}"
    if said:
        print(f"remove-old-executors: {said}", flush=True)
    if command:
        os.execvp(command[0], command)


if __name__ == "__main__":
    main()
