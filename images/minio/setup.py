#!/usr/bin/python3
"""Brings an object store to what the platform needs: buckets, prefixes, one user with rights to those buckets and no more.

Runs as often as you like; makes what is missing, updates the user and its rights, deletes nothing.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import re
import sys
import time
from urllib.parse import urlsplit

BUCKET = re.compile(r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$")


def policy_of(buckets: list[str]) -> dict[str, object]:
    """Reading, writing and listing in these buckets, with what multipart uploads need; no buckets are made or deleted."""
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"],
                "Resource": [f"arn:aws:s3:::{bucket}" for bucket in buckets],
            },
            {
                "Effect": "Allow",
                "Action": ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"],
                "Resource": [f"arn:aws:s3:::{bucket}/*" for bucket in buckets],
            },
        ],
    }


def marker_of(prefix: str) -> tuple[str, str]:
    """Bucket and name of the empty object that stands for a directory: Spark lists its log directory before it writes there."""
    bucket, _, path = prefix.strip("/").partition("/")
    return bucket, f"{path}/" if path else ""


def problems_of(found: argparse.Namespace) -> list[str]:
    problems = [f"--bucket: found {bucket!r}, expected 3 to 63 small letters, digits, dots or dashes" for bucket in found.bucket if not BUCKET.match(bucket)]
    problems += [
        f"--prefix: found {prefix!r}, expected <bucket>/<path> with one of the buckets {', '.join(found.bucket)}"
        for prefix in found.prefix
        if marker_of(prefix)[0] not in found.bucket or not marker_of(prefix)[1]
    ]
    needed = ["MINIO_ROOT_USER", "MINIO_ROOT_PASSWORD", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]
    problems += [f"environment variable {name} is missing" for name in needed if not os.environ.get(name)]
    if not re.match(r"^https?://[^/]+/?$", found.endpoint or ""):
        problems.append(f"--endpoint: found {found.endpoint!r}, expected http://host:port or https://host:port")
    if not found.bucket:
        problems.append("--bucket: at least one is needed")
    if os.environ.get("AWS_ACCESS_KEY_ID") and os.environ.get("AWS_ACCESS_KEY_ID") == os.environ.get("MINIO_ROOT_USER"):
        problems.append("AWS_ACCESS_KEY_ID is the root user's name; the application needs a user of its own")
    return problems


def wait_until_ready(endpoint: str, timeout: float) -> None:
    import urllib3

    deadline = time.monotonic() + timeout
    pool = urllib3.PoolManager(retries=False, timeout=3)
    last = "nothing"
    while time.monotonic() < deadline:
        try:
            status = pool.request("GET", f"{endpoint.rstrip('/')}/minio/health/ready").status
            if status == 200:
                return
            last = f"status {status}"
        except urllib3.exceptions.HTTPError as error:
            last = f"{type(error).__name__}: {error}"
        time.sleep(0.5)
    raise SystemExit(f"object store: {endpoint} was not ready within {timeout:g} s; last answer: {last}")


def say(line: str) -> None:
    print(f"object store: {line}", flush=True)


def make_buckets(client: object, buckets: list[str], prefixes: list[str], region: str) -> None:
    from minio import S3Error

    for bucket in buckets:
        if client.bucket_exists(bucket_name=bucket):
            say(f"bucket {bucket}: there")
            continue
        try:
            client.make_bucket(bucket_name=bucket, location=region)
            say(f"bucket {bucket}: made")
        except S3Error as error:
            if error.code not in ("BucketAlreadyOwnedByYou", "BucketAlreadyExists"):
                raise
    for prefix in prefixes:
        bucket, marker = marker_of(prefix)
        if any(True for _ in client.list_objects(bucket_name=bucket, prefix=marker)):
            say(f"prefix {bucket}/{marker}: there")
        else:
            client.put_object(bucket_name=bucket, object_name=marker, data=io.BytesIO(b""), length=0)
            say(f"prefix {bucket}/{marker}: made")


def make_user(admin: object, policy: str, buckets: list[str]) -> None:
    from minio.error import MinioAdminException

    user, secret = os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"]
    admin.policy_add(policy_name=policy, policy=policy_of(buckets))
    admin.user_add(access_key=user, secret_key=secret)
    try:
        admin.attach_policy(policies=[policy], user=user)
    except MinioAdminException as error:
        # Said when the user has it already.
        if "PolicyChangeAlreadyApplied" not in str(error):
            raise
    say(f"user {user}: may read and write {', '.join(buckets)} (policy {policy})")


def arguments(given: list[str]) -> argparse.Namespace:
    def listed(name: str) -> list[str]:
        return [item for item in os.environ.get(name, "").split(",") if item]

    parser = argparse.ArgumentParser(description="Makes buckets, prefixes and an application user; deletes nothing.")
    parser.add_argument("--endpoint", default=os.environ.get("S3_ENDPOINT"), help="http://host:port of the store")
    parser.add_argument("--bucket", action="append", help="repeatable")
    parser.add_argument("--prefix", action="append", help="<bucket>/<path>, repeatable")
    parser.add_argument("--policy", default=os.environ.get("AWS_ACCESS_KEY_ID"), help="name of the user's policy; default: the user's own name")
    parser.add_argument("--region", default=os.environ.get("AWS_REGION") or "us-east-1")
    parser.add_argument("--timeout", type=float, default=120, help="seconds to wait for the store")
    found = parser.parse_args(given)
    found.bucket = found.bucket or listed("OBJECT_STORE_BUCKETS")
    found.prefix = found.prefix or listed("OBJECT_STORE_PREFIXES")
    return found


def main() -> int:
    found = arguments(sys.argv[1:])
    problems = problems_of(found)
    if problems:
        print(f"object store: {'; '.join(problems)}", file=sys.stderr)
        return 1

    import urllib3
    from minio import Minio, MinioAdmin
    from minio.credentials import StaticProvider
    from minio.error import MinioAdminException, MinioException

    wait_until_ready(found.endpoint, found.timeout)
    address = urlsplit(found.endpoint)
    root = StaticProvider(os.environ["MINIO_ROOT_USER"], os.environ["MINIO_ROOT_PASSWORD"])
    place = {"endpoint": address.netloc, "credentials": root, "secure": address.scheme == "https", "region": found.region}
    try:
        make_buckets(Minio(**place), found.bucket, found.prefix, found.region)
        make_user(MinioAdmin(**place), found.policy, found.bucket)
    except (MinioException, MinioAdminException, urllib3.exceptions.HTTPError, json.JSONDecodeError) as error:
        print(f"object store: {found.endpoint}: {str(error).strip().splitlines()[-1]}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
