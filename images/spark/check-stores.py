#!/usr/bin/python3
"""Says in one line what a Spark server could not work with, before the server starts and fails in a hundred lines.

    check-stores.py --directory s3a://warehouse/tables --endpoint http://store:9000 --path-style true
    check-stores.py --address "Hive Metastore=metastore:9083" --address "masters=one:7077,two:7077"

Asks the store for the directory, with the keys that the server will have, and opens a connection to every address; of several
with commas between them one has to answer. What may be a matter of moments is tried for a while, what is a matter of settings
is not. The last line is also what Kubernetes keeps as the reason of the container's end.
"""

from __future__ import annotations

import argparse
import os
import socket
import sys
import time
from typing import Callable
from urllib.parse import urlsplit

TIMEOUT_SECONDS = 5


class Wrong(Exception):
    """Will not go away by itself."""


class Silent(Exception):
    """Somebody does not answer, yet."""


# What S3 stores call it, and what it means to the person who reads it.
REASONS = {
    "NoSuchBucket": 'there is no bucket "{bucket}"',
    "InvalidAccessKeyId": "the store does not know the access key",
    "SignatureDoesNotMatch": "the store refuses the secret key: it does not belong to the access key",
    # A store tells only those who may list a bucket that there is none.
    "AccessDenied": 'the keys may not list the bucket "{bucket}", or there is none',
    "AllAccessDisabled": 'the bucket "{bucket}" is locked',
    "InvalidTokenId": "the store does not know the session token",
    "ExpiredToken": "the session token has expired",
}


def reason(code: str, message: str, bucket: str) -> str:
    return REASONS[code].format(bucket=bucket) if code in REASONS else f"the store refuses: {code}: {message}"


def check_directory(directory: str, endpoint: str | None, region: str | None, path_style: bool | None) -> None:
    import urllib3
    from minio import Minio
    from minio.credentials import AWSConfigProvider, ChainedProvider, EnvAWSProvider, IamAwsProvider
    from minio.error import S3Error

    place = urlsplit(directory)
    address = urlsplit(endpoint or f"https://s3.{region + '.' if region else ''}amazonaws.com")
    client = Minio(
        address.netloc,
        secure=address.scheme == "https",
        region=region,
        credentials=ChainedProvider([EnvAWSProvider(), AWSConfigProvider(), IamAwsProvider()]),
        http_client=urllib3.PoolManager(
            timeout=urllib3.Timeout(connect=TIMEOUT_SECONDS, read=TIMEOUT_SECONDS),
            retries=urllib3.Retry(total=0),
            ca_certs=os.environ.get("SSL_CERT_FILE", "/etc/ssl/certs/ca-certificates.crt"),
        ),
    )
    if path_style is True:
        client.disable_virtual_style_endpoint()
    elif path_style is False:
        client.enable_virtual_style_endpoint()
    where = f"{directory} in the store at {address.scheme}://{address.netloc}"
    try:
        next(iter(client.list_objects(bucket_name=place.netloc, prefix=place.path.strip("/") + "/")), None)
    except S3Error as error:
        raise Wrong(f"{where}: {reason(str(error.code), str(error.message), place.netloc)}") from error
    except (OSError, urllib3.exceptions.HTTPError) as error:
        raise Silent(f"{where}: the store does not answer: {root_of(error)}") from error
    except ValueError as error:
        # The library found no keys: neither in the environment nor from the cloud.
        raise Wrong(f"{where}: no keys: {error}") from error


def root_of(error: BaseException) -> str:
    while getattr(error, "reason", None) is not None and isinstance(error.reason, BaseException):
        error = error.reason
    return str(error).split(": ", 1)[-1]


def check_address(given: str) -> None:
    what, _, targets = given.partition("=")
    complaints = []
    for target in targets.split(","):
        host, _, port = target.rpartition(":")
        try:
            socket.create_connection((host.strip("[]"), int(port)), timeout=TIMEOUT_SECONDS).close()
            return
        except OSError as error:
            complaints.append(f"{target}: {error.strerror or error}")
    raise Silent(f"{what} does not answer at {'; '.join(complaints)}")


def keep_trying(check: Callable[[], None], deadline: float) -> str | None:
    """The complaint that stands at the end, if one does."""
    while True:
        try:
            check()
            return None
        except Wrong as error:
            return str(error)
        except Silent as error:
            if time.monotonic() >= deadline:
                return str(error)
        time.sleep(1)


def main() -> None:
    parser = argparse.ArgumentParser(description="Checks what a Spark server is about to need.")
    parser.add_argument("--directory", action="append", default=[], help="directory in a bucket: s3a://bucket/path")
    parser.add_argument("--endpoint", help="URL of the store; default: AWS")
    parser.add_argument("--region")
    parser.add_argument("--path-style", type=lambda text: text == "true")
    parser.add_argument("--address", action="append", default=[], help="what it is, and host:port: name=host:port,host:port")
    parser.add_argument("--seconds", type=float, default=20, help="how long to wait for those that do not answer")
    found = parser.parse_args()
    deadline = time.monotonic() + found.seconds
    checks: list[Callable[[], None]] = [
        *(lambda one=one: check_directory(one, found.endpoint, found.region, found.path_style) for one in found.directory),
        *(lambda one=one: check_address(one) for one in found.address),
    ]
    complaints = [complaint for check in checks if (complaint := keep_trying(check, deadline)) is not None]
    if complaints:
        print(f"check-stores: {'; '.join(complaints)}", file=sys.stderr, flush=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
