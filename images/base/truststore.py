"""Writes Java's trust store from the certificates that the system trusts.

Debian's own hook puts the hour of the installation into every entry, so two builds of one base would differ. The format
(JKS, the one Java reads without further options) is small: entries, then a digest keyed by the well-known password.
"""

import base64
import hashlib
import re
import struct
import sys
from pathlib import Path

PASSWORD = "changeit"
CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----(.*?)-----END CERTIFICATE-----", re.DOTALL)


def text(value: str) -> bytes:
    encoded = value.encode()
    return struct.pack(">H", len(encoded)) + encoded


def entry(certificate: bytes) -> bytes:
    alias = hashlib.sha256(certificate).hexdigest()
    return (
        struct.pack(">I", 2) + text(alias) + struct.pack(">Q", 0) + text("X.509") + struct.pack(">I", len(certificate)) + certificate
    )


def store(certificates: list[bytes]) -> bytes:
    body = struct.pack(">III", 0xFEEDFEED, 2, len(certificates)) + b"".join(map(entry, certificates))
    digest = hashlib.sha1(PASSWORD.encode("utf-16-be") + b"Mighty Aphrodite" + body).digest()
    return body + digest


def main(bundle: str, target: str) -> None:
    found = {base64.b64decode(match) for match in CERTIFICATE.findall(Path(bundle).read_text())}
    Path(target).write_bytes(store(sorted(found)))


if __name__ == "__main__":
    main(*sys.argv[1:])
