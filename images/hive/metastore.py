#!/usr/bin/python3
"""Starts the metastore, or brings its schema to the version of this image; says in one line what keeps it from doing so.

The settings are those of METASTORE_CONF_DIR (metastore-site.xml, core-site.xml); their secrets are references to the environment.
METASTORE_JAVA_OPTS holds further options of the server's Java.
"""

from __future__ import annotations

import argparse
import os
import re
import socket
import subprocess
import sys
import time

HOME = "/opt/hive"
# What reads the output of the schema's tool knows logs by it, whatever the server's own are.
SCHEMA_TOOL_LOGS = {"METASTORE_LOG_LEVEL": "info", "METASTORE_LOG_LAYOUT": "json"}
SERVER = "org.apache.hadoop.hive.metastore.HiveMetaStore"
SCHEMA_TOOL = "org.apache.hadoop.hive.metastore.tools.MetastoreSchemaTool"
# What a database or its driver says; everything around it is stack traces.
CAUSE = re.compile(r"(?:FATAL|ERROR): .*|The connection attempt failed.*|[\w.]*(?:SSL|Certificate|UnknownHost|Connect)\w*Exception.*")


def say(line: str) -> None:
    print(f"metastore: {line}", flush=True)


def java(*arguments: str) -> list[str]:
    folder = os.environ.get("METASTORE_CONF_DIR", f"{HOME}/conf")
    return [
        "java",
        "-XX:MaxRAMPercentage=70",
        "-XX:+ExitOnOutOfMemoryError",
        f"-Dlog4j2.configurationFile={HOME}/log4j2.properties",
        "-cp",
        f"{folder}:{HOME}/lib/*",
        *arguments,
    ]


def wait_for_database(host: str, port: int, seconds: float) -> str | None:
    """Why the database cannot be reached, when it could not be for so long."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            socket.create_connection((host, port), timeout=5).close()
            return None
        except OSError as error:
            if time.monotonic() > deadline:
                return error.strerror or str(error)
        time.sleep(1)


def schema_tool(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = java(SCHEMA_TOOL, "-dbType", "postgres", *arguments)
    environment = {**os.environ, **SCHEMA_TOOL_LOGS}
    return subprocess.run(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=600, check=False)


def cause_of(output: str) -> str:
    causes = CAUSE.findall(output)
    words = [line for line in output.splitlines() if line.strip() and not line.startswith("{")]
    return (causes or words or ["it said nothing"])[-1].strip().removesuffix('"}').replace("\\n", " ")


def field(output: str, name: str) -> str:
    found = re.search(rf"^{name}:\s*(\S+)", output, re.MULTILINE)
    return found.group(1) if found else ""


def bring_schema() -> str | None:
    """What went wrong, if anything did. Running it again changes nothing."""
    info = schema_tool("-info")
    wanted, found = field(info.stdout, "Hive distribution version"), field(info.stdout, "Metastore schema version")
    if info.returncode == 0:
        say(f"the schema is of version {found}")
        return None
    if 'relation "VERSION" does not exist' in info.stdout:
        say("the database is empty: making the schema")
        made = schema_tool("-initSchema")
    elif found and found < wanted:
        say(f"the schema is of version {found}: upgrading it to {wanted}")
        made = schema_tool("-upgradeSchema")
    elif found:
        return f"the schema is of version {found}, newer than this image, which knows {wanted}: use the image that made it"
    else:
        return cause_of(info.stdout)
    if made.returncode == 0:
        say("the schema is ready")
        return None
    half = " (a set-up that was cut off leaves a half-made schema: give the metastore a new database)" if "already exists" in made.stdout else ""
    return cause_of(made.stdout) + half


def main() -> int:
    parser = argparse.ArgumentParser(description="Starts the metastore, or brings its schema to the version of this image.")
    parser.add_argument("what", choices=["server", "schema"])
    parser.add_argument("--database", required=True, help="host:port of the database")
    parser.add_argument("--timeout", type=float, default=30, help="seconds to wait for the database")
    given = parser.parse_args()
    host, _, port = given.database.rpartition(":")
    problem = wait_for_database(host, int(port), given.timeout)
    if problem is None and given.what == "server":
        command = java(*os.environ.get("METASTORE_JAVA_OPTS", "").split(), SERVER)
        os.execvp(command[0], command)
    if problem is None:
        problem = bring_schema()
    if problem is not None:
        say(f"database {given.database}: {problem}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
