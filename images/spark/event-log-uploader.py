#!/usr/bin/python3
"""Copies the event logs of a running Spark server to an object store.

An object store shows a file only when it is closed, so the log of a server that never stops would never be seen there. The
server writes its rolling log to a local directory; this program, a sidecar with the same directory, sends what changed every
few seconds and keeps the layout that the History Server reads:

    eventlog_v2_<application>/events_<n>_<application>      sent first
    eventlog_v2_<application>/appstatus_<application>       empty; `.inprogress` until the application has stopped

It deletes two things only: the `.inprogress` object, after its successor is there, and local files that the store has in full
and Spark no longer writes to.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import signal
import sys
import threading
import time
import traceback
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Iterator, NamedTuple
from urllib.parse import urlsplit

IN_PROGRESS = ".inprogress"
APPLICATION = re.compile(r"^eventlog_v2_(?P<id>[^/]+)$")
EVENTS = re.compile(r"^events_(?P<index>\d+)_.*?(?P<compacted>\.compact)?$")
STATUS = re.compile(r"^appstatus_")
# An older application is one that has been silent for this long while another one writes.
SILENCE_SECONDS = 60
# Spark writes to the newest file of an application alone; one more is kept to be well clear of the change from one to the next.
KEPT_FILES = 2


class Version(NamedTuple):
    """What tells one state of a file from another."""

    size: int
    modified_ns: int


# Paths are relative to the directory, or to the prefix in the store: "eventlog_v2_x/events_1_x".
Local = dict[str, Version]


@dataclass(frozen=True)
class Upload:
    path: str
    version: Version


@dataclass(frozen=True)
class DeleteObject:
    path: str


@dataclass(frozen=True)
class DeleteLocal:
    path: str


Action = Upload | DeleteObject | DeleteLocal


def names(paths: Iterator[str] | Local, application: str) -> list[str]:
    folder = f"{application}/"
    return [path[len(folder) :] for path in paths if path.startswith(folder)]


def applications(paths: Local) -> list[str]:
    return sorted({path.split("/")[0] for path in paths if "/" in path and APPLICATION.match(path.split("/")[0])})


def events_of(files: list[str]) -> list[tuple[int, str]]:
    """The event files of one application with their numbers, in the order in which Spark wrote them."""
    matches = [(EVENTS.match(name), name) for name in files]
    return sorted((int(match["index"]), name) for match, name in matches if match and not match["compacted"])


def compacted_up_to(remote: set[str], application: str) -> int:
    """The History Server replaces old event files by one compacted file; those must not come back."""
    matches = [EVENTS.match(name) for name in names(iter(remote), application)]
    return max((int(match["index"]) for match in matches if match and match["compacted"]), default=0)


def plan_uploads(application: str, local: Local, sent: Local, remote: set[str]) -> list[Action]:
    """Event files first, in order, then the status: without events the History Server skips an application."""
    files = names(local, application)
    compacted = compacted_up_to(remote, application)
    wanted = [name for index, name in events_of(files) if index > compacted]
    wanted += sorted((name for name in files if STATUS.match(name)), key=lambda name: not name.endswith(IN_PROGRESS))
    paths = [f"{application}/{name}" for name in wanted]
    actions: list[Action] = [Upload(path, local[path]) for path in paths if sent.get(path) != local[path]]
    for path in paths:
        # Spark renames the status when the application stops. The old name goes only after the new one is there.
        before = path + IN_PROGRESS
        if STATUS.match(path.split("/")[1]) and before not in local and before in remote:
            actions.append(DeleteObject(before))
    return actions


def plan_cleaning(local: Local, sent: Local, now_ns: int) -> list[Action]:
    """Local files that the store has in full and that nobody writes to: a server that runs for weeks must not fill its disk."""
    last = {application: max(local[f"{application}/{name}"].modified_ns for name in names(local, application)) for application in applications(local)}
    newest = max(last.values(), default=0)
    actions: list[Action] = []
    for application, modified in last.items():
        files = names(local, application)
        is_old = modified < newest and now_ns - modified > SILENCE_SECONDS * 1_000_000_000
        finished = files if is_old else [name for _, name in events_of(files)[:-KEPT_FILES]]
        paths = [f"{application}/{name}" for name in finished]
        if all(sent.get(path) == local[path] for path in paths):
            actions += [DeleteLocal(path) for path in paths]
    return actions


def already_sent(local: Local, remote_sizes: dict[str, int]) -> Local:
    """After a restart of this program: event logs only grow, so an object of the same size is the same log."""
    return {path: version for path, version in local.items() if remote_sizes.get(path) == version.size}


def scan(directory: str) -> Local:
    """The files that Spark has written; names with a leading dot are checksums of Hadoop's local file system."""
    found: Local = {}
    for entry in os.scandir(directory):
        if entry.is_dir() and APPLICATION.match(entry.name):
            for file in os.scandir(entry.path):
                if file.is_file() and not file.name.startswith((".", "_")):
                    try:
                        status = file.stat()
                    except FileNotFoundError:
                        continue  # renamed since it was listed; the next pass sees its new name
                    found[f"{entry.name}/{file.name}"] = Version(status.st_size, status.st_mtime_ns)
    return found


