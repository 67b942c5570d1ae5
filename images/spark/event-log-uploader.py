#!/usr/bin/python3
"""Copies the event logs of a running Spark server to an object store.

An object store shows a file only when it is closed, so the log of a server that never stops would never be seen there. The
server writes its rolling log to a local directory; this program, a sidecar with the same directory, sends what changed every
few seconds and keeps the layout that the History Server reads:

    eventlog_v2_<application>/events_<n>_<application>      sent first
    eventlog_v2_<application>/appstatus_<application>       empty; `.inprogress` until the application has stopped

It deletes the `.inprogress` object after its successor is there, and local files that the store has in full and Spark no longer
writes to. In an outage of the store that outlasts the local disk it also drops the oldest events, with an error that names them: a
gap in the history is better than a server that is evicted for its disk, with all its sessions.
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
from typing import Iterable, NamedTuple
from urllib.parse import urlsplit

IN_PROGRESS = ".inprogress"
APPLICATION = re.compile(r"^eventlog_v2_(?P<id>[^/]+)$")
EVENTS = re.compile(r"^events_(?P<index>\d+)_.*?(?P<compacted>\.compact)?$")
STATUS = re.compile(r"^appstatus_")
# An older application is one that has been silent for this long while another one writes.
SILENCE_SECONDS = 60
# Spark writes to the newest file of an application alone; one more is kept to be well clear of the change from one to the next.
KEPT_FILES = 2
# The volume of the log has 1 GiB; the kubelet ends a pod that uses more.
MOST_LOCAL_BYTES = 768 * 1024 * 1024


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


Action = Upload | DeleteObject


def names(paths: Iterable[str], application: str) -> list[str]:
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
    matches = [EVENTS.match(name) for name in names(remote, application)]
    return max((int(match["index"]) for match in matches if match and match["compacted"]), default=0)


def superseded(application: str, local: Local, remote: set[str]) -> Local:
    """Event files whose content the store has in a compacted file: as good as sent."""
    compacted = compacted_up_to(remote, application)
    numbered = events_of(names(local, application))
    return {path: local[path] for index, name in numbered if index <= compacted for path in [f"{application}/{name}"]}


def plan_uploads(application: str, local: Local, sent: Local, remote: set[str]) -> list[Action]:
    """Event files first, in order, then the status: without events the History Server skips an application."""
    files = names(local, application)
    wanted = [name for _, name in events_of(files)]
    wanted += sorted((name for name in files if STATUS.match(name)), key=lambda name: not name.endswith(IN_PROGRESS))
    paths = [f"{application}/{name}" for name in wanted]
    # Somebody may have deleted what was sent: the History Server's own clean-up does, when a server was idle for long enough.
    gone = {path for path in paths if STATUS.match(path.split("/")[1]) and path not in remote}
    actions: list[Action] = [Upload(path, local[path]) for path in paths if sent.get(path) != local[path] or path in gone]
    for path in paths:
        # Spark renames the status when the application stops. The old name goes only after the new one is there.
        before = path + IN_PROGRESS
        if STATUS.match(path.split("/")[1]) and before not in local and before in remote:
            actions.append(DeleteObject(before))
    return actions


def plan_cleaning(local: Local, sent: Local, now_ns: int) -> list[DeleteLocal]:
    """Local files that the store has in full and that nobody writes to: a server that runs for weeks must not fill its disk."""
    last = {
        application: max(local[f"{application}/{name}"].modified_ns for name in names(local, application))
        for application in applications(local)
    }
    newest = max(last.values(), default=0)
    actions: list[DeleteLocal] = []
    for application, modified in last.items():
        files = names(local, application)
        is_old = modified < newest and now_ns - modified > SILENCE_SECONDS * 1_000_000_000
        finished = files if is_old else [name for _, name in events_of(files)[:-KEPT_FILES]]
        paths = [f"{application}/{name}" for name in finished]
        if all(sent.get(path) == local[path] for path in paths):
            actions += [DeleteLocal(path) for path in paths]
    return actions


def plan_relief(local: Local, most: int) -> list[DeleteLocal]:
    """The oldest event files that nobody writes to, as many as have to go so that the rest fits; sent or not."""
    excess = sum(version.size for version in local.values()) - most
    unwritten = [f"{application}/{name}" for application in applications(local) for _, name in events_of(names(local, application))[:-KEPT_FILES]]
    actions: list[DeleteLocal] = []
    for path in sorted(unwritten, key=lambda path: local[path].modified_ns):
        if excess <= 0:
            break
        excess -= local[path].size
        actions.append(DeleteLocal(path))
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

    def __init__(self, destination: str, endpoint: str | None, region: str | None, path_style: bool | None = None) -> None:
        import urllib3
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
            # The library's own client waits for minutes; here the next pass is the retry.
            http_client=urllib3.PoolManager(
                timeout=urllib3.Timeout(connect=5, read=30),
                retries=urllib3.Retry(total=1, backoff_factor=0.2),
                ca_certs=os.environ.get("SSL_CERT_FILE", "/etc/ssl/certs/ca-certificates.crt"),
            ),
        )
        if path_style is True:
            self.client.disable_virtual_style_endpoint()
        elif path_style is False:
            self.client.enable_virtual_style_endpoint()

    def sizes(self, application: str) -> dict[str, int]:
        objects = self.client.list_objects(bucket_name=self.bucket, prefix=f"{self.prefix}{application}/", recursive=True)
        return {str(item.object_name)[len(self.prefix) :]: item.size or 0 for item in objects}

    def upload(self, source: str, path: str, size: int) -> None:
        # Exactly the bytes that were there when the directory was read: the file may grow meanwhile.
        with open(source, "rb") as file:
            self.client.put_object(bucket_name=self.bucket, object_name=self.prefix + path, data=file, length=size)

    def delete(self, path: str) -> None:
        self.client.remove_object(bucket_name=self.bucket, object_name=self.prefix + path)


class Uploader:
    """Carries plans out and remembers what the store has."""

    def __init__(self, directory: str, store: Store) -> None:
        self.directory = directory
        self.store = store
        self.sent: Local = {}
        # For every application what its directory held when a plan for it was last carried out to the end.
        self.settled: dict[str, Local] = {}

    def run_once(self) -> int:
        """One pass over the directory. Returns how many files were sent; raises what the store raises."""
        local = scan(self.directory)
        count = sum(self.send(application, local) for application in applications(local))
        for action in plan_cleaning(local, self.sent, time.time_ns()):
            self.delete_local(action.path)
        return count

    def send(self, application: str, local: Local) -> int:
        own = {path: version for path, version in local.items() if path.startswith(f"{application}/")}
        if self.settled.get(application) == own:
            return 0
        # Read anew for every change: the History Server may have compacted older files in the meantime.
        remote = self.store.sizes(application)
        if application not in self.settled:
            self.sent.update(already_sent(own, remote))
        self.sent.update(superseded(application, own, set(remote)))
        actions = plan_uploads(application, own, self.sent, set(remote))
        for action in actions:
            self.carry_out(action)
        self.settled[application] = own
        return sum(isinstance(action, Upload) for action in actions)

    def relieve(self) -> None:
        """Keeps the local disk from filling up while the store takes nothing."""
        for action in plan_relief(scan(self.directory), MOST_LOCAL_BYTES):
            log("ERROR", "dropped to keep the server's disk from filling up: the object store does not take it", path=action.path)
            self.delete_local(action.path)

    def carry_out(self, action: Action) -> None:
        if isinstance(action, Upload):
            self.upload(action)
        elif isinstance(action, DeleteObject):
            self.store.delete(action.path)

    def upload(self, action: Upload) -> None:
        try:
            self.store.upload(os.path.join(self.directory, action.path), action.path, action.version.size)
        except FileNotFoundError:
            return  # renamed since the directory was read; the next pass sends it under its new name
        self.sent[action.path] = action.version

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
    """One line for people: what the store answered, or why it could not be reached; the library wraps the latter twice."""
    if code := getattr(error, "code", None):
        return f"{code}: {getattr(error, 'message', '')}"
    cause = getattr(error, "reason", None) or error
    return str(cause).strip().split("\n")[-1][:300] or type(error).__name__


def run(uploader: Uploader, interval: float, final_timeout: float, stop: threading.Event) -> int:
    failures = 0
    while not stop.is_set():
        failures = one_pass(uploader, failures)
        # Outages are waited out with growing pauses, for ever.
        stop.wait(interval if failures == 0 else min(60.0, interval * 2 ** min(failures, 6)))
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
        uploader.relieve()
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
    parser.add_argument(
        "--path-style",
        choices=["true", "false"],
        default=environment("S3_PATH_STYLE"),
        help="true: http://host/bucket, false: http://bucket.host; AWS gets the latter and others the former if left out",
    )
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
    path_style = None if found.path_style is None else found.path_style == "true"
    store = Store(found.to, found.endpoint, found.region, path_style)
    return run(Uploader(found.directory, store), found.interval, found.final_timeout, stop)


if __name__ == "__main__":
    sys.exit(main())
