"""Calls to the Kubernetes API server with this pod's own account, for the programs beside this file."""

from __future__ import annotations

import json
import os
import ssl
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any, Callable

ACCOUNT = Path("/var/run/secrets/kubernetes.io/serviceaccount")

Request = Callable[[str, str, dict[str, str]], dict[str, Any]]


class Refused(Exception):
    """The API server does not allow it."""


def connect(attempts: int = 5, grace_seconds: int = 1) -> Request:
    """Calls to the API server; what is deleted has `grace_seconds` to stop. An answer of "not found" is empty."""
    address = os.environ.get("KUBERNETES_SERVICE_HOST"), os.environ.get("KUBERNETES_SERVICE_PORT", "443")
    if not address[0] or not (ACCOUNT / "token").exists():
        raise SystemExit("no API server or no service account token in this container; is automountServiceAccountToken on?")
    host = f"[{address[0]}]" if ":" in str(address[0]) else address[0]
    trust = ssl.create_default_context(cafile=str(ACCOUNT / "ca.crt"))

    def request(method: str, path: str, query: dict[str, str]) -> dict[str, Any]:
        body = json.dumps({"gracePeriodSeconds": grace_seconds, "propagationPolicy": "Background"}).encode() if method == "DELETE" else None
        for attempt in range(attempts):
            call = urllib.request.Request(
                f"https://{host}:{address[1]}{path}?{urllib.parse.urlencode(query)}",
                method=method,
                data=body,
                headers={"Authorization": f"Bearer {(ACCOUNT / 'token').read_text().strip()}", "Content-Type": "application/json"},
            )
            try:
                with urllib.request.urlopen(call, context=trust, timeout=10) as answer:
                    return json.load(answer)
            except urllib.error.HTTPError as error:
                if error.code in (401, 403):
                    raise Refused(json.load(error).get("message", str(error))) from error
                if error.code == 404:
                    return {}
                if attempt == attempts - 1 or error.code < 500 and error.code != 429:
                    raise SystemExit(f"{method} {path}: {error}") from error
            except OSError as error:
                if attempt == attempts - 1:
                    raise SystemExit(f"the API server at {host}:{address[1]} does not answer: {error}") from error
            time.sleep(min(2**attempt, 30))
        raise AssertionError("unreachable")

    return request
