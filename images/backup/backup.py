#!/usr/bin/python3
"""Backs up one PostgreSQL database to a bucket, and brings it back from there.

A backup is two objects below <prefix>/<id>/: `database.dump`, and `manifest.json`, which is written last. A dump without a manifest
is no backup. The server is named by libpq's own variables (PGHOST, PGDATABASE, ...), the store's keys by AWS's own.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import secrets
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

DUMP, MANIFEST = "database.dump", "manifest.json"
ID = re.compile(r"^\d{8}T\d{6}Z-[0-9a-f]{6}$")
# A run that is still uploading has no manifest yet; one that takes longer than this is dead.
LONGEST_RUN = timedelta(days=2)

# Tables of the user's own, those of extensions left out: they come back with their extension.
TABLES = """
    SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'r' AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%'
        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
    ORDER BY 1, 2
"""
# Whatever a restore could meet and a person might miss: tables, views, sequences, types, functions, schemas.
CONTENTS = """
    SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f', 'c') AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%'
            AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
    UNION ALL SELECT n.nspname || '.' || p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%'
            AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
    UNION ALL SELECT n.nspname || '.' || t.typname FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
        WHERE t.typtype IN ('e', 'd') AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%'
            AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_type'::regclass AND d.objid = t.oid AND d.deptype = 'e')
    UNION ALL SELECT nspname FROM pg_namespace WHERE nspname NOT IN ('public', 'information_schema') AND nspname NOT LIKE 'pg\\_%'
    LIMIT 5
"""


class Refused(Exception):
    """Something that must not go on, in words for a person."""


def say(line: str) -> None:
    print(f"backup: {line}", flush=True)


def run(*command: str) -> str:
    """What a program printed. @raises Refused with the last line of its complaint."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        complaint = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise Refused(f"{command[0]} ended with {done.returncode}: {complaint}")
    return done.stdout


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@dataclass
class Backup:
    """What the bucket holds under one id."""

    id: str
    # Its manifest, when it is finished.
    manifest: dict[str, object] | None
    # Whether the dump is there and as large as the manifest says.
    whole: bool

    @property
    def time(self) -> datetime:
        return datetime.strptime(self.id[:16], "%Y%m%dT%H%M%SZ").replace(tzinfo=timezone.utc)


def old_backups(backups: list[Backup], now: datetime, days: int, keep: int) -> list[Backup]:
    """Those that may go: older than so many days, and not among the newest whole ones, however old these are."""
    whole = sorted((backup for backup in backups if backup.whole), key=lambda backup: backup.id, reverse=True)
    kept = {backup.id for backup in whole[:keep]}
    if not kept:
        return []
    limit = now - timedelta(days=days)
    dead = now - LONGEST_RUN
    return [
        backup
        for backup in backups
        if backup.id not in kept and (backup.time < limit if backup.manifest is not None else backup.time < dead)
    ]