def log(level: str, message: str, **context: object) -> None:
    moment = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
    print(json.dumps({"ts": moment, "level": level, "msg": message, "context": context, "logger": "event-log-uploader"}), flush=True)


class Store:
    """The part of the object store under one prefix."""

    def __init__(self, destination: str, endpoint: str | None, region: str | None) -> None:
        from minio import Minio
        from minio.credentials import ChainedProvider, EnvAWSProvider, IamAwsProvider

        place = urlsplit(destination)
        address = urlsplit(endpoint or f"https://s3.{region + '.' if region else ''}amazonaws.com")
        self.bucket = place.netloc
        self.prefix = place.path.strip("/") + "/" if place.path.strip("/") else ""
        self.client = Minio(
            address.netloc,
            secure=address.scheme == "https",
            region=region,
            credentials=ChainedProvider([EnvAWSProvider(), IamAwsProvider()]),
        )

    def sizes(self) -> dict[str, int]:
        objects = self.client.list_objects(self.bucket, prefix=self.prefix + "eventlog_v2_", recursive=True)
        return {str(item.object_name)[len(self.prefix) :]: item.size or 0 for item in objects}

    def upload(self, source: str, path: str, size: int) -> None:
        # Exactly the bytes that were there when the directory was read: the file may grow meanwhile.
        with open(source, "rb") as file:
            self.client.put_object(self.bucket, self.prefix + path, file, size)

    def delete(self, path: str) -> None:
        self.client.remove_object(self.bucket, self.prefix + path)


class Uploader:
    """Carries plans out and remembers what the store has."""

    def __init__(self, directory: str, store: Store) -> None:
        self.directory = directory
        self.store = store
        self.sent: Local = {}
        self.remote: set[str] | None = None

    def run_once(self) -> int:
        """One pass over the directory. Returns how many files were sent; raises what the store raises."""
        local = scan(self.directory)
        if self.remote is None:
            sizes = self.store.sizes()
            self.sent = already_sent(local, sizes)
            self.remote = set(sizes)
        elif any(version != self.sent.get(path) for path, version in local.items()):
            # Only where something is to be sent: the History Server may have compacted files in the meantime.
            self.remote = set(self.store.sizes())
        actions = [action for application in applications(local) for action in plan_uploads(application, local, self.sent, self.remote)]
        for action in actions:
            self.carry_out(action)
        for action in plan_cleaning(local, self.sent, time.time_ns()):
            self.carry_out(action)
        return sum(isinstance(action, Upload) for action in actions)

    def carry_out(self, action: Action) -> None:
        assert self.remote is not None
        if isinstance(action, Upload):
            self.upload(action)
        elif isinstance(action, DeleteObject):
            self.store.delete(action.path)
            self.remote.discard(action.path)
        else:
            self.delete_local(action.path)

    def upload(self, action: Upload) -> None:
        assert self.remote is not None
        try:
            self.store.upload(os.path.join(self.directory, action.path), action.path, action.version.size)
        except FileNotFoundError:
            return  # renamed since the directory was read; the next pass sends it under its new name
        self.sent[action.path] = action.version
        self.remote.add(action.path)

    def delete_local(self, path: str) -> None:
        os.remove(os.path.join(self.directory, path))
        self.sent.pop(path, None)
        folder, name = os.path.split(os.path.join(self.directory, path))
        checksum = os.path.join(folder, f".{name}.crc")
        if os.path.exists(checksum):
            os.remove(checksum)
        if not os.listdir(folder):
            os.rmdir(folder)


