#!/usr/bin/env python3
"""preStop hook of Standalone workers: the worker takes no more executors, those that it has hand their results to others and go.

Waits until they have gone, or until the deadline: what then is left ends with the pod.
"""

import argparse
import json
import os
import signal
import sys
import time
import urllib.request

WORKER = b"org.apache.spark.deploy.worker.Worker"


def processes():
    """Java processes of this container, with their command lines."""
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open(f"/proc/{name}/comm", "rb") as comm, open(f"/proc/{name}/cmdline", "rb") as command:
                    if comm.read().strip() == b"java":
                        yield int(name), command.read().split(b"\0")
            except OSError:
                pass


def executors(port):
    """Number of executors that the worker still has."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/json/", timeout=5) as answer:
        return len(json.load(answer)["executors"])


def say(text):
    """To the container's log: the kubelet keeps what a hook writes to itself."""
    try:
        with open("/proc/1/fd/1", "w", encoding="utf-8") as log:
            log.write(f"leave-cluster: {text}\n")
    except OSError:
        print(text)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True, help="port of the worker's web UI")
    parser.add_argument("--seconds", type=int, required=True, help="longest wait")
    arguments = parser.parse_args()
    workers = [pid for pid, command in processes() if WORKER in command]
    if not workers:
        say("no worker in this container")
        return 0
    os.kill(workers[0], signal.SIGPWR)
    start = time.monotonic()
    left = None
    while time.monotonic() - start < arguments.seconds:
        try:
            left = executors(arguments.port)
        except (OSError, ValueError, KeyError) as problem:
            say(f"the worker does not answer: {problem}")
            return 0
        if left == 0:
            # The last one's exit is not yet everybody's knowledge.
            time.sleep(0.5)
            break
        time.sleep(0.5)
    say(f"{left} executors left after {time.monotonic() - start:.1f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