class Store:
    """A directory in a bucket."""

    def __init__(self, found: argparse.Namespace) -> None:
        import boto3
        from botocore.config import Config

        style = {"addressing_style": "path" if found.path_style else "auto"}
        config = Config(s3=style, retries={"max_attempts": 5, "mode": "standard"}, connect_timeout=10, read_timeout=60)
        self.client = boto3.client("s3", endpoint_url=found.endpoint, region_name=found.region, config=config)
        self.bucket, self.prefix = found.bucket, found.prefix

    def key(self, backup: str, file: str) -> str:
        return f"{self.prefix}/{backup}/{file}"

    def upload(self, backup: str, path: Path) -> None:
        from boto3.s3.transfer import TransferConfig

        key = self.key(backup, DUMP)
        transfer = TransferConfig(multipart_threshold=64 << 20, multipart_chunksize=64 << 20, max_concurrency=2)
        self.client.upload_file(str(path), self.bucket, key, ExtraArgs={"ChecksumAlgorithm": "SHA256"}, Config=transfer)
        stored = self.client.head_object(Bucket=self.bucket, Key=key)["ContentLength"]
        if stored != path.stat().st_size:
            raise Refused(f"the store holds {stored} bytes of {path.stat().st_size}")

    def finish(self, backup: str, manifest: dict[str, object]) -> None:
        body = json.dumps(manifest, indent=2, sort_keys=True).encode()
        key = self.key(backup, MANIFEST)
        # Only where there is none: no backup can be overwritten.
        self.client.put_object(Bucket=self.bucket, Key=key, Body=body, ChecksumAlgorithm="SHA256", IfNoneMatch="*")

    def manifest(self, backup: str) -> dict[str, object] | None:
        try:
            text = self.client.get_object(Bucket=self.bucket, Key=self.key(backup, MANIFEST))["Body"].read()
            found = json.loads(text)
        except self.client.exceptions.NoSuchKey:
            return None
        except ValueError as error:
            raise Refused(f"the manifest of {backup} cannot be read: {error}") from error
        if not isinstance(found, dict) or not {"size", "sha256", "rows"} <= found.keys():
            raise Refused(f"the manifest of {backup} is not one of ours")
        return found

    def backups(self) -> list[Backup]:
        sizes: dict[str, dict[str, int]] = {}
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=f"{self.prefix}/")
        for page in pages:
            for item in page.get("Contents", []):
                backup, _, file = item["Key"].removeprefix(f"{self.prefix}/").partition("/")
                if ID.match(backup):
                    sizes.setdefault(backup, {})[file] = item["Size"]
        return [self.backup(backup, files) for backup, files in sorted(sizes.items())]

    def backup(self, backup: str, files: dict[str, int]) -> Backup:
        try:
            manifest = self.manifest(backup) if MANIFEST in files else None
        except Refused as refused:
            say(str(refused))
            return Backup(backup, {}, whole=False)
        return Backup(backup, manifest, whole=manifest is not None and files.get(DUMP) == manifest["size"])

    def delete(self, backup: str) -> None:
        # The manifest first: what is left of a deletion that is interrupted is no backup, rather than a broken one.
        for file in (MANIFEST, DUMP):
            self.client.delete_object(Bucket=self.bucket, Key=self.key(backup, file))

    def download(self, backup: str, path: Path) -> None:
        self.client.download_file(self.bucket, self.key(backup, DUMP), str(path))


def connect():
    import psycopg

    return psycopg.connect("", connect_timeout=30, application_name="backup")


def count_rows(connection) -> dict[str, int]:
    from psycopg import sql

    tables = connection.execute(TABLES).fetchall()
    count = sql.SQL("SELECT count(*) FROM ONLY {}")
    return {f"{schema}.{table}": connection.execute(count.format(sql.Identifier(schema, table))).fetchone()[0] for schema, table in tables}


def dump(path: Path) -> dict[str, object]:
    """Writes a dump and answers what it must hold, both of one moment. @raises Refused when the file does not hold it."""
    import psycopg

    with connect() as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        moment = connection.execute("SELECT pg_export_snapshot()").fetchone()[0]
        rows = count_rows(connection)
        server = connection.execute("SHOW server_version").fetchone()[0]
        database = connection.execute("SELECT current_database()").fetchone()[0]
        run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--snapshot={moment}", "--lock-wait-timeout=600s", f"--file={path}")
    verify(path, len(rows))
    return {"database": database, "server": server, "client": run("pg_dump", "--version").strip(), "rows": rows}


def verify(path: Path, tables: int) -> None:
    """The list stands at the beginning of a dump, so a dump that was cut short has it too: the rest is read as well."""
    listed = sum(1 for line in run("pg_restore", "--list", str(path)).splitlines() if re.match(r"^\d+; \d+ \d+ TABLE DATA ", line))
    if listed != tables:
        raise Refused(f"the dump lists {listed} tables of {tables}")
    run("pg_restore", "--file=/dev/null", str(path))


def back_up(store: Store, work: Path, found: argparse.Namespace) -> None:
    start = datetime.now(timezone.utc)
    backup = f"{start:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"
    path = work / DUMP
    contents = dump(path)
    size = path.stat().st_size
    say(f"{backup}: {contents['database']}, {len(contents['rows'])} tables, {size} bytes, verified")
    store.upload(backup, path)
    end = datetime.now(timezone.utc)
    times = {"start": start.isoformat(timespec="seconds"), "end": end.isoformat(timespec="seconds")}
    store.finish(backup, {"id": backup, "size": size, "sha256": sha256(path), **times, **contents})
    say(f"{backup}: kept in {store.bucket}/{store.prefix}")
    if found.days is not None:
        for old in old_backups(store.backups(), end, found.days, found.keep):
            store.delete(old.id)
            say(f"{old.id}: deleted, older than {found.days} days")