def reason(error: Exception) -> str:
    """The end of a chain of causes says what was wrong; libraries wrap it several times."""
    text = str(error).strip().split("\n")[-1]
    return f"{type(error).__name__}: {text[:300]}"


def run(uploader: Uploader, interval: float, final_timeout: float, stop: threading.Event) -> int:
    failures = 0
    while not stop.is_set():
        failures = one_pass(uploader, failures)
        # Outages are waited out with growing pauses, for ever: nothing unsent is deleted meanwhile.
        stop.wait(interval if failures == 0 else min(60.0, interval * 2**failures))
    deadline = time.monotonic() + final_timeout
    failures = 0
    while True:
        failures = one_pass(uploader, failures)
        if failures == 0:
            log("INFO", "stopped, everything is sent")
            return 0
        if time.monotonic() > deadline:
            log("ERROR", f"stopped, but the object store did not take everything within {final_timeout:g} s; the local directory has it")
            return 1
        time.sleep(1)


def one_pass(uploader: Uploader, failures: int) -> int:
    """Returns the number of failed passes in a row."""
    try:
        count = uploader.run_once()
    except Exception as error:  # whatever went wrong, the next pass tries again
        log("WARN", f"not sent, will try again: {reason(error)}", attempt=failures + 1)
        if os.environ.get("EVENT_LOG_DEBUG"):
            traceback.print_exc()
        return failures + 1
    if failures > 0:
        log("INFO", f"the object store answers again after {failures} failed attempts", files=count)
    elif count > 0:
        log("DEBUG", "sent", files=count)
    return 0


def arguments(given: list[str]) -> argparse.Namespace:
    environment = os.environ.get
    parser = argparse.ArgumentParser(description="Copies Spark's event logs from a local directory to an object store.")
    parser.add_argument("--directory", default=environment("EVENT_LOG_DIRECTORY"), help="local directory, spark.eventLog.dir of the server")
    parser.add_argument("--to", default=environment("EVENT_LOG_DESTINATION"), help="s3a://bucket/prefix")
    parser.add_argument("--endpoint", default=environment("S3_ENDPOINT"), help="http://host:port of the store; AWS if left out")
    parser.add_argument("--region", default=environment("AWS_REGION") or environment("AWS_DEFAULT_REGION"))
    parser.add_argument("--interval", type=float, default=float(environment("EVENT_LOG_INTERVAL") or 10), help="seconds between passes")
    parser.add_argument("--final-timeout", type=float, default=60, help="seconds to try after the signal to stop")
    found = parser.parse_args(given)
    if not found.directory:
        parser.error("--directory (or EVENT_LOG_DIRECTORY) is missing")
    if not re.match(r"^s3a?://[^/]{3,}", found.to or ""):
        parser.error(f"--to (or EVENT_LOG_DESTINATION): found {found.to!r}, expected s3a://bucket/prefix")
    if found.endpoint and not re.match(r"^https?://[^/]+/?$", found.endpoint):
        parser.error(f"--endpoint: found {found.endpoint!r}, expected http://host:port or https://host:port")
    return found


def main() -> int:
    found = arguments(sys.argv[1:])
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    os.makedirs(found.directory, exist_ok=True)
    log("INFO", f"copying {found.directory} to {found.to} every {found.interval:g} s")
    return run(Uploader(found.directory, Store(found.to, found.endpoint, found.region)), found.interval, found.final_timeout, stop)


if __name__ == "__main__":
    sys.exit(main())