def restore(store: Store, work: Path, backup: str) -> None:
    if not ID.match(backup):
        raise Refused(f'"{backup}" is not the id of a backup; they look like 20261121T020000Z-0a1b2c')
    manifest = store.manifest(backup)
    if manifest is None:
        raise Refused(f"{backup}: there is no such backup in {store.bucket}/{store.prefix}, or it never came to its end")
    refuse_contents()
    path = work / DUMP
    store.download(backup, path)
    if path.stat().st_size != manifest["size"] or sha256(path) != manifest["sha256"]:
        raise Refused(f"{backup}: the dump is not the one that was uploaded, its checksum differs")
    rows = manifest["rows"]
    verify(path, len(rows))
    with connect() as connection:
        owner = connection.execute("SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()").fetchone()[0]
    # In one transaction: an interrupted restore leaves the database as empty as it was.
    options = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", f"--role={owner}"]
    run("pg_restore", *options, f"--dbname={os.environ['PGDATABASE']}", str(path))
    with connect() as connection:
        found = count_rows(connection)
    if found != rows:
        different = sorted(table for table in {*rows, *found} if rows.get(table) != found.get(table))
        raise Refused(f"{backup}: restored, but these tables have other rows than were saved: {', '.join(different)}")
    say(f"{backup}: restored, {len(rows)} tables, {sum(rows.values())} rows")


def refuse_contents() -> None:
    with connect() as connection:
        there = [name for (name,) in connection.execute(CONTENTS).fetchall()]
    if there:
        raise Refused(f"the database {os.environ['PGDATABASE']} is not empty, it has {', '.join(there)}; restore into an empty one")


def listing(store: Store) -> None:
    for backup in store.backups():
        state = "whole" if backup.whole else "broken" if backup.manifest is not None else "unfinished"
        print(f"{backup.id} {state} {(backup.manifest or {}).get('size', '')}".rstrip())


def wait_for_server(seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while subprocess.run(["pg_isready", "--quiet", "--timeout=3"], check=False).returncode != 0:
        if time.monotonic() > deadline:
            raise Refused(f"{os.environ.get('PGHOST')} did not answer within {seconds:g} s")
        time.sleep(1)


def arguments(given: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Backs up one PostgreSQL database to a bucket, and brings it back from there.")
    parser.add_argument("--endpoint", help="URL of the S3 API; default: AWS")
    parser.add_argument("--region", default="us-east-1")
    parser.add_argument("--path-style", action="store_true", help="the bucket stands in the path")
    parser.add_argument("--bucket", required=True)
    parser.add_argument("--prefix", required=True, help="directory in the bucket, without slashes at its ends")
    parser.add_argument("--work", type=Path, default=Path("/work"), help="directory with room for a dump")
    parser.add_argument("--timeout", type=float, default=120, help="seconds to wait for the server")
    command = parser.add_subparsers(dest="command", required=True)
    backing = command.add_parser("backup", help="makes a backup, then deletes old ones")
    backing.add_argument("--days", type=int, help="delete backups older than this; default: none")
    backing.add_argument("--keep", type=int, default=1, help="newest whole backups that are never deleted")
    command.add_parser("restore", help="brings a backup back into an empty database").add_argument("id")
    command.add_parser("list", help="says which backups there are")
    return parser.parse_args(given)


def main() -> int:
    found = arguments(sys.argv[1:])
    from boto3.exceptions import Boto3Error
    from botocore.exceptions import BotoCoreError, ClientError
    from psycopg import Error as DatabaseError

    try:
        store = Store(found)
        if found.command == "list":
            listing(store)
            return 0
        wait_for_server(found.timeout)
        if found.command == "backup":
            back_up(store, found.work, found)
        else:
            restore(store, found.work, found.id)
    except (Refused, Boto3Error, BotoCoreError, ClientError, DatabaseError, OSError) as error:
        print(f"backup: {str(error).strip().splitlines()[0]}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
